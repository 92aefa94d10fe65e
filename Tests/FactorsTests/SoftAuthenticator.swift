import Core
import Factors
import Secrets

/// An authenticator and a browser in one that sign with Ed25519, and say whatever a test wants them to.
struct SoftAuthenticator {
    static let party = Passkeys.RelyingParty(id: "vault.example", origins: ["https://vault.example"])
    static let userPresent: UInt8 = 0x01
    static let userVerified: UInt8 = 0x04

    let id: [UInt8]
    private let key: SigningKey

    init() throws {
        id = Random.bytes(16)
        key = try .random()
    }

    static func clientData(_ type: String, _ challenge: Passkeys.Challenge, also: String = "") -> [UInt8] {
        Array(#"{"type":"\#(type)","challenge":"\#(challenge.text)","origin":"https://vault.example"\#(also)}"#.utf8)
    }

    private func authenticatorData(flags: UInt8, count: UInt32, rest: [UInt8]) -> [UInt8] {
        var data = SHA256.digest("vault.example".utf8) + [flags]
        data.append(bigEndian: count)
        return data + rest
    }

    /// A registration with the attestation `packed`, signed by the passkey itself, or with another one, whose statement
    /// is CBOR like `extensions`.
    func registration(
        to challenge: Passkeys.Challenge, flags: UInt8 = userPresent | userVerified, count: UInt32 = 0,
        extensions: [UInt8] = [], clientData: [UInt8]? = nil, attestation: (format: String, statement: [UInt8])? = nil
    ) throws -> Passkeys.Registration {
        let client = clientData ?? Self.clientData("webauthn.create", challenge)
        // {1: 1, 3: -8, -1: 6, -2: point}
        let publicKey = try [0xA4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20] + key.verifyingKey.bytes
        let data = authenticatorData(
            flags: flags | 0x40 | (extensions.isEmpty ? 0 : 0x80), count: count,
            rest: [UInt8](repeating: 7, count: 16) + [0, 16] + id + publicKey + extensions)
        let signature = try key.sign(data + SHA256.digest(client))
        let packed = [0xA2] + Self.text("alg") + [0x27] + Self.text("sig") + Self.string(signature)
        return Passkeys.Registration(
            clientDataJSON: client,
            attestationObject: [0xA3] + Self.text("fmt") + Self.text(attestation?.format ?? "packed")
                + Self.text("attStmt") + (attestation?.statement ?? packed) + Self.text("authData")
                + Self.string(data))
    }

    func assertion(
        to challenge: Passkeys.Challenge, flags: UInt8 = userPresent | userVerified, count: UInt32 = 0,
        extensions: [UInt8] = [], clientData: [UInt8]? = nil
    ) throws -> Passkeys.Assertion {
        let client = clientData ?? Self.clientData("webauthn.get", challenge)
        let data = authenticatorData(
            flags: flags | (extensions.isEmpty ? 0 : 0x80), count: count, rest: extensions)
        return Passkeys.Assertion(
            credentialID: id, clientDataJSON: client, authenticatorData: data,
            signature: try key.sign(data + SHA256.digest(client)))
    }

    /// A text of CBOR of fewer than 24 bytes.
    static func text(_ text: String) -> [UInt8] { [0x60 | UInt8(text.utf8.count)] + Array(text.utf8) }

    /// Bytes of CBOR, fewer than 65,536.
    static func string(_ bytes: [UInt8]) -> [UInt8] {
        [0x59, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
    }
}
