package import Audit
import Core
package import Factors
package import Secrets
import Storage

extension AccountRegister {
    /// Gives an operator another password; every session of theirs is over.
    package func setPassword(_ password: borrowing SecretBytes, of name: String, in mutation: Mutation) throws {
        let hash = try hash(password)
        try change(name, in: mutation) { account, credentials in
            credentials.password = hash
            account.generation += 1
        }
        try endSessions(of: name, in: mutation)
    }

    /// Begins anew with a password alone, for who has lost the rest: other factors go, and every session is over.
    ///
    /// - Returns: the recovery codes and passkeys that are out of use.
    /// - Throws: `accounts.operator_disabled`: that is for ever.
    package func reset(
        _ name: String, password: borrowing SecretBytes, in mutation: Mutation
    ) throws -> [Denied] {
        let hash = try hash(password)
        let denied = try change(name, in: mutation) { account, credentials in
            guard account.disabled == nil else { throw AccountsError.operatorDisabled(name) }
            let denied =
                credentials.recoveryCodes.map(Denied.recoveryCode) + credentials.passkeys.map { .passkey($0.id) }
            credentials = Credentials(password: hash)
            account.generation += 1
            return denied
        }
        try endSessions(of: name, in: mutation)
        return denied
    }

    /// Takes one-time codes of `secret` from now on, in the place of any other secret.
    ///
    /// `code` shows that the app has the secret; it is used up by that.
    ///
    /// - Throws: `accounts.wrong_code`.
    package func enrolOneTimeCodes(
        _ secret: borrowing SecretBytes, confirming code: String, of name: String, in mutation: Mutation
    ) throws {
        let step = try OneTimeCodes.acceptedStep(
            of: code, secret: secret, at: mutation.authorization.time, after: nil)
        guard let step else { throw AccountsError.unconfirmed }
        let bytes = secret.withUnsafeBytes { Array($0) }
        try change(name, in: mutation) { _, credentials in
            credentials.oneTime = Credentials.OneTimeSecret(secret: bytes, acceptedStep: step)
        }
    }

    /// Makes fresh recovery codes, in the place of all that there were.
    ///
    /// - Returns: the codes, which are shown this once, and those that are out of use.
    package func issueRecoveryCodes(
        of name: String, in mutation: Mutation
    ) throws -> (codes: [RecoveryCode], denied: [Denied]) {
        let codes = RecoveryCodes.make()
        let denied = try change(name, in: mutation) { account, credentials in
            guard account.disabled == nil else { throw AccountsError.operatorDisabled(name) }
            let denied = credentials.recoveryCodes.map(Denied.recoveryCode)
            credentials.recoveryCodes = codes.map { $0.digest(for: account.id) }
            return denied
        }
        return (codes, denied)
    }

    /// Adds a passkey whose registration was verified.
    ///
    /// - Throws: `accounts.passkey_refused` when it is there already, or there are sixteen.
    package func addPasskey(_ passkey: EnrolledPasskey, of name: String, in mutation: Mutation) throws {
        try change(name, in: mutation) { _, credentials in
            guard credentials.passkeys.count < Credentials.mostPasskeys,
                !credentials.passkeys.contains(where: { $0.id == passkey.id })
            else {
                throw AccountsError(
                    AccountsError.passkeyRefused,
                    "the passkey is enrolled already, or there are \(Credentials.mostPasskeys) of them",
                    remedy: "use it as it is, or remove another")
            }
            credentials.passkeys.append(passkey)
        }
    }

    /// Removes a passkey.
    ///
    /// - Returns: what is out of use.
    /// - Throws: `accounts.passkey_unknown`.
    package func removePasskey(_ id: [UInt8], of name: String, in mutation: Mutation) throws -> [Denied] {
        try change(name, in: mutation) { _, credentials in
            guard let place = credentials.passkeys.firstIndex(where: { $0.id == id }) else {
                throw AccountsError(AccountsError.passkeyUnknown, "operator `\(name)` has no such passkey")
            }
            credentials.passkeys.remove(at: place)
            return [.passkey(id)]
        }
    }

    /// What an operator has enrolled besides the password; nothing of it is secret.
    package func factors(of name: String) throws -> EnrolledFactors {
        try database.read { connection in
            guard let row = try newestOperators(on: connection).first(where: { $0.account.name == name }) else {
                throw AccountsError.unknownOperator(name)
            }
            let credentials = try open(row)
            return EnrolledFactors(
                oneTimeCodes: credentials.oneTime != nil, recoveryCodes: credentials.recoveryCodes.count,
                passkeys: credentials.passkeys)
        }
    }
}

/// What an operator can show beside the password.
package struct EnrolledFactors: Sendable {
    package let oneTimeCodes: Bool
    /// How many recovery codes are left.
    package let recoveryCodes: Int
    package let passkeys: [EnrolledPasskey]
}
