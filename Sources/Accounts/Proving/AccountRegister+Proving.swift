package import Core
package import Secrets
import Storage

extension AccountRegister {
    /// Whose factors are looked at where there is no such account.
    private static let nobody = UniqueID(high: 0, low: 0)

    /// Who knows the password, and where one is shown holds the second factor.
    ///
    /// An unknown name, a wrong password, a wrong, used or never enrolled factor and a disabled operator give the same
    /// answer after the same work: one Argon2id. Failures are counted by name and by address before that work begins.
    /// Whether a factor is needed is for the policies to say: they see the proof. It is used up when a session is opened.
    ///
    /// - Parameters:
    ///   - name: as it was typed.
    ///   - password: as it was typed.
    ///   - factor: what is shown beside it.
    ///   - client: from where; the session is bound to it.
    ///   - time: the gate's.
    /// - Returns: what a session can be opened for.
    /// - Throws: `accounts.too_many_attempts`, `accounts.wrong_credentials`; after a right password `accounts.password_outdated`
    ///   when its hash is too weak, and what a passkey was refused for (`FactorsError`); an integrity error when an account is
    ///   not the newest that the log knows.
    package func prove(
        _ name: String, password: borrowing SecretBytes, factor: Factor? = nil, from client: Client, at time: Timestamp
    ) throws -> Proven {
        let row = try database.read {
            try newestOperators(on: $0).first { $0.account.name.utf8.elementsEqual(name.utf8) }
        }
        let admission = try database.write { try attempts.admit(name, from: client.address, at: time, on: $0) }
        let credentials = try row.map { try open($0) } ?? Credentials(password: PasswordHash.decoy(cost: cost))
        let matches = turnstile.pass { PasswordHash.verify(password, against: credentials.password) }
        var changed = credentials
        let shown = Result {
            try factor.flatMap { try changed.accept($0, of: row?.account.id ?? Self.nobody, at: time) }
        }
        guard matches, let account = row?.account, account.disabled == nil else { throw AccountsError.rejected }
        let accepted = try shown.get()
        guard factor == nil || accepted != nil else { throw AccountsError.rejected }
        let isRenewed = try renew(&changed, password)
        let isFull = accepted != nil || !credentials.hasOtherFactors
        try database.write { try attempts.succeeded(name, in: isFull, from: client.address, admission, on: $0) }
        return Proven(
            account: account, proof: accepted.map { MFAProof(method: $0.method, time: time) }, client: client,
            written: accepted != nil || isRenewed ? changed : nil, used: accepted?.used ?? [])
    }

    /// Makes the hash anew where it costs less than a new one would; one that costs more stays as it is.
    private func renew(_ credentials: inout Credentials, _ password: borrowing SecretBytes) throws -> Bool {
        guard let stored = PasswordHash.cost(of: credentials.password), stored.covers(floor) else {
            throw AccountsError.weakHash
        }
        guard !stored.covers(cost) else { return false }
        credentials.password = try turnstile.pass { try PasswordHash.make(password, cost: stored.raised(to: cost)) }
        return true
    }
}
