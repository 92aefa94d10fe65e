import CSQLite

/// One compiled statement of one connection.
@safe final class SQLiteStatement: Statement {
    let sql: StaticString
    private let handle: OpaquePointer
    // The connection finalises its statements before it goes, so it is there as long as they are.
    private unowned let connection: SQLiteConnection
    private unowned let shelf: Shelf
    /// The next one on the shelf while this one lies there.
    fileprivate var next: SQLiteStatement?
    var isRunning = false
    private let parameterCount: Int32

    init(_ sql: StaticString, on connection: SQLiteConnection, shelf: Shelf) throws(StorageError) {
        var handle: OpaquePointer?
        let result = sql.withUTF8Buffer { text in
            unsafe text.withMemoryRebound(to: CChar.self) { text in
                unsafe sqlite3_prepare_v3(
                    connection.handle, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT),
                    &handle, nil)
            }
        }
        guard result == SQLITE_OK, let handle = unsafe handle else { throw connection.error(result) }
        unsafe self.handle = handle
        self.sql = sql
        self.connection = connection
        self.shelf = shelf
        parameterCount = unsafe sqlite3_bind_parameter_count(handle)
    }

    deinit { unsafe sqlite3_finalize(handle) }

    var columnCount: Int { Int(unsafe sqlite3_column_count(handle)) }

    func bindNull(at index: Int) throws(StorageError) { try check(unsafe sqlite3_bind_null(handle, Int32(index))) }

    func bind(integer: Int64, at index: Int) throws(StorageError) {
        try check(unsafe sqlite3_bind_int64(handle, Int32(index), integer))
    }

    @unsafe func bind(text: UnsafeRawBufferPointer, at index: Int) throws(StorageError) {
        let start = unsafe text.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard let start = unsafe start else {
            return try check(unsafe sqlite3_bind_text(handle, Int32(index), "", 0, pv_sqlite_static()))
        }
        try check(
            unsafe sqlite3_bind_text64(
                handle, Int32(index), start, UInt64(text.count), pv_sqlite_transient(), UInt8(SQLITE_UTF8)))
    }

    @unsafe func bind(blob: UnsafeRawBufferPointer, at index: Int) throws(StorageError) {
        guard let start = blob.baseAddress, blob.count > 0 else {
            // A null pointer would bind NULL, which is not what an empty blob is.
            return try check(unsafe sqlite3_bind_zeroblob(handle, Int32(index), 0))
        }
        try check(
            unsafe sqlite3_bind_blob64(handle, Int32(index), start, UInt64(blob.count), pv_sqlite_transient()))
    }

    func step() throws(StorageError) -> Bool {
        try connection.checkLent()
        return try advance()
    }

    /// Steps although no body is running: for the engine's own statements.
    func advance() throws(StorageError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw connection.error(result)
        }
    }

    func rewind() {
        // The result repeats the error of the last step, which has been thrown already.
        unsafe sqlite3_reset(handle)
    }

    var changes: Int { Int(unsafe sqlite3_changes64(connection.handle)) }

    func kind(at column: Int) -> ColumnKind {
        switch unsafe sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer
        case SQLITE_TEXT: .text
        case SQLITE_BLOB: .blob
        case SQLITE_NULL: .null
        default: .other
        }
    }

    func integer(at column: Int) -> Int64 { unsafe sqlite3_column_int64(handle, Int32(column)) }

    @unsafe func bytes(at column: Int) -> UnsafeRawBufferPointer {
        // The pointer first: asking for it may convert, and only then the count is right.
        let start = unsafe sqlite3_column_blob(handle, Int32(column))
        return unsafe UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column))))
    }

    func giveBack() {
        // A value of a person does not stay in a statement that rests.
        if parameterCount > 0 { unsafe sqlite3_clear_bindings(handle) }
        shelf.put(self)
    }

    private func check(_ result: Int32) throws(StorageError) {
        if result != SQLITE_OK { throw connection.error(result) }
    }

    /// The statements of one SQL text that are not in use: usually one, more when its queries were nested.
    final class Shelf {
        private var top: SQLiteStatement?

        func take() -> SQLiteStatement? {
            guard let taken = top else { return nil }
            top = taken.next
            taken.next = nil
            return taken
        }

        func put(_ statement: SQLiteStatement) {
            statement.next = top
            top = statement
        }
    }
}
