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
                    name TEXT NOT NULL PRIMARY KEY, id BLOB NOT NULL, roles TEXT NOT NULL, password BLOB NOT NULL,
                    created INTEGER NOT NULL, disabled INTEGER, code BLOB NOT NULL)
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

    /// `key` authenticates rows, `box` seals password hashes.
    package init(
        database: any Database, key: AuthenticationKey, box: BoxKey, cost: PasswordCost = .interactive
    ) {
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
            id: UniqueID(at: time, random: Random.words()), name: name, roles: roles, created: time)
        let hash = try PasswordHash.make(password, cost: cost)
        let box = sealer.seal(Array(hash.utf8), label: OperatorAccount.passwordLabel(account.id))
        try mutation.connection.run(
            "INSERT INTO operator (name, id, roles, password, created, disabled, code) VALUES (?, ?, ?, ?, ?, ?, ?)",
            .text(name), .blob(account.id.bytes), .text(roles.joined(separator: " ")), .blob(box),
            .integer(time.milliseconds), .null, .blob(account.code(password: box, key: key)))
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
        try mutation.connection.run(
            "UPDATE operator SET disabled = ?, code = ? WHERE name = ?",
            .integer(mutation.authorization.time.milliseconds), .blob(account.code(password: found.password, key: key)),
            .text(name))
    }

    /// All operators by name, each row checked.
    package func list() throws -> [OperatorAccount] {
        try database.read { connection in
            var names: [String] = []
            try connection.query("SELECT name FROM operator ORDER BY name") { names.append(try $0.text(at: 0)) }
            return try names.compactMap { try row(of: $0, on: connection)?.account }
        }
    }

    /// Opens a session for who knows the password.
    ///
    /// An unknown name, a wrong password and a disabled operator give the same answer after the same work: one Argon2id.
    package func openSession(
        _ name: String, password: borrowing SecretBytes, at time: Timestamp
    ) throws -> (token: SessionToken, session: Session) {
        let found = try database.read { try row(of: name, on: $0) }
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
        return try database.write { try openSession(for: account, at: time, on: $0) }
    }

    /// Opens a session for an operator who was just made or has proved themselves otherwise.
    package func openSession(
        for principal: Principal, in mutation: Mutation
    ) throws -> (token: SessionToken, session: Session) {
        guard principal.kind == .operator, let account = try row(of: principal.name, on: mutation.connection)?.account
        else { throw AccountsError(AccountsError.operatorUnknown, "there is no operator `\(principal.name)`") }
        guard account.disabled == nil else { throw AccountsError.operatorDisabled(account.name) }
        return try openSession(for: account, at: mutation.authorization.time, on: mutation.connection)
    }

    private func openSession(
        for account: OperatorAccount, at time: Timestamp, on connection: any Connection
    ) throws -> (token: SessionToken, session: Session) {
        try connection.run("DELETE FROM session WHERE expires <= ?", .integer(time.milliseconds))
        let token = SessionToken()
        let row = SessionRow(
            digest: token.digest, operatorName: account.name, operatorID: account.id, created: time, used: time,
            expires: time.adding(seconds: Session.absoluteLifetime))
        try row.insert(on: connection, key: key)
        return (token, Session(account: account, created: row.created, expires: row.expires))
    }

    /// Who holds the token, with their roles as they are now.
    ///
    /// - Throws: `accounts.no_session`, `accounts.session_expired`, `accounts.operator_disabled`; an integrity error when
    ///   a row was changed.
    package func session(of token: SessionToken, at time: Timestamp) throws -> Session {
        let found = try database.read { connection -> (SessionRow, OperatorAccount?)? in
            guard let session = try SessionRow.find(token, on: connection, key: key) else { return nil }
            return (session, try row(of: session.operatorName, on: connection)?.account)
        }
        guard var row = found?.0 else { throw AccountsError.nobody }
        guard row.isLive(at: time) else { throw AccountsError.expired }
        // Another account that has taken the name does not inherit the session.
        guard let account = found?.1, account.id == row.operatorID else { throw AccountsError.nobody }
        guard account.disabled == nil else { throw AccountsError.operatorDisabled(account.name) }
        if time >= row.used.adding(seconds: Session.resolution) {
            row.used = time
            try database.write { try row.storeUse(on: $0, key: key) }
        }
        return Session(account: account, created: row.created, expires: row.expires)
    }

    /// Ends a session; ending one that is over does nothing.
    package func closeSession(_ token: SessionToken) throws {
        try database.write { _ = try $0.run("DELETE FROM session WHERE token = ?", .blob(token.digest)) }
    }

    /// An operator's row and password box, checked.
    private func row(
        of name: String, on connection: any Connection
    ) throws -> (account: OperatorAccount, password: [UInt8])? {
        let found = try connection.first(
            "SELECT id, roles, password, created, disabled, code FROM operator WHERE name = ?", .text(name)
        ) { row -> (account: OperatorAccount, password: [UInt8], code: [UInt8]) in
            guard let id = UniqueID(bytes: try row.blob(at: 0)) else { throw AccountsError.operatorChanged(name) }
            let account = OperatorAccount(
                id: id, name: name,
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
