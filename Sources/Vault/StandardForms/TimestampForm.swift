import Core

/// Moments, written with an offset or read off a clock somewhere, always kept in UTC.
///
/// Ten digits are seconds since 1970 and thirteen are milliseconds; fourteen are `YYYYMMDDhhmmss`. A date alone is its
/// midnight.
enum TimestampForm {
    static func canonical(
        _ clean: [UInt8], _ options: StandardForm.Options
    ) throws(StandardFormError) -> String {
        try moment(clean, options).description
    }

    static func moment(_ clean: [UInt8], _ options: StandardForm.Options) throws(StandardFormError) -> Timestamp {
        let moment = try reading(clean, options)
        guard (firstMillisecond...lastMillisecond).contains(moment.milliseconds) else { throw .dateOutOfRange }
        return moment
    }

    /// The years 1 to 9999.
    private static let firstMillisecond: Int64 = -62_135_596_800_000
    private static let lastMillisecond: Int64 = 253_402_300_799_999

    private static func reading(
        _ clean: [UInt8], _ options: StandardForm.Options
    ) throws(StandardFormError) -> Timestamp {
        if clean.allSatisfy({ $0 &- 0x30 < 10 }), let moment = try digits(clean, options) { return moment }
        guard let (dateBytes, time) = TimeOfDay.split(clean) else {
            return wall(try date(clean[...], options), 0, options)
        }
        guard let time else { throw .timestampMalformed }
        let date = try date(dateBytes, options)
        guard let offset = time.offset else { return wall(date, time.milliseconds, options) }
        return utc(date, time.milliseconds).adding(seconds: -Int64(offset))
    }

    private static func digits(
        _ clean: [UInt8], _ options: StandardForm.Options
    ) throws(StandardFormError) -> Timestamp? {
        func number(_ range: Range<Int>) -> Int { clean[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        switch clean.count {
        case 10: return Timestamp(milliseconds: Int64(number(0..<10)) * 1000)
        case 13: return Timestamp(milliseconds: Int64(number(0..<13)))
        case 14:
            let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
            guard hour < 24, minute < 60, second < 60 else { throw .timestampMalformed }
            let date = try date(clean[..<8], options)
            return wall(date, ((hour * 60 + minute) * 60 + second) * 1000, options)
        default: return nil
        }
    }

    private static func date(
        _ bytes: ArraySlice<UInt8>, _ options: StandardForm.Options
    ) throws(StandardFormError) -> CalendarDate {
        do throws(StandardFormError) {
            return try WrittenDate.read(bytes, order: options.dateOrder)
        } catch .dateMalformed {
            throw .timestampMalformed
        }
    }

    private static func wall(_ date: CalendarDate, _ milliseconds: Int, _ options: StandardForm.Options) -> Timestamp {
        options.timeZone.moment(atWall: utc(date, milliseconds))
    }

    private static func utc(_ date: CalendarDate, _ milliseconds: Int) -> Timestamp {
        Timestamp(milliseconds: Int64(date.daysSince1970) * 86_400_000 + Int64(milliseconds))
    }
}
