package import Accounts
import Audit
import Core
package import Secrets
import Vault

extension Gate {
    /// Opens a session for who knows the password; the log has it whether it comes to one or not.
    ///
    /// Who somebody is comes first, by what they know and have; then the policies are asked whether they may log in.
    ///
    /// - Throws: `accounts.wrong_credentials`, `accounts.too_many_attempts`; `denied` when no policy lets them log in.
    package func logIn(
        _ name: String, password: borrowing SecretBytes, from client: Client, through accounts: AccountRegister
    ) throws -> (token: SessionToken, session: Session) {
        let proven: Proven
        do {
            proven = try accounts.prove(name, password: password, from: client, at: now())
        } catch let error as AccountsError where error.code == AccountsError.wrongCredentials {
            // Who has to wait is not looked at, and leaves no entry: guesses must not fill the log.
            try recordRejection(of: name, accounts)
            throw error
        }
        let account = proven.account
        let authorization = try authorize(.login, by: Caller(principal: account.principal, roles: account.roles))
        return try audit.mutate(authorization) { mutation in
            let opened = try accounts.openSession(for: proven, in: mutation)
            return (opened.token, opened.session)
        }
    }

    /// Ends a session. Nobody needs leave to leave, so no policy is asked; the log has it.
    ///
    /// One that is over, or of a disabled operator, opens nothing and stays until the next log-in sweeps it.
    package func logOut(_ token: SessionToken, from client: Client, through accounts: AccountRegister) throws {
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
            try accounts.closeSession(token, in: mutation)
        }
    }

    /// A name that nobody has may be a password typed in the wrong place: it is not logged.
    private func recordRejection(of name: String, _ accounts: AccountRegister) throws {
        let isKnown = try accounts.list().contains { $0.name.utf8.elementsEqual(name.utf8) }
        let now = try now()
        try audit.record(
            AuditEntry(
                time: now, principal: isKnown ? Principal(.operator, name) : nil, action: Action.login.rawValue,
                tenant: tenant.id, outcome: .denied,
                decision: UniqueID(at: now, random: Random.words()),
                facts: [("reason", isKnown ? "wrong_credentials" : "unknown_operator")]))
    }
}
