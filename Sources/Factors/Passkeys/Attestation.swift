import Core

extension Passkeys {
    /// In which form an authenticator vouches for a new passkey (WebAuthn §8), of those that are taken.
    ///
    /// What it says is checked, and that the maker's certificate says what it must, but not who issued that: no list of
    /// makers is kept. An attestation shows that the answer is whole; it does not show of which make the authenticator is.
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
    /// What it is signed with, where it says so.
    let signer: SigningAlgorithm?
    /// Empty where there is none.
    let signature: [UInt8]
    /// The maker's, whose key signs, then those of who vouches for the maker.
    let certificates: [[UInt8]]
    /// What a TPM certifies (TPMS_ATTEST), and of which key (TPMT_PUBLIC).
    let certifyInfo: [UInt8]
    let publicArea: [UInt8]

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
        func bytes(_ name: String) -> [UInt8] { member.value[.text(name)]?.bytes.map(Array.init) ?? [] }
        self.format = format
        statement = Array(member.encodedValue)
        signature = bytes("sig")
        certifyInfo = bytes("certInfo")
        publicArea = bytes("pubArea")
        let chain: [CBOR]? = if case .array(let chain) = member.value[.text("x5c")] { chain } else { nil }
        certificates = chain?.map { $0.bytes.map(Array.init) ?? [] } ?? []
        isSelfSigned = format == .packed && member.value[.text("x5c")] == nil
        let number = member.value[.text("alg")]?.integer
        signer = number.flatMap(SigningAlgorithm.init)
        switch format {
        case .none:
            guard entries.isEmpty else { throw .malformedResponse("the attestation `none` says something") }
        case .packed:
            guard let number, !isSelfSigned || number == Int64(algorithm.rawValue) else {
                throw .malformedResponse("the attestation's algorithm is missing or not the passkey's")
            }
            guard let signer, signer != .rs1 else {
                throw Self.unsupported("`packed` with the algorithm \(number)")
            }
        case .fidoU2F:
            guard algorithm == .es256, certificates.count == 1 else {
                throw .malformedResponse("the attestation `fido-u2f` has one certificate and a P-256 key")
            }
        case .tpm:
            guard algorithm != .edDSA, signer?.hash != nil else {
                throw Self.unsupported("`tpm` for such a key or with such an algorithm")
            }
            guard member.value[.text("ver")]?.text == "2.0", chain != nil else {
                throw .malformedResponse("the attestation `tpm` is not of a TPM 2.0 or has no certificate")
            }
        }
    }

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
