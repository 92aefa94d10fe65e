import Core
import Synchronization

/// The read-only connections of one database: lent for one body each, renewed when they have aged.
final class ReaderPool: Sendable {
    private struct Loan {
        let connection: SQLiteConnection
        let thread: ThreadIdentity
        let since: Timestamp
    }

    private struct State {
        var idle: [SQLiteConnection] = []
        var lent: [Loan] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let clock: Clock
    private let lifetime: Int64
    private let open: @Sendable () throws(StorageError) -> SQLiteConnection

    init(clock: Clock, lifetime: Int64, open: @escaping @Sendable () throws(StorageError) -> SQLiteConnection) {
        self.clock = clock
        self.lifetime = lifetime
        self.open = open
    }

    /// Runs `body` with a connection nobody else has.
    func lend<R>(_ body: (SQLiteConnection) throws -> R) throws -> R {
        let connection = try borrow()
        defer { giveBack(connection) }
        return try body(connection)
    }

    /// Whether the calling thread is inside a read of this database.
    var isReadingOnThisThread: Bool {
        let thread = ThreadIdentity.current
        return state.withLock { $0.lent.contains { $0.thread == thread } }
    }

    /// Connections that are open, lent or resting.
    var count: Int { state.withLock { $0.idle.count + $0.lent.count } }

    /// Ends the reads that have lasted longer than a reader may live; returns how many.
    @discardableResult
    func expireOld() -> Int {
        let now = clock.now()
        return state.withLock { state in
            let old = state.lent.filter { isOld($0.since, at: now) }
            // Under the lock, so that none of them is closed meanwhile.
            for loan in old { loan.connection.expire() }
            return old.count
        }
    }

    /// Closes the resting connections; lent ones are closed when they come back.
    func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        for connection in idle { connection.close() }
    }

    /// Closes the resting connections that have aged, so that a quiet store keeps none.
    func closeOld() {
        let now = clock.now()
        let old = state.withLock { state in
            let old = state.idle.filter { isOld($0.openedAt, at: now) }
            state.idle.removeAll { isOld($0.openedAt, at: now) }
            return old
        }
        for connection in old { connection.close() }
    }

    private func borrow() throws(StorageError) -> SQLiteConnection {
        let now = clock.now()
        let thread = ThreadIdentity.current
        let resting = try state.withLock { state throws(StorageError) -> SQLiteConnection? in
            guard !state.isClosed else { throw .misuse("a database was read after it was closed") }
            while let connection = state.idle.popLast() {
                if isOld(connection.openedAt, at: now) { continue }
                state.lent.append(Loan(connection: connection, thread: thread, since: now))
                return connection
            }
            return nil
        }
        if let resting { return resting }
        let fresh = try open()
        state.withLock { $0.lent.append(Loan(connection: fresh, thread: thread, since: now)) }
        return fresh
    }

    private func giveBack(_ connection: SQLiteConnection) {
        state.withLock { state in
            state.lent.removeAll { $0.connection === connection }
            if !state.isClosed, !connection.hasExpired { state.idle.append(connection) }
        }
    }

    /// A clock set back makes everything old, which costs a reopening and no more.
    private func isOld(_ since: Timestamp, at now: Timestamp) -> Bool {
        let age = now.milliseconds - since.milliseconds
        return age < 0 || age >= lifetime
    }
}
