import Core

/// What the tables of one SQLite file look like: columns, order of rows, keys, indexes.
struct SchemaShape {
    private let tables: [String: String]

    init(of connection: SQLiteConnection) throws(StorageError) {
        var tables: [String: String] = [:]
        let list = try connection.execute(
            "SELECT name, wr, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
        for table in list where !table[0].hasPrefix("sqlite_") {
            // Names come from the file: quoted as an SQL string, they stay names.
            let name =
                "'" + table[0].split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
            let columns = try connection.execute(
                "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_xinfo(\(name)) ORDER BY cid")
            let indexes = try connection.execute(
                """
                SELECT list."unique", list.origin, list.partial, info.seqno, info.name, info."desc"
                FROM pragma_index_list(\(name)) AS list, pragma_index_xinfo(list.name) AS info WHERE info.key = 1
                """)
            let references = try connection.execute(
                "SELECT \"table\", \"from\", \"to\", on_update, on_delete FROM pragma_foreign_key_list(\(name)) ORDER BY 1, 2"
            )
            tables[table[0]] =
                ([Array(table.dropFirst())] + columns + indexes.sorted { $0.lexicographicallyPrecedes($1) } + references)
                .map { $0.joined(separator: "\u{1F}") }.joined(separator: "\u{1E}")
        }
        self.tables = tables
    }

    /// Compares with what the declarations come to in an empty database.
    func compared(with schema: Schema) throws(StorageError) -> SchemaComparison {
        let scratch = try SQLiteConnection(
            ":memory:", file: "scratch", access: .scratch,
            options: SQLiteOptions(journal: .rollback, durability: .none, secureDelete: false))
        for declaration in schema.declarations { try scratch.create(declaration) }
        let wanted = try SchemaShape(of: scratch)
        let declared = Set(schema.declarations.map(\.name))
        var comparison = SchemaComparison()
        // A declaration may make a second table beside the one it names; that one is undeclared as well.
        comparison.undeclaredTables = Set(tables.keys).union(wanted.tables.keys).subtracting(declared).sorted()
        comparison.missingTables = declared.filter { tables[$0] == nil }.sorted()
        comparison.differentTables = declared.filter { tables[$0] != nil && tables[$0] != wanted.tables[$0] }.sorted()
        return comparison
    }
}
