import CSodium

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) on raw memory: the one cipher of the house.
enum AEAD {
    static let nonceLength = 24
    static let tagLength = 16
    static let overhead = nonceLength + tagLength

    /// Seals `length` bytes at `message` in place; the tag follows them, so `length + 16` bytes must be there.
    static func seal(
        inPlace message: UnsafeMutablePointer<UInt8>, length: Int, key: SecretKey,
        binding: UnsafeRawBufferPointer, nonce: UnsafePointer<UInt8>
    ) {
        // Sealing cannot fail for lengths below 2^38 bytes, and none of ours comes near.
        unsafe key.withPointer { key in
            _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                message, nil, message, UInt64(length), binding.baseAddress?.assumingMemoryBound(to: UInt8.self),
                UInt64(binding.count), nil, nonce, key)
        }
    }

    /// Opens `nonce ‖ ciphertext ‖ tag` into `output`, which has room for the ciphertext; `false` when it is not whole.
    static func open(
        _ sealed: UnsafeRawBufferPointer, key: SecretKey, binding: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawPointer
    ) -> Bool {
        guard sealed.count >= overhead else { return false }
        let bytes = unsafe sealed.baseAddress!.assumingMemoryBound(to: UInt8.self)
        return unsafe key.withPointer { key in
            unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                output.assumingMemoryBound(to: UInt8.self), nil, nil, bytes + nonceLength,
                UInt64(sealed.count - nonceLength), binding.baseAddress?.assumingMemoryBound(to: UInt8.self),
                UInt64(binding.count), bytes, key) == 0
        }
    }

    /// Appends `nonce ‖ ciphertext ‖ tag` of `message` to `output`.
    static func seal(
        _ message: UnsafeRawBufferPointer, key: SecretKey, binding: UnsafeRawBufferPointer, into output: inout [UInt8]
    ) {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: overhead + message.count))
        unsafe output.withUnsafeMutableBytes { buffer in
            let nonce = unsafe (buffer.baseAddress! + start).assumingMemoryBound(to: UInt8.self)
            unsafe randombytes_buf(nonce, nonceLength)
            let body = unsafe nonce + nonceLength
            if let source = message.baseAddress {
                unsafe UnsafeMutableRawPointer(body).copyMemory(from: source, byteCount: message.count)
            }
            unsafe seal(inPlace: body, length: message.count, key: key, binding: binding, nonce: UnsafePointer(nonce))
        }
    }
}
