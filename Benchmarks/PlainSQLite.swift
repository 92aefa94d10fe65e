import CSQLite

/// What teams do without a vault: one table in clear, the same three indexes, the same durability, C calls.
final class PlainSQLite {
    private var database: OpaquePointer?
    private var insert: OpaquePointer?
    private var select: OpaquePointer?
    private var selectRow: OpaquePointer?

    init(path: String, indexed: Bool) {
        check(sqlite3_open(path, &database))
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=NORMAL")
        run("PRAGMA cache_size=-65536")
        let columns = BenchmarkRows.header.map { "\($0) TEXT" }.joined(separator: ", ")
        run("CREATE TABLE profile (number INTEGER PRIMARY KEY, \(columns))")
        if indexed {
            for name in ["customer_id", "email", "phone"] {
                // Telephone numbers are shared in families; the others are one person's.
                run("CREATE \(name == "phone" ? "" : "UNIQUE") INDEX profile_\(name) ON profile (\(name))")
            }
        }
        let places = BenchmarkRows.header.map { _ in "?" }.joined(separator: ",")
        check(
            sqlite3_prepare_v2(
                database, "INSERT INTO profile (\(BenchmarkRows.header.joined(separator: ","))) VALUES (\(places))", -1,
                &insert, nil))
        check(
            sqlite3_prepare_v2(
                database, "SELECT first_name, city, country FROM profile WHERE email = ?", -1, &select, nil))
        check(
            sqlite3_prepare_v2(
                database, "SELECT \(BenchmarkRows.header.joined(separator: ",")) FROM profile WHERE email = ?", -1,
                &selectRow, nil))
    }

    deinit {
        sqlite3_finalize(insert)
        sqlite3_finalize(select)
        sqlite3_finalize(selectRow)
        sqlite3_close(database)
    }

    func begin() { run("BEGIN IMMEDIATE") }
    func commit() { run("COMMIT") }
    func checkpoint() { run("PRAGMA wal_checkpoint(TRUNCATE)") }

    func add(_ field: Int, of record: (Int) -> ArraySlice<UInt8>) {
        record(field).withUnsafeBytes { bytes in
            _ = sqlite3_bind_text(
                insert, Int32(field + 1), bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count),
                pv_sqlite_transient())
        }
    }

    func step() {
        guard sqlite3_step(insert) == SQLITE_DONE else { fail() }
        sqlite3_reset(insert)
    }

    /// Three fields by e-mail, copied out as a program would use them.
    func read(_ email: String) -> Int { read(email, by: select, columns: 3) }

    /// The whole row by e-mail, copied out as a program would use it.
    func readRow(_ email: String) -> Int { read(email, by: selectRow, columns: Int32(BenchmarkRows.header.count)) }

    /// Every row's columns as a line of CSV, quoted where RFC 4180 asks for it.
    func forEach(_ columns: [String], _ body: ([UInt8]) throws -> Void) rethrows {
        var all: OpaquePointer?
        check(
            sqlite3_prepare_v2(
                database, "SELECT number,\(columns.joined(separator: ",")) FROM profile ORDER BY number", -1, &all, nil)
        )
        defer { sqlite3_finalize(all) }
        while sqlite3_step(all) == SQLITE_ROW {
            var line: [UInt8] = []
            for column in 0...Int32(columns.count) {
                if column > 0 { line.append(UInt8(ascii: ",")) }
                let bytes = UnsafeBufferPointer(
                    start: sqlite3_column_text(all, column), count: Int(sqlite3_column_bytes(all, column)))
                let quote = UInt8(ascii: "\"")
                guard bytes.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D })
                else {
                    line += bytes
                    continue
                }
                line.append(quote)
                for byte in bytes { line += byte == quote ? [quote, quote] : [byte] }
                line.append(quote)
            }
            line += [0x0D, 0x0A]
            try body(line)
        }
    }

    private func read(_ email: String, by select: OpaquePointer?, columns: Int32) -> Int {
        sqlite3_bind_text(select, 1, email, -1, pv_sqlite_transient())
        guard sqlite3_step(select) == SQLITE_ROW else { fail() }
        var length = 0
        for column in 0..<columns {
            length += String(cString: sqlite3_column_text(select, column)).utf8.count
        }
        sqlite3_reset(select)
        return length
    }

    private func run(_ sql: String) { check(sqlite3_exec(database, sql, nil, nil, nil)) }

    private func check(_ code: Int32) {
        guard code == SQLITE_OK else { fail() }
    }

    private func fail() -> Never {
        fatalError("plain SQLite: \(String(cString: sqlite3_errmsg(database)))")
    }
}
