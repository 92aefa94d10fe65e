import Core
import Foundation
import Synchronization
import Testing

@testable import Storage

@Suite("Transactions")
struct TransactionTests {
    struct Refusal: Error, Equatable {}

    static let journals = [SQLiteOptions.store(.data), .store(.keys)]

    @Test("undoes a body that throws and keeps what came before", arguments: journals)
    func rollback(options: SQLiteOptions) throws {
        let fixture = try StorageFixture(options)
        try fixture.add("kept")
        #expect(throws: Refusal.self) {
            try fixture.database.write { connection in
                try connection.run("INSERT INTO note (body, title) VALUES (?, ?)", .blob([1]), .text("undone"))
                throw Refusal()
            }
        }
        #expect(try fixture.count() == 1)
        try fixture.add("after")
        #expect(try fixture.count() == 2)
    }

    @Test("groups the writes of several threads under fewer commits", arguments: journals)
    func groupCommit(options: SQLiteOptions) throws {
        let fixture = try StorageFixture(options)
        let before = try fixture.database.statistics()
        // The first write holds the queue until all others wait in it, so their grouping is certain.
        let queue = HeldQueue(fixture.database)
        inThreads(33) { number in
            if number == 0 {
                try fixture.database.write { connection in
                    try connection.run("INSERT INTO note (body, title) VALUES (?, ?)", .blob([0]), .text("first"))
                    queue.hold()
                }
            } else {
                queue.awaitHeld()
                if number == 32 { queue.release(whenWaiting: 31) }
                try fixture.add("note \(number)")
            }
        }
        let after = try fixture.database.statistics()
        #expect(try fixture.count() == 33)
        #expect(after.committedBodies - before.committedBodies == 33)
        #expect(after.commits - before.commits <= 5)
    }

    @Test("undoes only the body that throws when several share a commit", arguments: journals)
    func savepoints(options: SQLiteOptions) throws {
        let fixture = try StorageFixture(options)
        let queue = HeldQueue(fixture.database)
        let refused = Mutex(0)
        inThreads(33) { number in
            if number == 0 {
                try fixture.database.write { _ in queue.hold() }
                return
            }
            queue.awaitHeld()
            if number == 32 { queue.release(whenWaiting: 31) }
            do {
                try fixture.database.write { connection in
                    try connection.run(
                        "INSERT INTO note (body, title) VALUES (?, ?)", .blob([0]), .text("note \(number)"))
                    if number.isMultiple(of: 3) { throw Refusal() }
                }
            } catch is Refusal {
                refused.withLock { $0 += 1 }
            }
        }
        #expect(refused.withLock { $0 } == 10)
        #expect(try fixture.count() == 22)
        let spared = try fixture.database.read {
            try $0.first("SELECT count(*) FROM note WHERE title IN ('note 3', 'note 6', 'note 30')") {
                try $0.int(at: 0)
            }
        }
        #expect(spared == 0)
    }

    @Test("keeps every acknowledged write of many threads", arguments: journals)
    func stress(options: SQLiteOptions) throws {
        let fixture = try StorageFixture(options.with { $0.durability = .none })
        inThreads(8) { thread in
            for number in 0..<100 {
                try fixture.add("\(thread) \(number)")
                #expect(try fixture.count() > number)
            }
        }
        #expect(try fixture.count() == 800)
        #expect(try fixture.database.integrityProblems() == [])
    }

    @Test("reports a write inside a write or a read of the same database", arguments: journals)
    func nestedWrite(options: SQLiteOptions) throws {
        let fixture = try StorageFixture(options)
        let inWrite = #expect(throws: StorageError.self) { try fixture.database.write { _ in try fixture.add("x") } }
        #expect(inWrite?.code == .storageMisuse)
        let inRead = #expect(throws: StorageError.self) { try fixture.database.read { _ in try fixture.add("x") } }
        #expect(inRead?.code == .storageMisuse)
        try fixture.add("x")
        #expect(try fixture.count() == 1)
    }

    @Test("shows a reader one snapshot while others write")
    func snapshot() throws {
        let fixture = try StorageFixture()
        try fixture.add("a")
        try fixture.database.read { connection in
            let before = try StorageFixture.count(connection)
            inThreads(1) { _ in try fixture.add("b") }
            let after = try StorageFixture.count(connection)
            #expect((before, after) == (1, 1))
        }
        #expect(try fixture.count() == 2)
    }

    @Test("lets a thread read twice although a commit waits")
    func rereading() throws {
        let fixture = try StorageFixture(.store(.keys))
        let writer = Thread { try? fixture.add("late") }
        try fixture.database.read { connection in
            writer.start()
            Thread.sleep(forTimeInterval: 0.1)
            let again = try fixture.count()
            let here = try StorageFixture.count(connection)
            #expect((again, here) == (0, 0))
        }
        while try fixture.count() == 0 { Thread.sleep(forTimeInterval: 0.01) }
    }

    @Test("cannot write through a reader")
    func readersAreReadOnly() throws {
        let fixture = try StorageFixture()
        let error = #expect(throws: StorageError.self) {
            try fixture.database.read { try $0.run("DELETE FROM note") }
        }
        #expect(error?.code == .storageReadOnly)
    }

    @Test("refuses use after closing, which may be repeated")
    func closed() throws {
        let fixture = try StorageFixture()
        try fixture.add("a")
        try fixture.database.close()
        try fixture.database.close()
        #expect(throws: StorageError.self) { try fixture.count() }
        #expect(throws: StorageError.self) { try fixture.add("b") }
        let again = try SQLiteDatabase(path: fixture.path, options: .store(.data))
        #expect(try again.read { try StorageFixture.count($0) } == 1)
    }
}

/// Runs `body` on so many threads at once and waits for all of them.
func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) {
    let done = Semaphore()
    for number in 0..<count {
        let thread = Thread {
            do { try body(number) } catch { Issue.record(error) }
            done.signal()
        }
        thread.start()
    }
    for _ in 0..<count { done.wait() }
}
