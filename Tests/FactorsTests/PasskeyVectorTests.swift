#if Passkeys
    import Core
    import TestSupport
    import Testing

    @testable import Factors

    @Suite("Published passkeys")
    struct PasskeyVectorTests {
        /// What is to become of each pair: verified, or refused under a code.
        private static let outcomes: [String: ErrorCode?] = [
            "none-es256": nil, "packed-self-es256": nil, "none-es256-long-credential-id": nil, "packed-es256": nil,
            "packed-eddsa": nil, "fido-u2f-es256": nil, "none-es256-crossOrigin": nil, "none-es256-topOrigin": nil,
            "packed-rs256": nil, "tpm-es256": nil,
            "packed-es384": FactorsError.unsupportedAlgorithm, "packed-es512": FactorsError.unsupportedAlgorithm,
            "packed-ed448": FactorsError.unsupportedAlgorithm,
            "android-key-es256": FactorsError.unsupportedAttestation,
            "apple-es256": FactorsError.unsupportedAttestation,
        ]

        private func verified() throws -> [WebAuthnPair]? {
            try WebAuthnVectors.pairs()?.filter { Self.outcomes[$0.name] == .some(nil) }
        }

        @Test("verify in registration and use, or are refused by name")
        func pairs() throws {
            guard let pairs = try WebAuthnVectors.pairs() else { return }
            #expect(Set(pairs.map(\.name)) == Set(Self.outcomes.keys))
            for pair in pairs {
                let expected = try #require(Self.outcomes[pair.name])
                #expect(try refusal { _ = try pair.register() } == expected, "\(pair.name)")
                guard expected == nil else { continue }
                let credential = try pair.register()
                let use = try pair.use(credential)
                #expect(use.isUserVerified == (pair.authenticatorData[32] & 4 != 0), "\(pair.name)")
                #expect(use.credential.isBackedUp == (pair.authenticatorData[32] & 0x10 != 0), "\(pair.name)")
                #expect(pair.name.hasPrefix(credential.attestation.rawValue), "\(pair.name)")
                let stored = try #require(Passkeys.PublicKey(stored: credential.publicKey.stored))
                #expect(stored == credential.publicKey)
            }
        }

        @Test("out of frames are refused where none is expected, or one in another page than the one that they name")
        func framed() throws {
            guard let pairs = try verified()?.filter({ !$0.framingOrigins.isEmpty }) else { return }
            #expect(pairs.map(\.name) == ["none-es256-crossOrigin", "none-es256-topOrigin"])
            for pair in pairs {
                let credential = try pair.register()
                let namesPage = pair.name == "none-es256-topOrigin"
                let framings: [(Set<String>?, Bool)] = [
                    (nil, false), ([], !namesPage), (["https://example.com.evil.example"], !namesPage),
                    (["https://evil.example", "https://example.com"], true),
                ]
                for (framers, isTaken) in framings {
                    let party = Passkeys.RelyingParty(
                        id: pair.id, origins: [pair.origin], framingOrigins: framers, requiresUserVerification: false)
                    let code = isTaken ? nil : FactorsError.crossOrigin
                    #expect(try refusal { _ = try pair.register(for: party) } == code, "\(pair.name)")
                    #expect(try refusal { _ = try pair.use(credential, for: party) } == code, "\(pair.name)")
                }
            }
        }

        @Test("of RSA are kept with all bits of their key")
        func rsa() throws {
            guard let pair = try verified()?.first(where: { $0.name == "packed-rs256" }) else { return }
            let key = try pair.register().publicKey
            #expect(key.algorithm == .rs256 && key.rsa?.bitWidth == 3482 && key.rsa?.exponent == [1, 0, 1])
            #expect(key.stored.count == 4 + 4 + 436 + 4 + 3)
        }

        @Test("are refused where nobody made sure of the owner, unless the site asks for no more than a touch")
        func userVerification() throws {
            guard let pairs = try verified() else { return }
            for pair in pairs {
                let data = try #require(
                    CBORReader.item(pair.registration.attestationObject[...])[.text("authData")]?.bytes.map(Array.init))
                let refused = try refusal { _ = try pair.register(for: pair.party(verified: true)) }
                #expect(refused == (data[32] & 4 != 0 ? nil : FactorsError.notVerifiedUser), "\(pair.name)")
                let credential = try pair.register()
                let unused = try refusal { _ = try pair.use(credential, for: pair.party(verified: true)) }
                #expect(
                    unused == (pair.authenticatorData[32] & 4 != 0 ? nil : FactorsError.notVerifiedUser), "\(pair.name)"
                )
            }
        }

        @Test(
            "are refused for another challenge, from another site, for another site, and as an answer to the other question"
        )
        func elsewhere() throws {
            guard let pairs = try verified() else { return }
            for pair in pairs {
                let credential = try pair.register()
                let attempts: [(ErrorCode, Passkeys.RelyingParty, Passkeys.Challenge?)] = [
                    (FactorsError.challengeMismatch, pair.party(), Passkeys.Challenge()),
                    (
                        FactorsError.originMismatch,
                        Passkeys.RelyingParty(
                            id: pair.id, origins: ["https://example.org.evil.example", "http://example.org"],
                            requiresUserVerification: false), nil
                    ),
                    (
                        FactorsError.relyingPartyMismatch,
                        Passkeys.RelyingParty(
                            id: "example.net", origins: [pair.origin], framingOrigins: pair.framingOrigins,
                            requiresUserVerification: false), nil
                    ),
                ]
                for (code, party, challenge) in attempts {
                    #expect(
                        try refusal { _ = try pair.register(for: party, challenge: challenge) } == code, "\(pair.name)")
                    #expect(
                        try refusal { _ = try pair.use(credential, for: party, challenge: challenge) } == code,
                        "\(pair.name)")
                }
                var swapped = pair
                swapped.clientDataJSON = pair.registration.clientDataJSON
                #expect(
                    try refusal { _ = try swapped.use(credential, challenge: pair.registrationChallenge) }
                        == FactorsError.wrongType)
                swapped.registration = Passkeys.Registration(
                    clientDataJSON: pair.clientDataJSON, attestationObject: pair.registration.attestationObject)
                #expect(
                    try refusal { _ = try swapped.register(challenge: pair.challenge) } == FactorsError.wrongType)
            }
        }

        @Test("do not verify with any one bit of the signature, the authenticator data or the client data changed")
        func bits() throws {
            guard let pairs = try verified() else { return }
            for pair in pairs {
                let credential = try pair.register()
                for part: WritableKeyPath<WebAuthnPair, [UInt8]> in [
                    \.signature, \.authenticatorData, \.clientDataJSON,
                ] {
                    for bit in 0..<(pair[keyPath: part].count * 8) {
                        var changed = pair
                        changed[keyPath: part][bit / 8] ^= 1 << UInt8(bit % 8)
                        let refused = try refusal { _ = try changed.use(credential) }
                        #expect(refused != nil, "\(pair.name): bit \(bit)")
                    }
                }
            }
        }

        @Test("are not registered with any one bit changed of what their attestation signs, or of its signature")
        func attestedBits() throws {
            guard let pairs = try verified() else { return }
            for pair in pairs where pair.name.hasPrefix("packed") || pair.name.hasPrefix("tpm") {
                let object = pair.registration.attestationObject
                let item = try CBORReader.item(object[...])
                let statement = ["sig", "certInfo", "pubArea"].map { item[.text("attStmt")]?[.text($0)]?.bytes }
                let parts = ([item[.text("authData")]?.bytes] + statement).compactMap(\.self)
                #expect(parts.count == (pair.name.hasPrefix("tpm") ? 4 : 2))
                for part in parts {
                    for bit in (part.startIndex * 8)..<(part.endIndex * 8) {
                        var changed = object
                        changed[bit / 8] ^= 1 << UInt8(bit % 8)
                        var altered = pair
                        altered.registration = Passkeys.Registration(
                            clientDataJSON: pair.registration.clientDataJSON, attestationObject: changed)
                        #expect(try refusal { _ = try altered.register() } != nil, "\(pair.name): bit \(bit)")
                    }
                }
            }
        }

        @Test("are refused when they are cut anywhere")
        func cut() throws {
            guard let pairs = try verified() else { return }
            for pair in pairs {
                let credential = try pair.register()
                for part: WritableKeyPath<WebAuthnPair, [UInt8]> in [
                    \.signature, \.authenticatorData, \.clientDataJSON,
                ] {
                    for count in 0..<pair[keyPath: part].count {
                        var cut = pair
                        cut[keyPath: part].removeLast(pair[keyPath: part].count - count)
                        #expect(try refusal { _ = try cut.use(credential) } != nil, "\(pair.name): \(count) bytes")
                    }
                }
                for count in 0..<pair.registration.attestationObject.count {
                    var cut = pair
                    cut.registration = Passkeys.Registration(
                        clientDataJSON: pair.registration.clientDataJSON,
                        attestationObject: Array(pair.registration.attestationObject.prefix(count)))
                    #expect(
                        try refusal { _ = try cut.register() } == FactorsError.malformedResponse,
                        "\(pair.name): \(count) bytes")
                }
            }
        }

        @Test("never crash anything, whatever is done to them, and no changed use verifies")
        func mutations() throws {
            guard let pairs = try verified() else { return }
            var generator = SeededGenerator.announced("Published passkeys")
            let interesting =
                Array("{}[]\":,".utf8) + [0x00, 0x18, 0x58, 0x59, 0x5F, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xFF]
            let credentials = try pairs.map { try $0.register() }
            for _ in 0..<SeededGenerator.rounds(quick: 4000, soak: 200_000) {
                let index = Int.random(in: pairs.indices, using: &generator)
                var pair = pairs[index]
                switch Int.random(in: 0..<5, using: &generator) {
                case 0:
                    pair.registration = Passkeys.Registration(
                        clientDataJSON: generator.mutate(pair.registration.clientDataJSON, interesting: interesting),
                        attestationObject: pair.registration.attestationObject)
                    if pair.registration.clientDataJSON != pairs[index].registration.clientDataJSON,
                        !pair.name.hasPrefix("none")
                    {
                        #expect(try refusal { _ = try pair.register() } != nil, "\(generator.seed)")
                    } else {
                        _ = try refusal { _ = try pair.register() }
                    }
                case 1:
                    pair.registration = Passkeys.Registration(
                        clientDataJSON: pair.registration.clientDataJSON,
                        attestationObject: generator.mutate(
                            pair.registration.attestationObject, interesting: interesting))
                    _ = try refusal { _ = try pair.register() }
                case let part:
                    let path: WritableKeyPath<WebAuthnPair, [UInt8]> =
                        [\.signature, \.authenticatorData, \.clientDataJSON][part - 2]
                    pair[keyPath: path] = generator.mutate(pair[keyPath: path], interesting: interesting)
                    let isSame = pair[keyPath: path] == pairs[index][keyPath: path]
                    #expect(
                        (try refusal { _ = try pair.use(credentials[index]) } == nil) == isSame, "\(generator.seed)")
                }
            }
        }
    }
#endif
