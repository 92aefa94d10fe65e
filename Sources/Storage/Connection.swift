/// A database as the body of one `read` or `write` sees it; not to be kept beyond that body.
///
/// SQL is always a `StaticString`, so a value can only be bound, never spliced. It is written in the subset that SQLite
/// and PostgreSQL share (`SQLSubset`), with parameters `?` or `$1`, `$2` … numbered by first appearance. A statement is
/// compiled once a connection; queries may be nested, also of the same SQL.
package protocol Connection: AnyObject {
    /// Takes a compiled statement for repeated use with little cost a turn.
    func prepared(_ sql: StaticString) throws(StorageError) -> PreparedStatement
}

extension Connection {
    /// Runs a statement to its end and returns how many rows it changed.
    @discardableResult
    package func run(_ sql: StaticString, _ values: SQLValue...) throws(StorageError) -> Int {
        try run(sql, values)
    }

    /// Runs a statement to its end and returns how many rows it changed.
    @discardableResult
    package func run(_ sql: StaticString, _ values: [SQLValue]) throws(StorageError) -> Int {
        let statement = try prepared(sql)
        try statement.bind(values)
        return try statement.run()
    }

    /// Lends each row to `body`.
    package func query(
        _ sql: StaticString, _ values: SQLValue..., row body: (borrowing Row) throws -> Void
    ) throws {
        try query(sql, values, row: body)
    }

    /// Lends each row to `body`.
    package func query(
        _ sql: StaticString, _ values: [SQLValue], row body: (borrowing Row) throws -> Void
    ) throws {
        let statement = try prepared(sql)
        try statement.bind(values)
        try statement.query(body)
    }

    /// What `body` makes of the first row; `nil` when there is none.
    package func first<R>(
        _ sql: StaticString, _ values: SQLValue..., row body: (borrowing Row) throws -> R
    ) throws -> R? {
        try first(sql, values, row: body)
    }

    /// What `body` makes of the first row; `nil` when there is none.
    package func first<R>(
        _ sql: StaticString, _ values: [SQLValue], row body: (borrowing Row) throws -> R
    ) throws -> R? {
        let statement = try prepared(sql)
        try statement.bind(values)
        return try statement.first(body)
    }
}
