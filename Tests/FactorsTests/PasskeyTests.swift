import Core
import Foundation
import Testing

@testable import Factors

#if Passkeys
    @Suite("Passkeys")
    struct PasskeyTests {
        private let challenge = Passkeys.Challenge()
        private let party = SoftAuthenticator.party

        private func registered(_ device: SoftAuthenticator, flags: UInt8 = 5, count: UInt32 = 0) throws
            -> Passkeys.Credential
        {
            try Passkeys.verify(
                device.registration(to: challenge, flags: flags, count: count), challenge: challenge, for: party)
        }

        @Test("are kept as what the authenticator said of them")
        func registration() throws {
            let device = try SoftAuthenticator()
            let credential = try registered(device, flags: 0x1D, count: 3)
            #expect(credential.id == device.id && credential.signCount == 3)
            #expect(credential.isBackupEligible && credential.isBackedUp)
            #expect(credential.aaguid.bytes == [UInt8](repeating: 7, count: 16))
            #expect(credential.attestation == .packed && credential.publicKey.algorithm == .edDSA)
            #expect(credential.publicKey.stored.prefix(4) == [0xFF, 0xFF, 0xFF, 0xF8])
            let plain = try registered(device)
            #expect(!plain.isBackupEligible && !plain.isBackedUp)
        }

        @Test("are used by whoever has them, and by nobody with another")
        func use() throws {
            let (device, other) = (try SoftAuthenticator(), try SoftAuthenticator())
            let credential = try registered(device)
            let use = try Passkeys.verify(
                device.assertion(to: challenge), of: credential, challenge: challenge, for: party)
            #expect(use.credential == credential && use.isUserVerified)
            let stranger = try other.assertion(to: challenge)
            #expect(
                try refusal { _ = try Passkeys.verify(stranger, of: credential, challenge: challenge, for: party) }
                    == FactorsError.unknownCredential)
            let claimed = Passkeys.Assertion(
                credentialID: device.id, clientDataJSON: stranger.clientDataJSON,
                authenticatorData: stranger.authenticatorData, signature: stranger.signature)
            #expect(
                try refusal { _ = try Passkeys.verify(claimed, of: credential, challenge: challenge, for: party) }
                    == FactorsError.badSignature)
        }

        @Test(
            "must count upwards, if they count at all",
            arguments: [
                (0, 0, true), (0, 1, true), (1, 2, true), (7, .max, true), (1, 1, false), (2, 1, false), (1, 0, false),
                (.max, 0, false),
            ] as [(UInt32, UInt32, Bool)])
        func counter(old: UInt32, new: UInt32, isTaken: Bool) throws {
            let device = try SoftAuthenticator()
            let credential = try registered(device, count: old)
            let assertion = try device.assertion(to: challenge, count: new)
            guard isTaken else {
                #expect(
                    try refusal { _ = try Passkeys.verify(assertion, of: credential, challenge: challenge, for: party) }
                        == FactorsError.clonedCounter)
                return
            }
            let use = try Passkeys.verify(assertion, of: credential, challenge: challenge, for: party)
            #expect(use.credential.signCount == new)
        }

        @Test(
            "need a person who is there and is the owner",
            arguments: [
                (0x04, FactorsError.notPresentUser), (0x01, FactorsError.notVerifiedUser),
                (0x00, FactorsError.notPresentUser),
            ] as [(UInt8, ErrorCode)])
        func flags(flags: UInt8, code: ErrorCode) throws {
            let device = try SoftAuthenticator()
            #expect(try refusal { _ = try registered(device, flags: flags) } == code)
            let credential = try registered(device)
            let assertion = try device.assertion(to: challenge, flags: flags)
            #expect(
                try refusal { _ = try Passkeys.verify(assertion, of: credential, challenge: challenge, for: party) }
                    == code)
        }

        @Test("cannot be backed up when they are not eligible, nor become it")
        func backup() throws {
            let device = try SoftAuthenticator()
            #expect(try refusal { _ = try registered(device, flags: 0x15) } == FactorsError.malformedResponse)
            let credential = try registered(device)
            for (flags, code) in [(0x15, FactorsError.malformedResponse), (0x0D, FactorsError.backupChanged)]
                as [(UInt8, ErrorCode)]
            {
                let assertion = try device.assertion(to: challenge, flags: flags)
                #expect(
                    try refusal { _ = try Passkeys.verify(assertion, of: credential, challenge: challenge, for: party) }
                        == code)
            }
            let synced = try registered(device, flags: 0x0D)
            let use = try Passkeys.verify(
                device.assertion(to: challenge, flags: 0x1D), of: synced, challenge: challenge, for: party)
            #expect(use.credential.isBackedUp && !synced.isBackedUp)
        }

        @Test("may come with extensions that browsers ask for by themselves")
        func extensions() throws {
            let device = try SoftAuthenticator()
            let text = SoftAuthenticator.text
            let made: [[UInt8]] = [
                [0xA0], [0xA1] + text("credProtect") + [2], [0xA1] + text("hmac-secret") + [0xF5],
                [0xA1] + text("hmac-secret") + [0xF4],
                [0xA2] + text("credProtect") + [3] + text("hmac-secret") + [0xF5],
                [0xA1] + text("minPinLength") + [4], [0xA1] + text("unheardOf") + [0xA1] + text("a") + [0x80],
            ]
            for extensions in made {
                let registration = try device.registration(to: challenge, extensions: extensions)
                #expect(
                    try refusal { _ = try Passkeys.verify(registration, challenge: challenge, for: party) } == nil,
                    "\(hex(extensions))")
            }
            let credential = try registered(device)
            let used: [[UInt8]] = [
                [0xA0], [0xA1] + text("hmac-secret") + [0x44, 1, 2, 3, 4], [0xA1] + text("credBlob") + [0x41, 9],
                [0xA1] + text("unheardOf") + [1],
            ]
            for extensions in used {
                let assertion = try device.assertion(to: challenge, extensions: extensions)
                #expect(
                    try refusal { _ = try Passkeys.verify(assertion, of: credential, challenge: challenge, for: party) }
                        == nil, "\(hex(extensions))")
            }
        }

        @Test(
            "are not taken out of frames, nor from client data that says no such thing",
            arguments: [
                (#","crossOrigin":true"#, FactorsError.crossOrigin),
                (#","crossOrigin":true,"topOrigin":"https://shop.example""#, FactorsError.crossOrigin),
                (#","topOrigin":"https://a.example""#, FactorsError.crossOrigin),
                (#","crossOrigin":false,"topOrigin":"https://vault.example""#, FactorsError.crossOrigin),
                (#","crossOrigin":"no""#, FactorsError.malformedResponse),
                (#","origin":"https://vault.example""#, FactorsError.malformedResponse),
                (#","crossOrigin":false,"more":[1]"#, nil), ("", nil),
            ] as [(String, ErrorCode?)])
        func frames(also: String, code: ErrorCode?) throws {
            let device = try SoftAuthenticator()
            let made = SoftAuthenticator.clientData("webauthn.create", challenge, also: also)
            #expect(
                try refusal {
                    _ = try Passkeys.verify(
                        device.registration(to: challenge, clientData: made), challenge: challenge, for: party)
                } == code)
            let credential = try registered(device)
            let used = SoftAuthenticator.clientData("webauthn.get", challenge, also: also)
            #expect(
                try refusal {
                    _ = try Passkeys.verify(
                        device.assertion(to: challenge, clientData: used), of: credential, challenge: challenge,
                        for: party)
                } == code)
        }

        @Test(
            "are taken out of the frames that are expected, and of no others",
            arguments: [
                (#","crossOrigin":true"#, nil), (#","crossOrigin":true,"topOrigin":"https://shop.example""#, nil),
                ("", nil), (#","crossOrigin":false"#, nil),
                (#","crossOrigin":true,"topOrigin":"https://a.example""#, FactorsError.crossOrigin),
                (#","crossOrigin":true,"topOrigin":"https://shop.example:444""#, FactorsError.crossOrigin),
                (#","crossOrigin":true,"topOrigin":null"#, FactorsError.crossOrigin),
                (#","crossOrigin":true,"topOrigin":["https://shop.example"]"#, FactorsError.crossOrigin),
                (#","topOrigin":"https://shop.example""#, FactorsError.crossOrigin),
                (#","crossOrigin":false,"topOrigin":"https://shop.example""#, FactorsError.crossOrigin),
                (#","crossOrigin":1,"topOrigin":"https://shop.example""#, FactorsError.malformedResponse),
            ] as [(String, ErrorCode?)])
        func expectedFrames(also: String, code: ErrorCode?) throws {
            let party = Passkeys.RelyingParty(
                id: party.id, origins: party.origins, framingOrigins: ["https://shop.example"])
            let made = SoftAuthenticator.clientData("webauthn.create", challenge, also: also)
            #expect(
                try refusal {
                    _ = try Passkeys.verify(
                        SoftAuthenticator().registration(to: challenge, clientData: made), challenge: challenge,
                        for: party)
                } == code)
        }

        private static let statements: [(String, [UInt8], ErrorCode?)] = [
            ("none", [0xA0], nil), ("none", [0xA1] + SoftAuthenticator.text("a") + [1], FactorsError.malformedResponse),
            ("none", [0x80], FactorsError.malformedResponse), ("packed", [0xA0], FactorsError.malformedResponse),
            ("packed", [0xA1] + SoftAuthenticator.text("alg") + [0x26], FactorsError.malformedResponse),
            ("packed", [0xA1] + SoftAuthenticator.text("alg") + [0x27], FactorsError.badAttestation),
            (
                "packed", [0xA2] + SoftAuthenticator.text("alg") + [0x27] + SoftAuthenticator.text("x5c") + [0x80],
                FactorsError.badAttestation
            ),
            ("fido-u2f", [0xA0], FactorsError.malformedResponse), ("tpm", [0xA0], FactorsError.unsupportedAttestation),
            ("apple", [0xA0], FactorsError.unsupportedAttestation),
            ("android-key", [0xA0], FactorsError.unsupportedAttestation),
            ("compound", [0x80], FactorsError.unsupportedAttestation),
            ("android-safetynet", [0xA0], FactorsError.unsupportedAttestation),
        ]

        @Test("come with attestations that say what their form has, or are refused", arguments: statements)
        func attestation(format: String, statement: [UInt8], code: ErrorCode?) throws {
            let registration = try SoftAuthenticator().registration(
                to: challenge, attestation: (format, statement))
            #expect(
                try refusal { _ = try Passkeys.verify(registration, challenge: challenge, for: party) } == code)
        }

        @Test("are refused with the name of their attestation, unless it is no name")
        func attestationName() throws {
            for (format, shown) in [("apple", "`apple`"), ("a b\u{7}", "that no registry has")] {
                let registration = try SoftAuthenticator().registration(to: challenge, attestation: (format, [0xA0]))
                let error = #expect(throws: FactorsError.self) {
                    try Passkeys.verify(registration, challenge: challenge, for: party)
                }
                #expect(error?.message == "attestations of the form \(shown) are not taken")
            }
        }

        @Test("of RSA with 2,048 bits verify, vouched for by themselves or by a TPM, as Windows makes them")
        func rsa() throws {
            let party = Passkeys.RelyingParty(id: "example.org", origins: ["https://example.org"])
            let made = try #require(Passkeys.Challenge(bytes: Array(0..<32)))
            let used = try #require(Passkeys.Challenge(bytes: Array(32..<64)))
            func clientData(_ type: String, _ challenge: Passkeys.Challenge) -> [UInt8] {
                Array(
                    #"{"type":"\#(type)","challenge":"\#(challenge.text)","origin":"https://example.org","crossOrigin":false}"#
                        .utf8)
            }
            func register(_ object: [UInt8]) throws -> Passkeys.Credential {
                try Passkeys.verify(
                    Passkeys.Registration(
                        clientDataJSON: clientData("webauthn.create", made), attestationObject: object),
                    challenge: made, for: party)
            }
            let credential = try register(RSAPasskey.tpmAttestation)
            #expect(credential.attestation == .tpm)
            let same = try register(RSAPasskey.selfAttestation)
            #expect(same.attestation == .packed && same.publicKey == credential.publicKey)
            for object in [RSAPasskey.tpmAttestation, RSAPasskey.selfAttestation] {
                let item = try CBORReader.item(object[...])
                let statement = item[.text("attStmt")]
                for name in ["sig", "pubArea", "certInfo"] {
                    guard let part = statement?[.text(name)]?.bytes else { continue }
                    for place in part.indices {
                        var changed = object
                        changed[place] ^= 0x80
                        // What a TPM says of its clock and its names is signed as well.
                        #expect(
                            try refusal { _ = try register(changed) } == FactorsError.badAttestation, "\(name) \(place)"
                        )
                    }
                }
                let data = try #require(item[.text("authData")]?.bytes)
                for place in data.indices {
                    var changed = object
                    changed[place] ^= 0x80
                    #expect(try refusal { _ = try register(changed) } != nil, "authData \(place)")
                }
            }
            #expect(credential.publicKey.algorithm == .rs256 && credential.signCount == 7)
            var data = RSAPasskey.authenticatorData
            func use() throws -> Passkeys.Use {
                try Passkeys.verify(
                    Passkeys.Assertion(
                        credentialID: RSAPasskey.id, clientDataJSON: clientData("webauthn.get", used),
                        authenticatorData: data, signature: RSAPasskey.signature),
                    of: credential, challenge: used, for: party)
            }
            #expect(try use().credential.signCount == 8)
            data[36] = 9
            #expect(try refusal { _ = try use() } == FactorsError.badSignature)
        }

        @Test("have keys that are read only as they were stored")
        func storedKeys() throws {
            let key = try registered(SoftAuthenticator()).publicKey
            #expect(Passkeys.PublicKey(stored: key.stored) == key)
            for wrong in [
                [], Array(key.stored.dropLast()), key.stored + [0], [0, 0, 0, 1] + key.stored.dropFirst(4),
                [0xFF, 0xFF, 0xFF, 0xF9] + key.stored.dropFirst(4),
            ] {
                #expect(Passkeys.PublicKey(stored: wrong) == nil)
            }
        }

        @Test("are refused with a key that is no point of its curve")
        func pointBesideCurve() throws {
            let device = try SoftAuthenticator()
            let credential = try registered(device)
            let wrong = Passkeys.Credential(
                id: credential.id,
                publicKey: Passkeys.PublicKey(algorithm: .es256, bytes: [UInt8](repeating: 1, count: 64)),
                signCount: 0, aaguid: credential.aaguid, isBackupEligible: false, isBackedUp: false, attestation: .none)
            let assertion = try device.assertion(to: challenge)
            #expect(
                try refusal { _ = try Passkeys.verify(assertion, of: wrong, challenge: challenge, for: party) }
                    == FactorsError.malformedResponse)
        }

        @Test("answer challenges of 32 random bytes, none like another, in base64url")
        func challenges() throws {
            #expect(challenge.bytes.count == 32 && challenge.bytes != Passkeys.Challenge().bytes)
            let given = try #require(Passkeys.Challenge(bytes: [0xFB, 0xFF] + Array(0..<14)))
            #expect(given.text == "-_8AAQIDBAUGBwgJCgsMDQ")
            #expect(Passkeys.Challenge(bytes: Array(0..<15)) == nil)
        }
    }
#else
    @Suite("Passkeys of a build without them")
    struct NoPasskeyTests {
        @Test("are refused by name")
        func unavailable() throws {
            let device = try SoftAuthenticator()
            let challenge = Passkeys.Challenge()
            #expect(!Passkeys.isAvailable)
            #expect(
                try refusal {
                    _ = try Passkeys.verify(
                        device.registration(to: challenge), challenge: challenge, for: SoftAuthenticator.party)
                } == FactorsError.unavailable)
        }
    }
#endif
