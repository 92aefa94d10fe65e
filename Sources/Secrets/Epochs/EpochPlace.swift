/// Where the bytes of an epoch holder lie: overwritten where they are, so that what was there is gone.
///
/// Never a place that keeps versions, is written once or is copied by snapshots.
public protocol EpochPlace: Sendable {
    /// As `vault.json` and people name it.
    var name: String { get }

    /// What lies there, at most `limit` bytes; the caller wipes it. `nil` where nothing does.
    ///
    /// - Throws: when it may not be looked at, or others than the owner may.
    func read(limit: Int) throws(SecretsError) -> [UInt8]?

    /// Puts something where nothing is, for good when this returns.
    func create(_ content: [UInt8]) throws(SecretsError)

    /// Destroys what lies there and puts `content` in its place, for good when this returns; a power cut leaves one or the
    /// other.
    func overwrite(_ content: [UInt8]) throws(SecretsError)
}

/// A file that only its owner may read, on a disk of this machine or one that is mounted here.
public struct EpochFile: EpochPlace {
    public let name: String

    public init(path: String) { name = path }

    public func read(limit: Int) throws(SecretsError) -> [UInt8]? {
        OwnerOnlyFile.exists(name) ? try OwnerOnlyFile.read(name, limit: limit) : nil
    }

    public func create(_ content: [UInt8]) throws(SecretsError) {
        try OwnerOnlyFolder.make(for: name)
        try OwnerOnlyFile.create(name, content)
    }

    public func overwrite(_ content: [UInt8]) throws(SecretsError) { try OwnerOnlyFile.overwrite(name, content) }
}
