import Core
import Secrets

/// What the authenticator says, and signs (WebAuthn §6.1).
struct AuthenticatorData {
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let userPresent = Flags(rawValue: 0x01)
        static let userVerified = Flags(rawValue: 0x04)
        static let backupEligible = Flags(rawValue: 0x08)
        static let backedUp = Flags(rawValue: 0x10)
        static let attestedCredential = Flags(rawValue: 0x40)
        static let extensions = Flags(rawValue: 0x80)
    }

    /// The new passkey (§6.5.1).
    struct AttestedCredential {
        let aaguid: UniqueID
        let id: [UInt8]
        /// A COSE_Key (RFC 9052 §7).
        let key: CBOR
    }

    /// As they came: what is signed.
    let bytes: [UInt8]
    let relyingPartyHash: [UInt8]
    let flags: Flags
    let signCount: UInt32
    /// Comes with a registration, and with nothing else.
    let credential: AttestedCredential?
    /// A map; `nil` without extensions.
    let extensions: CBOR?

    init(_ bytes: [UInt8], purpose: ClientData.Purpose) throws(FactorsError) {
        self.bytes = bytes
        var reader = ByteReader(bytes)
        guard let hash = reader.read(count: 32), let flags = reader.read(UInt8.self),
            let signCount = reader.read(UInt32.self)
        else { throw .malformedResponse("the authenticator data is cut") }
        relyingPartyHash = Array(hash)
        self.flags = Flags(rawValue: flags)
        self.signCount = signCount
        guard self.flags.contains(.attestedCredential) == (purpose == .create) else {
            throw .malformedResponse("a credential comes with a registration, and with nothing else")
        }
        guard self.flags.contains(.backupEligible) || !self.flags.contains(.backedUp) else {
            throw .malformedResponse("the passkey is backed up and must not be")
        }
        var rest = bytes.suffix(reader.remaining)
        do throws(CBORReader.Malformed) {
            credential = purpose == .create ? try Self.credential(&rest) : nil
            extensions = self.flags.contains(.extensions) ? try Self.item(&rest) : nil
        } catch {
            throw .malformedResponse("the authenticator data is cut or its CBOR is not sound")
        }
        if let extensions, case .map = extensions {
        } else if extensions != nil {
            throw .malformedResponse("the extensions are not a map")
        }
        guard rest.isEmpty else { throw .malformedResponse("something follows the authenticator data") }
    }

    private static func credential(_ rest: inout ArraySlice<UInt8>) throws(CBORReader.Malformed) -> AttestedCredential {
        var reader = ByteReader(rest)
        guard let aaguid = reader.read(count: 16).flatMap({ UniqueID(bytes: $0) }),
            let length = reader.read(UInt16.self), (1...1023).contains(length),
            let id = reader.read(count: Int(length))
        else { throw CBORReader.Malformed() }
        rest = rest.suffix(reader.remaining)
        return AttestedCredential(aaguid: aaguid, id: Array(id), key: try item(&rest))
    }

    private static func item(_ rest: inout ArraySlice<UInt8>) throws(CBORReader.Malformed) -> CBOR {
        var reader = CBORReader(rest)
        let item = try reader.next()
        rest = reader.rest
        return item
    }

    /// Holds it against whom it is for (§7.1 steps 14 to 16, §7.2 steps 15 to 17).
    func check(for party: Passkeys.RelyingParty) throws(FactorsError) {
        guard relyingPartyHash == SHA256.digest(party.id.utf8) else {
            throw FactorsError(FactorsError.relyingPartyMismatch, "the passkey is for another site")
        }
        guard flags.contains(.userPresent) else {
            throw FactorsError(FactorsError.notPresentUser, "nobody has touched the authenticator")
        }
        guard flags.contains(.userVerified) || !party.requiresUserVerification else {
            throw FactorsError(
                FactorsError.notVerifiedUser, "the authenticator has not made sure of its owner",
                remedy: "set up a PIN, a finger or a face on it")
        }
    }
}
