import Audit
import Core
import Secrets
import Storage
import Synchronization
import TestSupport

@testable import Accounts

/// A register of operators over a database of its own, with cheap password hashes.
final class AccountsFixture: Sendable {
    static let start = Timestamp(milliseconds: 1_800_000_000_000)
    static let password = "correct horse battery"

    let folder: TemporaryDirectory
    let database: SQLiteDatabase
    let log: AuditLog
    let register: AccountRegister
    private let countsAsStored = Flag()

    init() throws {
        folder = try TemporaryDirectory()
        database = try SQLiteDatabase(path: folder.file("data.db"), options: .store(.data))
        try database.migrate(to: Schema(.data, declarations: AccountRegister.tables + AuditLog.tables))
        log = try AuditLog(
            database: database, spoolPath: folder.file("audit.spool"),
            keys: AuditKeys(signing: .random(), box: .random(), spool: .random()), origin: "test.example/accounts",
            clock: Clock { Self.start }, durability: .buffered)
        register = AccountRegister(
            database: database, key: try .random(), box: try .random(),
            cost: PasswordCost(operations: 1, memory: 8192)
        ) { [log, countsAsStored] connection in
            guard countsAsStored.value else { return try log.rowCounts(on: connection)[.account] }
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

    func logIn(
        _ name: String = "ada", _ password: String = password, at time: Timestamp = start
    ) throws -> SessionToken {
        let account = try register.prove(name, password: SecretBytes(copying: Array(password.utf8)))
        return try mutate(at: time) { try register.openSession(for: account.principal, in: $0).token }
    }

    func session(_ token: SessionToken, after seconds: Int64 = 0) throws -> Session {
        try register.session(of: token, at: Self.start.adding(seconds: seconds))
    }

    /// From now on the register hears from the log what the rows say themselves.
    func countNothingButWhatIsStored() { countsAsStored.raise() }

    func logOut(_ token: SessionToken) throws { try mutate { try register.closeSession(token, in: $0) } }

    /// What the log finds wrong with the stored accounts.
    func findings() throws -> [AuditError] {
        var heads = try log.heads()
        return try register.verify(against: &heads) { id in "account \(id)" }
    }

    /// What somebody with the database file and no key can do.
    func tamper(_ sql: StaticString, _ values: SQLValue...) throws {
        try database.write { _ = try $0.run(sql, values) }
    }

    func code(_ body: () throws -> Void) -> ErrorCode? {
        do {
            try body()
            return nil
        } catch {
            return (error as? AccountsError)?.code
        }
    }
}

/// Something that is so from a moment on.
final class Flag: Sendable {
    private let state = Atomic(false)
    var value: Bool { state.load(ordering: .relaxed) }
    func raise() { state.store(true, ordering: .relaxed) }
}
