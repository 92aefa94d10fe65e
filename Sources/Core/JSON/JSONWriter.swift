extension JSON {
    /// How a value is laid out when it is written.
    public enum Layout: Sendable {
        /// No white space at all.
        case compact
        /// One member or element a line, two spaces a level.
        case pretty
    }

    /// The value as JSON text: UTF-8 kept as it is, members in their order, numbers as they were written.
    public func bytes(_ layout: Layout = .compact) -> [UInt8] {
        var result: [UInt8] = []
        write(into: &result, layout)
        return result
    }

    public func text(_ layout: Layout = .compact) -> String { String(decoding: bytes(layout), as: UTF8.self) }

    /// Appends what `bytes` returns.
    public func write(into output: inout [UInt8], _ layout: Layout = .compact) {
        write(into: &output, layout, level: 0)
    }

    /// The same value with the members of every object ordered by key (RFC 8785 §3.2.3): one value, one hash.
    ///
    /// Numbers keep the text they were written in, so `1.0` and `1` still hash apart.
    public var sortedKeys: JSON {
        switch self {
        case .array(let elements): return .array(elements.map(\.sortedKeys))
        case .object(let object):
            var result = JSONObject()
            for member in object.sorted.members { result[member.key] = member.value.sortedKeys }
            return .object(result)
        default: return self
        }
    }

    /// Appends `text` as a JSON string, in quotes, escaping only what must be (RFC 8785 §3.2.2.2).
    public static func write(_ text: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        defer { output.append(UInt8(ascii: "\"")) }
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            output += text.utf8
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0x08: output += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
            case 0x09: output += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0x0A: output += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 0x0C: output += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
            case 0x0D: output += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case 0..<0x20: output += Array("\\u00\(hex([byte]))".utf8)
            default: output.append(byte)
            }
        }
    }

    private func write(into output: inout [UInt8], _ layout: Layout, level: Int) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let flag): output += (flag ? "true" : "false").utf8
        case .number(let number): output += number.literal.utf8
        case .string(let text): Self.write(text, into: &output)
        case .array(let elements):
            Self.write(elements, between: "[", "]", into: &output, layout, level: level) { element, output in
                element.write(into: &output, layout, level: level + 1)
            }
        case .object(let object):
            Self.write(object.members, between: "{", "}", into: &output, layout, level: level) { member, output in
                Self.write(member.key, into: &output)
                output.append(UInt8(ascii: ":"))
                if layout == .pretty { output.append(0x20) }
                member.value.write(into: &output, layout, level: level + 1)
            }
        }
    }

    private static func write<T>(
        _ items: [T], between open: Unicode.Scalar, _ close: Unicode.Scalar, into output: inout [UInt8],
        _ layout: Layout, level: Int, each: (T, inout [UInt8]) -> Void
    ) {
        func newLine(_ level: Int) {
            guard layout == .pretty, !items.isEmpty else { return }
            output.append(0x0A)
            output.append(contentsOf: repeatElement(0x20, count: 2 * level))
        }
        output.append(UInt8(ascii: open))
        for (place, item) in items.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            newLine(level + 1)
            each(item, &output)
        }
        newLine(level)
        output.append(UInt8(ascii: close))
    }
}

extension JSON: CustomStringConvertible {
    public var description: String { text() }
}
