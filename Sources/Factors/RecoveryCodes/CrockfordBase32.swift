/// Douglas Crockford's base 32: no letter that is taken for a digit, and no `u`.
///
/// Only whole groups of five bytes are written, so there is no padding and each text has one value.
enum CrockfordBase32 {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// Eight lower-case symbols for each five bytes.
    static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count.isMultiple(of: 5), "only whole groups are written")
        var text = ""
        for group in stride(from: 0, to: bytes.count, by: 5) {
            let bits = bytes[group..<(group + 5)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            for place in (0..<8).reversed() { text.append(alphabet[Int(bits >> UInt64(5 * place) & 31)]) }
        }
        return text
    }

    /// The bytes of whole groups of eight symbols; `nil` for anything else.
    static func decode(_ symbols: some Sequence<Unicode.Scalar>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt64 = 0
        var count = 0
        for symbol in symbols {
            guard let value = value(of: symbol) else { return nil }
            bits = bits << 5 | value
            count += 1
            guard count == 8 else { continue }
            for place in (0..<5).reversed() { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * place))) }
            bits = 0
            count = 0
        }
        return count == 0 ? bytes : nil
    }

    private static func value(of symbol: Unicode.Scalar) -> UInt64? {
        let lower: Unicode.Scalar
        switch symbol {
        case "A"..."Z": lower = Unicode.Scalar(UInt8(symbol.value) + 0x20)
        default: lower = symbol
        }
        switch lower {
        case "o": return 0
        case "i", "l": return 1
        default: return alphabet.firstIndex(of: Character(lower)).map { UInt64($0) }
        }
    }
}
