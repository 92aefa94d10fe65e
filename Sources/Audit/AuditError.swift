public import Core

/// Why an entry could not be logged, or what of the log is not what was written.
///
/// Messages name entries by their number; nothing that an entry holds reaches them.
public struct AuditError: ReportableError, Equatable {
    public let code: ErrorCode
    public let message: String
    public let remedy: String?

    package init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// The entry did not reach the operating system (`strict`: the disk), so what it describes must not happen.
    public static let notRecorded = ErrorCode("audit.not_recorded")
    public static let closed = ErrorCode("audit.closed")
    public static let spoolUnusable = ErrorCode("audit.spool_unusable")
    public static let permissionsTooOpen = ErrorCode("audit.permissions_too_open")
    public static let entryTooLarge = ErrorCode("audit.entry_too_large")
    public static let entryNotFound = ErrorCode("audit.entry_not_found", exit: .notFound)
    public static let noteMalformed = ErrorCode("audit.note_malformed", exit: .usage)

    /// Frames of the spool were changed, dropped, swapped or put in from an older copy.
    public static let spoolBroken = ErrorCode("audit.spool_broken", exit: .integrity)
    /// The spool of another vault.
    public static let spoolForeign = ErrorCode("audit.spool_foreign", exit: .integrity)
    /// The spool is not where it was left, or was removed or replaced while in use.
    public static let spoolMissing = ErrorCode("audit.spool_missing", exit: .integrity)
    /// There is no loss to accept.
    public static let nothingLost = ErrorCode("audit.nothing_lost")
    /// The log holds less than it is known to have held.
    public static let rolledBack = ErrorCode("audit.log_rolled_back", exit: .integrity)
    /// The row that says how far the log reaches does not carry this vault's code.
    public static let stateChanged = ErrorCode("audit.state_changed", exit: .integrity)
    /// The log was begun `strict` and is to be opened as ordinary, or the other way round.
    public static let durabilityChanged = ErrorCode("audit.durability_changed", exit: .integrity)
    public static let entryChanged = ErrorCode("audit.entry_changed", exit: .integrity)
    public static let entryMissing = ErrorCode("audit.entry_missing", exit: .integrity)
    /// An entry stands where another one belongs.
    public static let entryMoved = ErrorCode("audit.entry_moved", exit: .integrity)
    /// An entry beyond the end of the log.
    public static let entryAdded = ErrorCode("audit.entry_added", exit: .integrity)
    /// What is sealed beside an entry is not what the entry names.
    public static let detailChanged = ErrorCode("audit.detail_changed", exit: .integrity)
    public static let detailMissing = ErrorCode("audit.detail_missing", exit: .integrity)
    /// The ids sealed beside an entry are not those whose root it names.
    public static let releaseChanged = ErrorCode("audit.release_changed", exit: .integrity)
    public static let headsChanged = ErrorCode("audit.heads_changed", exit: .integrity)
    /// The stored hashes above the entries are not those of the entries.
    public static let treeChanged = ErrorCode("audit.tree_changed", exit: .integrity)
    public static let timeBackwards = ErrorCode("audit.time_backwards", exit: .integrity)
    /// The log and a checkpoint that was signed for it tell different histories.
    public static let historyRewritten = ErrorCode("audit.history_rewritten", exit: .integrity)
    /// One of the vault's own rows (an operator, a tenant, a field, a policy set) is not the one that the log knows.
    public static let rowChanged = ErrorCode("audit.row_changed", exit: .integrity)
    /// One of them was put back to an earlier state, code and all.
    public static let rowRolledBack = ErrorCode("audit.row_rolled_back", exit: .integrity)
    public static let rowMissing = ErrorCode("audit.row_missing", exit: .integrity)
    public static let checkpointInvalid = ErrorCode("audit.checkpoint_invalid", exit: .integrity)
}

extension AuditError {
    /// Where entries are lost for good, somebody must say so.
    static let acceptLoss =
        "accept the loss with `profilevault audit accept-loss --reason TEXT` (see \"Accepting a loss\" in SECURITY.md)"

    static let restore = "keep the home for examination and put back a whole copy of it from before"
    static let doctor = "run `profilevault audit verify`; if it names more than the tail, \(restore)"

    static let otherDurability = AuditError(
        durabilityChanged, "`vault.json` says another durability than the audit log was begun with",
        remedy: "somebody edited `vault.json`: put it back as it was; durability is chosen when a vault is made")

    static func notRecorded(_ reason: String) -> AuditError {
        AuditError(
            notRecorded, "the audit entry could not be written: \(reason)",
            remedy: "what it describes was refused; free space on the disk of the vault's home and try again")
    }

    static func spoolBroken(_ what: String) -> AuditError {
        AuditError(
            spoolBroken, "the audit spool was tampered with or damaged: \(what)",
            remedy: "find out who did it; then \(acceptLoss)")
    }
}
