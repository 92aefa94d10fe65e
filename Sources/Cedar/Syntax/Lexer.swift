/// Splits a text into tokens, complaining of what is none and going on.
struct Lexer {
    /// What is read: a question mark begins a slot in policies, and follows an optional attribute in schemas.
    enum Language {
        case policies, schemas
    }

    private let source: SourceText
    private let language: Language
    private let bytes: [UInt8]
    private var position = 0
    private(set) var tokens: [Token] = []
    private(set) var errors: [CedarError] = []

    init(_ source: SourceText, language: Language) {
        self.source = source
        self.language = language
        bytes = source.bytes
        tokens.reserveCapacity(bytes.count / 4)
    }

    mutating func run() {
        skipByteOrderMark()
        while position < bytes.count, errors.count < Parser.maximumErrors {
            if skipBlank() { continue }
            let start = position
            let kind = scan()
            tokens.append(Token(kind: kind, start: start, end: position))
        }
        tokens.append(Token(kind: .end, start: bytes.count, end: bytes.count))
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    /// Complains of what some editors write before a text in UTF-8, and goes on behind it.
    private mutating func skipByteOrderMark() {
        guard bytes.starts(with: "\u{FEFF}".utf8) else { return }
        let message = "the file begins with a byte order mark: save it as UTF-8 without one"
        errors.append(CedarError("invalid_character", message, in: source, at: 0))
        position = 3
    }

    /// Skips one blank character or one comment.
    private mutating func skipBlank() -> Bool {
        let byte = bytes[position]
        if byte == 0x20 || (0x09...0x0D).contains(byte) {
            position += 1
            return true
        }
        if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
            while let next = peek(), next != 0x0A, next != 0x0D { position += 1 }
            return true
        }
        if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
            skipBlockComment()
            return true
        }
        guard byte >= 0x80, let (scalar, length) = scalar(), scalar.properties.isWhitespace else { return false }
        position += length
        return true
    }

    /// Complains of a comment as other languages have it, and goes on behind it.
    private mutating func skipBlockComment() {
        errors.append(
            CedarError(
                "invalid_comment", "a comment begins with `//` and ends with the line; there is no `/* … */`",
                in: source,
                at: position))
        position += 2
        while position < bytes.count, peek() != UInt8(ascii: "*") || peek(1) != UInt8(ascii: "/") { position += 1 }
        position = min(position + 2, bytes.count)
    }

    /// The scalar at the position and how many bytes it takes.
    private func scalar() -> (Unicode.Scalar, Int)? {
        let length = bytes[position] < 0x80 ? 1 : bytes[position] < 0xE0 ? 2 : bytes[position] < 0xF0 ? 3 : 4
        let end = min(position + length, bytes.count)
        return String(decoding: bytes[position..<end], as: UTF8.self).unicodeScalars.first.map { ($0, end - position) }
    }

    private mutating func scan() -> Token.Kind {
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "?"):
            position += 1
            if language == .schemas { return .questionMark }
            guard let next = peek(), next.startsName else { return invalid(from: position - 1) }
            skipName()
            return .slot
        case _ where byte.startsName:
            let start = position
            skipName()
            return Token.Kind.words[Text(bytes[start..<position])] ?? .identifier
        case _ where byte.isASCIIDigit:
            while let next = peek(), next.isASCIIDigit { position += 1 }
            return .integer
        default: return punctuation(byte)
        }
    }

    private mutating func skipName() {
        while let next = peek(), next.startsName || next.isASCIIDigit { position += 1 }
    }

    private mutating func punctuation(_ byte: UInt8) -> Token.Kind {
        guard byte < 0x80 else { return invalid(from: position) }
        let single = String(UnicodeScalar(byte))
        if let next = peek(1), next < 0x80 {
            if let kind = Token.Kind(rawValue: single + String(UnicodeScalar(next))) {
                position += 2
                return kind
            }
        }
        guard let kind = Token.Kind(rawValue: single) else { return invalid(from: position) }
        position += 1
        return kind
    }

    private mutating func string() -> Token.Kind {
        let start = position
        position += 1
        while let byte = peek() {
            position += 1
            if byte == UInt8(ascii: "\"") { return .string }
            if byte == UInt8(ascii: "\\") {
                guard peek() != nil, peek() != 0x0A else { break }
                position += 1
            }
        }
        errors.append(CedarError("unterminated_string", "this string is not closed", in: source, at: start))
        return .invalid
    }

    private mutating func invalid(from start: Int) -> Token.Kind {
        position = start
        let (character, length) = scalar() ?? ("\u{FFFD}", 1)
        position = start + length
        let code = String(character.value, radix: 16, uppercase: true)
        let shown = character.isASCII && character.value > 0x20 ? "`\(character)`" : "the character U+\(code)"
        errors.append(CedarError("invalid_character", "\(shown) does not belong here", in: source, at: start))
        return .invalid
    }
}

extension UInt8 {
    /// A letter or underscore.
    var startsName: Bool {
        self == UInt8(ascii: "_") || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
