import Core
import Testing

@testable import Storage

@Suite("Schema")
struct SchemaTests {
    static let oldNote = TableDeclaration(
        "note", in: .data, .operational, purpose: "texts of the tests",
        definition: ["CREATE TABLE note (id INTEGER PRIMARY KEY, body BLOB NOT NULL)"])
    static let old = Schema(.data, declarations: [oldNote])
    static let new = Schema(
        .data, declarations: StorageFixture.declarations,
        migrations: [
            Migration(
                version: 2,
                statements: [
                    "ALTER TABLE note ADD COLUMN title TEXT", "ALTER TABLE note ADD COLUMN rank INTEGER",
                    "CREATE UNIQUE INDEX note_title ON note (title)",
                    "CREATE TABLE pair (name BLOB NOT NULL PRIMARY KEY, value BLOB NOT NULL)",
                    "UPDATE note SET rank = 7",
                ])
        ])

    @Test("makes a new store from the declarations at the newest version", arguments: TransactionTests.journals)
    func fresh(options: SQLiteOptions) throws {
        let fixture = try StorageFixture(options, migrated: false)
        #expect(try fixture.database.schemaVersion() == 0)
        try fixture.database.migrate(to: Self.new)
        #expect(try fixture.database.schemaVersion() == 2)
        #expect(try fixture.database.compare(with: Self.new).isClean)
        try fixture.database.migrate(to: Self.new)
    }

    @Test("upgrades the version before, keeping its rows", arguments: TransactionTests.journals)
    func upgrade(options: SQLiteOptions) throws {
        let fixture = try StorageFixture(options, migrated: false)
        try fixture.database.migrate(to: Self.old)
        try fixture.database.write { try $0.run("INSERT INTO note (id, body) VALUES (1, ?)", .blob([9])) }
        #expect(try fixture.count() == 1)
        try fixture.database.migrate(to: Self.new)
        #expect(try fixture.database.schemaVersion() == 2)
        #expect(try fixture.database.compare(with: Self.new).isClean)
        let rank = try fixture.database.read { try $0.first("SELECT rank FROM note") { try $0.int(at: 0) } }
        #expect(rank == 7)
    }

    @Test("undoes an upgrade whole when a step fails, or leads elsewhere than the declarations")
    func failedUpgrade() throws {
        for last in ["UPDATE nowhere SET rank = 1", "CREATE INDEX note_rank ON note (rank)"] as [StaticString] {
            let fixture = try StorageFixture(migrated: false)
            try fixture.database.migrate(to: Self.old)
            let bad = Schema(
                .data, declarations: StorageFixture.declarations,
                migrations: [Migration(version: 2, statements: Self.new.migrations[0].statements + [last])])
            let error = #expect(throws: StorageError.self) { try fixture.database.migrate(to: bad) }
            #expect(error?.code == .storageMisuse)
            #expect(try fixture.database.schemaVersion() == 1)
            #expect(try fixture.database.compare(with: Self.old).isClean)
        }
    }

    @Test("refuses a store of a newer program, and one too old to upgrade")
    func versions() throws {
        let fixture = try StorageFixture(migrated: false)
        try fixture.database.migrate(to: Self.new)
        let newer = #expect(throws: StorageError.self) { try fixture.database.migrate(to: Self.old) }
        #expect(newer?.code == .storageNewerFormat)
        #expect(newer?.remedy != nil)
        let later = Schema(
            .data, declarations: StorageFixture.declarations, migrations: [Migration(version: 4, statements: [])])
        let older = #expect(throws: StorageError.self) { try fixture.database.migrate(to: later) }
        #expect(older?.code == .storageTooOldFormat)
    }

    @Test("refuses a store put in another's place, and a foreign database")
    func exchanged() throws {
        let fixture = try StorageFixture()
        let keys = #expect(throws: StorageError.self) {
            try fixture.database.migrate(to: Schema(.keys, declarations: []))
        }
        #expect(keys?.code == .storageForeignFile)
        #expect(keys?.code.exit == .integrity)
    }

    @Test("reports tables without a declaration, declarations without a table, and changed ones")
    func comparison() throws {
        let fixture = try StorageFixture()
        let stranger = TableDeclaration(
            "stranger", in: .data, .operational, purpose: "not there",
            definition: ["CREATE TABLE stranger (id INTEGER PRIMARY KEY)"])
        let unclustered = TableDeclaration(
            "pair", in: .data, .operational, purpose: "not clustered",
            definition: ["CREATE TABLE pair (name BLOB NOT NULL PRIMARY KEY, value BLOB NOT NULL)"])
        let found = try fixture.database.compare(with: Schema(.data, declarations: [stranger, unclustered]))
        #expect(found.undeclaredTables == ["note"])
        #expect(found.missingTables == ["stranger"])
        #expect(found.differentTables == ["pair"])
    }

    @Test("finds a declaration that makes a table it does not name")
    func hiddenTable() throws {
        let two = TableDeclaration(
            "one", in: .data, .operational, purpose: "makes a second table",
            definition: ["CREATE TABLE one (id INTEGER)", "CREATE TABLE two (id INTEGER)"])
        let fixture = try StorageFixture(migrated: false)
        try fixture.database.migrate(to: Schema(.data, declarations: [two]))
        #expect(try fixture.database.compare(with: Schema(.data, declarations: [two])).undeclaredTables == ["two"])
    }

    @Test(
        "refuses a declaration outside the common subset",
        arguments: [
            "CREATE TABLE t (id INTEGER) STRICT", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)",
            "CREATE TABLE t (price REAL)", "CREATE TABLE t (name VARCHAR(20))",
            "CREATE TABLE t (n TEXT COLLATE nocase)",
            "CREATE VIEW t AS SELECT 1", "CREATE TABLE t (id INTEGER) WITHOUT ROWID", "CREATE TABLE \"t\" (id INTEGER)",
        ] as [StaticString])
    func subset(sql: StaticString) throws {
        let fixture = try StorageFixture(migrated: false)
        let schema = Schema(
            .data, declarations: [TableDeclaration("t", in: .data, .operational, purpose: "bad", definition: [sql])])
        let error = #expect(throws: StorageError.self) { try fixture.database.migrate(to: schema) }
        #expect(error?.code == .storageMisuse)
        #expect(try fixture.database.schemaVersion() == 0)
    }

    @Test("makes every table strict and only clustered ones without row numbers")
    func strict() throws {
        let fixture = try StorageFixture()
        for value in [SQLValue.text("5"), .integer(5)] {
            #expect(throws: StorageError.self) {
                try fixture.database.write {
                    try $0.run("INSERT INTO pair (name, value) VALUES (?, ?)", value, .blob([]))
                }
            }
        }
        #expect(DataDefinition.table(in: "CREATE TABLE pair(name BLOB)") == "pair")
        #expect(DataDefinition.table(in: "CREATE INDEX pair ON x (y)") == nil)
    }
}
