import CSodium

/// Secret bytes in guarded memory, owned by exactly one place and wiped when that place lets go.
///
/// The type is noncopyable, so a key cannot be duplicated by assignment or put in an array, and
/// `print`, `dump` and string interpolation of one do not compile. Guard pages cost about 40 µs each:
/// keys that are needed by the thousand live in `KeyArena` instead.
@safe public struct SecretBytes: ~Copyable, @unchecked Sendable {
    // Sendable: the pages are read-only once `init` returns and have one owner.
    private let base: UnsafeMutableRawPointer
    public let count: Int

    /// Allocates `count` bytes between guard pages and lets `fill` write them once.
    ///
    /// After `fill` returns the pages are read-only; after the value's life ends they are zeroed.
    public init(
        count: Int, filling fill: (UnsafeMutableRawBufferPointer) throws(SecretsError) -> Void
    ) throws(SecretsError) {
        precondition(count > 0, "a secret has at least one byte")
        try Sodium.ensureReady()
        guard let base = unsafe sodium_malloc(count) else { throw Self.refused(count) }
        // A noncopyable value cannot throw once it is whole, so its memory is finished first.
        do throws(SecretsError) {
            try unsafe fill(UnsafeMutableRawBufferPointer(start: base, count: count))
            guard unsafe sodium_mprotect_readonly(base) == 0 else { throw Self.refused(count) }
        } catch {
            unsafe sodium_free(base)
            throw error
        }
        unsafe self.base = base
        self.count = count
    }

    private static func refused(_ count: Int) -> SecretsError {
        SecretsError(
            SecretsError.outOfSecureMemory, "could not lock and guard \(count) bytes of memory",
            remedy: "raise the limit shown by `ulimit -l`")
    }

    /// Fresh random bytes.
    public static func random(count: Int) throws(SecretsError) -> SecretBytes {
        try unsafe SecretBytes(count: count) { buffer throws(SecretsError) in
            unsafe randombytes_buf(buffer.baseAddress!, buffer.count)
        }
    }

    /// Copies `bytes`; the caller wipes its own.
    ///
    /// - Throws: `emptySecret` when there are none, as when somebody just pressed return.
    public init(copying bytes: borrowing [UInt8]) throws(SecretsError) {
        let source = copy bytes
        guard !source.isEmpty else {
            throw SecretsError(SecretsError.emptySecret, "a secret has at least one byte")
        }
        try unsafe self.init(count: source.count) { buffer throws(SecretsError) in
            unsafe buffer.copyBytes(from: source)
        }
    }

    /// A second copy in guarded memory of its own, made where everyone can see it.
    public borrowing func duplicate() throws(SecretsError) -> SecretBytes {
        let source = unsafe UnsafeRawBufferPointer(start: base, count: count)
        return try unsafe SecretBytes(count: count) { buffer throws(SecretsError) in
            unsafe buffer.copyMemory(from: source)
        }
    }

    deinit {
        // sodium_free makes the pages writable, checks the canary and zeroes before unmapping.
        unsafe sodium_free(base)
    }

    /// Lends the bytes as a pointer, for a C call; it must not leave `body`.
    public borrowing func withUnsafeBytes<R, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
    }
}

/// Overwrites an array that held something secret; for copies that could not live in guarded memory.
///
/// Only the storage of `bytes` itself is reached: a slice or second array that still shares it keeps the secret.
public func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { buffer in
        if let base = buffer.baseAddress { unsafe sodium_memzero(base, buffer.count) }
    }
}
