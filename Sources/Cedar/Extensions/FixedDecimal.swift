/// Cedar's `decimal`: a number with four decimal places, held as ten-thousandths.
public struct FixedDecimal: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let tenThousandths: Int64

    public init(tenThousandths: Int64) { self.tenThousandths = tenThousandths }

    /// Reads `12.3` to `12.3456`; one to four decimal places are required.
    init(parsing text: Text) throws(ExtensionFailure) {
        var scanner = ExtensionScanner(text)
        let negative = scanner.skip("-")
        let whole = scanner.digits()
        guard !whole.isEmpty, scanner.skip(".") else { throw .malformed }
        let fraction = scanner.digits()
        guard !fraction.isEmpty, scanner.atEnd else { throw .malformed }
        guard fraction.count <= 4 else { throw .outOfRange }
        guard let integer = whole.decimalNumber, var rest = fraction.decimalNumber else { throw .overflow }
        for _ in fraction.count..<4 { rest *= 10 }
        let (scaled, overflow) = integer.multipliedReportingOverflow(by: 10_000)
        let (magnitude, carry) = scaled.addingReportingOverflow(rest)
        guard !overflow, !carry, let value = Int64(magnitude: magnitude, negative: negative) else { throw .overflow }
        tenThousandths = value
    }

    public static func < (left: FixedDecimal, right: FixedDecimal) -> Bool {
        left.tenThousandths < right.tenThousandths
    }

    public var description: String {
        let magnitude = tenThousandths.magnitude
        var fraction = String(magnitude % 10_000)
        fraction = String(repeating: "0", count: 4 - fraction.count) + fraction
        while fraction.utf8.count > 1, fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(tenThousandths < 0 ? "-" : "")\(magnitude / 10_000).\(fraction)"
    }
}

extension Int64 {
    /// The number of this magnitude and sign, `nil` where it does not fit.
    init?(magnitude: UInt64, negative: Bool) {
        if negative {
            guard magnitude <= Int64.min.magnitude else { return nil }
            self = Int64(truncatingIfNeeded: 0 &- magnitude)
        } else {
            guard let value = Int64(exactly: magnitude) else { return nil }
            self = value
        }
    }
}
