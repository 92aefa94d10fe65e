import Core
import Gate
import Storage
import TestSupport
import Testing

@Suite("Tables")
struct TableTests {
    @Test("are made by declarations alone, one for each")
    func sources() throws {
        let files = try SourceTree.whole.get().files
        #expect(TableRule.violations(in: files) == [])
        let made = files.flatMap { TableRule.creations(in: $0.text).map(\.table) }
        #expect(made.sorted() == Stores.tables.map(\.name).sorted())
    }

    @Test("say what they are for")
    func purposes() {
        for table in Stores.tables { #expect(table.purpose.count > 20, "\(table.name)") }
        #expect(Set(Stores.tables.map(\.name)).count == Stores.tables.count)
    }

    @Test("are listed in DESIGN.md with their class")
    func design() throws {
        let design = try SourceTree.text("DESIGN.md")
        let section = try #require(design.firstMatch(of: #/\n## Tables\n((?:.|\n)*?)\n## /#)?.1)
        let words: [TableClass: String] = [
            .sealedByProfileKey: "sealed by profile key", .keys: "keys", .retained: "retained",
            .operational: "operational", .rebuildable: "rebuildable", .denialLedger: "denial ledger",
        ]
        for (tableClass, tables) in Dictionary(grouping: Stores.tables, by: \.tableClass) {
            let word = try #require(words[tableClass])
            let line = try #require(section.split(separator: "\n").first { $0.hasPrefix("| \(word) |") }, "\(word)")
            #expect(
                line.matches(of: /`(\w+)`/).map { String($0.1) }.sorted() == tables.map(\.name).sorted(), "\(word)")
        }
    }

    @Test("of a new store are the declared ones, and one that nobody declared is named", arguments: Store.allCases)
    func undeclared(store: Store) throws {
        let folder = try TemporaryDirectory()
        let schema = Stores.schema(store)
        let database = try SQLiteDatabase(path: folder.file("\(store.rawValue).db"), options: .store(store))
        try database.migrate(to: schema)
        #expect(try database.compare(with: schema).isClean)
        try database.write { _ = try $0.run("CREATE TABLE stray (number INTEGER PRIMARY KEY, value TEXT)") }
        let found = try database.compare(with: schema)
        #expect(found.undeclaredTables == ["stray"])
        #expect(!found.isClean)
        try database.close()
    }

    @Test("that a declaration makes beside its own are undeclared, too")
    func smuggled() throws {
        let folder = try TemporaryDirectory()
        let declaration = TableDeclaration(
            "one", in: .data, .operational, purpose: "a table with another in its luggage",
            definition: ["CREATE TABLE one (a INTEGER PRIMARY KEY)", "CREATE TABLE two (b TEXT)"])
        let schema = Schema(.data, declarations: [declaration])
        let database = try SQLiteDatabase(path: folder.file("data.db"), options: .store(.data))
        try database.migrate(to: schema)
        #expect(try database.compare(with: schema).undeclaredTables == ["two"])
        try database.close()
    }

    @Test(
        "made outside a declaration, or under another name, are found in the text",
        arguments: [
            #"try connection.run("CREATE TABLE loose (a TEXT)")"#,
            #"let sql: StaticString = "create temporary table  if not exists loose (a TEXT)""#,
            #"TableDeclaration("tight", in: .data, .keys, purpose: "(", definition: ["CREATE TABLE loose (a TEXT)"])"#,
            #"[TableDeclaration("loose", in: .data)]; run("CREATE TABLE loose (a TEXT)")"#,
            "let sql = \"\"\"\n    CREATE TABLE\n        loose (a TEXT)\n    \"\"\"",
        ])
    func planted(code: String) {
        let file = SourceFile(room: "Vault", path: "p", "// CREATE TABLE commented (a TEXT)\n" + code + "\n")
        #expect(
            TableRule.violations(in: [file]).map(\.what) == [
                "the table loose is made without a declaration of its name"
            ])
    }

    @Test("inside their declarations pass")
    func declared() {
        let code =
            #"TableDeclaration("tight", in: .data, .keys, purpose: ")", definition: ["CREATE TABLE tight (a TEXT)"])"#
        let text = SwiftText(code)
        #expect(TableRule.creations(in: text) == [TableRule.Creation(table: "tight", line: 1, declared: "tight")])
    }
}
