import Core
import Glibc
import Secrets
import Storage

/// Finds the spool of a log that is being opened and holds it against what the log says of itself.
struct SpoolOpening {
    let path: String
    let origin: [UInt8]
    let keys: AuditKeys
    let durability: AuditLog.Durability
    let boot: String
    let calls: SpoolFile.Calls

    init(
        path: String, origin: [UInt8], keys: AuditKeys, durability: AuditLog.Durability, boot: String,
        calls: SpoolFile.Calls
    ) {
        self.path = path
        self.origin = origin
        self.keys = keys
        self.durability = durability
        self.boot = boot
        self.calls = calls
    }

    struct Opened {
        let spool: Spool
        var recovery: AuditRecovery

        /// The entry that says what was met, unless that is nothing out of the ordinary.
        func entry(at time: Timestamp) -> AuditEntry? {
            guard recovery.tornBytes > 0 || recovery.lostEntries > 0 else { return nil }
            return AuditEntry(
                time: time, principal: nil, action: "audit.recover", outcome: .done,
                decision: UniqueID(at: time, random: Random.words()),
                facts: [
                    ("folded", JSON(recovery.foldedEntries)), ("torn_bytes", JSON(recovery.tornBytes)),
                    ("lost_entries", JSON(recovery.lostEntries)),
                ])
        }
    }

    func open(_ database: any Database, accepting acceptance: LossAcceptance?) throws -> Opened {
        let state = try state(in: database)
        let file = try SpoolFile(opening: path, calls: calls)
        do {
            return try open(file, state: state)
        } catch let error as AuditError where error.code.exit == .integrity {
            defer { file?.close() }
            guard let acceptance else { throw error }
            let lost = try replace(file, state: state, problem: error, by: acceptance)
            var opened = try open(SpoolFile(opening: path, calls: calls), state: state)
            opened.recovery.lostSpool = lost
            return opened
        } catch {
            file?.close()
            throw error
        }
    }

    func state(in database: any Database) throws -> LogState? {
        try database.read { connection in
            try LogState.load(from: connection, origin: origin, key: keys.spool, durability: durability)
        }
    }

    private func open(_ file: SpoolFile?, state: LogState?) throws -> Opened {
        let folded = state?.mark ?? .beginning
        let reading = try reading(file, state: state)
        guard let file, let reading else {
            return Opened(spool: try spool(nil, reading: nil, folded: folded), recovery: AuditRecovery())
        }
        var recovery = AuditRecovery()
        recovery.foldedEntries = reading.frames.reduce(0) { $0 + $1.count }
        recovery.tornBytes = reading.tornBytes
        recovery.lostEntries = reading.lostEntries
        return Opened(spool: try spool(file, reading: reading, folded: folded), recovery: recovery)
    }

    /// What the spool holds; `nil` when there is none and the log was never in use.
    func reading(_ file: SpoolFile?, state: LogState?) throws(AuditError) -> SpoolReading? {
        guard let file else {
            guard state == nil else {
                throw AuditError(
                    AuditError.spoolMissing, "the audit spool is not there, though the log has been in use",
                    remedy: "put `audit.spool` back, or \(AuditError.acceptLoss)")
            }
            return nil
        }
        let reading = try SpoolReading(
            try file.contents(), state: state?.mark ?? .beginning, origin: origin, key: keys.spool,
            afterRestart: state.map { $0.boot != boot && !boot.isEmpty && !$0.boot.isEmpty } ?? false)
        guard reading.durability == durability else { throw AuditError.otherDurability }
        return reading
    }

    private func spool(_ file: SpoolFile?, reading: SpoolReading?, folded: SpoolMark) throws(AuditError) -> Spool {
        try Spool(
            file, reading: reading, state: folded, path: path, origin: origin, key: keys.spool,
            durability: durability, calls: calls)
    }
}
