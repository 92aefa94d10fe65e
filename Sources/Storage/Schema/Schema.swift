package import Core

/// One step from a version of a store to the next.
package struct Migration: Sendable {
    /// The version the store has afterwards; the one before is `version - 1`.
    package let version: Int
    /// In the common subset, run in order in one transaction with all other steps of the upgrade.
    package let statements: [StaticString]
    /// Tables made on the way that are clustered although no declaration of theirs says so.
    package let clustered: Set<String>

    package init(version: Int, statements: [StaticString], clustered: Set<String> = []) {
        self.version = version
        self.statements = statements
        self.clustered = clustered
    }
}

/// What a store should look like: its tables as they are now, and the way there from earlier versions.
package struct Schema: Sendable {
    package let store: Store
    package let declarations: [TableDeclaration]
    package let migrations: [Migration]

    /// Takes the declarations of this store from those of all stores.
    package init(_ store: Store, declarations: [TableDeclaration], migrations: [Migration] = []) {
        self.store = store
        self.declarations = declarations.filter { $0.store == store }
        self.migrations = migrations
    }

    /// The newest version: 1 until there is a migration.
    package var version: Int { migrations.last?.version ?? 1 }

    /// The steps from `version` on, or an error that says why there is no way.
    func steps(from version: Int, file: String) throws(StorageError) -> ArraySlice<Migration> {
        for (offset, migration) in migrations.enumerated() where migration.version != migrations[0].version + offset {
            throw .misuse("migrations of the \(store.rawValue) store must count up by one")
        }
        guard version <= self.version else {
            throw StorageError(
                .storageNewerFormat, "`\(file)` has format \(version), this program knows up to \(self.version)",
                remedy: "use the newer version of ProfileVault that wrote it")
        }
        if version == self.version { return [] }
        guard let first = migrations.firstIndex(where: { $0.version == version + 1 }) else {
            throw StorageError(
                .storageTooOldFormat, "`\(file)` has format \(version), too old for this program",
                remedy: "upgrade it with an earlier release of ProfileVault first")
        }
        return migrations[first...]
    }

    func isClustered(_ table: String) -> Bool {
        declarations.contains { $0.name == table && $0.clustered }
    }
}

/// How the tables of a store differ from their declarations: `doctor` and a test refuse any difference.
package struct SchemaComparison: Sendable, Equatable {
    /// On disk, but nobody says what its rows are and what becomes of them at an erasure.
    package var undeclaredTables: [String] = []
    package var missingTables: [String] = []
    /// Declared with other columns, order of rows or indexes than the disk has.
    package var differentTables: [String] = []

    package var isClean: Bool { undeclaredTables.isEmpty && missingTables.isEmpty && differentTables.isEmpty }
}
