#if Passkeys
    import Core
    import Testing

    @testable import Factors

    @Suite("Attestations of makers")
    struct AttestationTests {
        private static func numbers(bits: Int, exponent: [UInt8] = [1, 0, 1]) throws -> RSANumbers {
            try #require(RSANumbers(modulus: PublicKeyTests.modulus(bits: bits), exponent: exponent))
        }

        @Test("vouch for keys of every kind, with every algorithm that they may have")
        func algorithms() throws {
            let passkeys = [VouchedPasskey(), VouchedPasskey(try Self.numbers(bits: 8192))]
            for algorithm in [.es256, .es384, .edDSA, .rs256] as [SigningAlgorithm] {
                let maker = try AttestationMaker(algorithm)
                for passkey in passkeys {
                    let credential = try passkey.registerPacked(
                        by: maker, algorithm: algorithm, certificate: maker.certificate())
                    #expect(credential.attestation == .packed && credential.publicKey == passkey.key)
                }
            }
            for algorithm in [.es256, .es384, .rs256, .rs1] as [SigningAlgorithm] {
                let maker = try AttestationMaker(algorithm)
                for passkey in passkeys {
                    var tpm = SoftTPM(for: passkey.key)
                    tpm.algorithm = algorithm
                    let credential = try tpm.register(passkey, by: maker)
                    #expect(credential.attestation == .tpm && credential.publicKey == passkey.key)
                }
            }
        }

        @Test("are refused by name with SHA-1 but of a TPM, with Ed25519 of a TPM, and with algorithms that nobody has")
        func otherAlgorithms() throws {
            let maker = try AttestationMaker(.es256)
            for passkey in [VouchedPasskey(), VouchedPasskey(try Self.numbers(bits: 2048))] {
                for (format, algorithm) in [("packed", -65535), ("packed", -36), ("tpm", -8), ("tpm", -37)] {
                    #expect(
                        try refusal {
                            _ = try passkey.register(
                                format, algorithm: Int64(algorithm), certificate: maker.certificate(), members: [])
                        } == FactorsError.unsupportedAttestation, "\(format) \(algorithm)")
                }
            }
        }

        @Test("are refused with the signature of another key, of other bytes, with more after it, or with none")
        func signatures() throws {
            let (maker, other) = (try AttestationMaker(.es256), try AttestationMaker(.es256))
            for passkey in [VouchedPasskey(), VouchedPasskey(try Self.numbers(bits: 2048))] {
                let certificate = try maker.certificate()
                let good = try maker.sign(passkey.signed)
                let attempts = [
                    (good, true), (try other.sign(passkey.signed), false),
                    (try maker.sign(passkey.signed + [0]), false),
                    (good + [0], false), ([], false),
                ]
                for (signature, isTaken) in attempts {
                    #expect(
                        try refusal {
                            _ = try passkey.register(
                                "packed", algorithm: SigningAlgorithm.es256.rawValue, certificate: certificate,
                                members: [("sig", SoftAuthenticator.string(signature))])
                        } == (isTaken ? nil : FactorsError.badAttestation))
                }
            }
        }

        @Test(
            "are refused where the certificate's key is not of the algorithm, or an RSA key of too few or too many bits"
        )
        func certificateKeys() throws {
            let passkey = VouchedPasskey(try Self.numbers(bits: 2048))
            let (p256, small) = (try AttestationMaker(.es256), try AttestationMaker(.rs256, rsaBits: 1024))
            for (maker, algorithm) in [(p256, .rs256), (p256, .edDSA), (small, .rs256)]
                as [(AttestationMaker, SigningAlgorithm)]
            {
                #expect(
                    try refusal {
                        _ = try passkey.registerPacked(
                            by: maker, algorithm: algorithm, certificate: maker.certificate())
                    } == FactorsError.badAttestation)
            }
        }

        typealias Certificate = AttestationMaker.Certificate

        private static let certificates: [(String, Certificate, Bool)] = [
            ("version 1", Certificate(version: 1, isAuthority: nil), false),
            ("an authority's", Certificate(isAuthority: true), false),
            ("without basic constraints", Certificate(isAuthority: nil), false),
            ("with the model", Certificate(model: [4, 16] + VouchedPasskey.aaguid), true),
            ("with another model", Certificate(model: [4, 16] + [UInt8](repeating: 8, count: 16)), false),
            ("with a model that is cut", Certificate(model: [4, 15] + VouchedPasskey.aaguid.dropLast()), false),
            ("with a long model", Certificate(model: [4, 80] + [UInt8](repeating: 9, count: 80)), false),
            (
                "with a critical model", Certificate(model: [4, 16] + VouchedPasskey.aaguid, isModelCritical: true),
                false
            ),
        ]

        @Test("have certificates that say what the standard demands", arguments: certificates)
        func certificateDemands(name: String, certificate: Certificate, isTaken: Bool) throws {
            let maker = try AttestationMaker(.es256)
            let code = isTaken ? nil : FactorsError.badAttestation
            for passkey in [VouchedPasskey(), VouchedPasskey(try Self.numbers(bits: 2048))] {
                #expect(
                    try refusal {
                        _ = try passkey.registerPacked(
                            by: maker, algorithm: .es256, certificate: maker.certificate(certificate))
                    } == code)
                var tpm = SoftTPM(for: passkey.key)
                tpm.certificate = certificate
                tpm.certificate.subject = nil
                // Version 1 has no extensions.
                tpm.certificate.purposes = certificate.version == 3 ? Certificate.tpm.purposes : []
                #expect(try refusal { _ = try tpm.register(passkey, by: maker) } == code)
            }
        }

        @Test(
            "of TPMs have certificates of a TPM's attestation key, without a subject",
            arguments: [
                (nil, ["2.23.133.8.3"], true), (nil, ["1.3.6.1.5.5.7.3.2", "2.23.133.8.3"], true), (nil, [], false),
                (nil, ["2.23.133.8.1"], false), (nil, ["2.23.133.8.33"], false), ("CN=a", ["2.23.133.8.3"], false),
            ] as [(String?, [String], Bool)])
        func tpmCertificate(subject: String?, purposes: [String], isTaken: Bool) throws {
            let passkey = VouchedPasskey()
            var tpm = SoftTPM(for: passkey.key)
            tpm.certificate.subject = subject
            tpm.certificate.purposes = purposes
            #expect(
                try refusal { _ = try tpm.register(passkey, by: AttestationMaker(.es256)) }
                    == (isTaken ? nil : FactorsError.badAttestation))
        }

        @Test("are refused with a certificate that is cut, goes on, or is none")
        func certificateBytes() throws {
            let maker = try AttestationMaker(.es256)
            let whole = try maker.certificate()
            for passkey in [VouchedPasskey(), VouchedPasskey(try Self.numbers(bits: 2048))] {
                for certificate in [[], [0x30, 0x00], whole + [0], Array(whole.dropLast())] as [[UInt8]] {
                    #expect(
                        try refusal {
                            _ = try passkey.registerPacked(by: maker, algorithm: .es256, certificate: certificate)
                        } == FactorsError.badAttestation)
                }
            }
        }

        private static let statements: [(String, @Sendable (inout SoftTPM) -> Void, ErrorCode?)] = [
            ("as it should be", { _ in }, nil), ("named by SHA-384", { $0.nameAlgorithm = 0x000C }, nil),
            ("named by SHA-512", { $0.nameAlgorithm = 0x000D }, nil),
            ("that says how it signs", { $0.scheme = [0x0018, 0x000B] }, nil),
            ("of a TPM 1.2", { $0.version = "1.2" }, FactorsError.malformedResponse),
            ("named by SHA-1", { $0.nameAlgorithm = 0x0004 }, FactorsError.badAttestation),
            ("named by no hash", { $0.nameAlgorithm = 0x0010 }, FactorsError.badAttestation),
            ("of a key of another kind", { $0.type = 0x0008 }, FactorsError.badAttestation),
            ("of an RSA key", { $0.type = 0x0001 }, FactorsError.badAttestation),
            ("of a key with a cipher", { $0.symmetric = 0x0006 }, FactorsError.badAttestation),
            ("of a key that signs with SHA-1", { $0.scheme = [0x0018, 0x0004] }, FactorsError.badAttestation),
            ("of a key that signs otherwise", { $0.scheme = [0x001C, 0x000B] }, FactorsError.badAttestation),
            ("of a key on P-384", { $0.parameters[0] = 0x0004 }, FactorsError.badAttestation),
            ("of a key to derive from", { $0.parameters[1] = 0x0007 }, FactorsError.badAttestation),
            ("of another key", { $0.unique[1][31] ^= 1 }, FactorsError.badAttestation),
            ("of a coordinate that is too long", { $0.unique[0] = [0] + $0.unique[0] }, FactorsError.badAttestation),
            ("of a point that is cut", { $0.unique.removeLast() }, FactorsError.badAttestation),
            ("of a key and more", { $0.afterPublicArea = [0] }, FactorsError.badAttestation),
            ("that no TPM generated", { $0.magic = 0xFF54_4348 }, FactorsError.badAttestation),
            ("that certifies no key", { $0.kind = 0x8018 }, FactorsError.badAttestation),
            ("about another answer", { $0.extraData = Array(0..<32) }, FactorsError.badAttestation),
            ("about no answer", { $0.extraData = [] }, FactorsError.badAttestation),
            ("about a key of another name", { $0.name = [0, 0x0B] + Array(0..<32) }, FactorsError.badAttestation),
            ("about no key", { $0.name = [] }, FactorsError.badAttestation),
            ("and more", { $0.afterCertification = [0] }, FactorsError.badAttestation),
        ]

        @Test("of TPMs speak of this key and of this answer, and of nothing else")
        func tpmStatements() throws {
            let (passkey, maker) = (VouchedPasskey(), try AttestationMaker(.es256))
            for (name, change, code) in Self.statements {
                var tpm = SoftTPM(for: passkey.key)
                change(&tpm)
                #expect(try refusal { _ = try tpm.register(passkey, by: maker) } == code, "\(name)")
            }
        }

        @Test("of TPMs say an RSA key's bits, and its exponent where it is not the usual one")
        func tpmRSA() throws {
            let maker = try AttestationMaker(.es256)
            for (exponent, parameters, isTaken) in [
                ([1, 0, 1], [3072, 0, 0], true), ([1, 0, 1], [3072, 1, 1], true), ([3], [3072, 0, 3], true),
                ([3], [3072, 0, 0], false), ([1, 0, 1], [3072, 0, 3], false), ([1, 0, 1], [3064, 0, 0], false),
                ([1, 0, 1], [3072, 0], false),
            ] as [([UInt8], [UInt16], Bool)] {
                let passkey = VouchedPasskey(try Self.numbers(bits: 3072, exponent: exponent))
                for (scheme, isRight) in [([0x0010], true), ([0x0014, 0x000B], true), ([0x0014, 0x0004], false)]
                    as [([UInt16], Bool)]
                {
                    var tpm = SoftTPM(for: passkey.key)
                    tpm.parameters = parameters
                    tpm.scheme = scheme
                    #expect(
                        try refusal { _ = try tpm.register(passkey, by: maker) }
                            == (isTaken && isRight ? nil : FactorsError.badAttestation), "\(parameters) \(scheme)")
                }
            }
        }

        @Test("of TPMs may leave out the zeros before a coordinate")
        func shortCoordinates() throws {
            let maker = try AttestationMaker(.es256)
            // The 379th and the 43rd multiple of the generator.
            for point in [
                "005543894af3d00ed7d740abdbd75c96b06877b787db5f70eea78b90a8d7c00a"
                    + "bb4c85a3d8ea29efaafa24406912dd84d5b14dc32bf656ef6c6bd58a5d943f92",
                "986ae2506f1ff104d04230861d8f4b498f4bc4c6d009b30f7544dc129b82d28d"
                    + "003cccc0a6460e0ae328a4d97d3c7b61d86fc6289c189f2525110c441bb07e97",
            ] {
                let passkey = VouchedPasskey(point: try #require(bytes(hex: point)))
                var tpm = SoftTPM(for: passkey.key)
                #expect(try tpm.register(passkey, by: maker).publicKey == passkey.key)
                tpm.unique = tpm.unique.map { Array($0.drop { $0 == 0 }) }
                #expect(try tpm.register(passkey, by: maker).publicKey == passkey.key)
            }
        }

        @Test("vouch for no point beside its curve")
        func pointBesideCurve() throws {
            var point = VouchedPasskey.generator
            point[63] ^= 1
            let (passkey, maker) = (VouchedPasskey(point: point), try AttestationMaker(.es256))
            #expect(
                try refusal { _ = try SoftTPM(for: passkey.key).register(passkey, by: maker) }
                    == FactorsError.malformedResponse)
            #expect(
                try refusal {
                    _ = try passkey.registerPacked(by: maker, algorithm: .es256, certificate: maker.certificate())
                } == FactorsError.malformedResponse)
        }
    }
#endif
