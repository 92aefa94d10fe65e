package import Audit
package import Core
package import Secrets
import Storage

extension AccountRegister {
    /// Adds an operator who works for `tenant`, or for all where it is `nil`.
    @discardableResult
    package func createOperator(
        _ name: String, roles: [String], tenant: TenantID? = nil, password: borrowing SecretBytes, in mutation: Mutation
    ) throws -> OperatorAccount {
        try AccountWord.check(name: name)
        let roles = try AccountWord.check(roles: roles)
        let connection = mutation.connection
        guard try OperatorRow.find(name, on: connection, key: key) == nil else {
            throw AccountsError(
                AccountsError.operatorExists, "there is an operator `\(name)` already", remedy: "choose another name")
        }
        let time = mutation.authorization.time
        let account = OperatorAccount(
            revision: 1, id: UniqueID(at: time, random: Random.words()), name: name, roles: roles, tenant: tenant,
            created: time)
        let credentials = Credentials(password: try hash(password))
        let row = OperatorRow(account: account, box: seal(credentials, of: account.id))
        try row.insert(on: connection, key: key)
        mutation.changed(row.head(key: key))
        mutation.note("account", JSON(account.id.description))
        mutation.note("operator", JSON(name))
        mutation.note("roles", JSON(roles.map { JSON($0) }))
        if let tenant { mutation.note("works_for", JSON(tenant.number)) }
        return account
    }

    /// Gives an operator other roles; open sessions have them from their next use on.
    @discardableResult
    package func setRoles(_ roles: [String], of name: String, in mutation: Mutation) throws -> OperatorAccount {
        let roles = try AccountWord.check(roles: roles)
        mutation.note("roles", JSON(roles.map { JSON($0) }))
        return try change(name, in: mutation) { account, _ in
            account.roles = roles
            return account
        }
    }

    /// Keeps an operator out from now on and ends their sessions; doing it twice changes nothing.
    ///
    /// - Returns: the account, the first time.
    @discardableResult
    package func disableOperator(_ name: String, in mutation: Mutation) throws -> [Denied] {
        guard let account = try OperatorRow.find(name, on: mutation.connection, key: key)?.account else {
            throw AccountsError.unknownOperator(name)
        }
        mutation.note("operator", JSON(name))
        try endSessions(of: name, in: mutation)
        guard account.disabled == nil else { return [] }
        return try change(name, in: mutation) { account, _ in
            account.disabled = mutation.authorization.time
            account.generation += 1
            return [.operatorAccount(account.id)]
        }
    }

    /// All operators by name, each row checked.
    package func list() throws -> [OperatorAccount] {
        try database.read { try OperatorRow.all(on: $0, key: key).map(\.account) }
    }

    /// Changes an operator's account or what proves them: one more revision, one head in the log.
    func change<R>(
        _ name: String, in mutation: Mutation, _ body: (inout OperatorAccount, inout Credentials) throws -> R
    ) throws -> R {
        guard var row = try OperatorRow.find(name, on: mutation.connection, key: key) else {
            throw AccountsError.unknownOperator(name)
        }
        var credentials = try open(row)
        let result = try body(&row.account, &credentials)
        try store(&row, credentials, in: mutation)
        mutation.note("operator", JSON(name))
        return result
    }

    /// Writes the next revision of a row.
    func store(_ row: inout OperatorRow, _ credentials: Credentials, in mutation: Mutation) throws {
        row.account.revision += 1
        row.box = seal(credentials, of: row.account.id)
        try row.update(on: mutation.connection, key: key)
        mutation.changed(row.head(key: key))
    }

    private func seal(_ credentials: Credentials, of id: UniqueID) -> [UInt8] {
        var bytes = credentials.encoded
        defer { wipe(&bytes) }
        return sealer.seal(bytes, label: Credentials.label(id))
    }

    /// - Throws: `accounts.operator_changed` when the box holds something else.
    func open(_ row: OperatorRow) throws -> Credentials {
        var bytes = try opener.open(row.box, label: Credentials.label(row.account.id))
        defer { wipe(&bytes) }
        guard let credentials = Credentials(decoding: bytes) else {
            throw AccountsError.operatorChanged(row.account.name)
        }
        return credentials
    }

    /// - Throws: `accounts.password_too_short`.
    func hash(_ password: borrowing SecretBytes) throws -> String {
        guard password.count >= Self.shortestPassword else {
            throw AccountsError(
                AccountsError.passwordTooShort, "a password has at least \(Self.shortestPassword) bytes",
                remedy: "choose a longer one: several words are good")
        }
        return try turnstile.pass { try PasswordHash.make(password, cost: cost) }
    }
}
