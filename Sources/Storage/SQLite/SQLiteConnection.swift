import CSQLite
import Core
import Glibc
import Synchronization

/// One open handle on a database file with the statements compiled for it.
// Lent to one thread at a time, by the pool or by the writers' queue, each of which hands over under a lock; only
// `expire` may be called from elsewhere, and it touches nothing but an atomic and a call that SQLite lets any thread make.
@safe final class SQLiteConnection: Connection, @unchecked Sendable {
    enum Access {
        case readWrite
        case readOnly
        /// A file that nobody writes to and no log belongs to: it is read as it lies, and nothing is made beside it.
        case settled
        /// In memory, to see what a declaration comes to.
        case scratch
    }

    /// `nil` once closed.
    private(set) var handle: OpaquePointer?
    let openedAt: Timestamp
    private let file: String
    private var shelves: [UInt: SQLiteStatement.Shelf] = [:]
    private var isLent = false
    /// The count of commits that the read transaction under way was begun after; `nil` for none.
    var snapshot: UInt64?
    private let isExpired = Atomic(false)

    /// Opens an existing file.
    init(_ path: String, file: String, access: Access, options: SQLiteOptions) throws(StorageError) {
        _ = SQLiteLibrary.isConfigured
        let isReading = access == .readOnly || access == .settled
        let flags =
            (isReading ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
            | (access == .settled ? SQLITE_OPEN_URI : 0)
        var handle: OpaquePointer?
        // Some builds read `file:` as the beginning of a URI with options in it.
        let plain = path.hasPrefix("file:") ? "./" + path : path
        let name = access == .settled ? Self.settledName(path) : plain
        let result = unsafe sqlite3_open_v2(name, &handle, flags, options.vfs)
        guard let opened = unsafe handle else { throw .sqlite(result, file: file) }
        guard result == SQLITE_OK else {
            let error = unsafe StorageError.sqlite(result, systemError: sqlite3_system_errno(opened), file: file)
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        unsafe self.handle = opened
        self.file = file
        openedAt = options.clock.now()
        // Should this throw, `deinit` closes: the object is whole already.
        try configure(access, options)
    }

    deinit { close() }

    /// The URI of a file that does not change (sqlite.org/uri.html).
    private static func settledName(_ path: String) -> String {
        let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
        return "file:\(escaped)?immutable=1"
    }

    func prepared(_ sql: StaticString) throws(StorageError) -> PreparedStatement {
        try checkLent()
        return PreparedStatement(try statement(sql, checkingSubset: true))
    }

    /// Runs one of the engine's own statements, which need not be in the common subset.
    func control(_ sql: StaticString) throws(StorageError) {
        let statement = try statement(sql, checkingSubset: false)
        defer { statement.giveBack() }
        defer { statement.rewind() }
        while try statement.advance() {}
    }

    /// Runs SQL that was put together, as the engine's additions to a declaration are, and returns the text of each row.
    @discardableResult
    func execute(_ sql: String) throws(StorageError) -> [[String]] {
        var rows: [[String]] = []
        var handle: OpaquePointer?
        let prepared = unsafe sqlite3_prepare_v2(self.handle, sql, -1, &handle, nil)
        guard prepared == SQLITE_OK else { throw error(prepared) }
        defer { unsafe sqlite3_finalize(handle) }
        while true {
            switch unsafe sqlite3_step(handle) {
            case SQLITE_ROW:
                let columns = unsafe 0..<sqlite3_column_count(handle)
                rows.append(
                    columns.map { column in
                        unsafe sqlite3_column_text(handle, column).map { unsafe String(cString: $0) } ?? ""
                    })
            case SQLITE_DONE: return rows
            case let result: throw error(result)
            }
        }
    }

    /// A single integer, as pragmas answer with.
    func number(_ sql: String) throws(StorageError) -> Int { try execute(sql).first?.first.flatMap { Int($0) } ?? 0 }

    /// Whether a transaction is under way: some errors end it without being asked.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Between these two a body may use the connection.
    func lend() {
        isLent = true
    }

    func takeBack() {
        isLent = false
    }

    /// Ends what runs on this connection and refuses the rest of its body; may be called from any thread.
    func expire() {
        isExpired.store(true, ordering: .relaxed)
        unsafe sqlite3_interrupt(handle)
    }

    var hasExpired: Bool { isExpired.load(ordering: .relaxed) }

    func checkLent() throws(StorageError) {
        guard isLent else { throw .misuse("a connection to `\(file)` was used outside the body it was lent to") }
        if hasExpired { throw .readExpired(file: file) }
    }

    func error(_ result: Int32) -> StorageError {
        // SQLite notes no reason when it is a commit that fails; what succeeded since has left the system's own alone.
        let last = errno
        let noted = unsafe sqlite3_system_errno(handle)
        let reason = noted == 0 && result & 0xFF == SQLITE_IOERR ? last : noted
        return unsafe .sqlite(
            result, systemError: reason, detail: String(cString: sqlite3_errmsg(handle)), file: file)
    }

    /// Finalises all statements and closes the file.
    func close() {
        shelves.removeAll()
        unsafe sqlite3_close_v2(handle)
        unsafe handle = nil
    }

    private func statement(_ sql: StaticString, checkingSubset: Bool) throws(StorageError) -> SQLiteStatement {
        // A literal lies where it lies for the life of the process, so its address stands for its text.
        let key = unsafe UInt(bitPattern: sql.utf8Start)
        let shelf: SQLiteStatement.Shelf
        if let known = shelves[key] {
            if let resting = known.take() { return resting }
            shelf = known
        } else {
            if checkingSubset, let word = SQLSubset.violation(in: sql) {
                throw .misuse("`\(sql)` is outside the common subset of SQL: \(word)")
            }
            shelf = SQLiteStatement.Shelf()
            shelves[key] = shelf
        }
        return try SQLiteStatement(sql, on: self, shelf: shelf)
    }

    private func configure(_ access: Access, _ options: SQLiteOptions) throws(StorageError) {
        unsafe sqlite3_extended_result_codes(handle, 1)
        unsafe sqlite3_busy_timeout(handle, Int32(options.busyMilliseconds))
        // What a tampered file could carry (triggers, views, functions in its schema) stays without effect.
        for (option, value) in [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0), (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
            (SQLITE_DBCONFIG_ENABLE_VIEW, 0), (SQLITE_DBCONFIG_DQS_DML, 0), (SQLITE_DBCONFIG_DQS_DDL, 0),
            (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0), (SQLITE_DBCONFIG_ENABLE_FKEY, 1),
        ] {
            let result = unsafe pv_sqlite_configure(handle, option, Int32(value))
            guard result == SQLITE_OK else { throw error(result) }
        }
        try execute("PRAGMA temp_store = MEMORY")
        try execute("PRAGMA mmap_size = 0")
        try execute("PRAGMA cell_size_check = ON")
        try execute("PRAGMA cache_size = -\(max(options.cacheBytes >> 10, 64))")
        guard access == .readWrite else { return }
        try execute("PRAGMA secure_delete = \(options.secureDelete ? "ON" : "OFF")")
        let journal = options.journal == .writeAheadLog ? "wal" : "delete"
        let reached = try execute("PRAGMA journal_mode = \(journal)")
        guard reached == [[journal]] else {
            throw StorageError(
                .storageBusy, "`\(file)` could not be given the journal mode `\(journal)`",
                remedy: "end other programs that have the database open and try again")
        }
        let synchronous =
            switch (options.durability, options.journal) {
            case (.none, _): "OFF"
            case (.ordinary, .writeAheadLog): "NORMAL"
            case (.strict, .writeAheadLog): "FULL"
            // Only EXTRA also makes the journal's removal, which is the commit, survive a power cut.
            case (_, .rollback): "EXTRA"
            }
        try execute("PRAGMA synchronous = \(synchronous)")
        try execute("PRAGMA wal_autocheckpoint = \(options.checkpointPages)")
        // With a rollback journal, pages written before the commit would lock out readers before it is their turn.
        if options.journal == .rollback { try execute("PRAGMA cache_spill = OFF") }
    }
}

/// Settings of the SQLite library as a whole, made before its first use.
private enum SQLiteLibrary {
    static let isConfigured: Bool = pv_sqlite_drop_memory_statistics() == SQLITE_OK
}
