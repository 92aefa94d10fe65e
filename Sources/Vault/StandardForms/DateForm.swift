import Core

/// Days: `YYYY-MM-DD`, within the range the field allows.
enum DateForm {
    static func canonical(
        _ clean: [UInt8], _ options: StandardForm.Options
    ) throws(StandardFormError) -> String {
        let date = try date(clean, options)
        if let earliest = options.earliest, date < earliest { throw .dateOutOfRange }
        if let latest = options.latest, date > latest { throw .dateOutOfRange }
        return date.description
    }

    /// A date that comes with a time is accepted when the time is midnight: databases export dates so.
    private static func date(
        _ clean: [UInt8], _ options: StandardForm.Options
    ) throws(StandardFormError) -> CalendarDate {
        guard let (date, time) = TimeOfDay.split(clean) else {
            return try WrittenDate.read(clean[...], order: options.dateOrder)
        }
        guard let time else { throw .dateMalformed }
        guard time.milliseconds == 0 else { throw .dateHasTime }
        return try WrittenDate.read(date, order: options.dateOrder)
    }
}
