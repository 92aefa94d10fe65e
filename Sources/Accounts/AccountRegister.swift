package import Audit
package import Core
package import Secrets
package import Storage

/// The operators and services of a vault and the operators' sessions, every row under the vault's own code.
package final class AccountRegister: Sendable {
    package static let tables: [TableDeclaration] = [
        OperatorRow.table, SessionRow.table, Attempts.table, ServiceRow.table, KeyUse.table,
    ]

    /// What brought services, second factors and tenants to vaults that knew operators and passwords; sessions of before end.
    package static let upgrade: [StaticString] =
        [
            "ALTER TABLE operator RENAME COLUMN password TO credentials",
            "ALTER TABLE operator ADD COLUMN tenant INTEGER",
            "ALTER TABLE operator ADD COLUMN generation INTEGER NOT NULL DEFAULT 0",
            "DROP TABLE session",
        ] + tables.dropFirst().flatMap(\.definition)

    /// The shortest password, in bytes.
    package static let shortestPassword = 12

    let database: any Database
    let key: AuthenticationKey
    let sealer: BoxSealer
    let opener: BoxOpener
    /// What a new password hash costs.
    let cost: PasswordCost
    /// What a stored one costs at the least.
    let floor: PasswordCost
    let turnstile: Turnstile
    let attempts: Attempts
    private let changes: @Sendable (HeadChange.Kind, any Connection) throws -> UInt64

    /// - Parameters:
    ///   - database: the store of accounts.
    ///   - key: authenticates rows.
    ///   - box: seals what proves operators.
    ///   - cost: of new password hashes; stored ones are raised to it at a log-in and never lowered.
    ///   - floor: a stored hash that cost less lets nobody in.
    ///   - concurrency: how many passwords are hashed at once; the others wait.
    ///   - changes: how often the log knows rows of a kind to have changed, as of a connection's snapshot.
    package init(
        database: any Database, key: AuthenticationKey, box: BoxKey, cost: PasswordCost = .interactive,
        floor: PasswordCost = .floor, concurrency: Int = 2,
        changes: @escaping @Sendable (HeadChange.Kind, any Connection) throws -> UInt64
    ) {
        self.changes = changes
        self.database = database
        self.key = key
        sealer = BoxSealer(box)
        opener = BoxOpener(box)
        self.cost = cost
        self.floor = floor
        turnstile = Turnstile(places: concurrency)
        attempts = Attempts(key: key)
    }

    /// All operators, none of them older than the log knows.
    ///
    /// Every change of an account is counted by its row and by the log: a row that was put back lacks some.
    ///
    /// - Throws: `accounts.operator_rolled_back`.
    func newestOperators(on connection: any Connection) throws -> [OperatorRow] {
        let rows = try OperatorRow.all(on: connection, key: key)
        guard try rows.reduce(0, { $0 + UInt64($1.account.revision) }) == changes(.account, connection) else {
            throw AccountsError.rolledBack
        }
        return rows
    }

    /// All services, none of them older than the log knows.
    ///
    /// - Throws: `accounts.service_rolled_back`.
    func newestServices(on connection: any Connection) throws -> [ServiceRow] {
        let rows = try ServiceRow.all(on: connection, key: key)
        guard try rows.reduce(0, { $0 + UInt64($1.account.revision) }) == changes(.service, connection) else {
            throw AccountsError.rolledBackService
        }
        return rows
    }
}
