import Core

/// Brings one SQLite file to the newest version of its schema, in one transaction.
struct SchemaUpgrade {
    private let schema: Schema
    private let connection: SQLiteConnection
    private let file: String

    init(_ schema: Schema, on connection: SQLiteConnection, file: String) {
        self.schema = schema
        self.connection = connection
        self.file = file
    }

    /// Marks the file as ours and says which store it is, so that two stores cannot change places: "PVL" and a number.
    static func applicationID(of store: Store) -> Int {
        let number =
            switch store {
            case .data: 1
            case .keys: 2
            case .index: 3
            }
        return 0x5056_4C00 + number
    }

    func run() throws(StorageError) {
        let application = try connection.number("PRAGMA application_id")
        let version = try connection.number("PRAGMA user_version")
        let tables = try connection.number("SELECT count(*) FROM sqlite_schema")
        let isFresh = application == 0 && version == 0 && tables == 0
        guard isFresh || application == Self.applicationID(of: schema.store) else {
            throw StorageError(
                .storageForeignFile, "`\(file)` is not the \(schema.store.rawValue) store of a vault",
                remedy: "put back the file that belongs there; do not exchange stores of a home")
        }
        let steps = try schema.steps(from: isFresh ? schema.version : version, file: file)
        guard isFresh || !steps.isEmpty else { return }
        try connection.control("BEGIN IMMEDIATE")
        do throws(StorageError) {
            if isFresh { try create() } else { try upgrade(steps) }
            try connection.execute("PRAGMA application_id = \(Self.applicationID(of: schema.store))")
            try connection.execute("PRAGMA user_version = \(schema.version)")
            try connection.control("COMMIT")
        } catch {
            if connection.isInTransaction { try connection.control("ROLLBACK") }
            throw error
        }
    }

    private func create() throws(StorageError) {
        for declaration in schema.declarations { try connection.create(declaration) }
    }

    private func upgrade(_ steps: ArraySlice<Migration>) throws(StorageError) {
        // Rows may refer to nothing between two statements of a step, not at its end.
        try connection.execute("PRAGMA defer_foreign_keys = ON")
        for step in steps {
            for statement in step.statements {
                let name = DataDefinition.table(in: statement)
                let clustered = name.map { schema.isClustered($0) || step.clustered.contains($0) } ?? false
                try connection.execute(DataDefinition.sqlite(statement, clustered: clustered))
            }
        }
        let comparison = try SchemaShape(of: connection).compared(with: schema)
        let wrong = comparison.missingTables + comparison.differentTables
        guard wrong.isEmpty else {
            throw .misuse(
                "the migrations of the \(schema.store.rawValue) store do not lead to its declarations: "
                    + wrong.joined(separator: ", "))
        }
        let orphans = try connection.execute("PRAGMA foreign_key_check")
        guard orphans.isEmpty else {
            throw .misuse("the migrations of the \(schema.store.rawValue) store leave rows that refer to nothing")
        }
    }
}

extension SQLiteConnection {
    /// Makes a declared table and its indexes.
    func create(_ declaration: TableDeclaration) throws(StorageError) {
        for statement in declaration.definition {
            try execute(DataDefinition.sqlite(statement, clustered: declaration.clustered))
        }
    }
}

/// How a definition in the common subset is said in SQLite.
enum DataDefinition {
    /// Every table is `STRICT`, so that SQLite keeps to the column's type as PostgreSQL does; a clustered one has no
    /// row numbers. All other statements are the same in both.
    static func sqlite(_ statement: StaticString, clustered: Bool) throws(StorageError) -> String {
        if let word = SQLSubset.violation(in: statement) {
            throw .misuse("`\(statement)` is outside the common subset of SQL: \(word)")
        }
        guard table(in: statement) != nil else { return "\(statement)" }
        return "\(statement) STRICT" + (clustered ? ", WITHOUT ROWID" : "")
    }

    /// The table that the statement creates, if that is what it does.
    static func table(in statement: StaticString) -> String? {
        let words = "\(statement)".split(maxSplits: 3) { $0 == " " || $0 == "\n" || $0 == "(" }.map(String.init)
        guard words.count > 2, words[0].lowercased() == "create", words[1].lowercased() == "table" else { return nil }
        return words[2]
    }
}
