import CSQLite
import Core
import Glibc

/// A store in one SQLite file, used by this process alone (`HomeLock`).
package final class SQLiteDatabase: Database {
    package let path: String
    private let file: String
    private let options: SQLiteOptions
    private let pool: ReaderPool
    let writer: WriterQueue
    private let gate: CommitGate?

    /// Opens the database at `path`, or makes an empty one that only its owner may read.
    package init(path: String, options: SQLiteOptions) throws(StorageError) {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        try FileSystem.local.ensureExists(path, checkingOwnerOnly: options.checksPermissions)
        let connection = try SQLiteConnection(path, file: file, access: .readWrite, options: options)
        // Touches the file: a damaged one, or a journal left by a crash, is met here and not in the first reader.
        try connection.execute("SELECT count(*) FROM sqlite_schema")
        self.path = path
        self.file = file
        self.options = options
        gate = options.journal == .rollback ? CommitGate() : nil
        pool = ReaderPool(clock: options.clock, lifetime: options.readerLifetimeMilliseconds) {
            () throws(StorageError) in
            try SQLiteConnection(path, file: file, access: .readOnly, options: options)
        }
        writer = WriterQueue(connection, gate: gate, readers: pool)
    }

    @discardableResult
    package func read<R>(_ body: (any Connection) throws -> R) throws -> R {
        try withReader { connection in
            connection.lend()
            defer { connection.takeBack() }
            return try body(connection)
        }
    }

    @discardableResult
    package func write<R>(_ body: (any Connection) throws -> R) throws -> R {
        try refuseInsideRead()
        return try writer.write { try body($0) }
    }

    package func migrate(to schema: Schema) throws(StorageError) {
        try refuseInsideRead()
        try writer.exclusively { connection throws(StorageError) in
            let upgrade = SchemaUpgrade(schema, on: connection, file: file)
            defer { pool.committed() }
            guard let gate else { return try upgrade.run() }
            try gate.committing { () throws(StorageError) in
                pool.releaseSnapshots()
                try upgrade.run()
            }
        }
    }

    package func compare(with schema: Schema) throws(StorageError) -> SchemaComparison {
        try withTypedReader { connection throws(StorageError) in
            try SchemaShape(of: connection).compared(with: schema)
        }
    }

    package func schemaVersion() throws(StorageError) -> Int {
        try withTypedReader { connection throws(StorageError) in try connection.number("PRAGMA user_version") }
    }

    package func integrityProblems() throws(StorageError) -> [String] {
        do throws(StorageError) {
            return try withTypedReader { connection throws(StorageError) in try connection.integrityProblems() }
        } catch  where error.code == .storageCorrupt {
            return [error.message]
        }
    }

    /// What SQLite finds wrong with the file at `path`, to which nobody may write meanwhile: a vault that does not open is
    /// examined so. The file is only read, and its mode not looked at.
    ///
    /// - Throws: what keeps the file from being read; that it is no database is a finding.
    package static func integrityProblems(inFile path: String) throws(StorageError) -> [String] {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        do throws(StorageError) {
            let hasLog = FileSystem.local.size(path + "-wal") ?? 0 > 0
            let connection = try SQLiteConnection(
                path, file: file, access: hasLog ? .readOnly : .settled,
                options: SQLiteOptions(journal: .writeAheadLog, durability: .ordinary, secureDelete: true))
            return try connection.integrityProblems()
        } catch  where error.code == .storageCorrupt {
            return [error.message]
        }
    }

    package func checkpoint(_ mode: CheckpointMode) throws(StorageError) -> CheckpointOutcome {
        guard options.journal == .writeAheadLog else {
            // A rollback journal is gone at every commit: there is no log to empty.
            return CheckpointOutcome(busy: false, pagesInLog: 0, pagesMoved: 0)
        }
        try refuseInsideRead()
        pool.closeOld()
        pool.releaseSnapshots()
        return try writer.exclusively { connection throws(StorageError) in
            guard mode == .truncate else { return try connection.checkpoint(SQLITE_CHECKPOINT_PASSIVE) }
            // A reader that was there before is older than a reader may be when this has waited for that long.
            let start = options.clock.now()
            let patience = options.readerLifetimeMilliseconds + 1000
            connection.setBusyTimeout(milliseconds: 25)
            defer { connection.setBusyTimeout(milliseconds: options.busyMilliseconds) }
            while true {
                let outcome = try connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
                let waited = options.clock.now().milliseconds - start.milliseconds
                if !outcome.busy || waited < 0 || waited > patience { return outcome }
                pool.expireOld()
                pool.releaseSnapshots()
            }
        }
    }

    package func statistics() throws(StorageError) -> DatabaseStatistics {
        let pages = try withTypedReader { connection throws(StorageError) in
            (try connection.number("PRAGMA page_size"), try connection.number("PRAGMA freelist_count"))
        }
        let counts = writer.counts
        return DatabaseStatistics(
            path: path, fileBytes: FileSystem.local.size(path) ?? 0,
            logBytes: FileSystem.local.size(path + "-wal") ?? 0,
            pageBytes: pages.0, freePages: pages.1, commits: counts.commits, committedBodies: counts.bodies,
            openReaders: pool.count)
    }

    package func close() throws(StorageError) {
        try refuseInsideRead()
        // Readers first: the last to close a database in WAL mode empties and removes the log, which a reader cannot.
        pool.close()
        try writer.close()
    }

    private func refuseInsideRead() throws(StorageError) {
        guard !pool.isReadingOnThisThread else {
            throw .misuse("`\(file)` was to be changed inside a read of it on the same thread")
        }
    }

    /// Runs `body` in a transaction of a read-only connection.
    private func withReader<R>(_ body: (SQLiteConnection) throws -> R) throws -> R {
        if let gate { return try gate.reading { try pool.lend(body) } }
        return try pool.lend(body)
    }

    private func withTypedReader<R>(
        _ body: (SQLiteConnection) throws(StorageError) -> R
    ) throws(StorageError) -> R {
        do {
            return try withReader { connection in try body(connection) }
        } catch let error as StorageError {
            throw error
        } catch {
            throw .misuse("a read failed with a foreign error")
        }
    }
}
