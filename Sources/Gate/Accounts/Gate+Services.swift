package import Accounts
import Audit
package import Core
import Vault

extension Gate {
    /// Adds a service; it works for this tenant alone where `confined` says so.
    ///
    /// - Returns: its first key, which is shown this once; `handing` takes it before the service is there.
    package func addService(
        _ name: String, roles: [String], scope: ServiceScope, confined: Bool, expires: Timestamp, by caller: Caller,
        through accounts: AccountRegister, handing: (ServiceKey) throws -> Void = { _ in }
    ) throws -> ServiceKey {
        let authorization = try authorize(
            .addService, by: caller,
            about: Act.Particulars(facts: [
                ("service", JSON(name)), ("roles", JSON(roles.sorted().map { JSON($0) })), ("confined", JSON(confined)),
            ]))
        guard confined || caller.tenant == nil else { throw try beyondReach(caller, .addService) }
        return try audit.mutate(authorization) { mutation in
            let key = try accounts.createService(
                name, roles: roles, tenant: confined ? tenant.id : nil, scope: scope, expires: expires, in: mutation
            ).key
            try handing(key)
            return key
        }
    }

    /// All services there are, with the time at which each of their keys was used last.
    package func services(
        for caller: Caller, through accounts: AccountRegister
    ) throws -> [(service: ServiceAccount, lastUsed: [Timestamp?])] {
        _ = try authorize(.viewServices, by: caller, viewing: true)
        return try accounts.services().filter { caller.tenant == nil || $0.service.tenant == caller.tenant }
    }

    /// Makes a service another key; older ones run out `overlap` seconds from now, if not before.
    package func rotateKey(
        of name: String, expires: Timestamp, overlap: Int64, by caller: Caller, through accounts: AccountRegister,
        handing: (ServiceKey) throws -> Void = { _ in }
    ) throws -> ServiceKey {
        let authorization = try authorize(
            .rotateService, by: caller, about: Act.Particulars(facts: [("service", JSON(name))]))
        try requireReach(of: caller, over: name, .rotateService, accounts)
        return try audit.mutate(authorization) { mutation in
            let key = try accounts.rotateKey(of: name, expires: expires, overlap: overlap, in: mutation).key
            try handing(key)
            return key
        }
    }

    /// Ends a service, or one of its keys by its name, at once and for ever.
    package func revokeService(
        _ name: String, key: String?, by caller: Caller, through accounts: AccountRegister
    ) throws {
        let authorization = try authorize(
            .revokeService, by: caller,
            about: Act.Particulars(facts: [("service", JSON(name))] + (key.map { [("key", JSON($0))] } ?? [])))
        try requireReach(of: caller, over: name, .revokeService, accounts)
        try audit.mutate(authorization) { mutation in
            let denied =
                try key.map { try accounts.revokeKey($0, of: name, in: mutation) }
                ?? accounts.disableService(name, in: mutation)
            try deny(denied, in: mutation)
            try approvals.withdraw(of: Principal(.service, name), in: mutation)
        }
        try profiles.denials.remember()
    }

    /// Who asks with a service's key.
    ///
    /// - Throws: `accounts.credential_refused`, the same whatever is wrong with the key; `accounts.other_tenant`.
    package func caller(with key: ServiceKey, through accounts: AccountRegister) throws -> Caller {
        let service: ServiceAccount
        do {
            service = try accounts.service(of: key, at: now())
            let denials = profiles.denials
            guard !denials.denies(.init(.service, service.id.bytes)), !denials.denies(.init(.serviceKey, key.digest))
            else { throw AccountsError.refusedCredential }
        } catch let error as AccountsError where error.code == AccountsError.credentialRefused {
            try recordRefusal(of: .login, by: nil, because: "refused_key")
            throw error
        }
        try requireWork(of: service.tenant, service.principal)
        return Caller(principal: service.principal, roles: service.roles, tenant: service.tenant, scope: service.scope)
    }

    private func requireReach(
        of caller: Caller, over name: String, _ action: Action, _ accounts: AccountRegister
    ) throws {
        guard let service = try accounts.services().first(where: { $0.service.name == name })?.service else {
            throw AccountsError.unknownService(name)
        }
        guard caller.tenant == nil || service.tenant == caller.tenant else {
            throw try beyondReach(caller, action)
        }
    }
}
