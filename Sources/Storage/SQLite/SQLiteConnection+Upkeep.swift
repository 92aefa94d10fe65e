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
