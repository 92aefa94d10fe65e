package import Core
import Glibc
import Storage

extension AuditLog {
    private static let batch = 4096

    /// The newest entries that `filter` admits, newest first.
    ///
    /// What was acknowledged before is among them: the spool is folded first.
    public func show(_ filter: AuditFilter = AuditFilter(), limit: Int) throws -> [LoggedEntry] {
        var found: [LoggedEntry] = []
        guard limit > 0 else { return [] }
        try fold()
        let pieces = filter.pieces
        var before = try storedState().size
        while before > 0, found.count < limit {
            let isOver = try database.read { connection in
                try showBatch(before: &before, filter, pieces, limit: limit, into: &found, on: connection)
            }
            if isOver { break }
        }
        return found
    }

    /// One entry of the log.
    public func entry(_ number: UInt64) throws -> LoggedEntry? {
        try fold()
        return try database.read { connection in
            try connection.first(
                "SELECT leaf, detail FROM audit_entry WHERE number = $1", .integer(Int64(clamping: number))
            ) { row in
                try LoggedEntry(number: number, leaf: row.blob(at: 0), detail: row.optionalBlob(at: 1))
            }
        }
    }

    /// Deletes what is sealed beside the entries about these people, in the change that erases them.
    ///
    /// Their key is gone anyway; this takes the sealed bytes away as well. The entries and every proof stay. It goes
    /// through the whole log, so it is done for many people at once. Returns how many entries lost their detail.
    package func shredDetails(of subjects: Set<ProfileID>, in mutation: Mutation) throws -> Int {
        var numbers: [Int64] = []
        try mutation.connection.query("SELECT number, leaf FROM audit_entry WHERE detail IS NOT NULL") { row in
            let number = try row.int64(at: 0)
            let entry = try LoggedEntry(
                number: UInt64(truncatingIfNeeded: number), leaf: row.blob(at: 1), detail: nil)
            if let subject = entry.subject, subjects.contains(subject) { numbers.append(number) }
        }
        for number in numbers {
            try mutation.connection.run("UPDATE audit_entry SET detail = NULL WHERE number = $1", .integer(number))
        }
        return numbers.count
    }

    private func showBatch(
        before: inout UInt64, _ filter: AuditFilter, _ pieces: [[UInt8]], limit: Int,
        into found: inout [LoggedEntry], on connection: any Connection
    ) throws -> Bool {
        let end = before
        let start = end > UInt64(Self.batch) ? end - UInt64(Self.batch) : 0
        before = start
        var isOver = false
        try connection.query(
            """
            SELECT number, leaf, detail FROM audit_entry WHERE number >= $1 AND number < $2 ORDER BY number DESC
            """, .integer(Int64(start)), .integer(Int64(end))
        ) { row in
            guard !isOver, found.count < limit,
                try row.withUnsafeBytes(at: 1, { leaf in pieces.allSatisfy { leaf.contains($0) } })
            else { return }
            let leaf = try row.blob(at: 1)
            guard let time = Leaf.timestamp(of: leaf) else {
                throw AuditError(
                    AuditError.entryChanged, "audit entry \(try row.int64(at: 0)) is no entry",
                    remedy: AuditError.doctor)
            }
            if let until = filter.until, time >= until { return }
            // Times never go back, so nothing earlier is of interest.
            if let since = filter.since, time < since {
                isOver = true
                return
            }
            let entry = try LoggedEntry(
                number: UInt64(truncatingIfNeeded: try row.int64(at: 0)), leaf: leaf, detail: row.optionalBlob(at: 2))
            if filter.admits(entry) { found.append(entry) }
        }
        return isOver
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func contains(_ piece: [UInt8]) -> Bool {
        guard let base = baseAddress, let first = piece.first, count >= piece.count else { return piece.isEmpty }
        var start = 0
        while start <= count - piece.count,
            let hit = memchr(base + start, Int32(first), count - piece.count - start + 1)
        {
            if memcmp(hit, piece, piece.count) == 0 { return true }
            start = UnsafeRawPointer(hit) - base + 1
        }
        return false
    }
}
