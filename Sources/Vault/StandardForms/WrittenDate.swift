import Core

/// The ways a day is written, as far as each can be read in one way only.
///
/// `2024-02-29`, `2024/2/29`, `20240229`, `29.02.2024` (with dots the day is first), `29 Feb 2024`, `February 29th, 2024`,
/// `2024年2月29日`, `民國113年2月29日`, `令和6年2月29日`. With the year last and slashes or hyphens, the order of day and month
/// is taken from a number above twelve, or from `order`, or refused.
enum WrittenDate {
    typealias Order = StandardForm.Options.DateOrder

    static func read(_ bytes: ArraySlice<UInt8>, order: Order) throws(StandardFormError) -> CalendarDate {
        guard bytes.count <= 64 else { throw .dateMalformed }
        if bytes.allSatisfy(isDigit) {
            guard bytes.count == 8 else { throw .dateMalformed }
            let start = bytes.startIndex
            return try day(
                number(bytes[..<(start + 4)]), number(bytes[(start + 4)..<(start + 6)]), number(bytes[(start + 6)...]))
        }
        if bytes.contains(where: { $0 >= 0x80 }) { return try EraDate.read(bytes) }
        if bytes.contains(where: isLetter) { return try MonthNameDate.read(bytes) }
        return try numeric(bytes, order: order)
    }

    static func day(_ year: Int, _ month: Int, _ day: Int) throws(StandardFormError) -> CalendarDate {
        guard let date = CalendarDate(year: year, month: month, day: day) else { throw .dateImpossible }
        return date
    }

    /// Three numbers between two separators of one kind.
    private static func numeric(
        _ bytes: ArraySlice<UInt8>, order: Order
    ) throws(StandardFormError) -> CalendarDate {
        guard let mark = bytes.first(where: { !isDigit($0) }),
            mark == UInt8(ascii: "-") || mark == UInt8(ascii: "/") || mark == UInt8(ascii: ".")
        else { throw .dateMalformed }
        let parts = bytes.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty && $0.count <= 4 && $0.allSatisfy(isDigit) }) else {
            throw .dateMalformed
        }
        let numbers = parts.map(number)
        if parts[0].count == 4, parts[1].count <= 2, parts[2].count <= 2 {
            return try day(numbers[0], numbers[1], numbers[2])
        }
        guard parts[0].count <= 2, parts[1].count <= 2 else { throw .dateMalformed }
        guard parts[2].count == 4 else { throw parts[2].count == 2 ? .dateTwoDigitYear : .dateMalformed }
        let (first, second, year) = (numbers[0], numbers[1], numbers[2])
        if mark == UInt8(ascii: ".") || order == .dayFirst { return try day(year, second, first) }
        if order == .monthFirst { return try day(year, first, second) }
        if first > 12 || first == second { return try day(year, second, first) }
        if second > 12 { return try day(year, first, second) }
        throw .dateAmbiguous
    }

    static func number(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}

/// Dates with the month's English name: the year has four digits, and the weekday is not looked at.
private enum MonthNameDate {
    static func read(_ bytes: ArraySlice<UInt8>) throws(StandardFormError) -> CalendarDate {
        var month: Int?
        var day: Int?
        var year: Int?
        let separators = Array(" ,.-/".utf8)
        for token in bytes.split(whereSeparator: separators.contains) {
            let digits = token.prefix(while: WrittenDate.isDigit)
            let letters = token.dropFirst(digits.count).map { $0 | 0x20 }
            if digits.isEmpty {
                if let found = Self.month(letters) {
                    guard month == nil else { throw .dateMalformed }
                    month = found
                } else if !weekdays.contains(where: { isAbbreviation(letters, of: $0) }) {
                    throw .dateMalformed
                }
            } else if digits.count == 4, letters.isEmpty, year == nil {
                year = WrittenDate.number(digits)
            } else if digits.count <= 2, day == nil,
                letters.isEmpty || ["st", "nd", "rd", "th"].contains(where: { letters.elementsEqual($0.utf8) })
            {
                day = WrittenDate.number(digits)
            } else {
                throw digits.count == 2 && letters.isEmpty ? .dateTwoDigitYear : .dateMalformed
            }
        }
        guard let year, let month, let day else { throw .dateMalformed }
        return try WrittenDate.day(year, month, day)
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private static func month(_ letters: [UInt8]) -> Int? {
        months.firstIndex { isAbbreviation(letters, of: $0) }.map { $0 + 1 }
    }

    /// The whole name or its first three letters; four as well for `sept`, `thur` and the like.
    private static func isAbbreviation(_ letters: [UInt8], of name: String) -> Bool {
        name.utf8.starts(with: letters) && (letters.count == name.utf8.count || (3...5).contains(letters.count))
    }
}

/// Dates as Chinese and Japanese write them, in the western year or the year of an era.
private enum EraDate {
    /// An era's names, the year before its first, and its last year.
    private static let eras: [(names: [String], before: Int, last: Int)] = [
        (["中華民國", "中华民国", "民國", "民国"], 1911, 8088), (["令和"], 2018, 7981), (["平成"], 1988, 31),
        (["昭和"], 1925, 64), (["大正"], 1911, 15), (["明治"], 1867, 45),
    ]

    static func read(_ bytes: ArraySlice<UInt8>) throws(StandardFormError) -> CalendarDate {
        var rest = Substring(String(decoding: bytes.filter { $0 != 0x20 }, as: UTF8.self))
        var era: (before: Int, last: Int)?
        search: for candidate in eras {
            for name in candidate.names where rest.hasPrefix(name) {
                rest = rest.dropFirst(name.count)
                era = (candidate.before, candidate.last)
                break search
            }
        }
        if era != nil, rest.hasPrefix("元年") { rest = "1" + rest.dropFirst() }
        if let last = rest.last, "日號号".contains(last) { rest = rest.dropLast() }
        let parts = rest.split(omittingEmptySubsequences: false) { "年月-/.".contains($0) }
        guard parts.count == 3, parts.allSatisfy({ (1...4).contains($0.utf8.count) }),
            parts.allSatisfy({ $0.utf8.allSatisfy(WrittenDate.isDigit) })
        else { throw .dateMalformed }
        let numbers = parts.map { WrittenDate.number(ArraySlice($0.utf8)) }
        guard let era else {
            guard parts[0].utf8.count == 4 else { throw .dateTwoDigitYear }
            return try WrittenDate.day(numbers[0], numbers[1], numbers[2])
        }
        guard (1...era.last).contains(numbers[0]) else { throw .dateImpossible }
        return try WrittenDate.day(era.before + numbers[0], numbers[1], numbers[2])
    }
}
