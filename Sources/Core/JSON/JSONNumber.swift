/// A JSON number, kept as the text it was written in so that nothing is rounded on the way through.
///
/// Two numbers are equal when their texts are: `1.0` is not `1`.
public struct JSONNumber: Hashable, Sendable, CustomStringConvertible {
    /// Always matches the grammar of RFC 8259 §6.
    public let literal: String

    public init(_ number: some BinaryInteger) { literal = String(number) }

    /// The shortest text that reads back as the same number; `nil` for infinities and not-a-number.
    public init?(_ number: Double) {
        guard number.isFinite else { return nil }
        let text = number.description
        literal = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// `nil` unless the text follows RFC 8259 §6.
    public init?(literal: String) {
        let bytes = Array(literal.utf8)
        guard let end = Self.end(of: bytes[...]), end == bytes.endIndex else { return nil }
        self.literal = literal
    }

    init(checked literal: String) { self.literal = literal }

    /// The number when it is written without fraction or exponent and fits 64 bits.
    public var integer: Int? { Int(literal) }

    /// The nearest double; a number beyond its range is infinite.
    public var double: Double { Double(literal) ?? .nan }

    public var description: String { literal }

    /// The end of the number that starts `bytes`; `nil` when none does.
    static func end(of bytes: ArraySlice<UInt8>) -> Int? {
        var position = bytes.startIndex
        func digits(from start: Int) -> Int {
            var position = start
            while position < bytes.endIndex, bytes[position] &- 0x30 < 10 { position += 1 }
            return position
        }
        if position < bytes.endIndex, bytes[position] == UInt8(ascii: "-") { position += 1 }
        let whole = digits(from: position)
        guard whole > position, bytes[position] != 0x30 || whole == position + 1 else { return nil }
        position = whole
        if position < bytes.endIndex, bytes[position] == UInt8(ascii: ".") {
            let fraction = digits(from: position + 1)
            guard fraction > position + 1 else { return nil }
            position = fraction
        }
        if position < bytes.endIndex, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.endIndex, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            let exponent = digits(from: position)
            guard exponent > position else { return nil }
            position = exponent
        }
        return position
    }
}
