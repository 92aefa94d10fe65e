/// One store of the vault; SQLite embedded in the process, or PostgreSQL shared by several.
///
/// All calls may come from any thread. A body must not keep its connection, and a thread inside a body of one database
/// must not `write` to that same database: this is reported as `storage.misuse` rather than left to deadlock.
package protocol Database: Sendable {
    /// Runs `body` on one consistent snapshot of what is committed.
    ///
    /// The snapshot keeps old pages alive while it lasts, so bodies are short: read in batches.
    @discardableResult func read<R>(_ body: (any Connection) throws -> R) throws -> R

    /// Runs `body` as a transaction of its own, all or nothing, and returns when its commit is durable.
    ///
    /// Bodies that several threads queue at once run one after the other, each undone alone when it throws, and share
    /// one commit. A body may run on the thread of another writer while its own waits. It runs exactly once; when the
    /// shared commit fails, all that took part get the error and nothing of theirs is stored.
    @discardableResult func write<R>(_ body: (any Connection) throws -> R) throws -> R

    /// Brings the store to the newest version of `schema`; a new one is made from the declarations.
    func migrate(to schema: Schema) throws(StorageError)

    /// Moves what is in the log to the database proper; with `.truncate`, leaves nothing in the log.
    ///
    /// An erasure is acknowledged only after a `.truncate` that is `complete`.
    func checkpoint(_ mode: CheckpointMode) throws(StorageError) -> CheckpointOutcome

    /// What the engine finds wrong with the file, in its own words; empty when it is sound.
    func integrityProblems() throws(StorageError) -> [String]

    /// The version of the schema on disk; 0 when there is none yet.
    func schemaVersion() throws(StorageError) -> Int

    /// How the tables on disk differ from the declared ones.
    func compare(with schema: Schema) throws(StorageError) -> SchemaComparison

    /// Sizes and counts for `stats` and `doctor`.
    func statistics() throws(StorageError) -> DatabaseStatistics

    /// Ends all use of the store; later calls are `storage.misuse`. Closing twice does nothing.
    func close() throws(StorageError)
}

/// How thoroughly a checkpoint empties the log.
package enum CheckpointMode: Sendable {
    /// Moves what it can without waiting for anybody.
    case passive
    /// Waits for readers, moves everything and cuts the log to nothing.
    case truncate
}

/// What a checkpoint reached.
package struct CheckpointOutcome: Sendable, Equatable {
    /// A reader or writer stood in the way, and something is left in the log.
    package let busy: Bool
    /// Pages the log still held, and how many of them the database has now.
    package let pagesInLog: Int
    package let pagesMoved: Int

    /// Nothing of the log is outside the database.
    package var complete: Bool { !busy && pagesInLog == pagesMoved }
}

/// Sizes and counts of one store.
package struct DatabaseStatistics: Sendable, Equatable {
    package let path: String
    package let fileBytes: Int
    package let logBytes: Int
    package let pageBytes: Int
    package let freePages: Int
    /// Transactions that changed something, and the bodies they carried: their ratio is the gain of group commit.
    package let commits: Int
    package let committedBodies: Int
    package let openReaders: Int
}
