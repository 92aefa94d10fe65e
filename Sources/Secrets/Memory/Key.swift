import CSodium

/// Thirty-two secret bytes in a slot of the arena: the slot is wiped when the last holder lets go.
///
/// It has no description of its bytes, no `Codable` and no `==`.
@safe final class SecretKey: @unchecked Sendable, CustomStringConvertible, CustomReflectable {
    // Sendable: the slot is written once, in `init`, and only read until `deinit`.
    private let slot: UnsafeMutableRawPointer
    private let arena: KeyArena

    init(
        in arena: KeyArena = .shared, filling fill: (UnsafeMutableRawPointer) throws(SecretsError) -> Void
    ) throws(SecretsError) {
        try Sodium.ensureReady()
        let slot = try unsafe arena.acquire()
        do throws(SecretsError) {
            try unsafe fill(slot)
        } catch {
            unsafe arena.release(slot)
            throw error
        }
        self.arena = arena
        unsafe self.slot = slot
    }

    deinit { unsafe arena.release(slot) }

    /// Lends the key's bytes for a C call; they must not leave `body`.
    ///
    /// The key is held until `body` returns: an optimiser that sees no more use of it could otherwise let go, and
    /// wipe the slot, while the call still reads it.
    @inline(__always)
    func withPointer<R, E: Error>(_ body: (UnsafePointer<UInt8>) throws(E) -> R) throws(E) -> R {
        defer { withExtendedLifetime(self) {} }
        return try unsafe body(UnsafePointer(slot.assumingMemoryBound(to: UInt8.self)))
    }

    var description: String { "(secret)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a key may do; the roles keep one kind of key from being used as another at compile time.
public protocol KeyRole: Sendable {}
/// Seals and opens one person's cells and events.
public enum CellRole: KeyRole {}
/// Wraps and unwraps other keys.
public enum WrappingRole: KeyRole {}
/// Seals and opens operational secrets and audit detail.
public enum BoxRole: KeyRole {}
/// Authenticates rows, heads and spool entries.
public enum AuthenticationRole: KeyRole {}
/// Makes blind-index entries.
public enum IndexRole: KeyRole {}
/// Only derives other keys.
public enum DerivationRole: KeyRole {}

public typealias ProfileKey = Key<CellRole>
public typealias WrappingKey = Key<WrappingRole>
public typealias BoxKey = Key<BoxRole>
public typealias AuthenticationKey = Key<AuthenticationRole>
public typealias IndexKey = Key<IndexRole>
public typealias DerivationKey = Key<DerivationRole>

/// A 256-bit key that can only do what its role says.
public struct Key<Role: KeyRole>: Sendable, CustomStringConvertible {
    let secret: SecretKey

    init(secret: SecretKey) { self.secret = secret }

    /// A fresh random key.
    public static func random() throws(SecretsError) -> Key {
        unsafe Key(
            secret: try SecretKey { slot throws(SecretsError) in
                unsafe randombytes_buf(slot, KeyArena.slotSize)
            })
    }

    /// `count` fresh random keys, drawn in one call: a call costs more than a key.
    public static func random(count: Int) throws(SecretsError) -> [Key] {
        guard count > 0 else { return [] }
        let drawn = try SecretBytes.random(count: count * KeyArena.slotSize)
        return unsafe try drawn.withUnsafeBytes { source throws(SecretsError) in
            var keys: [Key] = []
            keys.reserveCapacity(count)
            for place in 0..<count {
                let start = unsafe source.baseAddress! + place * KeyArena.slotSize
                unsafe keys.append(
                    Key(
                        secret: try SecretKey { slot throws(SecretsError) in
                            unsafe slot.copyMemory(from: start, byteCount: KeyArena.slotSize)
                        }))
            }
            return keys
        }
    }

    /// Copies exactly 32 bytes out of guarded memory.
    public init(copying bytes: borrowing SecretBytes) throws(SecretsError) {
        guard bytes.count == KeyArena.slotSize else {
            throw SecretsError(SecretsError.malformed, "a key has 32 bytes, not \(bytes.count)")
        }
        secret = try unsafe bytes.withUnsafeBytes { source throws(SecretsError) in
            try unsafe SecretKey { slot throws(SecretsError) in
                unsafe slot.copyMemory(from: source.baseAddress!, byteCount: KeyArena.slotSize)
            }
        }
    }

    public var description: String { "(secret)" }
}
