package import Accounts
import Audit
import Core
package import Secrets
import Vault

extension Gate {
    /// Adds an operator with a password, and enrols what else proves them; where `confined` says so, they work for this
    /// tenant alone, and who is confined adds only such.
    ///
    /// - Returns: what the new operator is given, this once; `handing` takes it before the account is there.
    /// - Throws: `denied`; what is wrong with name, roles or password (`AccountsError`).
    package func addOperator(
        _ name: String, roles: [String], confined: Bool, password: borrowing SecretBytes, by caller: Caller,
        through accounts: AccountRegister, handing: (Enrolment) throws -> Void = { _ in }
    ) throws -> Enrolment {
        let authorization = try authorize(
            .addOperator, by: caller,
            about: Act.Particulars(facts: [
                ("operator", JSON(name)), ("roles", JSON(roles.sorted().map { JSON($0) })),
                ("confined", JSON(confined)),
            ]))
        guard confined || caller.tenant == nil else { throw try beyondReach(caller, .addOperator) }
        return try audit.mutate(authorization) { mutation in
            try accounts.createOperator(
                name, roles: roles, tenant: confined ? tenant.id : nil, password: password, in: mutation)
            let enrolment = try accounts.enrol(name, in: mutation).enrolment
            try handing(enrolment)
            return enrolment
        }
    }

    /// All operators there are, with what each has enrolled.
    package func operators(
        for caller: Caller, through accounts: AccountRegister
    ) throws -> [(account: OperatorAccount, factors: EnrolledFactors, sessions: Int)] {
        let now = try authorize(.viewOperators, by: caller, viewing: true).time
        return try accounts.list().filter { caller.tenant == nil || $0.tenant == caller.tenant }.map { account in
            (account, try accounts.factors(of: account.name), try accounts.sessions(of: account.name, at: now).count)
        }
    }

    /// Keeps an operator out for ever: also of a copy of the vault from before, once its denial ledger is newer.
    package func disableOperator(_ name: String, by caller: Caller, through accounts: AccountRegister) throws {
        try change(name, .disableOperator, by: caller, through: accounts) { mutation in
            try approvals.withdraw(of: Principal(.operator, name), in: mutation)
            return try accounts.disableOperator(name, in: mutation)
        }
    }

    /// Gives an operator who lost what proves them a new password and new factors; the old ones are out of use for ever.
    package func resetOperator(
        _ name: String, password: borrowing SecretBytes, by caller: Caller, through accounts: AccountRegister,
        handing: (Enrolment) throws -> Void = { _ in }
    ) throws -> Enrolment {
        try reset(name, .resetOperator, password: password, by: caller, through: accounts, handing)
    }

    /// The same where nobody is left who could: by a quorum of the root key's shares, told to everybody who may read the log.
    package func recoverOperator(
        _ name: String, password: borrowing SecretBytes, through accounts: AccountRegister,
        handing: (Enrolment) throws -> Void = { _ in }
    ) throws -> Enrolment {
        try reset(name, .recoverOperator, password: password, by: .custodian, through: accounts, handing)
    }

    /// Gives whoever asks a new password and new factors of their own: those from before are out of use for ever, and every
    /// session is over.
    package func renewOperator(
        password: borrowing SecretBytes, by caller: Caller, through accounts: AccountRegister,
        handing: (Enrolment) throws -> Void = { _ in }
    ) throws -> Enrolment {
        try reset(caller.principal.name, .renewOperator, password: password, by: caller, through: accounts, handing)
    }

    /// Gives whoever asks another password of their own, and leaves their factors; every session is over.
    package func changePassword(
        to password: borrowing SecretBytes, by caller: Caller, through accounts: AccountRegister,
        handing: () throws -> Void = {}
    ) throws {
        let name = caller.principal.name
        try change(name, .renewOperator, by: caller, through: accounts) { mutation in
            try accounts.setPassword(password, of: name, in: mutation)
            try handing()
            return []
        }
    }

    private func reset(
        _ name: String, _ action: Action, password: borrowing SecretBytes, by caller: Caller,
        through accounts: AccountRegister, _ handing: (Enrolment) throws -> Void
    ) throws -> Enrolment {
        var enrolment: Enrolment?
        try change(name, action, by: caller, through: accounts) { mutation in
            let denied = try accounts.reset(name, password: password, in: mutation)
            try approvals.withdraw(of: Principal(.operator, name), in: mutation)
            let made = try accounts.enrol(name, in: mutation).enrolment
            try handing(made)
            enrolment = made
            return denied
        }
        guard let enrolment else { throw AccountsError.unknownOperator(name) }
        return enrolment
    }

    /// Ends every session of an operator, wherever it is.
    package func endSessions(of name: String, by caller: Caller, through accounts: AccountRegister) throws {
        try change(name, .endSessions, by: caller, through: accounts) { mutation in
            try accounts.closeAll(of: name, in: mutation)
            return []
        }
    }

    /// Changes an account that is within the caller's reach, and denies what goes out of use, in one change.
    private func change(
        _ name: String, _ action: Action, by caller: Caller, through accounts: AccountRegister,
        _ body: (Mutation) throws -> [Denied]
    ) throws {
        let authorization = try authorize(
            action, by: caller, about: Act.Particulars(facts: [("operator", JSON(name))]))
        guard let account = try accounts.list().first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            throw AccountsError.unknownOperator(name)
        }
        guard caller.tenant == nil || account.tenant == caller.tenant else { throw try beyondReach(caller, action) }
        if action == .disableOperator { try requireAnother(than: account, by: caller, accounts) }
        try audit.mutate(authorization) { try deny(body($0), in: $0) }
        try profiles.denials.remember()
    }

    /// Somebody has to be left who can give others new factors: who is disabled stays so for ever.
    private func requireAnother(
        than account: OperatorAccount, by caller: Caller, _ accounts: AccountRegister
    ) throws {
        func resets(_ account: OperatorAccount) throws -> Bool {
            let question = TenantQuestion(.resetOperator, by: Caller(account, proof: nil), on: tenant.name)
            return try rules.decider.level(of: question) != nil
        }
        let others = try accounts.list().filter { $0.disabled == nil && $0.id != account.id }
        guard try !resets(account) || others.contains(where: resets) else {
            throw try refusal(
                of: .disableOperator, by: caller, because: "last_administrator",
                GateError(
                    GateError.lastAdministrator,
                    "`\(account.name)` is the last who could give anybody new factors, and disabling is for ever",
                    remedy: "add another administrator before"))
        }
    }

    func beyondReach(_ caller: Caller, _ action: Action) throws -> GateError {
        try refusal(
            of: action, by: caller, because: "beyond_reach",
            GateError(
                GateError.denied, "\(caller.principal) works for tenant `\(tenant.name)` alone, and this does not",
                remedy: "ask an administrator of all tenants"))
    }

    /// Puts what a change of accounts put out of use into the denial ledger, in the same change.
    func deny(_ denied: [Denied], in mutation: Mutation) throws {
        for credential in denied { try profiles.denials.deny(credential.credential, in: mutation) }
        if !denied.isEmpty { mutation.note("denied", JSON(denied.count)) }
    }
}

extension Denied {
    /// As the denial ledger knows it.
    var credential: CredentialDenial.Credential {
        switch self {
        case .operatorAccount(let id): .init(.operator, id.bytes)
        case .service(let id): .init(.service, id.bytes)
        case .serviceKey(let digest): .init(.serviceKey, digest)
        case .recoveryCode(let digest): .init(.recoveryCode, digest)
        case .passkey(let id): .init(.passkey, id)
        }
    }
}
