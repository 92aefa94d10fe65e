import Core

/// A way to write a day of birth that can be read in one way only.
enum DateHabit: Sendable {
    /// `1988-02-29`
    case iso
    /// `1988/2/29`
    case slashes
    /// `29.02.1988`
    case dots
    /// `29 Feb 1988`
    case monthName
    /// `Feb 29, 1988`
    case monthNameFirst
    /// `1988年2月29日`
    case ideographs
    /// `民國77年2月29日`
    case republicEra
    /// `昭和63年2月29日`
    case japaneseEra

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    func written(_ date: CalendarDate) -> String {
        let (year, month, day) = (date.year, date.month, date.day)
        return switch self {
        case .iso: date.description
        case .slashes: "\(year)/\(month)/\(day)"
        case .dots: "\(day < 10 ? "0" : "")\(day).\(month < 10 ? "0" : "")\(month).\(year)"
        case .monthName: "\(day) \(Self.months[month - 1]) \(year)"
        case .monthNameFirst: "\(Self.months[month - 1]) \(day), \(year)"
        case .ideographs: "\(year)年\(month)月\(day)日"
        case .republicEra: "民國\(year - 1911)年\(month)月\(day)日"
        case .japaneseEra: Self.japaneseEra(date)
        }
    }

    /// The era of Shōwa ended on 7 January 1989.
    private static func japaneseEra(_ date: CalendarDate) -> String {
        let isHeisei = (date.year, date.month, date.day) >= (1989, 1, 8)
        let year = isHeisei ? date.year - 1988 : date.year - 1925
        return "\(isHeisei ? "平成" : "昭和")\(year == 1 ? "元" : String(year))年\(date.month)月\(date.day)日"
    }
}
