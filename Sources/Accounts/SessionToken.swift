import Core
import Secrets

/// What proves a session: 32 random bytes, of which the vault keeps only a digest.
public struct SessionToken: Sendable, CustomStringConvertible, CustomReflectable {
    private static let prefix = "pvs1-"
    private let bytes: [UInt8]

    init() { bytes = Random.bytes(32) }

    /// `nil` for a text that is no token.
    public init?(_ text: String) { self.init(Array(text.utf8)[...]) }

    /// `nil` for bytes that are no token; no text is made of them, which could not be wiped.
    init?(_ text: ArraySlice<UInt8>) {
        guard text.starts(with: Self.prefix.utf8), let bytes = Core.bytes(hex: text.dropFirst(Self.prefix.utf8.count)),
            bytes.count == 32
        else { return nil }
        self.bytes = bytes
    }

    /// The token in the open, for the session file only.
    public var text: String { Self.prefix + hex(bytes) }

    /// What the vault keeps: BLAKE2b-256 of a label and the token.
    var digest: [UInt8] {
        let hash = BLAKE2b(length: 32)
        hash.update("profilevault session token v1")
        hash.update(bytes)
        return hash.finish()
    }

    public var description: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
