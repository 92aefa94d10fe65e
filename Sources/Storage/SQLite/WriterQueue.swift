import Core
import Synchronization

/// The one writer of a database: takes the bodies of many threads and gives each group of them one commit.
///
/// The thread that finds the queue without a leader leads: it runs all bodies that wait, each undone alone when it throws,
/// commits once and wakes their threads. Then the first of those that came meanwhile leads.
final class WriterQueue: Sendable {
    private struct State {
        var waiting: [Turn] = []
        var isLed = false
        var isClosed = false
        /// The thread that runs bodies just now.
        var runner: ThreadIdentity?
        /// Set when a rollback failed: what the connection holds is unknown.
        var broken: StorageError?
        var commits = 0
        var committedBodies = 0
    }

    private let connection: SQLiteConnection
    private let gate: CommitGate?
    private let readers: ReaderPool
    private let state = Mutex(State())
    /// Later arrivals wait for the next commit, so that the first need not wait for ever.
    private let largestGroup = 128

    init(_ connection: SQLiteConnection, gate: CommitGate?, readers: ReaderPool) {
        self.connection = connection
        self.gate = gate
        self.readers = readers
    }

    /// How many bodies wait for a turn that has not begun.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Commits so far, and the bodies they carried.
    var counts: (commits: Int, bodies: Int) { state.withLock { ($0.commits, $0.committedBodies) } }

    /// Runs `body` in a transaction, perhaps in one with others, and returns after the commit.
    func write<R>(_ body: (SQLiteConnection) throws -> R) throws -> R { try enqueue(alone: false, body) }

    /// Runs `body` outside any transaction while nobody else writes.
    func exclusively<R>(_ body: (SQLiteConnection) throws(StorageError) -> R) throws(StorageError) -> R {
        do {
            return try enqueue(alone: true) { connection in try body(connection) }
        } catch let error as StorageError {
            throw error
        } catch {
            throw .misuse("an exclusive turn failed with a foreign error")
        }
    }

    /// Refuses further writes once those that wait are done.
    func close() throws(StorageError) {
        if state.withLock({ $0.isClosed }) { return }
        try exclusively { connection in
            state.withLock { $0.isClosed = true }
            connection.close()
        }
    }

    private func enqueue<R>(alone: Bool, _ body: (SQLiteConnection) throws -> R) throws -> R {
        var result: R?
        try withoutActuallyEscaping(body) { body in
            let turn = Turn(alone: alone) { connection in result = try body(connection) }
            try take(turn)
        }
        guard let result else { throw StorageError.misuse("a write ended without a result") }
        return result
    }

    private func take(_ turn: Turn) throws {
        let leads = try state.withLock { state throws(StorageError) in
            guard state.runner != .current else {
                throw .misuse("a write was begun inside a write to the same database on the same thread")
            }
            if let broken = state.broken { throw broken }
            guard !state.isClosed else { throw .misuse("a database was written after it was closed") }
            state.waiting.append(turn)
            defer { state.isLed = true }
            return !state.isLed
        }
        if !leads { turn.wait() }
        if leads || turn.leads { lead() }
        if let failure = turn.failure { throw failure }
    }

    private func lead() {
        state.withLock { $0.runner = .current }
        var finished = runGroup()
        let next = state.withLock { state in
            state.runner = nil
            state.isLed = !state.waiting.isEmpty
            return state.waiting.first
        }
        next?.promote()
        for turn in finished { turn.finish() }
        finished = []
    }

    /// The next body of the group under way that has `count` already.
    private func next(after count: Int) -> Turn? {
        state.withLock { state in
            guard let first = state.waiting.first, count < largestGroup, count == 0 || !first.isAlone else {
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private func runGroup() -> [Turn] {
        var finished: [Turn] = []
        // Those whose changes are in the open transaction.
        var done: [Turn] = []
        while let turn = next(after: finished.count) {
            finished.append(turn)
            if let broken = state.withLock({ $0.broken ?? ($0.isClosed ? .misuse("the database is closed") : nil) }) {
                turn.failure = broken
            } else if turn.isAlone {
                run(turn) { try turn.run(connection) }
                break
            } else {
                runInTransaction(turn, &done)
            }
        }
        commit(done)
        return finished
    }

    private func run(_ turn: Turn, _ body: () throws -> Void) {
        do { try body() } catch { turn.failure = error }
    }

    private func runInTransaction(_ turn: Turn, _ done: inout [Turn]) {
        let isFirst = done.isEmpty
        do {
            // The first needs no savepoint: when it throws, the transaction holds nothing else.
            try connection.control(isFirst ? "BEGIN IMMEDIATE" : "SAVEPOINT body")
            connection.lend()
            defer { connection.takeBack() }
            try turn.run(connection)
            guard connection.isInTransaction else { throw StorageError.groupUndone }
            if !isFirst { try connection.control("RELEASE body") }
            done.append(turn)
        } catch {
            turn.failure = error
            if !connection.isInTransaction {
                // SQLite ends the whole transaction by itself on a full disk and the like.
                for other in done { other.failure = error as? StorageError ?? StorageError.groupUndone }
                done = []
            } else if isFirst {
                undo("ROLLBACK", &done)
            } else {
                undo("ROLLBACK TO body", &done)
                if connection.isInTransaction { undo("RELEASE body", &done) }
            }
        }
    }

    private func commit(_ done: [Turn]) {
        guard !done.isEmpty else { return }
        do throws(StorageError) {
            // Snapshots that rest would lock out this commit (rollback journal) or keep the log from starting anew.
            if let gate {
                try gate.committing { () throws(StorageError) in
                    readers.releaseSnapshots()
                    try connection.control("COMMIT")
                    readers.committed()
                }
            } else {
                readers.releaseSnapshots()
                try connection.control("COMMIT")
                readers.committed()
            }
            state.withLock { state in
                state.commits += 1
                state.committedBodies += done.count
            }
        } catch {
            for turn in done { turn.failure = error }
            var none: [Turn] = []
            if connection.isInTransaction { undo("ROLLBACK", &none) }
        }
    }

    /// Rolls back; should that fail, nothing is known about the connection any more and it takes no further writes.
    private func undo(_ sql: StaticString, _ done: inout [Turn]) {
        do throws(StorageError) {
            try connection.control(sql)
        } catch {
            for turn in done { turn.failure = error }
            done = []
            state.withLock { $0.broken = error }
        }
    }
}

/// One caller's body in the queue.
// Its fields are touched by the leader until it signals, and by the caller before queueing and after the signal.
private final class Turn: @unchecked Sendable {
    let isAlone: Bool
    var failure: (any Error)?
    private(set) var leads = false
    private var body: ((SQLiteConnection) throws -> Void)?
    private let signal = Semaphore()

    init(alone: Bool, _ body: @escaping (SQLiteConnection) throws -> Void) {
        isAlone = alone
        self.body = body
    }

    func run(_ connection: SQLiteConnection) throws {
        // Let go of the body here, on the leader's side: its caller must find that nothing holds it any more.
        let body = self.body.take()
        try body?(connection)
    }

    func wait() { signal.wait() }

    func promote() {
        leads = true
        signal.signal()
    }

    func finish() {
        body = nil
        signal.signal()
    }
}

extension StorageError {
    fileprivate static let groupUndone = StorageError(
        .storageGroupUndone, "the transaction was undone before it could be committed", remedy: "try again")
}
