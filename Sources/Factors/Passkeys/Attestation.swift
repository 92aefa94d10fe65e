import Core

extension Passkeys {
    /// In which form an authenticator vouches for a new passkey (WebAuthn §8), of those that are taken.
    ///
    /// What it says is checked, the maker's certificate is not: no list of makers is kept. An attestation shows that
    /// the answer is whole; it does not show of which make the authenticator is.
    public enum AttestationFormat: String, Sendable, CaseIterable {
        case none
        case packed
        case fidoU2F = "fido-u2f"
        case tpm
    }
}

/// What a browser hands in with a new passkey (WebAuthn §6.5.4).
struct Attestation {
    let format: Passkeys.AttestationFormat
    /// Signed with the new passkey's own key rather than with a maker's.
    let isSelfSigned: Bool
    /// The statement as it was written.
    let statement: [UInt8]

    /// Reads an attestation object, and checks that its statement is one of its format.
    ///
    /// `algorithm` is the new passkey's.
    init(_ object: CBOR, algorithm: Passkeys.Algorithm) throws(FactorsError) {
        guard let name = object[.text("fmt")]?.text else {
            throw .malformedResponse("the attestation lacks its format")
        }
        guard let format = Passkeys.AttestationFormat(rawValue: name) else { throw Self.unsupported(Self.shown(name)) }
        guard let member = object.member(.text("attStmt")), case .map(let entries) = member.value else {
            throw .malformedResponse("the attestation lacks its statement")
        }
        self.format = format
        statement = Array(member.encodedValue)
        let certificates = member.value[.text("x5c")]
        let signer = member.value[.text("alg")]?.integer
        isSelfSigned = format == .packed && certificates == nil
        switch format {
        case .none:
            guard entries.isEmpty else { throw .malformedResponse("the attestation `none` says something") }
        case .packed:
            guard let signer, !isSelfSigned || signer == Int64(algorithm.rawValue) else {
                throw .malformedResponse("the attestation's algorithm is missing or not the passkey's")
            }
        case .fidoU2F:
            guard algorithm == .es256, case .array(let chain) = certificates, chain.count == 1 else {
                throw .malformedResponse("the attestation `fido-u2f` has one certificate and a P-256 key")
            }
        case .tpm:
            guard algorithm == .rs256, signer == Self.rs1 else { throw Self.unsupported("`tpm` but Windows's") }
            guard member.value[.text("ver")]?.text == "2.0", certificates != nil else {
                throw .malformedResponse("the attestation `tpm` is not of a TPM 2.0 or has no certificate")
            }
        }
    }

    /// RSA with SHA-1, with which the TPMs of Windows sign: the only ones that libfido2 knows.
    private static let rs1: Int64 = -65535

    private static func unsupported(_ form: String) -> FactorsError {
        FactorsError(
            FactorsError.unsupportedAttestation, "attestations of the form \(form) are not taken",
            remedy: "ask for none")
    }

    /// A format's name in an error: those that are registered have a few letters of ASCII.
    private static func shown(_ name: String) -> String {
        let isName = name.utf8.count <= 32 && name.utf8.allSatisfy { $0 == 0x2D || (0x30...0x7A).contains($0) }
        return isName ? "`\(name)`" : "that no registry has"
    }
}
