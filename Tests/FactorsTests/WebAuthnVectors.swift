import Core
import Foundation
import TestSupport

@testable import Factors

/// The published pairs of a registration and a use (WebAuthn Level 3, test vectors).
struct WebAuthnVectors: Decodable {
    struct Case: Decodable {
        struct Registration: Decodable {
            let challenge: String
            let clientDataJSON: String
            let attestationObject: String
        }
        struct Authentication: Decodable {
            let challenge: String
            let clientDataJSON: String
            let authenticatorData: String
            let signature: String
        }
        let id: String
        let registration: Registration?
        let authentication: Authentication?
    }
    let rpId: String
    let origin: String
    /// Of the page of another site whose frame some of the pairs come from.
    let topOrigin: String
    let cases: [Case]

    /// `nil`, said out loud, where the file is absent.
    static func pairs() throws -> [WebAuthnPair]? {
        guard let path = SharedFile.path("vectors/webauthn/webauthn_l3.json") else { return nil }
        let file = try JSONDecoder().decode(WebAuthnVectors.self, from: Data(contentsOf: URL(filePath: path)))
        return file.cases.compactMap { entry in
            guard let registration = entry.registration, let authentication = entry.authentication,
                let made = bytes(hex: registration.challenge).flatMap(Passkeys.Challenge.init(bytes:)),
                let used = bytes(hex: authentication.challenge).flatMap(Passkeys.Challenge.init(bytes:)),
                let createData = bytes(hex: registration.clientDataJSON),
                let attestation = bytes(hex: registration.attestationObject),
                let getData = bytes(hex: authentication.clientDataJSON),
                let authenticatorData = bytes(hex: authentication.authenticatorData),
                let signature = bytes(hex: authentication.signature)
            else { return nil }
            return WebAuthnPair(
                name: entry.id.replacing("sctn-test-vectors-", with: ""), id: file.rpId, origin: file.origin,
                framingOrigins: entry.id.hasSuffix("Origin") ? [file.topOrigin] : [],
                registration: Passkeys.Registration(clientDataJSON: createData, attestationObject: attestation),
                registrationChallenge: made, clientDataJSON: getData, authenticatorData: authenticatorData,
                signature: signature, challenge: used)
        }
    }
}

/// A registration and a use of the same passkey, as a browser sends them.
struct WebAuthnPair {
    let name: String
    let id: String
    let origin: String
    let framingOrigins: Set<String>
    var registration: Passkeys.Registration
    let registrationChallenge: Passkeys.Challenge
    var clientDataJSON: [UInt8]
    var authenticatorData: [UInt8]
    var signature: [UInt8]
    let challenge: Passkeys.Challenge

    /// Many of the pairs come from authenticators that only were touched.
    func party(verified: Bool = false) -> Passkeys.RelyingParty {
        Passkeys.RelyingParty(
            id: id, origins: [origin], framingOrigins: framingOrigins.isEmpty ? nil : framingOrigins,
            requiresUserVerification: verified)
    }

    func register(
        for party: Passkeys.RelyingParty? = nil, challenge: Passkeys.Challenge? = nil
    ) throws -> Passkeys.Credential {
        try Passkeys.verify(
            registration, challenge: challenge ?? registrationChallenge, for: party ?? self.party())
    }

    func use(
        _ credential: Passkeys.Credential, for party: Passkeys.RelyingParty? = nil,
        challenge: Passkeys.Challenge? = nil
    ) throws -> Passkeys.Use {
        try Passkeys.verify(
            Passkeys.Assertion(
                credentialID: credential.id, clientDataJSON: clientDataJSON, authenticatorData: authenticatorData,
                signature: signature),
            of: credential, challenge: challenge ?? self.challenge, for: party ?? self.party())
    }
}

/// The code of what `body` throws; `nil` when it throws nothing.
func refusal(_ body: () throws -> Void) throws -> ErrorCode? {
    do {
        try body()
        return nil
    } catch let error as FactorsError {
        return error.code
    }
}
