import Core

extension Passkeys {
    /// What passkeys sign with, by its number in COSE; others are refused.
    public enum Algorithm: Int32, Sendable, CaseIterable {
        /// ECDSA on P-256 with SHA-256.
        case es256 = -7
        /// Ed25519.
        case edDSA = -8
        /// RSA with 2,048 to 8,192 bits, PKCS #1 v1.5 and SHA-256.
        case rs256 = -257
    }

    /// The public half of a passkey, which verifies its signatures and is no secret.
    public struct PublicKey: Sendable, Equatable {
        public let algorithm: Algorithm
        /// Both coordinates, the point, or modulus and exponent, both counted.
        let bytes: [UInt8]
        /// Of keys for RS256.
        let rsa: RSANumbers?

        init(algorithm: Algorithm, bytes: [UInt8]) {
            precondition(bytes.count == Self.length(algorithm), "a key has the length of its algorithm's")
            self.algorithm = algorithm
            self.bytes = bytes
            rsa = nil
        }

        init(_ numbers: RSANumbers) {
            var writer = ByteWriter()
            writer.writeCounted(numbers.modulus)
            writer.writeCounted(numbers.exponent)
            algorithm = .rs256
            bytes = writer.bytes
            rsa = numbers
        }

        /// Of keys that all have the same.
        private static func length(_ algorithm: Algorithm) -> Int? {
            switch algorithm {
            case .es256: 64
            case .edDSA: 32
            case .rs256: nil
            }
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
            guard let algorithm = reader.read(Int32.self).flatMap({ Algorithm(rawValue: $0) }) else { return nil }
            if let length = Self.length(algorithm) {
                guard let bytes = reader.read(count: length), reader.atEnd else { return nil }
                self.init(algorithm: algorithm, bytes: Array(bytes))
            } else {
                guard let modulus = reader.readCounted(), let exponent = reader.readCounted(), reader.atEnd,
                    let numbers = RSANumbers(modulus: Array(modulus), exponent: Array(exponent))
                else { return nil }
                self.init(numbers)
            }
        }
    }
}

extension Passkeys.PublicKey {
    /// The key of a COSE_Key (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4). Whether a point is on its curve is not asked.
    ///
    /// - Throws: `factors.unsupported_algorithm` for others, other curves and other forms of their points, and RSA keys of
    ///   other lengths.
    init(of key: CBOR) throws(FactorsError) {
        guard let number = key[.unsigned(3)]?.integer else {
            throw .malformedResponse("the passkey's key does not say its algorithm")
        }
        let type = key[.unsigned(1)]?.integer
        let curve = key[.negative(0)]?.integer
        func bytes(_ label: UInt64) -> [UInt8] { key[.negative(label)]?.bytes.map(Array.init) ?? [] }
        let (x, y) = (bytes(1), bytes(2))
        switch number {
        case -7 where type == 2 && curve == 1 && x.count == 32 && y.count == 32:
            self.init(algorithm: .es256, bytes: x + y)
        case -8 where type == 1 && curve == 6 && x.count == 32:
            self.init(algorithm: .edDSA, bytes: x)
        case -257 where type == 3:
            guard let numbers = RSANumbers(modulus: bytes(0), exponent: bytes(1)) else { fallthrough }
            self.init(numbers)
        default:
            throw FactorsError(
                FactorsError.unsupportedAlgorithm,
                "keys of the COSE algorithm \(number) are not taken in that form: ES256 on P-256, EdDSA on Ed25519 and "
                    + "RS256 with 2,048 to 8,192 bits are",
                remedy: "ask for the algorithms -7, -8 and -257")
        }
    }
}
