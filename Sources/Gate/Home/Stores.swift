import Accounts
import Audit
import Consent
package import Core
import Foundation
package import Storage
package import Vault

/// The three databases of a home.
package struct Stores: Sendable {
    /// Sealed data, consents, log: the one that snapshots carry.
    package let data: any Database
    /// Wrapped keys: leaves no trace of what is deleted, never copied page by page.
    package let keys: any Database
    /// Made again from the others.
    package let index: any Database

    /// Every table of every store, each with its class: erasure, snapshots and `doctor` go by this list.
    package static let tables: [TableDeclaration] =
        KeyTree.tables + ProfileKeyring.tables + Tenants.tables + FieldNumbers.tables + Profiles.tables + Events.tables
        + LookupIndex.tables + ConsentLedger.tables + AccountRegister.tables + ApprovalRegister.tables + AuditLog.tables
        + PolicyArchive.tables
        + DenialLedger.tables

    /// Version 2 brought erasure: the denial ledger, and in the key store whose keys were destroyed. Version 3 brought
    /// services, what proves operators beside a password, and requests that take two people.
    package static func schema(_ store: Store) -> Schema {
        let steps: [[StaticString]] =
            switch store {
            case .data:
                [
                    DenialLedger.tables.flatMap(\.definition),
                    AccountRegister.upgrade + ApprovalRegister.tables.flatMap(\.definition),
                ]
            case .keys: [ProfileKeyring.erasureTable.definition]
            case .index: []
            }
        return Schema(
            store, declarations: tables,
            migrations: steps.enumerated().map { Migration(version: $0.offset + 2, statements: $0.element) })
    }

    /// Opens the databases; a new home has none yet.
    ///
    /// In a home that holds a vault an index that is not there, or is damaged, is made again. Anything else that is missing is not: an
    /// empty store in its place would look like a vault without people, and stand in the way of the file that is put back.
    ///
    /// - Throws: `vault.store_missing`.
    package init(_ folder: HomeFolder, strict: Bool, founding: Bool = false) throws {
        for store in Store.allCases where !founding && store != .index {
            guard FileSystem.local.size(folder.database(store)) ?? 0 > 0 else { throw VaultError.missing(store) }
        }
        func open(_ store: Store) throws -> any Database {
            let database = try SQLiteDatabase(
                path: folder.database(store), options: .store(store, durability: strict ? .strict : .ordinary))
            try database.migrate(to: Self.schema(store))
            return database
        }
        keys = try open(.keys)
        data = try open(.data)
        do {
            index = try open(.index)
        } catch let error as StorageError where error.code == .storageCorrupt {
            // Nothing is lost with it: it is empty now, so the next command makes it again.
            let files = ["", "-wal", "-shm"].map { folder.database(.index) + $0 }
            for file in files where FileManager.default.fileExists(atPath: file) {
                try FileManager.default.removeItem(atPath: file)
            }
            index = try open(.index)
        }
    }

    package subscript(store: Store) -> any Database {
        switch store {
        case .data: data
        case .keys: keys
        case .index: index
        }
    }

    /// - Throws: the first error, after all of them have been closed.
    package func close() throws {
        let results = Store.allCases.map { store in Result { try self[store].close() } }
        for result in results { try result.get() }
    }
}
