import CSodium

/// One opened value in ordinary memory, zeroed when the last holder lets go.
///
/// Guarded pages would cost more than the opening itself. Text handed on as a Swift `String` is beyond its reach:
/// SECURITY.md says so.
@safe public final class Plaintext: @unchecked Sendable, CustomStringConvertible, CustomReflectable {
    // Sendable: written once, in `init`, and only read until `deinit`.
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    public let count: Int

    init(
        capacity: Int, filling fill: (UnsafeMutableRawBufferPointer) throws(SecretsError) -> Int
    ) throws(SecretsError) {
        let base = UnsafeMutableRawPointer.allocate(byteCount: max(capacity, 1), alignment: 16)
        do throws(SecretsError) {
            count = try unsafe fill(UnsafeMutableRawBufferPointer(start: base, count: capacity))
        } catch {
            unsafe sodium_memzero(base, max(capacity, 1))
            unsafe base.deallocate()
            throw error
        }
        unsafe self.base = base
        self.capacity = max(capacity, 1)
    }

    deinit {
        unsafe sodium_memzero(base, capacity)
        unsafe base.deallocate()
    }

    /// Lends the bytes; they must not leave `body`.
    public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        // Held until `body` returns, or the last use of `self` would be the reading of `base`.
        defer { withExtendedLifetime(self) {} }
        return try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// The value as text: a copy that the vault can no longer wipe.
    public var text: String { unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) } }

    /// A value made from another one, such as its outline under a mask.
    public convenience init(_ text: String) throws(SecretsError) {
        var text = text
        try unsafe self.init(capacity: text.utf8.count) { output throws(SecretsError) in
            text.withUTF8 { unsafe output.copyBytes(from: $0) }
            return output.count
        }
    }

    public var description: String { "(plaintext)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
