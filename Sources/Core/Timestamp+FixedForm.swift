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
        Self.write(high >> 32, digits: 8, into: &output)
        output.append(UInt8(ascii: "-"))
        Self.write(high >> 16, digits: 4, into: &output)
        output.append(UInt8(ascii: "-"))
        Self.write(high, digits: 4, into: &output)
        output.append(UInt8(ascii: "-"))
        Self.write(low >> 48, digits: 4, into: &output)
        output.append(UInt8(ascii: "-"))
        Self.write(low, digits: 12, into: &output)
    }

    private static func write(_ word: UInt64, digits: Int, into output: inout [UInt8]) {
        for place in (0..<digits).reversed() {
            let nibble = UInt8(truncatingIfNeeded: word >> UInt64(4 * place)) & 15
            output.append(nibble < 10 ? 0x30 + nibble : 0x57 + nibble)
        }
    }
}
