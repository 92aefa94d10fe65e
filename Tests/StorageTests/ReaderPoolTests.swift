import Core
import Foundation
import Synchronization
import Testing

@testable import Storage

@Suite("Readers")
struct ReaderPoolTests {
    private func identity(_ fixture: StorageFixture) throws -> ObjectIdentifier {
        try fixture.database.read { ObjectIdentifier($0) }
    }

    @Test("are used again while young and reopened when they have aged")
    func reopening() throws {
        let time = ManualClock()
        let fixture = try StorageFixture(.store(.data).with { $0.clock = time.clock })
        let opened = try fixture.database.read { ($0 as? SQLiteConnection)?.openedAt }
        time.advance(milliseconds: 4999)
        #expect(try fixture.database.read { ($0 as? SQLiteConnection)?.openedAt } == opened)
        time.advance(milliseconds: 1)
        let later = try fixture.database.read { ($0 as? SQLiteConnection)?.openedAt }
        #expect(later == opened?.adding(seconds: 5))
        #expect(try fixture.database.statistics().openReaders == 1)
        time.advance(milliseconds: -60_000)
        #expect(try fixture.database.read { ($0 as? SQLiteConnection)?.openedAt } == later?.adding(seconds: -60))
    }

    @Test("are as many as there are threads inside a read")
    func pooling() throws {
        let fixture = try StorageFixture()
        let inside = Mutex(0)
        inThreads(4) { _ in
            try fixture.database.read { _ in
                inside.withLock { $0 += 1 }
                while inside.withLock({ $0 }) < 4 { Thread.sleep(forTimeInterval: 0.001) }
            }
        }
        #expect(try fixture.database.statistics().openReaders == 4)
    }

    @Test("that rest do not keep a truncation from completing")
    func restingReaders() throws {
        let fixture = try StorageFixture()
        try fixture.add("a")
        _ = try fixture.count()
        #expect(
            try fixture.database.checkpoint(.truncate) == CheckpointOutcome(busy: false, pagesInLog: 0, pagesMoved: 0))
    }

    @Test("that outlast their time are ended when a truncation waits for them")
    func expiry() throws {
        let fixture = try StorageFixture(.store(.data).with { $0.readerLifetimeMilliseconds = 100 })
        try fixture.add("a")
        let reading = Semaphore()
        let code = Mutex<ErrorCode?>(nil)
        let reader = Thread {
            do {
                try fixture.database.read { connection in
                    _ = try StorageFixture.count(connection)
                    reading.signal()
                    while true {
                        _ = try StorageFixture.count(connection)
                        Thread.sleep(forTimeInterval: 0.005)
                    }
                }
            } catch {
                code.withLock { $0 = (error as? StorageError)?.code }
                reading.signal()
            }
        }
        reader.start()
        reading.wait()
        try fixture.add("b")
        #expect(try fixture.database.checkpoint(.truncate).complete)
        reading.wait()
        #expect(code.withLock { $0 } == .storageReadExpired)
        #expect(try fixture.count() == 2)
    }

    @Test("that will not end leave the truncation busy, and it says so")
    func busy() throws {
        let fixture = try StorageFixture(.store(.data).with { $0.readerLifetimeMilliseconds = 10 })
        try fixture.add("a")
        let reading = Semaphore()
        let release = Semaphore()
        let reader = Thread {
            _ = try? fixture.database.read { connection in
                _ = try StorageFixture.count(connection)
                reading.signal()
                release.wait()
            }
            reading.signal()
        }
        reader.start()
        reading.wait()
        try fixture.add("b")
        let outcome = try fixture.database.checkpoint(.truncate)
        #expect(outcome.busy && !outcome.complete)
        release.signal()
        reading.wait()
        #expect(try fixture.database.checkpoint(.truncate).complete)
    }
}
