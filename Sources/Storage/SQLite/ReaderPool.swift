import Core
import Synchronization

/// The read-only connections of one database: lent for one body each, renewed when they have aged.
///
/// A connection that comes back keeps its snapshot for the next body until something is committed: all commits are made
/// by this process, which alone has the home, and each of them calls `committed`. Beginning a snapshot costs more than the
/// reading of a row.
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
        /// How often something was committed: a snapshot of an earlier count is not lent again.
        var commits: UInt64 = 0
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

    /// Runs `body` on a connection nobody else has, in a snapshot of all that was committed before.
    func lend<R>(_ body: (SQLiteConnection) throws -> R) throws -> R {
        let (connection, commits) = try borrow()
        defer { giveBack(connection) }
        if connection.snapshot != commits || !connection.isInTransaction {
            connection.endRead()
            try connection.control("BEGIN")
            connection.snapshot = commits
        }
        do {
            return try body(connection)
        } catch {
            // Whatever it was, the next reader begins anew.
            connection.endRead()
            throw error
        }
    }

    /// Lets go of the snapshots that rest, so that a commit or a checkpoint does not meet them.
    func releaseSnapshots() {
        state.withLock { state in
            // Under the lock, so that none of them is lent meanwhile.
            for connection in state.idle { connection.endRead() }
            state.idle.removeAll { $0.hasExpired }
        }
    }

    /// Something was committed: every snapshot before it is of the past.
    func committed() {
        state.withLock { $0.commits += 1 }
        releaseSnapshots()
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

    /// Closes the resting connections that have aged; a checkpoint asks for it.
    func closeOld() {
        let now = clock.now()
        let old = state.withLock { state in
            let old = state.idle.filter { isOld($0.openedAt, at: now) }
            state.idle.removeAll { isOld($0.openedAt, at: now) }
            return old
        }
        for connection in old { connection.close() }
    }

    /// A connection, and the count of commits that its snapshot must be of.
    private func borrow() throws(StorageError) -> (SQLiteConnection, commits: UInt64) {
        let now = clock.now()
        let thread = ThreadIdentity.current
        let (resting, commits) = try state.withLock { state throws(StorageError) -> (SQLiteConnection?, UInt64) in
            guard !state.isClosed else { throw .misuse("a database was read after it was closed") }
            while let connection = state.idle.popLast() {
                if isOld(connection.openedAt, at: now) { continue }
                state.lent.append(Loan(connection: connection, thread: thread, since: now))
                return (connection, state.commits)
            }
            return (nil, state.commits)
        }
        if let resting { return (resting, commits) }
        let fresh = try open()
        state.withLock { $0.lent.append(Loan(connection: fresh, thread: thread, since: now)) }
        return (fresh, commits)
    }

    private func giveBack(_ connection: SQLiteConnection) {
        state.withLock { state in
            if let place = state.lent.lastIndex(where: { $0.connection === connection }) {
                state.lent.remove(at: place)
            }
            if connection.snapshot != state.commits { connection.endRead() }
            if !state.isClosed, !connection.hasExpired { state.idle.append(connection) }
        }
    }

    /// A clock set back makes everything old, which costs a reopening and no more.
    private func isOld(_ since: Timestamp, at now: Timestamp) -> Bool {
        let age = now.milliseconds - since.milliseconds
        return age < 0 || age >= lifetime
    }
}
