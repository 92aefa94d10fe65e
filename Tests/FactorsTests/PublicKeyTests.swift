#if Passkeys
    import Core
    import Testing

    @testable import Factors

    @Suite("Keys of passkeys")
    struct PublicKeyTests {
        /// An odd number of so many bits.
        static func modulus(bits: Int) -> [UInt8] {
            var bytes = [UInt8](repeating: 0xA5, count: (bits + 7) / 8)
            bytes[0] = 1 << UInt8((bits - 1) % 8)
            return bytes
        }

        private static func rsa(_ modulus: [UInt8], _ exponent: [UInt8]) -> CBOR {
            cose([
                (.unsigned(1), .unsigned(3)), (.unsigned(3), .negative(256)), (.negative(0), .bytes(modulus[...])),
                (.negative(1), .bytes(exponent[...])),
            ])
        }

        private static func cose(_ members: [(CBOR, CBOR)]) -> CBOR {
            .map(members.map { CBOR.Member(key: $0.0, value: $0.1, encodedValue: []) })
        }

        @Test("of RSA have 2,048 to 8,192 bits", arguments: [2048, 2049, 3072, 3482, 4096, 8185, 8192])
        func lengths(bits: Int) throws {
            let key = try Passkeys.PublicKey(of: Self.rsa(Self.modulus(bits: bits), [1, 0, 1]))
            #expect(key.algorithm == .rs256 && key.rsa?.bitWidth == bits)
            #expect(Passkeys.PublicKey(stored: key.stored) == key)
        }

        @Test("of RSA are refused with other lengths", arguments: [8, 1024, 2047, 8193, 16384])
        func otherLengths(bits: Int) throws {
            #expect(
                try refusal { _ = try Passkeys.PublicKey(of: Self.rsa(Self.modulus(bits: bits), [1, 0, 1])) }
                    == FactorsError.unsupportedAlgorithm)
        }

        @Test("of RSA have numbers that are odd and begin with no zero")
        func numbers() throws {
            let modulus = Self.modulus(bits: 2048)
            for exponent in [[3], [17], [1, 0, 1], [0xFF, 0xFF, 0xFF, 0xFF]] as [[UInt8]] {
                #expect(RSANumbers(modulus: modulus, exponent: exponent) != nil)
            }
            for exponent in [[], [0], [1], [2], [0, 3], [0, 1, 0, 1], [1, 0, 0], [1, 0, 0, 0, 1]] as [[UInt8]] {
                #expect(RSANumbers(modulus: modulus, exponent: exponent) == nil, "\(exponent)")
                #expect(
                    try refusal { _ = try Passkeys.PublicKey(of: Self.rsa(modulus, exponent)) }
                        == FactorsError.unsupportedAlgorithm)
            }
            for wrong in [[], [0], [0] + modulus, modulus.dropLast() + [0xA4]] as [[UInt8]] {
                #expect(RSANumbers(modulus: wrong, exponent: [3]) == nil)
            }
        }

        @Test("of RSA are read only as they were stored")
        func storedRSA() throws {
            let modulus = Self.modulus(bits: 2056)
            let key = try Passkeys.PublicKey(of: Self.rsa(modulus, [3]))
            #expect(key.stored == [0xFF, 0xFF, 0xFE, 0xFF, 0, 0, 1, 1] + modulus + [0, 0, 0, 1, 3])
            for count in 0..<key.stored.count {
                #expect(Passkeys.PublicKey(stored: Array(key.stored.prefix(count))) == nil)
            }
            let algorithm: [UInt8] = [0xFF, 0xFF, 0xFE, 0xFF]
            for wrong in [
                key.stored + [0], algorithm + modulus.prefix(256) + [1, 0, 1],
                algorithm + [0, 0, 1, 2, 0] + modulus + [0, 0, 0, 1, 3],
                algorithm + [0, 0, 1, 1] + modulus + [0, 0, 0, 1, 2],
                algorithm + [0xFF, 0xFF, 0xFF, 0xFF] + modulus + [0, 0, 0, 1, 3],
            ] {
                #expect(Passkeys.PublicKey(stored: wrong) == nil)
            }
        }

        private static func coordinate(_ count: Int) -> CBOR { .bytes([UInt8](repeating: 1, count: count)[...]) }

        private static func point(_ type: UInt64, _ curve: UInt64, _ number: Int, x: Int, y: CBOR) -> [(CBOR, CBOR)] {
            [
                (.unsigned(1), .unsigned(type)), (.unsigned(3), .negative(UInt64(-1 - number))),
                (.negative(0), .unsigned(curve)), (.negative(1), coordinate(x)), (.negative(2), y),
            ]
        }

        @Test("of other kinds and forms are refused")
        func others() throws {
            let others: [(String, [(CBOR, CBOR)], ErrorCode)] = [
                ("without an algorithm", [(.unsigned(1), .unsigned(2))], FactorsError.malformedResponse),
                ("ES384", [(.unsigned(3), .negative(34))], FactorsError.unsupportedAlgorithm),
                ("ES512", [(.unsigned(3), .negative(35))], FactorsError.unsupportedAlgorithm),
                ("PS256", [(.unsigned(3), .negative(36))], FactorsError.unsupportedAlgorithm),
                ("RS1", [(.unsigned(3), .negative(65534))], FactorsError.unsupportedAlgorithm),
                (
                    "a curve of another kind", Self.point(2, 6, -7, x: 32, y: .bytes([])),
                    FactorsError.unsupportedAlgorithm
                ),
                ("P-384", Self.point(2, 2, -7, x: 48, y: Self.coordinate(48)), FactorsError.unsupportedAlgorithm),
                (
                    "a short coordinate", Self.point(2, 1, -7, x: 31, y: Self.coordinate(32)),
                    FactorsError.unsupportedAlgorithm
                ),
                (
                    "a long coordinate", Self.point(2, 1, -7, x: 32, y: Self.coordinate(33)),
                    FactorsError.unsupportedAlgorithm
                ),
                ("a compressed point", Self.point(2, 1, -7, x: 32, y: .bool(true)), FactorsError.unsupportedAlgorithm),
                ("Ed448", Self.point(1, 7, -8, x: 57, y: .null), FactorsError.unsupportedAlgorithm),
                ("a short point of Ed25519", Self.point(1, 6, -8, x: 31, y: .null), FactorsError.unsupportedAlgorithm),
            ]
            for (name, members, code) in others {
                #expect(try refusal { _ = try Passkeys.PublicKey(of: Self.cose(members)) } == code, "\(name)")
            }
        }
    }
#endif
