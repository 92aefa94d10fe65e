/// Cedar's `datetime`: milliseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let milliseconds: Int64

    static let day: Int64 = 86_400_000

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Reads `2024-10-15`, `2024-10-15T11:35:00Z`, `…00.000Z` and offsets written `+0200`.
    init(parsing text: Text) throws(ExtensionFailure) {
        var scanner = ExtensionScanner(text)
        let year = try scanner.number(digits: 4)
        guard scanner.skip("-") else { throw .malformed }
        let month = try scanner.number(digits: 2)
        guard scanner.skip("-") else { throw .malformed }
        let day = try scanner.number(digits: 2)
        guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day) else { throw .outOfRange }
        let midnight = Self.dayNumber(year: year, month: month, day: day) * Self.day
        if scanner.atEnd {
            milliseconds = midnight
            return
        }
        guard scanner.skip("T") else { throw .malformed }
        let hour = try scanner.number(digits: 2)
        guard scanner.skip(":") else { throw .malformed }
        let minute = try scanner.number(digits: 2)
        guard scanner.skip(":") else { throw .malformed }
        let second = try scanner.number(digits: 2)
        guard hour < 24, minute < 60, second < 60 else { throw .outOfRange }
        let fraction = scanner.skip(".") ? try scanner.number(digits: 3) : 0
        let offset = try Self.offset(&scanner)
        guard scanner.atEnd else { throw .malformed }
        milliseconds = midnight + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction
    }

    /// The zone, in minutes east of Greenwich.
    private static func offset(_ scanner: inout ExtensionScanner) throws(ExtensionFailure) -> Int64 {
        if scanner.skip("Z") { return 0 }
        let east = scanner.skip("+")
        guard east || scanner.skip("-") else { throw .malformed }
        let hours = try scanner.number(digits: 2)
        let minutes = try scanner.number(digits: 2)
        guard hours < 24, minutes < 60 else { throw .outOfRange }
        return (hours * 60 + minutes) * (east ? 1 : -1)
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar; years start in March so that leap days come last.
    private static func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    func offset(by span: TimeSpan) throws(ExtensionFailure) -> Instant {
        let (sum, overflow) = milliseconds.addingReportingOverflow(span.milliseconds)
        guard !overflow else { throw .overflow }
        return Instant(milliseconds: sum)
    }

    func since(_ other: Instant) throws(ExtensionFailure) -> TimeSpan {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(other.milliseconds)
        guard !overflow else { throw .overflow }
        return TimeSpan(milliseconds: difference)
    }

    /// The time since the midnight before.
    var timeOfDay: TimeSpan {
        let rest = milliseconds % Self.day
        return TimeSpan(milliseconds: rest < 0 ? rest + Self.day : rest)
    }

    func midnight() throws(ExtensionFailure) -> Instant {
        try offset(by: TimeSpan(milliseconds: -timeOfDay.milliseconds))
    }

    public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    /// An offset from 1970, since instants reach beyond the years that `datetime` can write.
    public var description: String { "1970-01-01 + \(TimeSpan(milliseconds: milliseconds))" }
}
