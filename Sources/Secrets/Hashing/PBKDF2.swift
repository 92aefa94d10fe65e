import CSodium

/// PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2), for formats of others that demand it: libsodium has none.
///
/// Passphrases of our own are stretched with Argon2id (`PasswordHash`).
enum PBKDF2 {
    /// Fills `output` from a password and the pieces of a salt, in turn; nothing in between outlives the call.
    static func derive(
        from password: UnsafeRawBufferPointer, salt: [UnsafeRawBufferPointer], iterations: Int,
        into output: UnsafeMutableRawBufferPointer
    ) {
        precondition(iterations > 0, "PBKDF2 iterates at least once")
        unsafe withUnsafeTemporaryAllocation(of: crypto_auth_hmacsha256_state.self, capacity: 2) { states in
            let keyed = states.baseAddress!
            let running = unsafe keyed + 1
            defer { unsafe sodium_memzero(keyed, 2 * MemoryLayout<crypto_auth_hmacsha256_state>.stride) }
            // The C function takes a pointer that may not be null, even for no bytes: any will do.
            let base = unsafe password.baseAddress ?? UnsafeRawPointer(keyed)
            _ = unsafe crypto_auth_hmacsha256_init(keyed, base.assumingMemoryBound(to: UInt8.self), password.count)
            unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * blockWords) { blocks in
                // U_j and T_i of the standard.
                let link = blocks.baseAddress!
                let sum = unsafe link + blockWords
                defer { unsafe sodium_memzero(link, 2 * HMACSHA256.length) }
                let linkBytes = unsafe UnsafeMutableRawPointer(link).assumingMemoryBound(to: UInt8.self)
                var written = 0
                var number: UInt32 = 1
                while written < output.count {
                    unsafe running.update(from: keyed, count: 1)
                    for index in unsafe salt.indices {
                        unsafe update(running, with: salt[index])
                    }
                    unsafe withUnsafeBytes(of: number.bigEndian) { unsafe update(running, with: $0) }
                    _ = unsafe crypto_auth_hmacsha256_final(running, linkBytes)
                    unsafe sum.update(from: link, count: blockWords)
                    for _ in 1..<iterations {
                        unsafe running.update(from: keyed, count: 1)
                        _ = unsafe crypto_auth_hmacsha256_update(running, linkBytes, UInt64(HMACSHA256.length))
                        _ = unsafe crypto_auth_hmacsha256_final(running, linkBytes)
                        for place in 0..<blockWords { unsafe sum[place] ^= link[place] }
                    }
                    let count = min(HMACSHA256.length, output.count - written)
                    unsafe (output.baseAddress! + written).copyMemory(from: sum, byteCount: count)
                    written += count
                    number += 1
                }
            }
        }
    }

    private static let blockWords = HMACSHA256.length / MemoryLayout<UInt64>.size

    private static func update(
        _ state: UnsafeMutablePointer<crypto_auth_hmacsha256_state>, with bytes: UnsafeRawBufferPointer
    ) {
        guard let base = bytes.baseAddress else { return }
        _ = unsafe crypto_auth_hmacsha256_update(
            state, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }
}
