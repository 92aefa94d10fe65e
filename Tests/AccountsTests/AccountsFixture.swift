import Audit
import Core
import Foundation
import Secrets
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Accounts
@testable import Factors

/// A register of operators and services over a database of its own, with cheap password hashes.
final class AccountsFixture: Sendable {
    static let start = Timestamp(milliseconds: 1_800_000_000_000)
    static let password = "correct horse battery"
    static let cheap = PasswordCost(operations: 1, memory: 8192)
    static let client = Client(address: "192.0.2.1", properties: ["cli", "1000", "machine"])

    let folder: TemporaryDirectory
    let database: SQLiteDatabase
    let log: AuditLog
    let register: AccountRegister
    private let keys: (row: AuthenticationKey, box: BoxKey)
    private let countsAsStored = Flag()

    init() throws {
        folder = try TemporaryDirectory()
        database = try SQLiteDatabase(path: folder.file("data.db"), options: .store(.data))
        try database.migrate(to: Schema(.data, declarations: AccountRegister.tables + AuditLog.tables))
        log = try AuditLog(
            database: database, spoolPath: folder.file("audit.spool"),
            keys: AuditKeys(signing: .random(), box: .random(), spool: .random()), origin: "test.example/accounts",
            clock: Clock { Self.start }, durability: .buffered)
        keys = (try .random(), try .random())
        register = Self.register(database, log, keys, countsAsStored, cost: Self.cheap, floor: Self.cheap)
    }

    /// Another process's register over the same vault, with costs of its own.
    func another(
        cost: PasswordCost = cheap, floor: PasswordCost = cheap, concurrency: Int = 2
    ) -> AccountRegister {
        Self.register(database, log, keys, countsAsStored, cost: cost, floor: floor, concurrency: concurrency)
    }

    private static func register(
        _ database: SQLiteDatabase, _ log: AuditLog, _ keys: (row: AuthenticationKey, box: BoxKey),
        _ countsAsStored: Flag, cost: PasswordCost, floor: PasswordCost, concurrency: Int = 2
    ) -> AccountRegister {
        AccountRegister(
            database: database, key: keys.row, box: keys.box, cost: cost, floor: floor, concurrency: concurrency
        ) { kind, connection in
            guard countsAsStored.value else { return try log.rowCounts(on: connection)[kind] }
            return try connection.first("SELECT sum(revision) FROM operator") { UInt64(try $0.int(at: 0)) } ?? 0
        }
    }

    @discardableResult
    func mutate<R>(at time: Timestamp = start, _ body: (Mutation) throws -> R) throws -> R {
        let authorization = Authorization(
            principal: Principal(.operator, "owner"), action: .maintain, tenant: TenantID(1), purpose: nil,
            decision: UniqueID(at: time, random: Random.words()), time: time)
        return try log.mutate(authorization, body)
    }

    @discardableResult
    func add(
        _ name: String = "ada", roles: [String] = ["marketer"], password: String = password
    ) throws -> OperatorAccount {
        try mutate { mutation in
            try register.createOperator(
                name, roles: roles, password: SecretBytes(copying: Array(password.utf8)), in: mutation)
        }
    }

    func prove(
        _ name: String = "ada", _ password: String = password, _ factor: Factor? = nil, from client: Client = client,
        at time: Timestamp = start, through register: AccountRegister? = nil
    ) throws -> Proven {
        try (register ?? self.register).prove(
            name, password: SecretBytes(copying: Array(password.utf8)), factor: factor, from: client, at: time)
    }

    func open(_ proven: Proven, at time: Timestamp = start) throws -> SessionToken {
        try mutate(at: time) { try register.openSession(for: proven, in: $0).token }
    }

    func logIn(
        _ name: String = "ada", _ password: String = password, _ factor: Factor? = nil, at time: Timestamp = start
    ) throws -> SessionToken {
        try open(prove(name, password, factor, at: time), at: time)
    }

    func session(_ token: SessionToken, from client: Client = client, after seconds: Int64 = 0) throws -> Session {
        try register.session(of: token, from: client, at: Self.start.adding(seconds: seconds))
    }

    /// Enrols one-time codes half a minute before `start`, so that the codes of `start` are still good.
    func enrol(_ name: String = "ada") throws -> OneTimeApp {
        let app = OneTimeApp()
        let before = Self.start.adding(seconds: -30)
        try mutate(at: before) { mutation in
            try register.enrolOneTimeCodes(
                SecretBytes(copying: app.secret), confirming: app.code(at: before), of: name, in: mutation)
        }
        return app
    }

    /// From now on the register hears from the log what the rows say themselves.
    func countNothingButWhatIsStored() { countsAsStored.raise() }

    func logOut(_ token: SessionToken) throws { try mutate { try register.closeSession(token, in: $0) } }

    /// What the log finds wrong with the stored accounts.
    func findings() throws -> [AuditError] {
        var heads = try log.heads()
        return try register.verify(against: &heads) { kind, id in "\(kind) \(id)" }
    }

    /// What somebody with the database file and no key can do.
    func tamper(_ sql: StaticString, _ values: SQLValue...) throws {
        try database.write { _ = try $0.run(sql, values) }
    }

    func error(_ body: () throws -> Void) -> AccountsError? {
        do {
            try body()
            return nil
        } catch {
            return error as? AccountsError
        }
    }

    func code(_ body: () throws -> Void) -> ErrorCode? { error(body)?.code }
}

/// Something that is so from a moment on.
final class Flag: Sendable {
    private let state = Atomic(false)
    var value: Bool { state.load(ordering: .relaxed) }
    func raise() { state.store(true, ordering: .relaxed) }
}

/// What an authenticator app does.
struct OneTimeApp: Sendable {
    let secret = Random.bytes(OneTimeCodes.secretLength)

    func code(at time: Timestamp) throws -> String {
        let code = try Oath.code(
            at: time.milliseconds / 30_000, secret: SecretBytes(copying: secret), digits: 6, hash: .sha1)
        return String(decoding: code, as: UTF8.self)
    }

    func factor(at time: Timestamp = AccountsFixture.start) throws -> Factor { .oneTimeCode(try code(at: time)) }
}

/// Runs `body` on so many threads at once and returns when all are done.
func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) {
    let done = Semaphore()
    for number in 0..<count {
        Thread {
            do { try body(number) } catch { Issue.record(error) }
            done.signal()
        }.start()
    }
    for _ in 0..<count { done.wait() }
}

/// Counts what threads do.
final class Tally: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func add() { count.add(1, ordering: .sequentiallyConsistent) }
}
