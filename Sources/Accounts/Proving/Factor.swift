import Core
package import Factors
import Secrets

/// What somebody shows beside the password.
package enum Factor: Sendable {
    /// The digits of an authenticator app, as typed.
    case oneTimeCode(String)
    /// One of the codes on paper, as typed.
    case recoveryCode(String)
    /// What a browser answered for a passkey, whose challenge the caller gave out, once, for this party.
    case passkey(Passkeys.Assertion, challenge: Passkeys.Challenge, for: Passkeys.RelyingParty)
}

extension Credentials {
    /// Takes a factor and uses it up: the accepted time step, the recovery code, the passkey's new count are in `self` then.
    ///
    /// - Returns: how it was proved and what is used up for ever; `nil` for a code that is not good, or a factor that is not
    ///   enrolled.
    /// - Throws: what a passkey was refused for (`FactorsError`).
    mutating func accept(
        _ factor: Factor, of account: UniqueID, at time: Timestamp
    ) throws -> (method: MFAProof.Method, used: [Denied])? {
        switch factor {
        case .oneTimeCode(let code):
            let known = oneTime ?? OneTimeSecret(secret: Random.bytes(OneTimeCodes.secretLength), acceptedStep: nil)
            let step = try OneTimeCodes.acceptedStep(
                of: code, secret: SecretBytes(copying: known.secret), at: time, after: known.acceptedStep)
            guard oneTime != nil, let step else { return nil }
            oneTime?.acceptedStep = step
            return (.oneTimeCode, [])
        case .recoveryCode(let text):
            guard let digest = RecoveryCode(parsing: text)?.digest(for: account) else { return nil }
            guard let place = recoveryCodes.firstIndex(where: { equalInConstantTime($0, digest) }) else { return nil }
            recoveryCodes.remove(at: place)
            return (.recoveryCode, [.recoveryCode(digest)])
        case .passkey(let assertion, let challenge, let party):
            guard let place = passkeys.firstIndex(where: { $0.id == assertion.credentialID }) else { return nil }
            passkeys[place].credential = try Passkeys.verify(
                assertion, of: passkeys[place].credential, challenge: challenge, for: party
            ).credential
            return (.passkey, [])
        }
    }
}
