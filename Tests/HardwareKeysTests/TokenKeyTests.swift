#if HardwareKeys
    import CP11Kit
    import Core
    import Foundation
    import Glibc
    import Secrets
    import TestSupport
    import Testing

    @testable import HardwareKeys

    extension HardwareKeyTests {
        @Suite("The root key in a token")
        struct TokenKeyTests {
            private let vault = VaultID(high: 1, low: 2)

            /// Two roots are the same where they derive the same.
            private func fingerprint(_ root: RootKey) throws -> [UInt8] {
                let key: WrappingKey = try root.derive("wrap")
                return KeyWrapper(key).wrap(key, binding: []).commitment
            }

            private func changed(_ envelope: RootEnvelope, _ name: String, _ value: String?) -> RootEnvelope {
                var parameters = envelope.parameters
                parameters[name] = value
                return RootEnvelope(provider: envelope.provider, parameters: parameters, wrapped: envelope.wrapped)
            }

            @Test("comes back, in a later run of the program as well, and the token has one key for it")
            func roundTrip() throws {
                let token = try SoftToken("vault")
                let root = try RootKey.random()
                let envelopes = try [token.key().wrap(root, of: vault), token.key().wrap(root, of: vault)]
                #expect(TokenKey.isAvailable && envelopes[0].provider == "pkcs11")
                #expect(Set(envelopes[0].parameters.keys) == ["uri", "nonce", "ciphertext"])
                #expect(try TokenURI(envelopes[0].parameters["uri"] ?? "") == token.uri("root"))
                #expect(envelopes[0].parameters["ciphertext"] != envelopes[1].parameters["ciphertext"])
                for envelope in envelopes {
                    #expect(try fingerprint(token.key().unwrap(envelope, of: vault)) == fingerprint(root))
                }
                #expect(
                    try token.look { session throws(SecretsError) in try session.keys(labelled: "root").count } == 1)
                #expect(try token.files().count == 1)
            }

            @Test("is found through the name under which p11-kit has the module, and by the token's serial number")
            func otherNames() throws {
                let token = try SoftToken("vault", "vault")
                let root = try RootKey.random()
                #expect(
                    code { _ = try token.key().wrap(root, of: vault) } == SecretsError.tokenAmbiguous)
                let serials = try FileManager.default.subpathsOfDirectory(atPath: token.folder.path)
                    .filter { !$0.contains("/") }.map { $0.suffix(17).filter { $0 != "-" } }
                let key = TokenKey(
                    try TokenURI(
                        "pkcs11:token=vault;serial=\(try #require(serials.first));object=root?module-name=softhsm2"),
                    pin: token.ask)
                #expect(try fingerprint(key.unwrap(key.wrap(root, of: vault), of: vault)) == fingerprint(root))
                let unknown = TokenKey(
                    try TokenURI("pkcs11:token=vault;object=root?module-name=there-is-none"), pin: token.ask)
                #expect(code { _ = try unknown.wrap(root, of: vault) } == SecretsError.tokenModuleMissing)
            }

            @Test("stays shut for another vault, after any change, and for another key")
            func refused() throws {
                let token = try SoftToken("vault", "other")
                let root = try RootKey.random()
                let key = try token.key()
                let envelope = try key.wrap(root, of: vault)
                #expect(
                    code { _ = try key.unwrap(envelope, of: VaultID(high: 1, low: 3)) } == SecretsError.wrongRootKey)
                for name in ["nonce", "ciphertext"] {
                    let value = try #require(envelope.parameters[name].flatMap { bytes(hex: $0) })
                    for place in [0, value.count - 1] {
                        var other = value
                        other[place] ^= 1
                        let envelope = changed(envelope, name, hex(other))
                        #expect(code { _ = try key.unwrap(envelope, of: vault) } == SecretsError.wrongRootKey)
                    }
                    for wrong in [nil, "", "xy", hex(value.dropLast())] {
                        let envelope = changed(envelope, name, wrong)
                        #expect(code { _ = try key.unwrap(envelope, of: vault) } == SecretsError.malformed)
                    }
                }
                var wrapped = envelope.wrapped.bytes
                wrapped[40] ^= 1
                let other = RootEnvelope(
                    provider: envelope.provider, parameters: envelope.parameters,
                    wrapped: WrappedKey(bytes: wrapped, commitment: envelope.wrapped.commitment))
                #expect(code { _ = try key.unwrap(other, of: vault) } == SecretsError.wrongRootKey)
                _ = try token.key(in: "other").wrap(root, of: vault)
                #expect(
                    code { _ = try token.key(in: "other").unwrap(envelope, of: vault) } == SecretsError.wrongRootKey)
                #expect(try fingerprint(key.unwrap(envelope, of: vault)) == fingerprint(root))
            }

            @Test("is missed with its name where the key was deleted, and no other key is made for it")
            func deleted() throws {
                let token = try SoftToken("vault")
                let key = try token.key()
                let envelope = try key.wrap(RootKey.random(), of: vault)
                try token.look { session throws(SecretsError) in
                    for key in try session.keys(labelled: "root") { try session.destroy(key) }
                }
                let error = #expect(throws: SecretsError.self) { _ = try key.unwrap(envelope, of: vault) }
                #expect(error?.code == SecretsError.tokenKeyMissing)
                #expect(error?.message == "the token `vault` has no key `root`")
                #expect(try token.files() == [])
            }

            @Test("cannot be taken out of the token: its bytes are refused, and a key that could be is not used")
            func sealedIn() throws {
                let token = try SoftToken("vault")
                let root = try RootKey.random()
                _ = try token.key().wrap(root, of: vault)
                let error = #expect(throws: SecretsError.self) {
                    try token.look { session throws(SecretsError) in
                        _ = try session.value(of: session.keys(labelled: "root")[0])
                    }
                }
                #expect(error?.code == SecretsError.tokenRefused)
                #expect(error?.message.contains("0x11,") == true, "\(String(describing: error))")
                for (name, template) in [
                    ("loose", [keyTemplate("loose", extractable: true)]), ("short", [keyTemplate("short", length: 16)]),
                    ("twice", [keyTemplate("twice"), keyTemplate("twice")]),
                ] {
                    try token.look { session throws(SecretsError) in
                        for template in template { _ = try session.makeKey(template) }
                    }
                    #expect(
                        code { _ = try token.key(name).wrap(root, of: vault) } == SecretsError.tokenKeyUnfit, "\(name)")
                }
            }

            @Test("asks for the PIN once, and not before a token is there that wants it")
            func asking() throws {
                let token = try SoftToken("vault")
                let key = try token.key()
                #expect(token.timesAsked == 0)
                let envelope = try key.wrap(RootKey.random(), of: vault)
                for _ in 0..<3 { _ = try key.unwrap(envelope, of: vault) }
                // The login is of the whole process.
                _ = try token.key().unwrap(envelope, of: vault)
                #expect(token.timesAsked == 1)
                #expect(code { _ = try token.key(in: "gone").unwrap(envelope, of: vault) } == SecretsError.tokenMissing)
                #expect(token.timesAsked == 1)
            }

            @Test("stays shut with a wrong PIN, which is tried once, told from other failures and not repeated")
            func wrongPIN() throws {
                let token = try SoftToken("vault")
                let envelope = try token.key().wrap(RootKey.random(), of: vault)
                for wrong in ["81726354", "1", String(repeating: "8", count: 300)] {
                    let key = TokenKey(try token.uri("root")) { () throws(SecretsError) in
                        token.countAsking()
                        return try SecretBytes(copying: Array(wrong.utf8))
                    }
                    let before = token.timesAsked
                    let error = #expect(throws: SecretsError.self) { _ = try key.unwrap(envelope, of: vault) }
                    #expect(error?.code == SecretsError.tokenWrongPIN)
                    #expect(error.map { "\($0)" }?.contains(wrong) == false || wrong == "1")
                    #expect(token.timesAsked == before + 1)
                }
                let none = SecretsError(SecretsError.passphraseRequired, "there is nobody to ask")
                let unasked = TokenKey(try token.uri("root")) { () throws(SecretsError) in throw none }
                #expect(throws: none) { _ = try unasked.unwrap(envelope, of: vault) }
                _ = try token.key().unwrap(envelope, of: vault)
            }

            @Test("is unreachable while the token is gone, and there again with it")
            func gone() throws {
                let token = try SoftToken("vault")
                let root = try RootKey.random()
                let envelope = try token.key().wrap(root, of: vault)
                let away = try TemporaryDirectory()
                try FileManager.default.removeItem(atPath: away.path)
                try FileManager.default.moveItem(atPath: token.folder.path, toPath: away.path)
                try FileManager.default.createDirectory(atPath: token.folder.path, withIntermediateDirectories: false)
                let key = try token.key()
                let error = #expect(throws: SecretsError.self) { _ = try key.unwrap(envelope, of: vault) }
                #expect(error?.code == SecretsError.tokenMissing)
                #expect(error?.message == "there is no token `vault`")
                try FileManager.default.removeItem(atPath: token.folder.path)
                try FileManager.default.moveItem(atPath: away.path, toPath: token.folder.path)
                #expect(try fingerprint(key.unwrap(envelope, of: vault)) == fingerprint(root))
            }

            @Test("comes back to many threads at once, through one provider or one each")
            func threads() throws {
                let token = try SoftToken("vault")
                let root = try RootKey.random()
                let shared = try token.key()
                let envelope = try shared.wrap(root, of: vault)
                let expected = try fingerprint(root)
                DispatchQueue.concurrentPerform(iterations: 32) { turn in
                    #expect(throws: Never.self) {
                        let key = turn.isMultiple(of: 2) ? shared : try token.key()
                        #expect(try fingerprint(key.unwrap(envelope, of: vault)) == expected)
                        #expect(try fingerprint(key.unwrap(key.wrap(root, of: vault), of: vault)) == expected)
                    }
                }
                #expect(token.timesAsked == 1)
                #expect(try token.files().count == 1)
            }
        }
    }
#endif
