import CSodium

/// Base 64 (RFC 4648 §4) from guarded memory into guarded memory; libsodium's takes the same time for all secrets.
extension SecretBytes {
    /// `before`, the secret in base 64, and `after`, such as a JSON text around it.
    ///
    /// `after` is not empty: its first byte takes the place of the zero that the encoder ends with.
    package init(base64Of secret: borrowing SecretBytes, between before: [UInt8], and after: [UInt8])
        throws(SecretsError)
    {
        precondition(!after.isEmpty, "something follows the secret")
        let length = (secret.count + 2) / 3 * 4
        try unsafe self.init(count: before.count + length + after.count) { output throws(SecretsError) in
            let base = output.baseAddress!
            unsafe output.copyBytes(from: before)
            unsafe secret.withUnsafeBytes { bytes in
                _ = unsafe sodium_bin2base64(
                    (base + before.count).assumingMemoryBound(to: CChar.self), length + 1,
                    bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), bytes.count, sodium_base64_VARIANT_ORIGINAL)
            }
            unsafe UnsafeMutableRawBufferPointer(rebasing: output[(before.count + length)...]).copyBytes(from: after)
        }
    }

    /// The `count` bytes that `text` is the base 64 of.
    ///
    /// - Throws: `malformed` when it is not, or not of that many.
    package init(base64 text: UnsafeRawBufferPointer, count: Int) throws(SecretsError) {
        try unsafe self.init(count: count) { output throws(SecretsError) in
            var written = 0
            guard let base = text.baseAddress,
                unsafe sodium_base642bin(
                    output.baseAddress!.assumingMemoryBound(to: UInt8.self), count,
                    base.assumingMemoryBound(to: CChar.self), text.count, nil, &written, nil,
                    sodium_base64_VARIANT_ORIGINAL) == 0,
                written == count
            else { throw SecretsError(SecretsError.malformed, "a secret is not base 64 of \(count) bytes") }
        }
    }
}
