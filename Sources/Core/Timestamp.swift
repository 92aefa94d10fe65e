#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A moment in UTC, to the millisecond.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z; leap seconds are not counted (POSIX time).
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// The moment `seconds` later, or earlier when negative.
    public func adding(seconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds + seconds * 1000) }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with milliseconds left out when they are zero: `2026-11-24T03:45:00Z`.
    public var description: String {
        let day = milliseconds.dividedRoundingDown(by: 86_400_000)
        let rest = Int(milliseconds - day * 86_400_000)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        CalendarDate(daysSince1970: Int(day)).append(to: &text)
        for (mark, number) in [("T", rest / 3_600_000), (":", rest / 60_000 % 60), (":", rest / 1000 % 60)]
            as [(Unicode.Scalar, Int)]
        {
            text.append(UInt8(ascii: mark))
            text.append(decimal: number, width: 2)
        }
        if rest % 1000 != 0 {
            text.append(UInt8(ascii: "."))
            text.append(decimal: rest % 1000, width: 3)
        }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads RFC 3339 (section 5.6): a date, `T` or a space, a time, an optional fraction, `Z` or an offset.
    ///
    /// Fractions beyond milliseconds are cut; a date alone is midnight UTC. `nil` for anything else.
    public init?(_ text: String) {
        var scan = DigitScanner(text)
        guard let date = scan.date() else { return nil }
        var total = Int64(date.daysSince1970) * 86_400_000
        if scan.atEnd {
            self.init(milliseconds: total)
            return
        }
        guard scan.skip(anyOf: "Tt "), let hour = scan.digits(2), scan.skip(anyOf: ":"), let minute = scan.digits(2),
            hour < 24, minute < 60
        else { return nil }
        var second = 0
        if scan.skip(anyOf: ":") {
            guard let read = scan.digits(2), read < 61 else { return nil }
            // A leap second is the last moment of its minute: POSIX time has no other place for it.
            second = min(read, 59)
        }
        total += Int64(hour * 3600 + minute * 60 + second) * 1000
        if scan.skip(anyOf: ".") {
            guard let fraction = scan.fractionAsMilliseconds() else { return nil }
            total += Int64(fraction)
        }
        if scan.atEnd || scan.skip(anyOf: "Zz") {
            guard scan.atEnd else { return nil }
            self.init(milliseconds: total)
            return
        }
        guard let sign = scan.sign(), let hours = scan.digits(2) else { return nil }
        _ = scan.skip(anyOf: ":")
        guard let minutes = scan.digits(2), hours < 24, minutes < 60, scan.atEnd else { return nil }
        self.init(milliseconds: total - Int64(sign * (hours * 60 + minutes)) * 60_000)
    }
}

/// Where the present moment comes from: a parameter, so that tests decide what time it is.
public struct Clock: Sendable {
    public let now: @Sendable () -> Timestamp

    public init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    /// The machine's real-time clock.
    public static let system = Clock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
