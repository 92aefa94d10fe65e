import Core

extension Passkeys {
    /// What passkeys sign with, by its number in COSE; others are refused.
    public enum Algorithm: Int32, Sendable, CaseIterable {
        /// ECDSA on P-256 with SHA-256.
        case es256 = -7
        /// Ed25519.
        case edDSA = -8
        /// RSA with 2048 bits, PKCS #1 v1.5 and SHA-256: what Windows makes.
        case rs256 = -257

        /// Bytes of a key: both coordinates, the point, or modulus and exponent.
        var keyLength: Int {
            switch self {
            case .es256: 64
            case .edDSA: 32
            case .rs256: 256 + 3
            }
        }
    }

    /// The public half of a passkey, which verifies its signatures and is no secret.
    public struct PublicKey: Sendable, Equatable {
        public let algorithm: Algorithm
        let bytes: [UInt8]

        init(algorithm: Algorithm, bytes: [UInt8]) {
            precondition(bytes.count == algorithm.keyLength, "a key has the length of its algorithm's")
            self.algorithm = algorithm
            self.bytes = bytes
        }

        /// What is kept of it: the algorithm's number 4, then the key.
        public var stored: [UInt8] {
            var writer = ByteWriter()
            writer.write(algorithm.rawValue)
            writer.write(bytes)
            return writer.bytes
        }

        /// Reads what `stored` gave; `nil` for anything else.
        public init?(stored: [UInt8]) {
            var reader = ByteReader(stored)
            guard let algorithm = reader.read(Int32.self).flatMap({ Algorithm(rawValue: $0) }),
                reader.remaining == algorithm.keyLength
            else { return nil }
            self.algorithm = algorithm
            bytes = Array(stored.suffix(algorithm.keyLength))
        }
    }
}

extension Passkeys.Algorithm {
    /// The algorithm of a COSE_Key (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4).
    ///
    /// - Throws: `factors.unsupported_algorithm` for others, other curves, and RSA keys that libfido2 cannot hold.
    init(of key: CBOR) throws(FactorsError) {
        guard let number = key[.unsigned(3)]?.integer else {
            throw .malformedResponse("the passkey's key does not say its algorithm")
        }
        let type = key[.unsigned(1)]?.integer
        let curve = key[.negative(0)]?.integer
        switch number {
        case -7 where type == 2 && curve == 1: self = .es256
        case -8 where type == 1 && curve == 6: self = .edDSA
        case -257 where type == 3 && key[.negative(0)]?.bytes?.count == 256 && key[.negative(1)]?.bytes?.count == 3:
            self = .rs256
        default:
            throw FactorsError(
                FactorsError.unsupportedAlgorithm,
                "keys of the COSE algorithm \(number) are not taken in that form: ES256 on P-256, EdDSA on Ed25519 and "
                    + "RS256 with 2048 bits are",
                remedy: "ask for the algorithms -7, -8 and -257")
        }
    }
}
