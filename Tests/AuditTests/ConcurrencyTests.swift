import Core
import Foundation
import Secrets
import Storage
import Synchronization
import Testing
import TestSupport

@testable import Audit

@Suite("The log under load")
struct ConcurrencyTests {
    struct Refusal: Error {}

    @Test("has every acknowledged entry exactly once while changes run", arguments: [0.0, 3600])
    func everyEntryOnce(delay: Double) throws {
        let fixture = try LogFixture()
        fixture.foldingDelay = delay
        let log = try fixture.open()
        let acknowledged = NumberBox()
        let entries = (0..<4000).map { fixture.entry($0, detail: $0 % 3 == 0 ? [1] : nil) }
        let authorizations = (0..<200).map { fixture.authorization(100_000 + $0) }
        concurrently(10) { thread in
            var done: [UInt64] = []
            if thread < 8 {
                for number in (thread * 500)..<(thread * 500 + 500) {
                    do {
                        try log.record(entries[number])
                        done.append(UInt64(number))
                    } catch {
                        Issue.record("\(error)")
                    }
                }
            } else {
                for number in ((thread - 8) * 100)..<((thread - 8) * 100 + 100) {
                    do {
                        try log.mutate(authorizations[number]) { mutation in
                            mutation.changed(
                                .removal(
                                    kind: .profile, tenant: TenantID(1),
                                    profile: ProfileID(high: 0, low: UInt64(number)),
                                    sequence: 1))
                            if number % 4 == 1 { throw Refusal() }
                        }
                        done.append(UInt64(100_000 + number))
                    } catch is Refusal {
                    } catch {
                        Issue.record("\(error)")
                    }
                }
            }
            acknowledged.add(done)
        }
        try log.close()
        #expect(try fixture.decisions().sorted() == acknowledged.numbers.sorted())
        #expect(acknowledged.numbers.count == 4150)
        let again = try fixture.open()
        #expect(again.recovery.isClean)
        #expect(try again.verify().entries == 4150)
    }

