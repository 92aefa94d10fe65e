/// Reads the inside of a string literal.
struct Escapes {
    /// One scalar of the literal, and whether it was the pattern escape `\*`.
    struct Piece {
        let scalar: Unicode.Scalar
        let isEscapedStar: Bool
    }

    /// An escape that is none, at this byte of the literal.
    struct Invalid: Error {
        let offset: Int
        let text: String
    }

    /// The scalars of a literal's content, whose quotes have been taken off.
    ///
    /// - Throws: at the first escape that Cedar does not have.
    static func pieces(_ content: ArraySlice<UInt8>, inPattern: Bool) throws(Invalid) -> [Piece] {
        var result: [Piece] = []
        var scalars = Array(String(decoding: content, as: UTF8.self).unicodeScalars)[...]
        var offset = content.startIndex
        func refuse(_ length: Int) -> Invalid {
            Invalid(offset: offset, text: String(String.UnicodeScalarView(scalars.prefix(length))))
        }
        while let first = scalars.first {
            var consumed = 1
            var star = false
            var value = first
            if first == "\\" {
                guard let next = scalars.dropFirst().first else { throw refuse(1) }
                consumed = 2
                switch next {
                case "n": value = "\n"
                case "r": value = "\r"
                case "t": value = "\t"
                case "0": value = "\0"
                case "\\", "\"", "'": value = next
                case "*" where inPattern:
                    value = next
                    star = true
                case "x":
                    let digits = scalars.dropFirst(2).prefix(2)
                    guard digits.count == 2, let number = hexNumber(digits), number < 0x80 else { throw refuse(4) }
                    value = Unicode.Scalar(UInt8(number))
                    consumed = 4
                case "u":
                    let body = scalars.dropFirst(2)
                    guard body.first == "{", let close = body.firstIndex(of: "}") else { throw refuse(3) }
                    let written = body[(body.startIndex + 1)..<close]
                    let digits = written.filter { $0 != "_" }
                    guard written.first != "_", (1...6).contains(digits.count), let number = hexNumber(digits[...]),
                        let scalar = Unicode.Scalar(number)
                    else { throw refuse(min(close - scalars.startIndex + 1, 16)) }
                    value = scalar
                    consumed = close - scalars.startIndex + 1
                default: throw refuse(2)
                }
            } else if first == "\r" {
                // The reference refuses a bare carriage return inside a string.
                throw Invalid(offset: offset, text: "\\r")
            }
            result.append(Piece(scalar: value, isEscapedStar: star))
            offset += scalars.prefix(consumed).reduce(0) { $0 + UTF8.width($1) }
            scalars = scalars.dropFirst(consumed)
        }
        return result
    }

    private static func hexNumber(_ digits: some Collection<Unicode.Scalar>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            guard digit.isASCII, let nibble = UInt8(digit.value).hexDigit else { return nil }
            value = value << 4 | UInt32(nibble)
        }
        return value
    }
}
