package import Audit
package import Core
package import Secrets
package import Storage

/// The operators of a vault and their sessions, every row under the vault's own code.
package final class AccountRegister: Sendable {
    package static let tables: [TableDeclaration] = [
        TableDeclaration(
            "operator", in: .data, .operational,
            purpose: "who works here: names and roles in plain under a code, password hashes sealed in boxes",
            clustered: true,
            definition: [
                """
                CREATE TABLE operator (
                    name TEXT NOT NULL PRIMARY KEY, id BLOB NOT NULL, revision INTEGER NOT NULL, roles TEXT NOT NULL,
                    password BLOB NOT NULL, created INTEGER NOT NULL, disabled INTEGER, code BLOB NOT NULL)
                """
            ]),
        TableDeclaration(
            "session", in: .data, .operational,
            purpose: "who is logged in until when: digests of tokens, so that a thief of the file cannot use them",
            clustered: true,
            definition: [
                """
                CREATE TABLE session (
                    token BLOB NOT NULL PRIMARY KEY, operator TEXT NOT NULL, operator_id BLOB NOT NULL,
                    created INTEGER NOT NULL, used INTEGER NOT NULL, expires INTEGER NOT NULL, code BLOB NOT NULL)
                """
            ]),
    ]

    /// The shortest password, in bytes.
    package static let shortestPassword = 12

    private let database: any Database
    private let key: AuthenticationKey
    private let sealer: BoxSealer
    private let opener: BoxOpener
    private let cost: PasswordCost
    private let changes: @Sendable (any Connection) throws -> UInt64

    /// `key` authenticates rows, `box` seals password hashes; `changes` says how often the log knows accounts to have
    /// changed, as of a connection's snapshot.
    package init(
        database: any Database, key: AuthenticationKey, box: BoxKey, cost: PasswordCost = .interactive,
        changes: @escaping @Sendable (any Connection) throws -> UInt64
    ) {
        self.changes = changes
        self.database = database
        self.key = key
        sealer = BoxSealer(box)
        opener = BoxOpener(box)
        self.cost = cost
    }

    /// Adds an operator.
    @discardableResult
    package func createOperator(
        _ name: String, roles: [String], password: borrowing SecretBytes, in mutation: Mutation
    ) throws -> OperatorAccount {
        try OperatorAccount.check(name: name)
        let roles = try OperatorAccount.check(roles: roles)
        guard password.count >= Self.shortestPassword else {
            throw AccountsError(
                AccountsError.passwordTooShort, "a password has at least \(Self.shortestPassword) bytes",
                remedy: "choose a longer one: several words are good")
        }
        guard try row(of: name, on: mutation.connection) == nil else {
            throw AccountsError(
                AccountsError.operatorExists, "there is an operator `\(name)` already", remedy: "choose another name")
        }
        let time = mutation.authorization.time
        let account = OperatorAccount(
            revision: 1, id: UniqueID(at: time, random: Random.words()), name: name, roles: roles,
            created: time)
        let hash = try PasswordHash.make(password, cost: cost)
        let box = sealer.seal(Array(hash.utf8), label: OperatorAccount.passwordLabel(account.id))
        let code = account.code(password: box, key: key)
        try mutation.connection.run(
            """
            INSERT INTO operator (name, id, revision, roles, password, created, disabled, code)
            VALUES (?, ?, 1, ?, ?, ?, ?, ?)
            """,
            .text(name), .blob(account.id.bytes), .text(roles.joined(separator: " ")), .blob(box),
            .integer(time.milliseconds), .null, .blob(code))
        mutation.changed(account.head(code: code))
        mutation.note("account", JSON(account.id.description))
        mutation.note("operator", JSON(name))
        mutation.note("roles", JSON(roles.map { JSON($0) }))
        return account
    }

    /// Keeps an operator out from now on and ends their sessions; doing it twice changes nothing.
    package func disableOperator(_ name: String, in mutation: Mutation) throws {
        guard let found = try row(of: name, on: mutation.connection) else {
            throw AccountsError(AccountsError.operatorUnknown, "there is no operator `\(name)`")
        }
        mutation.note("operator", JSON(name))
        try mutation.connection.run("DELETE FROM session WHERE operator = ?", .text(name))
        guard found.account.disabled == nil else { return }
        var account = found.account
        account.disabled = mutation.authorization.time
        account.revision += 1
        let code = account.code(password: found.password, key: key)
        try mutation.connection.run(
            "UPDATE operator SET disabled = ?, revision = ?, code = ? WHERE name = ?",
            .integer(mutation.authorization.time.milliseconds), .integer(account.revision), .blob(code), .text(name))
        mutation.changed(account.head(code: code))
    }

    /// All operators by name, each row checked.
    package func list() throws -> [OperatorAccount] {
        try database.read { try accounts(on: $0) }
    }

    /// Holds every account against what the log knows of it; `name` says what an account that is gone was called.
    package func verify(against heads: inout HeadMap, name: (UniqueID) throws -> String) throws -> [AuditError] {
        let rows = try database.read { connection in
            var claims: [(id: UniqueID, name: String)] = []
            try connection.query("SELECT id, name FROM operator ORDER BY name") { row in
                claims.append((UniqueID(bytes: try row.blob(at: 0)) ?? UniqueID(high: 0, low: 0), try row.text(at: 1)))
            }
            return try claims.map { claim in
                var head: HeadChange?
                do {
                    head = try row(of: claim.name, on: connection).map {
                        $0.account.head(code: $0.account.code(password: $0.password, key: key))
                    }
                } catch is AccountsError {}
                return StoredRow(id: claim.id, name: "operator `\(claim.name)`", head: head)
            }
        }
        return try heads.compare(.account, rows, name: name)
    }

    private func accounts(on connection: any Connection) throws -> [OperatorAccount] {
        var names: [String] = []
        try connection.query("SELECT name FROM operator ORDER BY name") { names.append(try $0.text(at: 0)) }
        return try names.compactMap { try row(of: $0, on: connection)?.account }
    }

    /// Every change of an account is counted by its row and by the log: a row that was put back lacks some.
    private func requireNewest(on connection: any Connection) throws {
        let stored = try accounts(on: connection).reduce(0) { $0 + UInt64($1.revision) }
        guard try stored == changes(connection) else { throw AccountsError.rolledBack }
    }

    /// Who knows the password.
    ///
    /// An unknown name, a wrong password and a disabled operator give the same answer after the same work: one Argon2id.
    ///
    /// - Throws: `accounts.wrong_credentials`; an integrity error when an account is not the newest that the log knows.
    package func prove(_ name: String, password: borrowing SecretBytes) throws -> OperatorAccount {
        let found = try database.read { connection in
            try requireNewest(on: connection)
            return try row(of: name, on: connection)
        }
        let matches: Bool
        if let found {
            let hash = try opener.open(found.password, label: OperatorAccount.passwordLabel(found.account.id))
            matches = PasswordHash.verify(password, against: String(decoding: hash, as: UTF8.self))
        } else {
            _ = try PasswordHash.make(password, cost: cost)
            matches = false
        }
        guard matches, let account = found?.account, account.disabled == nil else {
            throw AccountsError.rejected
        }
        return account
    }

    /// Opens a session for an operator who has proved themselves.
    package func openSession(
        for principal: Principal, in mutation: Mutation
    ) throws -> (token: SessionToken, session: Session) {
        let connection = mutation.connection
        guard principal.kind == .operator, let account = try row(of: principal.name, on: connection)?.account
        else { throw AccountsError(AccountsError.operatorUnknown, "there is no operator `\(principal.name)`") }
        guard account.disabled == nil else { throw AccountsError.operatorDisabled(account.name) }
        let time = mutation.authorization.time
        try connection.run("DELETE FROM session WHERE expires <= ?", .integer(time.milliseconds))
        let token = SessionToken()
        let row = SessionRow(
            digest: token.digest, operatorName: account.name, operatorID: account.id, created: time, used: time,
            expires: time.adding(seconds: Session.absoluteLifetime))
        try row.insert(on: connection, key: key)
        mutation.note("expires", JSON(row.expires.description))
        return (token, Session(account: account, created: row.created, expires: row.expires))
    }

    /// Who holds the token, with their roles as they are now.
    ///
    /// - Throws: `accounts.no_session`, `accounts.session_expired`, `accounts.operator_disabled`; an integrity error when
    ///   a row was changed.
    package func session(of token: SessionToken, at time: Timestamp) throws -> Session {
        let found = try database.read { connection -> (SessionRow, OperatorAccount?)? in
            try requireNewest(on: connection)
            guard let session = try SessionRow.find(token, on: connection, key: key) else { return nil }
            return (session, try row(of: session.operatorName, on: connection)?.account)
        }
        guard var row = found?.0 else { throw AccountsError.nobody }
        guard row.isLive(at: time) else { throw AccountsError.expired }
        // Another account that has taken the name does not inherit the session.
        guard let account = found?.1, account.id == row.operatorID else { throw AccountsError.nobody }
        guard account.disabled == nil else { throw AccountsError.operatorDisabled(account.name) }
        // No entry in the log: it gives nobody anything that the log-in did not, and what the session is used for has one.
        if time >= row.used.adding(seconds: Session.resolution) {
            row.used = time
            try database.write { try row.storeUse(on: $0, key: key) }
        }
        return Session(account: account, created: row.created, expires: row.expires)
    }

    /// Ends a session; ending one that is over does nothing.
    package func closeSession(_ token: SessionToken, in mutation: Mutation) throws {
        try mutation.connection.run("DELETE FROM session WHERE token = ?", .blob(token.digest))
    }

    /// An operator's row and password box, checked.
    private func row(
        of name: String, on connection: any Connection
    ) throws -> (account: OperatorAccount, password: [UInt8])? {
        let found = try connection.first(
            "SELECT id, roles, password, created, disabled, code, revision FROM operator WHERE name = ?", .text(name)
        ) { row -> (account: OperatorAccount, password: [UInt8], code: [UInt8]) in
            guard let id = UniqueID(bytes: try row.blob(at: 0)), let revision = UInt32(exactly: try row.int64(at: 6))
            else { throw AccountsError.operatorChanged(name) }
            let account = OperatorAccount(
                revision: revision, id: id, name: name,
                roles: try row.text(at: 1).split(separator: " ", omittingEmptySubsequences: false).map(String.init),
                created: Timestamp(milliseconds: try row.int64(at: 3)),
                disabled: try row.optionalInt64(at: 4).map(Timestamp.init(milliseconds:)))
            return (account, try row.blob(at: 2), try row.blob(at: 5))
        }
        guard let found else { return nil }
        guard equalInConstantTime(found.code, found.account.code(password: found.password, key: key)) else {
            throw AccountsError.operatorChanged(name)
        }
        return (found.account, found.password)
    }
}
