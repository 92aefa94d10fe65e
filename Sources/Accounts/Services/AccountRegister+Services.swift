package import Audit
package import Core
import Secrets
import Storage

extension AccountRegister {
    /// Adds a service and makes its first key, which is shown this once and runs out at `expires`.
    package func createService(
        _ name: String, roles: [String], tenant: TenantID? = nil, scope: ServiceScope = ServiceScope(),
        expires: Timestamp, in mutation: Mutation
    ) throws -> (key: ServiceKey, service: ServiceAccount) {
        try AccountWord.check(name: name)
        guard name != ServiceAccount.ourselves else {
            throw AccountsError(
                AccountsError.nameInvalid, "`\(name)` is what the log calls this program itself",
                remedy: "choose another name")
        }
        let roles = try AccountWord.check(roles: roles)
        try scope.check()
        let connection = mutation.connection
        guard try ServiceRow.find(name, on: connection, key: key) == nil else {
            throw AccountsError(
                AccountsError.serviceExists, "there is a service `\(name)` already", remedy: "choose another name")
        }
        let time = mutation.authorization.time
        let (secret, known) = try freshKey(expires: expires, at: time)
        let row = ServiceRow(
            account: ServiceAccount(
                revision: 1, id: UniqueID(at: time, random: Random.words()), name: name, roles: roles, tenant: tenant,
                scope: scope, created: time, disabled: nil, keys: [known]))
        try row.insert(on: connection, key: key)
        mutation.changed(row.head(key: key))
        mutation.note("account", JSON(row.account.id.description))
        mutation.note("service", JSON(name))
        mutation.note("roles", JSON(roles.map { JSON($0) }))
        if let tenant { mutation.note("works_for", JSON(tenant.number)) }
        mutation.note("expires", JSON(expires.description))
        return (secret, row.account)
    }

    /// Seconds for which a service's older keys still work after it got a new one.
    package static let overlap: Int64 = 24 * 3600

    /// Makes a service another key; older ones run out after `overlap` seconds, if not before.
    package func rotateKey(
        of name: String, expires: Timestamp, overlap: Int64 = AccountRegister.overlap, in mutation: Mutation
    ) throws -> (key: ServiceKey, service: ServiceAccount) {
        let time = mutation.authorization.time
        let (secret, known) = try freshKey(expires: expires, at: time)
        let service = try changeService(name, in: mutation) { account in
            guard account.disabled == nil else {
                throw AccountsError(
                    AccountsError.serviceDisabled, "service `\(name)` is disabled", remedy: "make another one")
            }
            let end = time.adding(seconds: max(0, overlap))
            for place in account.keys.indices { account.keys[place].expires = min(account.keys[place].expires, end) }
            account.keys.append(known)
            guard account.keys.count <= ServiceRow.mostKeys else {
                throw AccountsError(
                    AccountsError.tooManyKeys, "service `\(name)` has \(ServiceRow.mostKeys) keys that work",
                    remedy: "revoke some of them")
            }
        }
        mutation.note("expires", JSON(expires.description))
        return (secret, service)
    }

    /// Ends one key of a service at once, by the name that the list shows for it.
    ///
    /// - Returns: what is out of use.
    /// - Throws: `accounts.key_unknown`.
    package func revokeKey(_ keyName: String, of name: String, in mutation: Mutation) throws -> [Denied] {
        var denied: [Denied] = []
        try changeService(name, in: mutation) { account in
            denied = account.keys.filter { $0.name == keyName }.map { .serviceKey($0.digest) }
            account.keys.removeAll { $0.name == keyName }
            guard !denied.isEmpty else {
                throw AccountsError(
                    AccountsError.keyUnknown, "service `\(name)` has no key of that name",
                    remedy: "list the service's keys")
            }
        }
        mutation.note("key", JSON(keyName))
        return denied
    }

    /// Keeps a service out from now on; doing it twice changes nothing.
    ///
    /// - Returns: the service and its keys, the first time.
    @discardableResult
    package func disableService(_ name: String, in mutation: Mutation) throws -> [Denied] {
        guard let account = try ServiceRow.find(name, on: mutation.connection, key: key)?.account else {
            throw AccountsError.unknownService(name)
        }
        mutation.note("service", JSON(name))
        guard account.disabled == nil else { return [] }
        try changeService(name, in: mutation) { account in
            account.disabled = mutation.authorization.time
            account.keys = []
        }
        return [.service(account.id)] + account.keys.map { .serviceKey($0.digest) }
    }

    /// All services by name, each row checked, with the time at which each key was used last.
    package func services() throws -> [(service: ServiceAccount, lastUsed: [Timestamp?])] {
        try database.read { connection in
            try ServiceRow.all(on: connection, key: key).map { row in
                (row.account, try row.account.keys.map { try KeyUse.last(of: $0.digest, on: connection, key: key) })
            }
        }
    }

    /// Whose key it is.
    ///
    /// - Throws: `accounts.credential_refused`, the same for one that is unknown, ran out, was revoked or belongs to a
    ///   disabled service; an integrity error when a service is not the newest that the log knows.
    package func service(of secret: ServiceKey, at time: Timestamp) throws -> ServiceAccount {
        let digest = secret.digest
        let (found, used) = try database.read { connection in
            (
                try newestServices(on: connection).first { $0.account.keys.contains { $0.digest == digest } }?.account,
                try KeyUse.last(of: digest, on: connection, key: key)
            )
        }
        guard let service = found, service.disabled == nil,
            let known = service.keys.first(where: { $0.digest == digest }), time < known.expires
        else { throw AccountsError.refusedCredential }
        if used.map({ time >= $0.adding(seconds: KeyUse.resolution) }) ?? true {
            try database.write { try KeyUse(digest: digest, used: time).store(on: $0, key: key) }
        }
        return service
    }

    private func freshKey(expires: Timestamp, at time: Timestamp) throws -> (ServiceKey, ServiceAccount.Key) {
        guard expires > time else {
            throw AccountsError(
                AccountsError.expiryPast, "the key would have run out already", remedy: "name a time to come")
        }
        let secret = ServiceKey()
        return (secret, ServiceAccount.Key(digest: secret.digest, created: time, expires: expires))
    }

    /// Changes a service: one more revision, one head in the log. Keys that ran out go.
    @discardableResult
    private func changeService(
        _ name: String, in mutation: Mutation, _ body: (inout ServiceAccount) throws -> Void
    ) throws -> ServiceAccount {
        let connection = mutation.connection
        guard var row = try ServiceRow.find(name, on: connection, key: key) else {
            throw AccountsError.unknownService(name)
        }
        let before = row.account.keys
        row.account.keys.removeAll { $0.expires <= mutation.authorization.time }
        try body(&row.account)
        row.account.revision += 1
        try row.update(on: connection, key: key)
        for gone in before where !row.account.keys.contains(where: { $0.digest == gone.digest }) {
            try KeyUse.forget(gone.digest, on: connection)
        }
        mutation.changed(row.head(key: key))
        mutation.note("service", JSON(name))
        return row.account
    }
}

extension ServiceScope {
    /// Words without blanks, since they are stored with blanks between them.
    fileprivate func check() throws(AccountsError) {
        for word in (purposes ?? []) + (fields ?? []) where word.isEmpty || word.utf8.contains(0x20) {
            throw AccountsError(
                AccountsError.scopeInvalid, "a purpose or field of a service's scope is empty or has a blank",
                remedy: "name purposes and fields as the policy set does")
        }
    }
}
