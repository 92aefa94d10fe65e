public import Core

/// Passkeys and security keys: answers of browsers to `navigator.credentials` (WebAuthn Level 3), verified through libfido2
/// and GnuTLS.
public enum Passkeys {
    /// Whether this build has these libraries; where it has not, everything here throws `factors.unavailable`.
    public static var isAvailable: Bool { Verifier.isAvailable }

    /// What a browser answers to `create()`, as bytes.
    public struct Registration: Sendable {
        public let clientDataJSON: [UInt8]
        public let attestationObject: [UInt8]

        public init(clientDataJSON: [UInt8], attestationObject: [UInt8]) {
            self.clientDataJSON = clientDataJSON
            self.attestationObject = attestationObject
        }
    }

    /// A passkey as it is to be kept with its account. None of it is secret.
    public struct Credential: Sendable, Equatable {
        /// By which browsers and authenticators name it, up to 1,023 bytes.
        public let id: [UInt8]
        public let publicKey: PublicKey
        /// How often it has signed, where it counts; else 0.
        public var signCount: UInt32
        /// The model of authenticator, or zeros; nobody vouches for it.
        public let aaguid: UniqueID
        /// Whether it may be copied to other devices of its owner; never changes.
        public let isBackupEligible: Bool
        /// Whether it has been.
        public var isBackedUp: Bool
        public let attestation: AttestationFormat

        public init(
            id: [UInt8], publicKey: PublicKey, signCount: UInt32, aaguid: UniqueID, isBackupEligible: Bool,
            isBackedUp: Bool, attestation: AttestationFormat
        ) {
            self.id = id
            self.publicKey = publicKey
            self.signCount = signCount
            self.aaguid = aaguid
            self.isBackupEligible = isBackupEligible
            self.isBackedUp = isBackedUp
            self.attestation = attestation
        }
    }

    /// Verifies a new passkey (WebAuthn §7.1), all but whether its id is new, which the caller knows.
    ///
    /// - Throws: an error whose code names the check that failed, in the order of the standard.
    public static func verify(
        _ registration: Registration, challenge: Challenge, for party: RelyingParty
    ) throws(FactorsError) -> Credential {
        try Verifier.ensureAvailable()
        let client = try ClientData(registration.clientDataJSON, purpose: .create, challenge: challenge, for: party)
        let object: CBOR
        do throws(CBORReader.Malformed) {
            object = try CBORReader.item(registration.attestationObject[...])
        } catch {
            throw .malformedResponse("the attestation is cut or its CBOR is not sound")
        }
        guard let bytes = object[.text("authData")]?.bytes else {
            throw .malformedResponse("the attestation lacks the authenticator data")
        }
        let data = try AuthenticatorData(Array(bytes), purpose: .create)
        try data.check(for: party)
        guard let credential = data.credential else { throw .malformedResponse("there is no new passkey") }
        let publicKey = try PublicKey(of: credential.key)
        let attestation = try Attestation(object, algorithm: publicKey.algorithm)
        try Verifier.verify(attestation, of: data, with: publicKey, clientDataHash: client.hash, for: party)
        return Credential(
            id: credential.id, publicKey: publicKey, signCount: data.signCount, aaguid: credential.aaguid,
            isBackupEligible: data.flags.contains(.backupEligible), isBackedUp: data.flags.contains(.backedUp),
            attestation: attestation.format)
    }
}
