package import Core

/// How one SQLite file is kept.
package struct SQLiteOptions: Sendable {
    /// Where a transaction lies before it is whole.
    package enum Journal: Sendable {
        /// A log beside the file: readers and the writer do not wait for each other.
        case writeAheadLog
        /// The old pages beside the file, gone at commit: nothing is left anywhere, but a commit waits for readers.
        case rollback
    }

    /// What an acknowledged write survives; the end of the process (`kill -9`) always.
    package enum Durability: Sendable {
        /// A power cut, too.
        case strict
        /// A power cut may take the last transactions but leaves the file whole (with a rollback journal: `strict`).
        case ordinary
        /// After a power cut the file may be damaged: only for what is made again from other stores.
        case none
    }

    package var journal: Journal
    package var durability: Durability
    /// Overwrite what is deleted with zeros.
    package var secureDelete: Bool
    /// Memory for pages, a connection.
    package var cacheBytes: Int = 4 << 20
    /// Pages in the log after which a commit moves them to the database.
    package var checkpointPages: Int = 4000
    /// How long to wait for a lock that another process holds.
    package var busyMilliseconds: Int = 5000
    /// A pooled reader older than this is closed; a read longer than this may be ended by a truncation.
    package var readerLifetimeMilliseconds: Int64 = 5000
    /// Refuse a file that others than its owner may read or write.
    package var checksPermissions = true
    package var clock: Clock = .system
    /// The name of a registered VFS, for fault injection.
    package var vfs: String?

    package init(journal: Journal, durability: Durability, secureDelete: Bool) {
        self.journal = journal
        self.durability = durability
        self.secureDelete = secureDelete
    }

    /// The settings of a store of the home: keys leave no trace; the index is made again when it is lost.
    package static func store(_ store: Store, durability: Durability = .ordinary) -> SQLiteOptions {
        switch store {
        case .data: SQLiteOptions(journal: .writeAheadLog, durability: durability, secureDelete: true)
        case .keys: SQLiteOptions(journal: .rollback, durability: .strict, secureDelete: true)
        case .index: SQLiteOptions(journal: .writeAheadLog, durability: durability, secureDelete: true)
        }
    }
}
