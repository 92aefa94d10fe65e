extension Timestamp {
    /// The bytes of the fixed form.
    public static let fixedFormLength = 24

    /// Appends RFC 3339 in UTC with exactly three digits of fraction, `2026-11-24T03:45:00.000Z`.
    ///
    /// Every moment takes the same 24 bytes, and their order as text is the order in time: for logs and hashes.
    /// Moments outside the years 1 to 9999 are written as the first or the last moment inside.
    public func writeFixedForm(into output: inout [UInt8]) {
        let inside = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
        let days = inside.dividedRoundingDown(by: 86_400_000)
        let rest = Int(inside - days * 86_400_000)
        let date = CalendarDate(daysSince1970: Int(days))
        Self.write(date.year, digits: 4, then: "-", into: &output)
        Self.write(date.month, digits: 2, then: "-", into: &output)
        Self.write(date.day, digits: 2, then: "T", into: &output)
        Self.write(rest / 3_600_000, digits: 2, then: ":", into: &output)
        Self.write(rest / 60_000 % 60, digits: 2, then: ":", into: &output)
        Self.write(rest / 1000 % 60, digits: 2, then: ".", into: &output)
        Self.write(rest % 1000, digits: 3, then: "Z", into: &output)
    }

    private static func write(
        _ number: Int, digits: Int, then separator: Unicode.Scalar, into output: inout [UInt8]
    ) {
        var divisor = digits == 4 ? 1000 : digits == 3 ? 100 : 10
        while divisor > 0 {
            output.append(UInt8(truncatingIfNeeded: 0x30 + number / divisor % 10))
            divisor /= 10
        }
        output.append(UInt8(ascii: separator))
    }
}

extension UniqueID {
    /// Appends the 8-4-4-4-12 form in lower case, without a string in between.
    public func write(into output: inout [UInt8]) {
        // Thirty-six bytes at once: log entries name two ids each, and single appends would cost more than their hash.
        var text = [36 of UInt8](repeating: UInt8(ascii: "-"))
        var place = 0
        for digit in 0..<32 {
            if digit == 8 || digit == 12 || digit == 16 || digit == 20 { place += 1 }
            let word = digit < 16 ? high : low
            let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (digit & 15))) & 15
            text[place] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
            place += 1
        }
        text.span.withUnsafeBufferPointer { output.append(contentsOf: $0) }
    }
}
