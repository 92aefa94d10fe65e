extension JSON {
    /// How deep arrays and objects may nest unless the caller says otherwise.
    public static let depthLimit = 128

    /// Reads one JSON text, strictly as RFC 8259 has it.
    ///
    /// Refused as well: duplicate keys, a byte order mark, invalid UTF-8, lone surrogates, nesting beyond `depthLimit`.
    public init(parsing bytes: [UInt8], depthLimit: Int = JSON.depthLimit) throws(JSONError) {
        var parser = JSONParser(bytes, depthLimit: depthLimit)
        self = try parser.parse()
    }

    public init(parsing bytes: some Collection<UInt8>, depthLimit: Int = JSON.depthLimit) throws(JSONError) {
        try self.init(parsing: Array(bytes), depthLimit: depthLimit)
    }

    public init(parsing text: String, depthLimit: Int = JSON.depthLimit) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), depthLimit: depthLimit)
    }
}

/// A recursive-descent reader over bytes; its depth, and so the stack, is bounded.
private struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depthLeft: Int

    init(_ bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        depthLeft = depthLimit
    }

    mutating func parse() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw failure("a byte order mark is not part of JSON") }
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw failure("there is something after the end of the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSON {
        skipSpace()
        guard position < bytes.count else { throw failure("a value is missing") }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try nested(Self.object))
        case UInt8(ascii: "["): return .array(try nested(Self.array))
        case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
        case UInt8(ascii: "t") where take("true"): return .bool(true)
        case UInt8(ascii: "f") where take("false"): return .bool(false)
        case UInt8(ascii: "n") where take("null"): return .null
        default: throw failure("a value is missing")
        }
    }

    private mutating func nested<T>(_ body: (inout JSONParser) throws(JSONError) -> T) throws(JSONError) -> T {
        guard depthLeft > 0 else { throw failure("arrays and objects nest too deeply") }
        depthLeft -= 1
        position += 1
        let result = try body(&self)
        depthLeft += 1
        return result
    }

    private static func array(_ parser: inout JSONParser) throws(JSONError) -> [JSON] {
        var elements: [JSON] = []
        if parser.takePunctuation("]") { return elements }
        while true {
            elements.append(try parser.value())
            if parser.takePunctuation(",") { continue }
            guard parser.takePunctuation("]") else { throw parser.failure("`,` or `]` is missing") }
            return elements
        }
    }

    private static func object(_ parser: inout JSONParser) throws(JSONError) -> JSONObject {
        var object = JSONObject()
        if parser.takePunctuation("}") { return object }
        while true {
            parser.skipSpace()
            let start = parser.position
            guard start < parser.bytes.count, parser.bytes[start] == UInt8(ascii: "\"") else {
                throw parser.failure("a key in quotes is missing")
            }
            let key = try parser.string()
            guard parser.takePunctuation(":") else { throw parser.failure("`:` is missing") }
            guard object.append(key, try parser.value()) else {
                throw parser.failure("the key occurs twice in its object", at: start)
            }
            if parser.takePunctuation(",") { continue }
            guard parser.takePunctuation("}") else { throw parser.failure("`,` or `}` is missing") }
            return object
        }
    }

    private mutating func number() throws(JSONError) -> JSONNumber {
        guard let end = JSONNumber.end(of: bytes[position...]) else { throw failure("the number is malformed") }
        defer { position = end }
        return JSONNumber(checked: String(decoding: bytes[position..<end], as: UTF8.self))
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"),
            bytes[position] >= 0x20
        { position += 1 }
        // Most strings have no escape and are one run of bytes.
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try text(bytes[start..<position], from: start)
        }
        return try escapedString(from: start)
    }

    /// Goes on at the first escape of the string that started at `start`.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var unescaped = Array(bytes[start..<position])
        while true {
            guard position < bytes.count else { throw failure("the string does not end") }
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                let result = try text(unescaped[...], from: start)
                position += 1
                return result
            case UInt8(ascii: "\\"): try escape(into: &unescaped)
            case 0..<0x20: throw failure("a control character must be escaped")
            default:
                unescaped.append(byte)
                position += 1
            }
        }
    }

    private mutating func escape(into unescaped: inout [UInt8]) throws(JSONError) {
        let start = position
        guard position + 1 < bytes.count else { throw failure("the string does not end") }
        let simple: UInt8? =
            switch bytes[position + 1] {
            case UInt8(ascii: "\""): UInt8(ascii: "\"")
            case UInt8(ascii: "\\"): UInt8(ascii: "\\")
            case UInt8(ascii: "/"): UInt8(ascii: "/")
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: nil
            }
        if let simple {
            unescaped.append(simple)
            position += 2
            return
        }
        guard let first = unicodeEscape() else { throw failure("the escape is unknown", at: start) }
        var value = UInt32(first)
        if UTF16.isLeadSurrogate(first) {
            guard let second = unicodeEscape(), UTF16.isTrailSurrogate(second) else {
                throw failure("half of a surrogate pair stands alone", at: start)
            }
            value = 0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw failure("half of a surrogate pair stands alone", at: start)
        }
        unescaped.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
    }

    /// Takes `\uXXXX`.
    private mutating func unicodeEscape() -> UInt16? {
        guard position + 6 <= bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return nil }
        var value: UInt16 = 0
        for digit in bytes[(position + 2)..<(position + 6)] {
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt16(digit - 0x30)
            case 0x41...0x46: value = value << 4 | UInt16(digit - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt16(digit - 0x61 + 10)
            default: return nil
            }
        }
        position += 6
        return value
    }

    /// Escapes only add valid UTF-8, so an invalid byte is one of the text's own: `start` begins the search for it.
    private func text(_ run: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
        if let text = String(validating: run, as: UTF8.self) { return text }
        throw failure("the text is not UTF-8", at: bytes.firstInvalidUTF8(from: start) ?? start)
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func takePunctuation(_ mark: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
        position += 1
        return true
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count,
            word.withUTF8Buffer({ $0.elementsEqual(bytes[position..<(position + count)]) })
        else { return false }
        position += count
        return true
    }

    private func failure(_ reason: String, at offset: Int? = nil) -> JSONError {
        JSONError(reason, at: offset ?? position, of: bytes)
    }
}

extension [UInt8] {
    /// Where the first byte is that does not continue valid UTF-8, looking from `start`; `nil` when there is none.
    public func firstInvalidUTF8(from start: Int = 0) -> Int? {
        var position = start
        while position < count {
            let length = Self.lengthOfUTF8Sequence(self[position...])
            guard length > 0 else { return position }
            position += length
        }
        return nil
    }

    /// The length of the well-formed sequence that starts the bytes (Unicode table 3-7), or 0.
    private static func lengthOfUTF8Sequence(_ bytes: ArraySlice<UInt8>) -> Int {
        let start = bytes.startIndex
        func continues(_ distance: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            start + distance < bytes.endIndex && range.contains(bytes[start + distance])
        }
        switch bytes[start] {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: return continues(1) ? 2 : 0
        case 0xE0: return continues(1, 0xA0...0xBF) && continues(2) ? 3 : 0
        case 0xED: return continues(1, 0x80...0x9F) && continues(2) ? 3 : 0
        case 0xE1...0xEC, 0xEE...0xEF: return continues(1) && continues(2) ? 3 : 0
        case 0xF0: return continues(1, 0x90...0xBF) && continues(2) && continues(3) ? 4 : 0
        case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
        case 0xF4: return continues(1, 0x80...0x8F) && continues(2) && continues(3) ? 4 : 0
        default: return 0
        }
    }
}
