/// A string that is compared, ordered and hashed by its UTF-8 bytes.
///
/// Swift's own `==` holds for `"é"` and `"e\u{301}"`, which are different names to Cedar.
public struct Text: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let string: String

    public init(_ string: String) {
        var native = string
        native.makeContiguousUTF8()
        self.string = native
    }

    public init(stringLiteral value: String) { self.init(value) }

    init(_ bytes: some Collection<UInt8>) { self.init(String(decoding: bytes, as: UTF8.self)) }

    public var description: String { string }
    public var isEmpty: Bool { string.isEmpty }

    /// Lends the bytes; native strings hold them in one piece, so nothing is copied.
    @inline(__always)
    func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        if let result = string.utf8.withContiguousStorageIfAvailable(body) { return result }
        return Array(string.utf8).withUnsafeBufferPointer(body)
    }

    /// A number that mostly differs where texts do: of the length, the first and the last eight bytes.
    var fingerprint: UInt64 {
        withBytes { bytes in
            var (first, last): (UInt64, UInt64) = (0, 0)
            for byte in bytes.prefix(8) { first = first << 8 | UInt64(byte) }
            for byte in bytes.suffix(8) { last = last << 8 | UInt64(byte) }
            return (first &* 0x9E37_79B9_7F4A_7C15) ^ last ^ (UInt64(bytes.count) << 56)
        }
    }

    public static func == (left: Text, right: Text) -> Bool {
        guard left.string.utf8.count == right.string.utf8.count else { return false }
        return left.withBytes { a in right.withBytes { b in sameBytes(a, b) } }
    }

    public static func < (left: Text, right: Text) -> Bool {
        left.withBytes { a in right.withBytes { b in a.lexicographicallyPrecedes(b) } }
    }

    public func hash(into hasher: inout Hasher) {
        withBytes { bytes in
            hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
            // Ends the text, so that (`ab`, `c`) and (`a`, `bc`) differ; no UTF-8 byte has this value.
            hasher.combine(0xFF as UInt8)
        }
    }
}

/// Compares two buffers of one length, eight bytes at a time.
@inline(__always)
private func sameBytes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    let left = UnsafeRawBufferPointer(a)
    let right = UnsafeRawBufferPointer(b)
    var offset = 0
    while offset + 8 <= left.count {
        guard
            left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        else { return false }
        offset += 8
    }
    while offset < left.count {
        guard left[offset] == right[offset] else { return false }
        offset += 1
    }
    return true
}

extension String {
    /// Writes a text as a Cedar string literal, with every escape the lexer understands.
    var cedarLiteral: String {
        var result = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\0": result += "\\0"
            default:
                if scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
