import Secrets

/// What a person was told when they were asked: a text, in one of its versions.
public struct Notice: Hashable, Sendable {
    public let id: String
    public let version: String
    /// Four bytes that stand for the notice in the head: enough to see that a consent is under another text.
    let tag: UInt32

    public init(id: String, version: String) {
        self.id = id
        self.version = version
        tag = Self.tag(id, version)
    }

    private static func tag(_ id: String, _ version: String) -> UInt32 {
        let hash = BLAKE2b(length: 16)
        hash.update("profilevault notice v1")
        hash.update(UInt32(id.utf8.count))
        hash.update(Array(id.utf8))
        hash.update(Array(version.utf8))
        return hash.finish().prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