    @Test("keeps times in order whatever the clocks of its callers say")
    func monotonicTime() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        let late = LogFixture.start.adding(seconds: 1000)
        var entry = fixture.entry(1)
        entry.time = late
        try log.record(entry)
        #expect(log.lastTime == late)
        var earlier = fixture.entry(2)
        earlier.time = LogFixture.start
        try log.record([earlier, entry, earlier])
        try log.mutate(fixture.authorization(3)) { _ in }
        #expect(log.lastTime == late)
        try log.close()
        let again = try fixture.open()
        #expect(again.lastTime == late)
        #expect(try again.verify().lastTime == late)
    }

    @Test("folds by itself when enough has come together")
    func foldsByItself() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        let detail = [UInt8](repeating: 1, count: 2000)
        for number in 0..<400 { try log.record(fixture.entry(number, detail: detail)) }
        let limit = Date(timeIntervalSinceNow: 20)
        while try log.storedState().size < 150, Date() < limit { usleep(5000) }
        #expect(try log.storedState().size >= 150)
        #expect(log.lastFoldingFailure == nil)
        try log.close()
        #expect(try fixture.decisions().count == 400)
    }

    @Test("goes on from a change that was undone after its entry was appended")
    func undoneAfterAppend() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        for number in 0..<300 { try log.record(fixture.entry(number)) }
        // The transaction is undone by somebody else's failure, after the log has done its part.
        #expect(throws: Refusal.self) {
            try fixture.database.write { connection in
                _ = try log.append(
                    DirectEntry(entry: fixture.entry(999), heads: nil), signs: false, on: connection)
                throw Refusal()
            }
        }
        try log.mutate(fixture.authorization(300)) { _ in }
        try log.record(fixture.entry(301))
        try log.close()
        #expect(try fixture.decisions() == (0...301).map { UInt64($0) })
        #expect(try fixture.open().verify().entries == 302)
    }

    @Test("closed, refuses entries and changes nothing more")
    func closed() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        try log.close()
        try log.close()
        let error = #expect(throws: AuditError.self) { try log.record(fixture.entry(1)) }
        #expect(error?.code == AuditError.closed)
    }

    @Test("survives a real kill with every entry it acknowledged")
    func realKill() async throws {
        let directory = try TemporaryDirectory()
        setenv("PROFILEVAULT_TEST_KILL", directory.path, 1)
        defer { unsetenv("PROFILEVAULT_TEST_KILL") }
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let path = try #require(ProcessInfo.processInfo.environment["PROFILEVAULT_TEST_KILL"])
            let log = try Self.fixedLog(in: path)
            let acknowledged = open(path + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            Thread {
                usleep(300_000)
                kill(getpid(), SIGKILL)
            }.start()
            for number in 0..<UInt64.max {
                let entry = AuditEntry(
                    time: Clock.system.now(), principal: nil, action: "read", outcome: .allowed,
                    decision: UniqueID(high: 0, low: number))
                if number % 50 == 49 {
                    let authorization = Authorization(
                        principal: Principal(.service, "s"), action: .put, tenant: TenantID(1), purpose: nil,
                        decision: UniqueID(high: 0, low: number), time: Clock.system.now())
                    try log.mutate(authorization) { _ in }
                } else {
                    try log.record(entry)
                }
                var bytes = number
                write(acknowledged, &bytes, 8)
            }
        }
        let acknowledged = try Data(contentsOf: URL(filePath: directory.file("acknowledged"))).count / 8
        #expect(acknowledged > 50)
        let log = try Self.fixedLog(in: directory.path)
        let report = try log.verify()
        // One more may be logged than was acknowledged, and one that says that a torn one was met.
        #expect(report.entries >= UInt64(acknowledged) && report.entries <= UInt64(acknowledged) + 2)
        var numbers: [UInt64] = []
        for entry in try log.show(limit: .max) where entry.action != "audit.recover" {
            numbers.append(entry.decision?.low ?? 0)
        }
        #expect(numbers.reversed().elementsEqual(0..<UInt64(numbers.count)))
        try log.close()
    }

    @Test("refuses what a full file system does not take, and keeps the rest")
    func fileSizeLimit() async throws {
        let directory = try TemporaryDirectory()
        setenv("PROFILEVAULT_TEST_FULL", directory.path, 1)
        defer { unsetenv("PROFILEVAULT_TEST_FULL") }
        await #expect(processExitsWith: .success) {
            let path = try #require(ProcessInfo.processInfo.environment["PROFILEVAULT_TEST_FULL"])
            let log = try Self.fixedLog(in: path)
            signal(SIGXFSZ, SIG_IGN)
            let size = try Data(contentsOf: URL(filePath: path + "/audit.spool")).count
            var limit = rlimit(rlim_cur: rlim_t(size + 5000), rlim_max: rlim_t.max)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var acknowledged = 0
            var refusal: AuditError?
            while refusal == nil {
                do throws(AuditError) {
                    try log.record(
                        AuditEntry(
                            time: Clock.system.now(), principal: nil, action: "read", outcome: .allowed,
                            decision: UniqueID(high: 0, low: UInt64(acknowledged))))
                    acknowledged += 1
                } catch {
                    refusal = error
                }
            }
            #expect(refusal?.code == AuditError.notRecorded)
            #expect(acknowledged > 5)
            limit.rlim_cur = .max
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            try log.close()
            let again = try Self.fixedLog(in: path)
            let report = try again.verify()
            #expect(report.entries == UInt64(acknowledged))
            if report.entries != UInt64(acknowledged) || refusal?.code != AuditError.notRecorded { exit(1) }
        }
    }

    /// A log whose keys another process can make again.
    static func fixedLog(in path: String) throws -> AuditLog {
        func key<Role>(_ fill: UInt8) throws -> Key<Role> {
            try Key(copying: SecretBytes(copying: [UInt8](repeating: fill, count: 32)))
        }
        return try AuditLog(
            database: LogFixture.openDatabase(path + "/data.db"), spoolPath: path + "/audit.spool",
            keys: AuditKeys(signing: key(1), box: key(2), spool: key(3)), origin: LogFixture.origin, clock: .system,
            durability: .buffered)
    }
}

/// Numbers that several threads put together.
final class NumberBox: Sendable {
    private let held = Mutex<[UInt64]>([])

    var numbers: [UInt64] { held.withLock { $0 } }

    func add(_ more: [UInt64]) { held.withLock { $0 += more } }
}
