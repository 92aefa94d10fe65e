import Core
import Secrets
import Storage

extension ProfileKeyring {
    /// People whose keys are wrapped anew in one transaction.
    private static let batch = 8192
    private static let unsound = [
        SecretsError.authenticationFailed, SecretsError.commitmentMismatch, SecretsError.malformed,
    ]

    /// Wraps every key of an earlier epoch under the newest one's, a batch at a time; readers and writers go on meanwhile.
    ///
    /// A key that goes with an erasure in between is gone. `progress` is told how many were wrapped, and says whether to go on.
    ///
    /// - Returns: how many were wrapped, and whether none of an earlier epoch is left.
    /// - Throws: `keyChanged` at a key that does not open, before anything of its batch is written.
    func rewrap(progress: (Int) -> Bool) throws -> (count: Int, isWhole: Bool) {
        let epoch = tree.epoch
        var count = 0
        repeat {
            var last: Int64 = 0
            while true {
                let rows = try rows(before: epoch, after: last)
                guard let highest = rows.last?.subject.number else { break }
                let wrapped = try rows.mapInParallel { [self] row in try rewrap(row, in: epoch) }
                count += try store(zip(rows, wrapped), in: epoch)
                last = highest
                guard progress(count) else { return (count, false) }
            }
            // Whoever made a key before they saw the new epoch has stored it by now, or meets this lock.
        } while try database.write({ try isBehind(epoch, on: $0) })
        return (count, true)
    }

    private func isBehind(_ epoch: UInt32, on connection: any Connection) throws -> Bool {
        try connection.first("SELECT 1 FROM profile_key WHERE epoch < $1 LIMIT 1", .integer(epoch)) { _ in true }
            ?? false
    }

    private func rewrap(_ row: StoredRow, in epoch: UInt32) throws -> WrappedKey {
        let entry: Entry
        do {
            entry = try unwrap(row)
        } catch let error as SecretsError where Self.unsound.contains(error.code) {
            throw VaultError.keyChanged(row.subject.id)
        } catch let error as VaultError where error.code == VaultError.keyMissing {
            // It says that it is of an epoch that there is not.
            throw VaultError.keyChanged(row.subject.id)
        }
        return KeyWrapper(try tree.wrapping(of: row.subject.tenant, in: epoch)).wrap(
            entry.key, binding: Self.binding(row.subject, keyID: row.keyID, epoch: epoch))
    }

    private func rows(before epoch: UInt32, after number: Int64) throws -> [StoredRow] {
        var rows: [StoredRow] = []
        rows.reserveCapacity(Self.batch)
        try database.read { connection in
            try connection.query(
                """
                SELECT tenant, id, key_id, epoch, wrapped, commitment, number FROM profile_key
                WHERE number > $1 AND epoch < $2 ORDER BY number LIMIT $3
                """, .integer(number), .integer(epoch), .integer(Int64(Self.batch))
            ) { row in rows.append(try StoredRow(asStored: row, number: row.int64(at: 6))) }
        }
        return rows
    }

    private func store(_ rows: some Sequence<(StoredRow, WrappedKey)>, in epoch: UInt32) throws -> Int {
        try database.write { connection in
            let update = try connection.prepared(
                """
                UPDATE profile_key SET epoch = $1, wrapped = $2, commitment = $3
                WHERE number = $4 AND epoch = $5 AND key_id = $6
                """)
            var count = 0
            for (row, wrapped) in rows {
                try update.bind(Int64(epoch), at: 1)
                try update.bind(wrapped.bytes, at: 2)
                try update.bind(wrapped.commitment, at: 3)
                try update.bind(row.subject.number, at: 4)
                try update.bind(Int64(row.epoch), at: 5)
                try update.bind(Int64(row.keyID), at: 6)
                count += try update.run()
            }
            return count
        }
    }
}
