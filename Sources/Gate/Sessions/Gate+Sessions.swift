package import Accounts
import Audit
import Core
package import Secrets
import Vault

extension Gate {
    /// Opens a session for who knows the password, and holds the factor where one is shown; the log has it whether it comes
    /// to one or not.
    ///
    /// Who somebody is comes first, by what they know and have; then the policies are asked whether they may log in. What a
    /// log-in used up for ever goes into the denial ledger in the same change; `way` says how the vault was reached, a word for the log.
    ///
    /// - Returns: the token, and what it stands for.
    /// - Throws: `accounts.wrong_credentials`, `accounts.too_many_attempts`; `accounts.other_tenant`; `denied` when no policy
    ///   lets them log in.
    package func logIn(
        _ name: String, password: borrowing SecretBytes, factor: Factor? = nil, from client: Client,
        way: String = "home", through accounts: AccountRegister
    ) throws -> (token: SessionToken, session: Session) {
        let proven: Proven
        do {
            proven = try accounts.prove(name, password: password, factor: factor, from: client, at: now())
            guard !isDenied(proven.account) else { throw AccountsError.rejected }
        } catch let error as AccountsError
            where [AccountsError.wrongCredentials, AccountsError.tooManyAttempts].contains(error.code)
        {
            try recordRejection(of: name, error, accounts)
            throw error
        }
        return try open(proven, way: way, through: accounts)
    }

    /// Opens the session of somebody whose factors were made a moment ago, by the founding of the vault.
    package func logIn(
        enrolled name: String, from client: Client, through accounts: AccountRegister
    ) throws -> (token: SessionToken, session: Session) {
        try open(accounts.enrolled(name, from: client, at: now()), way: "founding", through: accounts)
    }

    private func open(
        _ proven: Proven, way: String, through accounts: AccountRegister
    ) throws -> (token: SessionToken, session: Session) {
        let account = proven.account
        try requireWork(of: account.tenant, account.principal)
        let authorization = try authorize(.login, by: Caller(account, proof: proven.proof))
        let opened = try audit.mutate(authorization) { mutation in
            let opened = try accounts.openSession(for: proven, in: mutation)
            // A copy of the vault from before has a used code again; the ledger knows better.
            guard !opened.denied.contains(where: { profiles.denials.denies($0.credential) }) else {
                throw AccountsError.rejected
            }
            try deny(opened.denied, in: mutation)
            mutation.note("way", JSON(way))
            return opened
        }
        if !opened.denied.isEmpty { try profiles.denials.remember() }
        return (opened.token, opened.session)
    }

    /// Who holds the token.
    ///
    /// - Throws: what is wrong with the session (`AccountsError`); `accounts.other_tenant`.
    package func caller(
        with token: SessionToken, from client: Client, through accounts: AccountRegister
    ) throws -> (caller: Caller, session: Session) {
        let session: Session
        do {
            session = try accounts.session(of: token, from: client, at: now())
        } catch let error as AccountsError where error.code == AccountsError.otherClient {
            // Somebody may have stolen it: the log says whose it was.
            try recordRefusal(of: .login, by: error.account, because: Emergencies.otherClient)
            throw error
        }
        guard !isDenied(session.account) else { throw AccountsError.operatorDisabled(session.account.name) }
        try requireWork(of: session.account.tenant, session.principal)
        return (Caller(session), session)
    }

    /// Whether the denial ledger keeps somebody out whatever their row says: it may be from a copy of the vault from before.
    private func isDenied(_ account: OperatorAccount) -> Bool {
        profiles.denials.denies(.init(.operator, account.id.bytes))
    }

    /// - Throws: `accounts.other_tenant` when an account works for another tenant alone; the log has it.
    func requireWork(of tenant: TenantID?, _ principal: Principal, _ action: Action = .login) throws {
        guard tenant == nil || tenant == self.tenant.id else {
            try recordRefusal(of: action, by: principal, because: "other_tenant")
            throw AccountsError.elsewhere(principal, self.tenant.name)
        }
    }

    /// Ends a session, or `everywhere` all of the same operator's. Nobody needs leave to leave, so no policy is asked; the log
    /// has it.
    ///
    /// One that is over, or of a disabled operator, opens nothing and stays until the next log-in sweeps it.
    package func logOut(
        _ token: SessionToken, everywhere: Bool = false, from client: Client, through accounts: AccountRegister
    ) throws {
        let over = [
            AccountsError.noSession, AccountsError.sessionExpired, AccountsError.operatorDisabled,
            AccountsError.otherClient,
        ]
        let now = try now()
        let session: Session
        do {
            session = try accounts.session(of: token, from: client, at: now)
        } catch let error as AccountsError where over.contains(error.code) {
            return
        }
        let authorization = Authorization(
            principal: session.principal, action: .login, tenant: tenant.id, purpose: nil,
            decision: UniqueID(at: now, random: Random.words()), time: now)
        try audit.mutate(authorization, action: "logout") { mutation in
            if everywhere {
                try accounts.closeAll(of: session.principal.name, in: mutation)
            } else {
                try accounts.closeSession(token, in: mutation)
            }
        }
    }

    /// A name that nobody has may be a password typed in the wrong place: it is not logged.
    private func recordRejection(of name: String, _ error: AccountsError, _ accounts: AccountRegister) throws {
        // Guesses that nobody looks at fill no log, either.
        guard error.code != AccountsError.tooManyAttempts else { return }
        let isKnown = try accounts.list().contains { $0.name.utf8.elementsEqual(name.utf8) }
        try recordRefusal(
            of: .login, by: isKnown ? Principal(.operator, name) : nil,
            because: isKnown ? "wrong_credentials" : "unknown_operator")
    }
}

extension Caller {
    /// Who has this session.
    package init(_ session: Session) { self.init(session.account, proof: session.proof) }

    /// Who has proved themselves, without a session.
    init(_ proven: Proven) { self.init(proven.account, proof: proven.proof) }

    init(_ account: OperatorAccount, proof: MFAProof?) {
        self.init(
            principal: account.principal, roles: account.roles,
            proof: proof.map { Proof(method: $0.method.name, time: $0.time) }, tenant: account.tenant)
    }
}
