import Core
import Foundation
import Secrets
import Storage
import Synchronization
import TestSupport

@testable import Audit

/// A log in a folder of its own, which tests open, kill, damage and open again.
final class LogFixture {
    static let origin = "profilevault.example/0198a000-0000-7000-8000-000000000001"
    static let start = Timestamp(milliseconds: 1_790_000_000_000)

    let directory: TemporaryDirectory
    let keys: AuditKeys
    let clock: Clock
    var durability = AuditLog.Durability.buffered
    var boot = "boot-1"
    var origin = LogFixture.origin
    var calls = SpoolFile.Calls()
    /// Long: tests fold when they want to; `nil` is never, however much there is.
    var foldingDelay: Double? = 3600
    /// Kept open between two logs, as a killed process would leave the files.
    private(set) var database: SQLiteDatabase

    var spoolPath: String { directory.file("audit.spool") }
    var databasePath: String { directory.file("data.db") }

    init(durability: AuditLog.Durability = .buffered) throws {
        directory = try TemporaryDirectory()
        keys = AuditKeys(signing: try .random(), box: try .random(), spool: try .random())
        let box = TickBox()
        // A log keeps its clock, and so its folder, also when the test has let go of the fixture.
        clock = Clock { [directory] in withExtendedLifetime(directory) { box.next() } }
        self.durability = durability
        database = try Self.openDatabase(directory.file("data.db"))
    }

    static func openDatabase(_ path: String) throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(path: path, options: .store(.data))
        try database.migrate(to: Schema(.data, declarations: AuditLog.tables))
        return database
    }

    func open(accepting acceptance: LossAcceptance? = nil) throws -> AuditLog {
        try AuditLog(
            database: database, spoolPath: spoolPath, keys: keys, origin: origin, clock: clock,
            durability: durability, accepting: acceptance, boot: boot, foldingDelay: foldingDelay,
            calls: calls)
    }

    /// Closes and opens the database, so that its file is what is on the disk.
    func reopenDatabase(while closed: () throws -> Void = {}) throws {
        try database.close()
        try closed()
        database = try Self.openDatabase(databasePath)
    }

    /// An entry that can be told from all others.
    func entry(
        _ number: Int, action: String = "read", subject: ProfileID? = ProfileID(high: 7, low: 7), detail: [UInt8]? = nil
    ) -> AuditEntry {
        AuditEntry(
            time: clock.now(), principal: Principal(.operator, "owner"), action: action, tenant: TenantID(1),
            purpose: "marketing_email", subject: subject, outcome: .allowed,
            decision: UniqueID(high: 1, low: UInt64(number)),
            facts: [("fields", ["email", "first_name"]), ("withheld", [:])], detail: detail)
    }

    func authorization(_ number: Int) -> Authorization {
        Authorization(
            principal: Principal(.service, "importer"), action: .put, tenant: TenantID(1), purpose: nil,
            decision: UniqueID(high: 2, low: UInt64(number)), time: clock.now())
    }

    /// Who accepts a loss, and why.
    var acceptance: LossAcceptance {
        LossAcceptance(
            Authorization(
                principal: Principal(.operator, "owner"), action: .acceptLoss, tenant: TenantID(1), purpose: nil,
                decision: UniqueID(high: 3, low: 1), time: clock.now()), reason: "the disk died")
    }

    /// Every leaf of the log, as text.
    func leaves() throws -> [String] {
        var leaves: [String] = []
        try database.read { connection in
            try connection.query("SELECT leaf FROM audit_entry ORDER BY number") { row in
                leaves.append(String(decoding: try row.blob(at: 0), as: UTF8.self))
            }
        }
        return leaves
    }

    /// The low word of every entry's decision: what `entry` and `authorization` were numbered with.
    func decisions() throws -> [UInt64] {
        try leaves().map { leaf in
            UniqueID(try JSON(parsing: leaf)["decision"]?.string ?? "")?.low ?? 0
        }
    }
}

/// Runs `body` on so many threads at once and returns when all are done.
func concurrently(_ threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for number in 0..<threads {
        group.enter()
        Thread {
            body(number)
            group.leave()
        }.start()
    }
    group.wait()
}

/// A clock that goes on by a millisecond each time it is read.
final class TickBox: Sendable {
    private let count = Atomic<Int64>(0)

    func next() -> Timestamp {
        let tick = count.wrappingAdd(1, ordering: .relaxed).newValue
        return Timestamp(milliseconds: LogFixture.start.milliseconds + tick)
    }
}
