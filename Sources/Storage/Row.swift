import Core

/// The row a query stands on, lent to one closure; what it lends in turn must not outlive that closure either.
///
/// Columns count from 0. Reading checks the type: a null or a number where bytes are expected is an error, not a zero.
@safe package struct Row: ~Copyable {
    private let statement: any Statement

    init(_ statement: any Statement) { self.statement = statement }

    /// How many columns the row has.
    package var count: Int { statement.columnCount }

    /// What the column holds here.
    package func kind(at column: Int) -> ColumnKind { statement.kind(at: column) }

    /// Whether the column holds nothing.
    package func isNull(at column: Int) -> Bool { statement.kind(at: column) == .null }

    /// The column's integer.
    package func int64(at column: Int) throws(StorageError) -> Int64 {
        try expect(.integer, at: column)
        return statement.integer(at: column)
    }

    /// The column's integer as the machine's own.
    package func int(at column: Int) throws(StorageError) -> Int { Int(try int64(at: column)) }

    /// The column's text.
    package func text(at column: Int) throws(StorageError) -> String {
        try expect(.text, at: column)
        return unsafe String(decoding: statement.bytes(at: column), as: UTF8.self)
    }

    /// A copy of the column's bytes.
    package func blob(at column: Int) throws(StorageError) -> [UInt8] {
        try expect(.blob, at: column)
        return unsafe Array(statement.bytes(at: column))
    }

    /// The column's integer, or `nil` where it is null.
    package func optionalInt64(at column: Int) throws(StorageError) -> Int64? {
        isNull(at: column) ? nil : try int64(at: column)
    }

    /// The column's integer as the machine's own, or `nil` where it is null.
    package func optionalInt(at column: Int) throws(StorageError) -> Int? {
        isNull(at: column) ? nil : try int(at: column)
    }

    /// The column's text, or `nil` where it is null.
    package func optionalText(at column: Int) throws(StorageError) -> String? {
        isNull(at: column) ? nil : try text(at: column)
    }

    /// A copy of the column's bytes, or `nil` where it is null.
    package func optionalBlob(at column: Int) throws(StorageError) -> [UInt8]? {
        isNull(at: column) ? nil : try blob(at: column)
    }

    /// Lends the column's bytes (of a blob or of a text in UTF-8) without copying them.
    package func withBytes<R>(at column: Int, _ body: (RawSpan) throws -> R) throws -> R {
        try expectBytes(at: column)
        return unsafe try body(statement.bytes(at: column).bytes)
    }

    /// Lends the column's bytes as a pointer, for a C call; an empty value has no address.
    package func withUnsafeBytes<R>(at column: Int, _ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
        try expectBytes(at: column)
        return unsafe try body(statement.bytes(at: column))
    }

    private func expect(_ kind: ColumnKind, at column: Int) throws(StorageError) {
        let found = statement.kind(at: column)
        guard found == kind else { throw statement.unexpected(found, at: column) }
    }

    private func expectBytes(at column: Int) throws(StorageError) {
        let found = statement.kind(at: column)
        guard found == .blob || found == .text else { throw statement.unexpected(found, at: column) }
    }
}

extension Statement {
    fileprivate func unexpected(_ found: ColumnKind, at column: Int) -> StorageError {
        StorageError(
            .storageUnexpectedType, "column \(column) of `\(sql)` holds \(found), which is not what belongs there",
            remedy: "run `profilevault doctor`; if it finds no damage this is a bug of ProfileVault")
    }
}
