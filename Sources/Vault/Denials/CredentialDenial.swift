package import Audit
package import Core
import Synchronization

/// That an account or something that proves one is out of use for ever, also for a copy of the vault from before.
package struct CredentialDenial: Sendable, Equatable {
    /// What is out of use; the raw value is the code in the denial ledger.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// An operator's account, by its id.
        case `operator` = 1
        /// A service, by its id.
        case service = 2
        /// A service's key, by its digest.
        case serviceKey = 3
        /// A recovery code, by its digest.
        case recoveryCode = 4
        /// A passkey, by the id that the authenticator gave it.
        case passkey = 5
    }

    /// What is out of use, however it is known.
    package struct Credential: Sendable, Hashable {
        package let kind: Kind
        package let value: [UInt8]

        package init(_ kind: Kind, _ value: [UInt8]) {
            self.kind = kind
            self.value = value
        }
    }

    package let credential: Credential
    package let time: Timestamp
    /// The decision that put it out of use.
    package let decision: UniqueID
    package let principal: Principal
}

extension DenialLedger {
    /// Puts something out of use for ever; a second time changes nothing.
    package func deny(_ credential: CredentialDenial.Credential, in mutation: Mutation) throws {
        guard !denies(credential) else { return }
        let authorization = mutation.authorization
        try append(
            .credential(
                CredentialDenial(
                    credential: credential, time: authorization.time, decision: authorization.decision,
                    principal: authorization.principal)), in: mutation)
    }

    /// Whether an account, or something that proves one, is out of use whatever its own row says.
    package func denies(_ credential: CredentialDenial.Credential) -> Bool {
        memory.withLock { $0.credentials.contains(credential) }
    }
}
