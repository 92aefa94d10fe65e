/// Reads JSON (RFC 8259) without Foundation, whose strings would make different names of Cedar one.
struct JSONReader {
    private let source: SourceText
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ source: SourceText) {
        self.source = source
        bytes = source.bytes
    }

    /// The whole text as one value.
    mutating func document() throws(CedarError) -> JSONValue {
        let value = try value()
        skipBlank()
        guard position == bytes.count else { throw fail("the text goes on after its end") }
        return value
    }

    private func fail(_ message: String, at offset: Int? = nil) -> CedarError {
        CedarError("invalid_json", message, in: source, at: offset ?? position)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlank() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func accept(_ character: Character) -> Bool {
        guard next == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Character) throws(CedarError) {
        guard accept(character) else { throw fail("`\(character)` is expected here") }
    }

    private mutating func value() throws(CedarError) -> JSONValue {
        skipBlank()
        let start = position
        return JSONValue(form: try form(), offset: start)
    }

    private mutating func form() throws(CedarError) -> JSONValue.Form {
        switch next {
        case UInt8(ascii: "{"): return try nested { reader throws(CedarError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(CedarError) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"): return try number()
        case let byte? where byte.isASCIIDigit: return try number()
        case nil: throw fail("the text ends where a value is expected")
        default: throw fail("no value begins like this")
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(CedarError) -> JSONValue.Form
    ) throws(CedarError) -> JSONValue.Form {
        depth += 1
        guard depth <= JSONValue.maximumDepth else {
            throw CedarError(
                "too_deep", "nested more than \(JSONValue.maximumDepth) levels deep", in: source, at: position)
        }
        position += 1
        let form = try body(&self)
        depth -= 1
        return form
    }

    private mutating func array() throws(CedarError) -> JSONValue.Form {
        var elements: [JSONValue] = []
        skipBlank()
        if accept("]") { return .array([]) }
        while true {
            elements.append(try value())
            skipBlank()
            if accept("]") { return .array(elements) }
            try expect(",")
        }
    }

    private mutating func object() throws(CedarError) -> JSONValue.Form {
        var members: [(name: Text, value: JSONValue)] = []
        var seen: Set<Text> = []
        skipBlank()
        if accept("}") { return .object([]) }
        while true {
            skipBlank()
            let start = position
            guard next == UInt8(ascii: "\"") else { throw fail("a name in quotes is expected here") }
            let name = try string()
            guard seen.insert(name).inserted else { throw fail("this name is given twice in one object", at: start) }
            skipBlank()
            try expect(":")
            members.append((name, try value()))
            skipBlank()
            if accept("}") { return .object(members) }
            try expect(",")
        }
    }

    private mutating func word(_ word: String, _ form: JSONValue.Form) throws(CedarError) -> JSONValue.Form {
        guard bytes[position...].starts(with: word.utf8) else { throw fail("no value begins like this") }
        position += word.utf8.count
        return form
    }

    private mutating func number() throws(CedarError) -> JSONValue.Form {
        let start = position
        let negative = accept("-")
        let digits = try digits()
        guard digits.count == 1 || digits.first != 0x30 else { throw fail("a number has no leading zero", at: start) }
        var isInteger = true
        if accept(".") {
            isInteger = false
            _ = try self.digits()
        }
        if accept("e") || accept("E") {
            isInteger = false
            if !accept("+") { _ = accept("-") }
            _ = try self.digits()
        }
        guard isInteger, let magnitude = digits.decimalNumber,
            let value = Int64(magnitude: magnitude, negative: negative)
        else { return .otherNumber }
        return .integer(value)
    }

    private mutating func digits() throws(CedarError) -> ArraySlice<UInt8> {
        let start = position
        while let byte = next, byte.isASCIIDigit { position += 1 }
        guard position > start else { throw fail("a digit is expected here") }
        return bytes[start..<position]
    }

    // MARK: - Strings

    private mutating func string() throws(CedarError) -> Text {
        position += 1
        var content: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return Text(content)
            case UInt8(ascii: "\\"): try escape(into: &content)
            case 0..<0x20: throw fail("a control character in a string is written as an escape", at: position - 1)
            default: content.append(byte)
            }
        }
        throw fail("the text ends inside a string")
    }

    private mutating func escape(into content: inout [UInt8]) throws(CedarError) {
        let start = position - 1
        guard let byte = next else { throw fail("the text ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            var code = try codeUnit()
            if (0xD800..<0xDC00).contains(code), accept("\\"), accept("u") {
                let low = try codeUnit()
                guard (0xDC00..<0xE000).contains(low) else { throw fail("half a surrogate pair", at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fail("half a surrogate pair", at: start) }
            content += Array(String(scalar).utf8)
        default: throw fail("no such escape", at: start)
        }
    }

    private mutating func codeUnit() throws(CedarError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next?.hexDigit else { throw fail("four hexadecimal digits are expected here") }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
