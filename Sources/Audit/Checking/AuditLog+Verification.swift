import Core
import Secrets
package import Storage

extension AuditLog {
    /// Hashes everything anew: each entry, what is sealed beside it, each tile, the root, the signed checkpoint.
    ///
    /// With a checkpoint that was kept elsewhere the log is also held against that: it is the only thing that finds
    /// a history rewritten by the holder of the keys, or put back to an earlier time as a whole.
    ///
    /// - Throws: an `AuditError` with exit status 5 that names the first entry that is not what was logged.
    @discardableResult
    public func verify(
        against externalCheckpoint: String? = nil, progress: ((_ done: UInt64, _ total: UInt64) -> Void)? = nil
    ) throws -> VerificationReport {
        try verify(against: externalCheckpoint, progress: progress) { _ in }
    }

    /// The last change of every head, out of a log that was verified on the way.
    package func heads(progress: ((_ done: UInt64, _ total: UInt64) -> Void)? = nil) throws -> HeadMap {
        var map = HeadMap()
        _ = try verify(against: nil, progress: progress) { map.update($0) }
        return map
    }

    /// As the other, lending every head change on the way, so that one walk serves both.
    package func verify(
        against external: String?, progress: ((UInt64, UInt64) -> Void)?, heads: @escaping (HeadChange) throws -> Void
    ) throws -> VerificationReport {
        let outside = try external.map { try checkpoint(from: $0, kept: "that was passed") }
        try fold()
        let state = try storedState()
        let own = try state.note.isEmpty ? nil : checkpoint(from: state.note, kept: "in the database")
        if let outside, outside.size > state.size {
            throw AuditError(
                AuditError.rolledBack,
                "the audit log has \(state.size) entries, but a checkpoint was signed for it at \(outside.size)",
                remedy: "the vault was put back to an earlier state: \(AuditError.restore)")
        }
        let sizes = [own?.size, outside?.size].compactMap { $0 }
        var walk = LogWalk(self, state: state, rootsAt: sizes, heads: heads)
        try walk.run(progress: progress)
        if let own, walk.root(at: own.size) != own.root {
            walk.note(
                AuditError.historyRewritten,
                "the first \(own.size) audit entries are not those that the stored checkpoint was signed for")
        }
        if let outside, walk.root(at: outside.size) != outside.root {
            walk.note(
                AuditError.historyRewritten,
                "the first \(outside.size) audit entries are not those that the checkpoint was signed for")
        }
        if let first = walk.problems.first {
            let more = walk.problems.count - 1 + walk.moreProblems
            throw more == 0
                ? first : AuditError(first.code, "\(first.message) (and \(more) more problems)", remedy: first.remedy)
        }
        var report = walk.report
        report.continues = outside?.size
        report.checkpoint = state.note
        report.verifierKey = noteKey.description
        return report
    }

    /// How often the vault's own rows have changed, as of this connection's snapshot.
    package func rowCounts(on connection: any Connection) throws -> RowCounts {
        try storedState(on: connection).counts
    }

    /// The state as it is stored, its code checked.
    func storedState() throws -> LogState {
        try database.read { try storedState(on: $0) }
    }

    func storedState(on connection: any Connection) throws -> LogState {
        try LogState.load(from: connection, origin: originDigest, key: keys.spool, durability: durability)
            ?? .empty(durability)
    }

    private func checkpoint(from text: String, kept place: String) throws(AuditError) -> Checkpoint {
        let note = try SignedNote(parsing: text)
        let checkpoint = try Checkpoint(text: note.text)
        guard checkpoint.origin.utf8.elementsEqual(origin.utf8), note.isSigned(by: noteKey) else {
            throw AuditError(
                AuditError.checkpointInvalid, "the checkpoint \(place) was not signed by this log",
                remedy: "compare its first line with `\(origin)`: it may be another vault's")
        }
        return checkpoint
    }
}
