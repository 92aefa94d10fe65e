#if Passkeys
    import Core
    import Secrets

    @testable import Factors

    /// The registration of a passkey that does not sign itself: only its maker's key does.
    struct VouchedPasskey {
        static let party = SoftAuthenticator.party
        static let aaguid = [UInt8](repeating: 9, count: 16)
        /// The generator of P-256 (SP 800-186 §3.2.1.3).
        static let generator: [UInt8] =
            bytes(
                hex: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                    + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5") ?? []

        let key: Passkeys.PublicKey
        let challenge = Passkeys.Challenge()

        init(point: [UInt8] = generator) { key = Passkeys.PublicKey(algorithm: .es256, bytes: point) }

        init(_ numbers: RSANumbers) { key = Passkeys.PublicKey(numbers) }

        private var clientData: [UInt8] { SoftAuthenticator.clientData("webauthn.create", challenge) }

        private var data: [UInt8] {
            SHA256.digest(Self.party.id.utf8) + [0x45, 0, 0, 0, 0] + Self.aaguid + [0, 1, 0x77] + coseKey
        }

        private var coseKey: [UInt8] {
            if let numbers = key.rsa {
                // {1: 3, 3: -257, -1: modulus, -2: exponent}
                return [0xA4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20] + SoftAuthenticator.string(numbers.modulus)
                    + [0x21] + SoftAuthenticator.string(numbers.exponent)
            }
            // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
            return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32] + key.bytes.prefix(32) + [0x22, 0x58, 32]
                + key.bytes.suffix(32)
        }

        /// What an authenticator signs.
        var signed: [UInt8] { data + SHA256.digest(clientData) }

        /// Hands in a statement with these members between `alg` and `x5c`: libfido2 reads it in this order alone.
        func register(
            _ format: String, algorithm: Int64, certificate: [UInt8], members: [(String, [UInt8])]
        ) throws -> Passkeys.Credential {
            let number = -1 - algorithm
            let encoded: [UInt8] =
                switch number {
                case 0..<24: [0x20 | UInt8(number)]
                case 24..<256: [0x38, UInt8(number)]
                default: [0x39, UInt8(number >> 8), UInt8(number & 0xFF)]
                }
            var statement = [0xA0 | UInt8(members.count + 2)] + SoftAuthenticator.text("alg") + encoded
            for (name, value) in members { statement += SoftAuthenticator.text(name) + value }
            statement += SoftAuthenticator.text("x5c") + [0x81] + SoftAuthenticator.string(certificate)
            return try Passkeys.verify(
                Passkeys.Registration(
                    clientDataJSON: clientData,
                    attestationObject: [0xA3] + SoftAuthenticator.text("fmt") + SoftAuthenticator.text(format)
                        + SoftAuthenticator.text("attStmt") + statement + SoftAuthenticator.text("authData")
                        + SoftAuthenticator.string(data)),
                challenge: challenge, for: Self.party)
        }

        /// Vouched for with the attestation `packed`.
        func registerPacked(
            by maker: AttestationMaker, algorithm: SigningAlgorithm, certificate: [UInt8]
        ) throws -> Passkeys.Credential {
            try register(
                "packed", algorithm: algorithm.rawValue, certificate: certificate,
                members: [("sig", SoftAuthenticator.string(try maker.sign(signed)))])
        }
    }

    /// What a TPM says of a key, piece by piece: right, until a test changes something.
    struct SoftTPM {
        var algorithm = SigningAlgorithm.es256
        var certificate = AttestationMaker.Certificate.tpm
        var version = "2.0"
        var type: UInt16
        var nameAlgorithm: UInt16 = HashAlgorithm.sha256.rawValue
        var symmetric: UInt16 = 0x0010
        var scheme: [UInt16] = [0x0010]
        /// Curve and how keys are derived, or bits and exponent.
        var parameters: [UInt16]
        /// Coordinates, or the modulus.
        var unique: [[UInt8]]
        var afterPublicArea: [UInt8] = []
        var magic: UInt32 = 0xFF54_4347
        var kind: UInt16 = 0x8017
        var extraData: [UInt8]?
        var name: [UInt8]?
        var afterCertification: [UInt8] = []

        init(for key: Passkeys.PublicKey) {
            if let numbers = key.rsa {
                type = 0x0001
                parameters = [UInt16(numbers.bitWidth), 0, 0]
                unique = [numbers.modulus]
            } else {
                type = 0x0023
                parameters = [0x0003, 0x0010]
                unique = [Array(key.bytes.prefix(32)), Array(key.bytes.suffix(32))]
            }
        }

        private static func sized(_ bytes: [UInt8]) -> [UInt8] {
            [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
        }

        private var publicArea: [UInt8] {
            var writer = ByteWriter()
            writer.write(type)
            writer.write(nameAlgorithm)
            writer.write(0x0004_0000 as UInt32)
            writer.write(Self.sized([1, 2, 3]))
            for number in [symmetric] + scheme + parameters { writer.write(number) }
            for part in unique { writer.write(Self.sized(part)) }
            writer.write(afterPublicArea)
            return writer.bytes
        }

        private func certification(of passkey: VouchedPasskey) -> [UInt8] {
            var named = ByteWriter()
            named.write(nameAlgorithm)
            named.write(HashAlgorithm(rawValue: nameAlgorithm)?.digest(publicArea) ?? [])
            var writer = ByteWriter()
            writer.write(magic)
            writer.write(kind)
            writer.write(Self.sized([4, 5]))
            writer.write(Self.sized(extraData ?? algorithm.hash?.digest(passkey.signed) ?? []))
            writer.write([UInt8](repeating: 6, count: 25))
            writer.write(Self.sized(name ?? named.bytes))
            writer.write(Self.sized([]))
            writer.write(afterCertification)
            return writer.bytes
        }

        func register(_ passkey: VouchedPasskey, by maker: AttestationMaker) throws -> Passkeys.Credential {
            let certification = certification(of: passkey)
            return try passkey.register(
                "tpm", algorithm: algorithm.rawValue, certificate: try maker.certificate(certificate),
                members: [
                    ("sig", SoftAuthenticator.string(try maker.sign(certification))),
                    ("ver", SoftAuthenticator.text(version)), ("pubArea", SoftAuthenticator.string(publicArea)),
                    ("certInfo", SoftAuthenticator.string(certification)),
                ])
        }
    }
#endif
