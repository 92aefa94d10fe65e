import CSodium

/// BLAKE2b (RFC 7693), keyed or not, fed in pieces.
@safe public struct BLAKE2b: ~Copyable {
    private let state: UnsafeMutableRawPointer
    private let length: Int

    /// Unkeyed; `length` is 16 to 64 bytes.
    public init(length: Int) { self.init(optionalKey: nil, length: length) }

    /// Keyed, as a message authentication code.
    public init(key: AuthenticationKey, length: Int) { self.init(optionalKey: key.secret, length: length) }

    init(key: SecretKey, length: Int) { self.init(optionalKey: key, length: length) }

    private init(optionalKey key: SecretKey?, length: Int) {
        precondition((16...64).contains(length), "a digest has 16 to 64 bytes")
        let state = UnsafeMutableRawPointer.allocate(byteCount: crypto_generichash_statebytes(), alignment: 64)
        if let key {
            unsafe key.withPointer { unsafe pv_blake2b_init(state, $0, KeyArena.slotSize, length) }
        } else {
            unsafe pv_blake2b_init(state, nil, 0, length)
        }
        unsafe self.state = state
        self.length = length
    }

    deinit {
        // The state of a keyed hash holds the key.
        unsafe sodium_memzero(state, crypto_generichash_statebytes())
        unsafe state.deallocate()
    }

    public func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        unsafe pv_blake2b_update(state, base.assumingMemoryBound(to: UInt8.self), bytes.count)
    }

    public func update(_ bytes: borrowing [UInt8]) {
        let bytes = copy bytes
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    public func update(_ text: StaticString) {
        unsafe update(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    public func update(_ bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// A big-endian number.
    public func update<N: FixedWidthInteger>(_ number: N) {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe update($0) }
    }

    public consuming func finish() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, written in
            unsafe pv_blake2b_final(state, buffer.baseAddress!, length)
            written = length
        }
    }

    /// The digest of one piece.
    public static func digest(_ bytes: [UInt8], length: Int = 32) -> [UInt8] {
        let hash = BLAKE2b(length: length)
        hash.update(bytes)
        return hash.finish()
    }
}

/// Compares two authentication codes without telling by the time it takes where they differ.
public func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    guard !left.isEmpty else { return true }
    return unsafe left.withUnsafeBytes { first in
        unsafe right.withUnsafeBytes { second in
            unsafe sodium_memcmp(first.baseAddress!, second.baseAddress!, first.count) == 0
        }
    }
}
