import Core
import Secrets

/// What a token is for: its first letters, and the label of its digest, which keep one kind from passing as another.
public protocol TokenRole: Sendable {
    static var prefix: String { get }
    static var label: StaticString { get }
}

/// Proves a session.
public enum SessionRole: TokenRole {
    public static let prefix = "pvs1-"
    public static let label: StaticString = "profilevault session token v1"
}

/// Proves a service.
public enum ServiceRole: TokenRole {
    public static let prefix = "pvk1-"
    public static let label: StaticString = "profilevault service key v1"
}

public typealias SessionToken = OpaqueToken<SessionRole>
public typealias ServiceKey = OpaqueToken<ServiceRole>

/// Thirty-two random bytes that prove who holds them, of which the vault keeps only a digest.
public struct OpaqueToken<Role: TokenRole>: Sendable, CustomStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    init() { bytes = Random.bytes(32) }

    /// `nil` for a text that is no token of this kind.
    public init?(_ text: String) { self.init(Array(text.utf8)[...]) }

    /// `nil` for bytes that are no token; no text is made of them, which could not be wiped.
    public init?(_ text: ArraySlice<UInt8>) {
        guard text.starts(with: Role.prefix.utf8), let bytes = Core.bytes(hex: text.dropFirst(Role.prefix.utf8.count)),
            bytes.count == 32
        else { return nil }
        self.bytes = bytes
    }

    /// The token in the open, for the place where its holder keeps it only.
    public var text: String { Role.prefix + hex(bytes) }

    /// What the vault keeps: BLAKE2b-256 of a label and the token. So many random bits need no slow hash.
    package var digest: [UInt8] {
        let hash = BLAKE2b(length: 32)
        hash.update(Role.label)
        hash.update(bytes)
        return hash.finish()
    }

    public var description: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
