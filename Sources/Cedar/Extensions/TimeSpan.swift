/// Cedar's `duration`: a number of milliseconds.
public struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    private static let units: [(suffix: [UInt8], milliseconds: UInt64)] = [
        (Array("d".utf8), 86_400_000), (Array("h".utf8), 3_600_000), (Array("m".utf8), 60_000),
        (Array("s".utf8), 1000), (Array("ms".utf8), 1),
    ]

    /// Reads `1d2h3m4s5ms`: units in falling order, each at most once, with an optional leading `-`.
    init(parsing text: Text) throws(ExtensionFailure) {
        var rest = ArraySlice(text.string.utf8)
        let negative = rest.first == UInt8(ascii: "-")
        if negative { rest = rest.dropFirst() }
        guard !rest.isEmpty else { throw .malformed }
        var total: UInt64 = 0
        var overflowed = false
        var unit = 0
        while !rest.isEmpty {
            let digits = rest.prefix(while: \.isASCIIDigit)
            let suffix = rest[digits.endIndex...].prefix { !$0.isASCIIDigit }
            guard !digits.isEmpty else { throw .malformed }
            while unit < Self.units.count, !suffix.elementsEqual(Self.units[unit].suffix) { unit += 1 }
            guard unit < Self.units.count else { throw .malformed }
            // The pattern is judged before the size, so go on to the end even when it no longer fits.
            if let number = digits.decimalNumber {
                let (product, overflow) = number.multipliedReportingOverflow(by: Self.units[unit].milliseconds)
                let (sum, carry) = total.addingReportingOverflow(product)
                overflowed = overflowed || overflow || carry
                total = sum
            } else {
                overflowed = true
            }
            unit += 1
            rest = rest[suffix.endIndex...]
        }
        guard !overflowed, let value = Int64(magnitude: total, negative: negative) else { throw .overflow }
        milliseconds = value
    }

    public static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.milliseconds < right.milliseconds }

    public var description: String { "\(milliseconds)ms" }
}
