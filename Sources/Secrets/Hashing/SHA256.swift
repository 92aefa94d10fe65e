import CSodium

/// SHA-256 (FIPS 180-4), for the Merkle tree and for what other people's tools must recompute.
@safe public struct SHA256 {
    private var state = crypto_hash_sha256_state()

    public init() { unsafe crypto_hash_sha256_init(&state) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        unsafe crypto_hash_sha256_update(&state, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    public mutating func update(_ bytes: some Collection<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ unsafe update(UnsafeRawBufferPointer($0)) }) == nil {
            unsafe Array(bytes).withUnsafeBytes { unsafe update($0) }
        }
    }

    public mutating func finish() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, written in
            unsafe crypto_hash_sha256_final(&state, buffer.baseAddress!)
            written = 32
        }
    }

    public static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }
}
