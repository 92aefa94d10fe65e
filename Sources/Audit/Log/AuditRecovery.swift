/// What was met when the log was opened; the log itself says so too, in an entry, when it is not nothing.
public struct AuditRecovery: Sendable, Equatable {
    /// Entries that were in the spool only and are in the log now: the last process was killed.
    public internal(set) var foldedEntries = 0
    /// Bytes of an entry that was cut while being written; the value it would have described was never released.
    public internal(set) var tornBytes = 0
    /// Acknowledged entries that a power cut took (`buffered` only).
    public internal(set) var lostEntries: UInt64 = 0
    /// The spool was begun anew because somebody accepted the loss of the old one.
    public internal(set) var lostSpool: LostSpool?

    /// The last process ended as it should.
    public var isClean: Bool { self == AuditRecovery() }
}
