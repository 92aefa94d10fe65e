/// What an engine's compiled statement can do; rooms use it through `PreparedStatement` and `Row`.
package protocol Statement: AnyObject {
    var sql: StaticString { get }
    var columnCount: Int { get }
    /// Parameters count from 1, columns from 0, as in SQL and in both engines' C interfaces.
    func bindNull(at index: Int) throws(StorageError)
    func bind(integer: Int64, at index: Int) throws(StorageError)
    /// The bytes are copied before the call returns.
    @unsafe func bind(text: UnsafeRawBufferPointer, at index: Int) throws(StorageError)
    @unsafe func bind(blob: UnsafeRawBufferPointer, at index: Int) throws(StorageError)
    /// Goes to the next row; `false` at the end.
    func step() throws(StorageError) -> Bool
    /// Back before the first row; what is bound stays.
    func rewind()
    /// Rows that the last run changed.
    var changes: Int { get }
    func kind(at column: Int) -> ColumnKind
    func integer(at column: Int) -> Int64
    /// Valid until the next step.
    @unsafe func bytes(at column: Int) -> UnsafeRawBufferPointer
    /// Forgets what is bound and lets the connection use the statement again.
    func giveBack()
    /// Whether a run is under way, whose rows somebody is still reading.
    var isRunning: Bool { get set }
}

/// A statement taken from the connection's store of compiled ones, given back when it goes out of scope.
///
/// For hot loops: bind and run as often as needed, without an array or a look-up for each turn. Parameters count
/// from 1 (`$1`); what is bound stays until it is bound anew. It must not outlive the body it was made in.
@safe package struct PreparedStatement: ~Copyable {
    private let statement: any Statement

    init(_ statement: any Statement) { self.statement = statement }

    deinit { statement.giveBack() }

    /// Binds nothing.
    package func bindNull(at index: Int) throws(StorageError) { try statement.bindNull(at: index) }

    /// Binds an integer.
    package func bind(_ number: Int64, at index: Int) throws(StorageError) {
        try statement.bind(integer: number, at: index)
    }

    /// Binds an integer.
    package func bind(_ number: Int, at index: Int) throws(StorageError) {
        try statement.bind(integer: Int64(number), at: index)
    }

    /// Binds a text.
    package func bind(_ text: String, at index: Int) throws(StorageError) {
        unsafe try text.utf8Span.span.bytes.withUnsafeBytes { bytes throws(StorageError) in
            unsafe try statement.bind(text: bytes, at: index)
        }
    }

    /// Binds a blob.
    package func bind(_ bytes: [UInt8], at index: Int) throws(StorageError) {
        unsafe try bind(bytes.span.bytes, at: index)
    }

    /// Binds part of an array as a blob.
    package func bind(_ bytes: ArraySlice<UInt8>, at index: Int) throws(StorageError) {
        unsafe try bind(bytes.span.bytes, at: index)
    }

    /// Binds borrowed bytes as a blob.
    package func bind(_ bytes: RawSpan, at index: Int) throws(StorageError) {
        unsafe try bytes.withUnsafeBytes { bytes throws(StorageError) in
            unsafe try statement.bind(blob: bytes, at: index)
        }
    }

    /// Binds a value of any of the types.
    package func bind(_ value: SQLValue, at index: Int) throws(StorageError) {
        switch value {
        case .null: try bindNull(at: index)
        case .integer(let number): try bind(number, at: index)
        case .text(let text): try bind(text, at: index)
        case .blob(let bytes): try bind(bytes, at: index)
        }
    }

    /// Binds all values, the first to `$1`.
    package func bind(_ values: [SQLValue]) throws(StorageError) {
        for (offset, value) in values.enumerated() { try bind(value, at: offset + 1) }
    }

    /// Runs to the end and returns how many rows were changed.
    @discardableResult package func run() throws(StorageError) -> Int {
        try begin()
        defer { end() }
        while try statement.step() {}
        return statement.changes
    }

    /// Runs and lends each row to `body`.
    package func query(_ body: (borrowing Row) throws -> Void) throws {
        try begin()
        defer { end() }
        let row = Row(statement)
        while try statement.step() { try body(row) }
    }

    /// Runs until the first row and returns what `body` makes of it; `nil` when there is none.
    package func first<R>(_ body: (borrowing Row) throws -> R) throws -> R? {
        try begin()
        defer { end() }
        guard try statement.step() else { return nil }
        return try body(Row(statement))
    }

    private func begin() throws(StorageError) {
        guard !statement.isRunning else {
            throw .misuse("`\(statement.sql)` was run again while its rows were being read")
        }
        statement.isRunning = true
    }

    private func end() {
        statement.isRunning = false
        statement.rewind()
    }
}
