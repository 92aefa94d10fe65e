import CSodium

/// Up to 32 secret bytes in a slot of the key arena: what a share carries, and every value between it and the secret.
///
/// The slot is wiped when the last holder lets go.
struct ShareValue: Sendable {
    /// In bytes: even, and at least 128 bits (SLIP-0039, *Generating the shares*); at most what a key has.
    static let lengths = Set(stride(from: 16, through: KeyArena.slotSize, by: 2))

    let count: Int
    private let slot: SecretKey

    init(
        count: Int, filling fill: (UnsafeMutableBufferPointer<UInt8>) throws(SecretsError) -> Void
    ) throws(SecretsError) {
        precondition((1...KeyArena.slotSize).contains(count), "a value of a share fits a slot")
        self.count = count
        slot = try unsafe SecretKey { slot throws(SecretsError) in
            try unsafe fill(
                UnsafeMutableBufferPointer(start: slot.assumingMemoryBound(to: UInt8.self), count: count))
        }
    }

    /// Copies out of guarded memory.
    init(copying secret: borrowing SecretBytes) throws(SecretsError) {
        self = try unsafe secret.withUnsafeBytes { source throws(SecretsError) in
            try unsafe ShareValue(count: source.count) { output throws(SecretsError) in
                _ = unsafe output.update(fromContentsOf: source.assumingMemoryBound(to: UInt8.self))
            }
        }
    }

    static func random(count: Int) throws(SecretsError) -> ShareValue {
        try unsafe ShareValue(count: count) { output throws(SecretsError) in
            unsafe randombytes_buf(output.baseAddress!, count)
        }
    }

    /// Lends the bytes; they must not leave `body`.
    func withBytes<R, E: Error>(_ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R) throws(E) -> R {
        try unsafe slot.withPointer { start throws(E) in
            try unsafe body(UnsafeBufferPointer(start: start, count: count))
        }
    }

    /// A copy in guarded memory.
    func secretBytes() throws(SecretsError) -> SecretBytes {
        try unsafe SecretBytes(count: count) { output throws(SecretsError) in
            unsafe withBytes { unsafe output.copyBytes(from: $0) }
        }
    }

    /// Whether both are the same, compared in constant time.
    func equals(_ other: ShareValue) -> Bool {
        guard count == other.count else { return false }
        return unsafe withBytes { left in
            unsafe other.withBytes { right in
                unsafe sodium_memcmp(left.baseAddress!, right.baseAddress!, count) == 0
            }
        }
    }
}
