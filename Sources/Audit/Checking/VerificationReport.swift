public import Core

/// What `AuditLog.verify` went through and found sound.
public struct VerificationReport: Sendable {
    /// Entries of the log, each of which was hashed anew.
    public internal(set) var entries: UInt64 = 0
    public internal(set) var root: MerkleHash = MerkleTree.emptyRoot
    public internal(set) var firstTime: Timestamp?
    public internal(set) var lastTime: Timestamp?
    /// Head changes that were opened.
    public internal(set) var headChanges = 0
    /// Entries whose sealed detail was shredded when its person was erased.
    public internal(set) var shreddedDetails = 0
    /// The size of the checkpoint from outside that the log was found to continue.
    public internal(set) var continues: UInt64?
    /// The log's newest signed checkpoint.
    public internal(set) var checkpoint = ""
    /// The key that other people's tools verify it with.
    public internal(set) var verifierKey = ""
}
