/// The two numbers of an RSA key (RFC 8017 §3.1), big-endian and without leading zeros.
struct RSANumbers: Sendable, Equatable {
    /// Bits of a modulus: fewer are too weak, more take too long.
    static let bits = 2048...8192

    let modulus: [UInt8]
    let exponent: [UInt8]

    /// `nil` for numbers of which no key is taken: exponents are odd, 3 or more, and have up to 32 bits.
    init?(modulus: [UInt8], exponent: [UInt8]) {
        guard Self.bits.contains(Self.bitWidth(modulus)), Self.isOddAndShortest(modulus),
            exponent.count <= 4, Self.isOddAndShortest(exponent), exponent != [1]
        else { return nil }
        self.modulus = modulus
        self.exponent = exponent
    }

    var bitWidth: Int { Self.bitWidth(modulus) }

    private static func bitWidth(_ number: [UInt8]) -> Int {
        number.count * 8 - (number.first?.leadingZeroBitCount ?? 0)
    }

    private static func isOddAndShortest(_ number: [UInt8]) -> Bool {
        guard let first = number.first, let last = number.last else { return false }
        return first != 0 && last & 1 == 1
    }
}
