/// Why an extension function refused its arguments. The text itself is not kept: it may be personal data.
enum ExtensionFailure: Error {
    case malformed
    case outOfRange
    case overflow
}

/// Walks the bytes of an extension value's text.
struct ExtensionScanner {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ text: Text) {
        bytes = ArraySlice(text.string.utf8)
        position = bytes.startIndex
    }

    var atEnd: Bool { position == bytes.endIndex }
    var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    mutating func skip(_ byte: Character) -> Bool {
        guard let wanted = byte.asciiValue, next == wanted else { return false }
        position += 1
        return true
    }

    /// As many decimal digits as there are.
    mutating func digits() -> ArraySlice<UInt8> {
        let start = position
        while let byte = next, byte.isASCIIDigit { position += 1 }
        return bytes[start..<position]
    }

    /// Exactly `count` decimal digits as a number.
    mutating func number(digits count: Int) throws(ExtensionFailure) -> Int64 {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let byte = next, byte.isASCIIDigit else { throw .malformed }
            value = value * 10 + Int64(byte - 0x30)
            position += 1
        }
        return value
    }
}

extension UInt8 {
    var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }
}

extension ArraySlice<UInt8> {
    /// The decimal number these digits write, `nil` where it does not fit or there are none.
    var decimalNumber: UInt64? {
        guard !isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in self {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}
