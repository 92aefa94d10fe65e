import Core
import Testing

@testable import Storage

@Suite("Connection")
struct ConnectionTests {
    @Test("gives back every type as it was bound, empty values and NULL apart")
    func typesRoundTrip() throws {
        let fixture = try StorageFixture()
        let values: [SQLValue] = [
            .null, .integer(Int64.min), .integer(Int64.max), .text(""), .text("Ærøskøbing 台北 \u{0}x"), .blob([]),
            .blob([0, 255, 0]),
        ]
        for value in values {
            let found = try fixture.database.read { connection in
                try connection.first("SELECT ?", value) { try $0.value(at: 0) }
            }
            #expect(found.map { "\($0)" } == "\(value)")
        }
    }

    @Test("lends a blob without copying it")
    func lendsBlob() throws {
        let fixture = try StorageFixture()
        try fixture.database.read { connection in
            let sum = try connection.first("SELECT ?", .blob([1, 2, 3])) { row in
                try row.withBytes(at: 0) { span in
                    (0..<span.byteCount).reduce(0) { $0 + Int(span.unsafeLoad(fromByteOffset: $1, as: UInt8.self)) }
                }
            }
            #expect(sum == 6)
        }
    }

    @Test("refuses to read a null or a text as a number")
    func wrongType() throws {
        let fixture = try StorageFixture()
        for value in [SQLValue.null, .text("5"), .blob([5])] {
            let error = #expect(throws: StorageError.self) {
                try fixture.database.read { try $0.first("SELECT ?", value) { try $0.int(at: 0) } }
            }
            #expect(error?.code == .storageUnexpectedType)
            #expect(error?.code.exit == .integrity)
        }
    }

    @Test("nests queries of the same statement without disturbing the outer one")
    func nestedQueries() throws {
        let fixture = try StorageFixture()
        for title in ["a", "b", "c"] { try fixture.add(title) }
        var seen: [String] = []
        try fixture.database.read { connection in
            func titles(_ depth: Int) throws {
                try connection.query("SELECT title FROM note WHERE rank IS NULL ORDER BY title") { row in
                    seen.append(try row.text(at: 0))
                    if depth < 2 { try titles(depth + 1) }
                }
            }
            try titles(0)
        }
        #expect(seen.count == 3 + 9 + 27)
        #expect(Array(seen.prefix(5)) == ["a", "a", "a", "b", "c"])
    }

    @Test("refuses to run a prepared statement whose rows are being read")
    func noRerun() throws {
        let fixture = try StorageFixture()
        let error = #expect(throws: StorageError.self) {
            try fixture.database.read { connection in
                let statement = try connection.prepared("SELECT 1")
                try statement.query { _ in try statement.run() }
            }
        }
        #expect(error?.code == .storageMisuse)
    }

    @Test("refuses a connection that was kept beyond its body")
    func keptConnection() throws {
        let fixture = try StorageFixture()
        var kept: (any Connection)?
        try fixture.database.read { kept = $0 }
        let error = #expect(throws: StorageError.self) { try kept?.run("SELECT 1") }
        #expect(error?.code == .storageMisuse)
    }

    @Test("binds a prepared statement many times")
    func preparedLoop() throws {
        let fixture = try StorageFixture()
        try fixture.database.write { connection in
            let insert = try connection.prepared("INSERT INTO note (id, body, title) VALUES ($1, $2, $3)")
            for number in 0..<100 {
                try insert.bind(number, at: 1)
                try insert.bind([UInt8(number)], at: 2)
                try insert.bind("title \(number)", at: 3)
                let changed = try insert.run()
                #expect(changed == 1)
            }
        }
        #expect(try fixture.count() == 100)
    }

    @Test("does not show bound values in errors")
    func errorsWithoutValues() throws {
        let fixture = try StorageFixture()
        try fixture.add("ada@example.org")
        let error = #expect(throws: StorageError.self) { try fixture.add("ada@example.org") }
        #expect(error?.code == .storageNotUnique)
        #expect(error?.message.contains("note.title") == true)
        #expect(error.map { "\($0)".contains("ada") } == false)
        let typed = #expect(throws: StorageError.self) {
            try fixture.database.write {
                try $0.run("INSERT INTO note (body, title) VALUES (?, ?)", .text("ada@example.org"), .null)
            }
        }
        #expect(typed?.code == .storageConstraint)
        #expect(typed.map { "\($0)".contains("ada") } == false)
    }

    @Test(
        "refuses SQL outside the common subset",
        arguments: [
            "SELECT rowid FROM note", "INSERT OR REPLACE INTO note (id) VALUES (1)", "PRAGMA user_version",
            "SELECT \"title\" FROM note", "SELECT ifnull(title, 'x') FROM note", "SELECT 1; SELECT 2",
            "SELECT id FROM note WHERE id == 1", "SELECT x'00'", "BEGIN", "SELECT ?1", "SELECT $2, $1", "SELECT ?, $1",
            "SELECT 1 -- comment", "SELECT :name", "REPLACE INTO note (id) VALUES (1)",
        ] as [StaticString])
    func subset(sql: StaticString) throws {
        let fixture = try StorageFixture()
        let error = #expect(throws: StorageError.self) { try fixture.database.write { try $0.run(sql) } }
        #expect(error?.code == .storageMisuse)
    }

    @Test(
        "accepts SQL both engines know",
        arguments: [
            "SELECT title FROM note WHERE id = $1 OR rank = $1", "SELECT replace(title, 'a', 'B') FROM note",
            "INSERT INTO note (id, body) VALUES (?, 'x''; \"y') ON CONFLICT (id) DO UPDATE SET title = excluded.title",
            "SELECT coalesce(title, 'rowid') FROM note ORDER BY id LIMIT ?",
            "INSERT INTO pair (name, value) VALUES ($1, $2) RETURNING value",
        ] as [StaticString])
    func accepted(sql: StaticString) throws {
        #expect(SQLSubset.violation(in: sql) == nil)
    }
}
