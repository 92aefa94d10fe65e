import CSQLite

extension SQLiteConnection {
    /// Moves pages of the log to the database.
    func checkpoint(_ mode: Int32) throws(StorageError) -> CheckpointOutcome {
        var pagesInLog: Int32 = 0
        var pagesMoved: Int32 = 0
        let result = unsafe sqlite3_wal_checkpoint_v2(handle, nil, mode, &pagesInLog, &pagesMoved)
        guard result == SQLITE_OK || result & 0xFF == SQLITE_BUSY else { throw error(result) }
        return CheckpointOutcome(
            busy: result != SQLITE_OK, pagesInLog: Int(pagesInLog), pagesMoved: Int(pagesMoved))
    }

    /// What SQLite finds wrong with the file, and rows that refer to none.
    func integrityProblems() throws(StorageError) -> [String] {
        let lines =
            try execute("PRAGMA integrity_check").flatMap { $0 }
            + execute("PRAGMA foreign_key_check").map { row in
                "a row of \(row[0]) refers to one of \(row[2]) that is not there"
            }
        return lines.filter { $0 != "ok" }
    }

    func setBusyTimeout(milliseconds: Int) { unsafe sqlite3_busy_timeout(handle, Int32(milliseconds)) }

    /// Ends a read transaction; a connection that cannot is not used again.
    func endRead() {
        snapshot = nil
        do throws(StorageError) {
            if isInTransaction { try control("COMMIT") }
        } catch {
            expire()
        }
    }
}
