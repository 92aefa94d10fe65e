extension Passkeys {
    /// What a browser answers to `get()`, as bytes.
    public struct Assertion: Sendable {
        public let credentialID: [UInt8]
        public let clientDataJSON: [UInt8]
        public let authenticatorData: [UInt8]
        public let signature: [UInt8]

        public init(credentialID: [UInt8], clientDataJSON: [UInt8], authenticatorData: [UInt8], signature: [UInt8]) {
            self.credentialID = credentialID
            self.clientDataJSON = clientDataJSON
            self.authenticatorData = authenticatorData
            self.signature = signature
        }
    }

    /// What is to be known of a use of a passkey.
    public struct Use: Sendable {
        /// The passkey with its new count and backup state, to be kept in the place of the old one.
        public let credential: Credential
        /// Whether the authenticator made sure of its owner.
        public let isUserVerified: Bool
    }

    /// Verifies the use of a passkey (WebAuthn §7.2) whose account the caller knows by its id.
    ///
    /// - Throws: an error whose code names the check that failed, in the order of the standard.
    ///   `factors.cloned_counter` comes after a good signature: the caller should tell somebody.
    public static func verify(
        _ assertion: Assertion, of credential: Credential, challenge: Challenge, for party: RelyingParty
    ) throws(FactorsError) -> Use {
        try Verifier.ensureAvailable()
        guard assertion.credentialID == credential.id else {
            throw FactorsError(FactorsError.unknownCredential, "the answer is one of another passkey")
        }
        let client = try ClientData(assertion.clientDataJSON, purpose: .get, challenge: challenge, for: party)
        let data = try AuthenticatorData(assertion.authenticatorData, purpose: .get)
        try data.check(for: party)
        guard data.flags.contains(.backupEligible) == credential.isBackupEligible else {
            throw FactorsError(
                FactorsError.backupChanged, "whether the passkey may be copied to other devices has changed",
                remedy: "register it again")
        }
        try Verifier.verify(
            assertion.signature, of: data, with: credential.publicKey, clientDataHash: client.hash, for: party)
        guard data.signCount > credential.signCount || data.signCount == 0 && credential.signCount == 0 else {
            throw FactorsError(
                FactorsError.clonedCounter, "the passkey's counter has not grown: there may be a copy of it",
                remedy: "remove the passkey and register a new one")
        }
        var used = credential
        used.signCount = data.signCount
        used.isBackedUp = data.flags.contains(.backedUp)
        return Use(credential: used, isUserVerified: data.flags.contains(.userVerified))
    }
}
