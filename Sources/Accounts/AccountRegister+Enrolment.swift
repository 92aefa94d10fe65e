package import Audit
package import Core
package import Factors
import Secrets

/// What an operator is given once, and nobody keeps in the open: for the authenticator app, and on paper.
package struct Enrolment: Sendable {
    /// `nil` in a build without one-time codes.
    package let oneTimeCodes: OneTimeCodes.Enrolment?
    package let recoveryCodes: [RecoveryCode]
}

extension AccountRegister {
    /// What an authenticator app shows beside the operator's name.
    package static let issuer = "ProfileVault"

    /// Makes an operator a secret for one-time codes, where this build has them, and recovery codes, in the place of what
    /// there was.
    ///
    /// - Returns: what they are given, and what is out of use.
    package func enrol(_ name: String, in mutation: Mutation) throws -> (enrolment: Enrolment, denied: [Denied]) {
        var oneTimeCodes: OneTimeCodes.Enrolment?
        if OneTimeCodes.isAvailable {
            let secret = try OneTimeCodes.makeSecret()
            oneTimeCodes = try OneTimeCodes.enrolment(secret: secret, account: name, issuer: Self.issuer)
            let bytes = secret.withUnsafeBytes { Array($0) }
            try change(name, in: mutation) { _, credentials in
                credentials.oneTime = Credentials.OneTimeSecret(secret: bytes, acceptedStep: nil)
            }
        }
        let (codes, denied) = try issueRecoveryCodes(of: name, in: mutation)
        return (Enrolment(oneTimeCodes: oneTimeCodes, recoveryCodes: codes), denied)
    }

    /// Who has just been enrolled by the founding of a vault, and is there: the first session takes no other proof.
    package func enrolled(_ name: String, from client: Client, at time: Timestamp) throws -> Proven {
        guard let account = try list().first(where: { $0.name == name }) else {
            throw AccountsError.unknownOperator(name)
        }
        return Proven(
            account: account, proof: MFAProof(method: .enrolment, time: time), client: client, written: nil, used: [])
    }
}
