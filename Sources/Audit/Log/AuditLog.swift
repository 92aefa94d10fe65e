package import Core
import Secrets
package import Storage
import Synchronization

/// The log that proves itself: what was done, as a Merkle tree with signed checkpoints.
///
/// Reads go to the spool, one append-only file, and are in the log a moment later; changes are in the log in their own
/// transaction. Every entry is acknowledged only when `kill -9` can no longer take it (`strict`: nor a power cut).
///
/// What is found, on opening or by `verify`: any entry changed, dropped, swapped or added; any stored hash changed; a
/// spool that was changed, copied from elsewhere, of an earlier time or missing; a database put back to an earlier time
/// while the spool was not. What is not found without a checkpoint kept elsewhere: database and spool put back together;
/// the last frames cut off the spool before they were folded (about a second's, which looks as if the process had been
/// killed before writing them); whatever the holder of the keys rewrites.
public final class AuditLog: Sendable {
    /// What an acknowledged entry survives.
    public enum Durability: UInt8, Sendable {
        /// The end of the process, always; a power cut may take the last second.
        case buffered = 1
        /// A power cut, too. The database must be opened `strict` as well.
        case strict = 2
    }

    /// Bytes in the spool from which a fold begins at once: about a thousand entries.
    private static let foldingBytes = 384 << 10
    /// Seconds that an entry may stay in the spool alone.
    private static let foldingDelay = 1.0

    let database: any Database
    let keys: AuditKeys
    let originDigest: [UInt8]
    let clock: Clock
    let durability: Durability
    let spool: Spool
    /// The log's key as other people's tools know it.
    public let noteKey: NoteKey
    /// What was met when the log was opened.
    public let recovery: AuditRecovery
    /// The tree's right edge as of a state that was stored.
    let held: Mutex<HeldTree?>
    private let folding: FoldingThread
    /// Why the last fold in the background failed.
    private let foldingFailure = Mutex<(any Error)?>(nil)
    private let isClosed = Atomic(false)

    /// The name under which checkpoints are signed: the log's for ever.
    public var origin: String { noteKey.name }

    /// Opens the log, and folds what a killed process left in the spool.
    ///
    /// `origin` names the log for ever, such as `profilevault.example/<vault id>`, without spaces and `+`. With an
    /// acceptance a new spool is begun where the old one is missing or broken, whose first entry says who accepted that
    /// and why; the old one is kept beside as `….lost-<time>`.
    ///
    /// - Throws: `spoolBroken`, `spoolForeign`, `spoolMissing`, `rolledBack`, `stateChanged`, `durabilityChanged`, all with
    ///   exit status 5.
    package convenience init(
        database: any Database, spoolPath: String, keys: AuditKeys, origin: String, clock: Clock,
        durability: Durability, accepting acceptance: LossAcceptance? = nil
    ) throws {
        try self.init(
            database: database, spoolPath: spoolPath, keys: keys, origin: origin, clock: clock,
            durability: durability, accepting: acceptance, boot: BootIdentity.current,
            foldingDelay: Self.foldingDelay, calls: SpoolFile.Calls())
    }

    init(
        database: any Database, spoolPath: String, keys: AuditKeys, origin: String, clock: Clock,
        durability: Durability, accepting acceptance: LossAcceptance?, boot: String, foldingDelay: Double?,
        calls: SpoolFile.Calls
    ) throws {
        guard let noteKey = NoteKey(name: origin, key: try keys.signing.verifyingKey) else {
            throw AuditError(AuditError.noteMalformed, "the origin of a log is a name without spaces and `+`")
        }
        let opening = SpoolOpening(
            path: spoolPath, origin: SpoolHeader.originDigest(origin), keys: keys, durability: durability, boot: boot,
            calls: calls)
        let opened = try opening.open(database, accepting: acceptance)
        self.database = database
        self.keys = keys
        self.noteKey = noteKey
        self.clock = clock
        self.durability = durability
        originDigest = opening.origin
        spool = opened.spool
        recovery = opened.recovery
        held = Mutex(nil)
        folding = FoldingThread(delay: foldingDelay ?? 0)
        try fold(first: opened.entry(at: clock.now()), boot: boot)
        // Tests that say when to fold have no thread for it.
        if foldingDelay != nil { folding.start { [weak self] in self?.foldInBackground() } }
    }

    /// What a log says before it can be opened.
    package struct Outlook: Sendable {
        /// Why it cannot be opened as it is: entries on their way into it are lost or were tampered with.
        package let problem: AuditError?
        package let lastTime: Timestamp
        package let counts: RowCounts
    }

    /// Looks at a log without opening or changing it.
    package static func look(
        database: any Database, spoolPath: String, keys: AuditKeys, origin: String, durability: Durability
    ) throws -> Outlook {
        let opening = SpoolOpening(
            path: spoolPath, origin: SpoolHeader.originDigest(origin), keys: keys, durability: durability,
            boot: BootIdentity.current, calls: SpoolFile.Calls())
        let state = try opening.state(in: database)
        return Outlook(
            problem: try opening.problem(database), lastTime: state?.mark.time ?? Timestamp(milliseconds: 0),
            counts: state?.counts ?? RowCounts())
    }

    deinit { abandon() }

    /// The newest entry's time: gate time is never before it.
    package var lastTime: Timestamp { spool.lastTime }

    /// Why entries stay in the spool, should they: the last fold's failure.
    package var lastFoldingFailure: (any Error)? { foldingFailure.withLock { $0 } }

    /// Logs entries of reads: when this returns, they survive the process (`strict`: the machine).
    ///
    /// Several entries of one call are there together or not at all.
    ///
    /// - Throws: `notRecorded` when they could not be written: what they describe must then be refused.
    package func record(_ entries: [AuditEntry]) throws(AuditError) {
        guard !entries.isEmpty else { return }
        let waiting = try spool.record(entries)
        folding.ask(urgent: waiting > Self.foldingBytes)
        // These entries are safe whatever comes of it; the spool must not grow while the log cannot follow.
        if waiting > Spool.pendingLimit { _ = folding.waitForRound(atMost: 10) }
    }

    /// Logs one entry.
    package func record(_ entry: AuditEntry) throws(AuditError) { try record([entry]) }

    /// Brings everything that is in the spool into the log.
    package func fold() throws { try fold(first: nil, boot: nil) }

    /// Ends the thread, folds what is left and lets go of the spool. Closing twice does nothing.
    package func close() throws {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        folding.stop()
        defer { spool.close() }
        try fold()
    }

    /// Without a fold: the spool keeps what is in it for the next opening.
    private func abandon() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        folding.stop()
        spool.close()
    }

    func shorten(to mark: SpoolMark) {
        do { try spool.folded(to: mark) } catch { foldingFailure.withLock { $0 = error } }
    }

    private func foldInBackground() {
        do {
            try fold()
            foldingFailure.withLock { $0 = nil }
        } catch {
            // What is in the spool is safe there; the next entry asks for another round.
            foldingFailure.withLock { $0 = error }
        }
    }
}
