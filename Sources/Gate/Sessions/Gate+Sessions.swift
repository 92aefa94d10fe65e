package import Accounts
import Audit
import Core
package import Secrets
import Vault

extension Gate {
    /// Opens a session for who knows the password; the log has it whether it comes to one or not.
    ///
    /// Who somebody is comes first, by the password alone; then the policies are asked whether they may log in.
    ///
    /// - Throws: `accounts.wrong_credentials`; `denied` when no policy lets them log in.
    package func logIn(
        _ name: String, password: borrowing SecretBytes, through accounts: AccountRegister
    ) throws -> (token: SessionToken, session: Session) {
        let account: OperatorAccount
        do {
            account = try accounts.prove(name, password: password)
        } catch let error as AccountsError where error.code == AccountsError.wrongCredentials {
            try recordRejection(of: name, accounts)
            throw error
        }
        let authorization = try authorize(.login, by: Caller(principal: account.principal, roles: account.roles))
        return try audit.mutate(authorization) { mutation in
            try accounts.openSession(for: account.principal, in: mutation)
        }
    }

    /// Ends a session. Nobody needs leave to leave, so no policy is asked; the log has it.
    ///
    /// One that is over, or of a disabled operator, opens nothing and stays until the next log-in sweeps it.
    package func logOut(_ token: SessionToken, through accounts: AccountRegister) throws {
        let over = [AccountsError.noSession, AccountsError.sessionExpired, AccountsError.operatorDisabled]
        let now = try now()
        let session: Session
        do {
            session = try accounts.session(of: token, at: now)
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
