/// Who verifies what passkeys and their authenticators sign.
///
/// libfido2 all that it can hold. GnuTLS the rest: RSA keys, of which libfido2 holds those of 2,048 bits alone; what TPMs
/// state, of which it knows one form; and what the certificates of makers must say, which it does not ask.
enum Verifier {
    static func ensureAvailable() throws(FactorsError) {
        guard isAvailable else { throw .unavailable("passkeys", trait: "Passkeys") }
    }

    #if Passkeys
        static let isAvailable = true

        /// Verifies a new passkey's attestation (WebAuthn §8), and that its key is one.
        static func verify(
            _ attestation: Attestation, of data: AuthenticatorData, with key: Passkeys.PublicKey,
            clientDataHash: [UInt8], for party: Passkeys.RelyingParty
        ) throws(FactorsError) {
            let signed = data.bytes + clientDataHash
            switch (attestation.format, key.rsa) {
            case (.tpm, let numbers):
                try attestation.checkStatement(of: key, signed: signed)
                try attestation.verify(attestation.certifyInfo, with: attestation.certificate(for: data).key())
                if numbers == nil { try FIDO2.ensureSound(key) }
            case (.packed, let numbers?) where attestation.isSelfSigned:
                try attestation.verify(signed, with: GnuTLSKey(numbers))
            case (.packed, _?):
                try attestation.verify(signed, with: attestation.certificate(for: data).key())
            case (.none, _?):
                // Nothing is signed, and the key's numbers were checked when they were read.
                break
            case (.packed, nil) where !attestation.isSelfSigned:
                _ = try attestation.certificate(for: data)
                fallthrough
            default:
                try FIDO2.verify(attestation, of: data, with: key, clientDataHash: clientDataHash, for: party)
            }
        }

        /// Verifies the signature of a use (WebAuthn §7.2 step 21).
        static func verify(
            _ signature: [UInt8], of data: AuthenticatorData, with key: Passkeys.PublicKey, clientDataHash: [UInt8],
            for party: Passkeys.RelyingParty
        ) throws(FactorsError) {
            let isGood =
                if let numbers = key.rsa {
                    try GnuTLSKey(numbers).verifies(signature, of: data.bytes + clientDataHash, algorithm: .rs256)
                } else {
                    try FIDO2.verifies(signature, of: data, with: key, clientDataHash: clientDataHash, for: party)
                }
            guard isGood else { throw FactorsError(FactorsError.badSignature, "the passkey's signature is not good") }
        }
    #else
        static let isAvailable = false

        static func verify(
            _ attestation: Attestation, of data: AuthenticatorData, with key: Passkeys.PublicKey,
            clientDataHash: [UInt8], for party: Passkeys.RelyingParty
        ) throws(FactorsError) {
            throw .unavailable("passkeys", trait: "Passkeys")
        }

        static func verify(
            _ signature: [UInt8], of data: AuthenticatorData, with key: Passkeys.PublicKey, clientDataHash: [UInt8],
            for party: Passkeys.RelyingParty
        ) throws(FactorsError) {
            throw .unavailable("passkeys", trait: "Passkeys")
        }
    #endif
}
