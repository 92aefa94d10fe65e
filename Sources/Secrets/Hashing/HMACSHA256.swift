import CSodium

/// HMAC-SHA-256 (RFC 2104), with keys of any length.
package enum HMACSHA256 {
    package static let length = 32

    /// Writes the code of the pieces, one after another, to the 32 bytes at `output`; the state, which holds what
    /// the key became, is wiped.
    package static func code(
        of pieces: [UnsafeRawBufferPointer], key: UnsafeRawBufferPointer, into output: UnsafeMutablePointer<UInt8>
    ) {
        let size = MemoryLayout<crypto_auth_hmacsha256_state>.size
        unsafe withUnsafeTemporaryAllocation(of: crypto_auth_hmacsha256_state.self, capacity: 1) { memory in
            let state = memory.baseAddress!
            defer { unsafe sodium_memzero(state, size) }
            // The C function takes a pointer that may not be null, even for no bytes: any will do.
            let base = unsafe key.baseAddress ?? UnsafeRawPointer(state)
            _ = unsafe crypto_auth_hmacsha256_init(state, base.assumingMemoryBound(to: UInt8.self), key.count)
            for index in unsafe pieces.indices {
                let piece = unsafe pieces[index]
                guard let base = piece.baseAddress else { continue }
                _ = unsafe crypto_auth_hmacsha256_update(
                    state, base.assumingMemoryBound(to: UInt8.self), UInt64(piece.count))
            }
            _ = unsafe crypto_auth_hmacsha256_final(state, output)
        }
    }
}
