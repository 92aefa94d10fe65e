/// A time on the clock, with the offset that was written after it.
struct TimeOfDay {
    var milliseconds: Int
    /// Seconds east of UTC; `nil` when nothing was written.
    var offset: Int?

    /// Splits `2024-02-29T08:26:00Z` into its date and its time; `nil` when there is no `:` and so no time.
    ///
    /// - Parameter clean: the clean text of the value.
    /// - Returns: the date's bytes, and the time unless it is malformed.
    static func split(_ clean: [UInt8]) -> (date: ArraySlice<UInt8>, time: TimeOfDay?)? {
        guard let colon = clean.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var start = colon
        while start > 0, colon - start < 2, isDigit(clean[start - 1]) { start -= 1 }
        var date = clean[..<start]
        let half = takeHalf(&date)
        guard let last = date.last, half != nil || last == 0x20 || last | 0x20 == UInt8(ascii: "t") else {
            return (date, nil)
        }
        if last == 0x20 || last | 0x20 == UInt8(ascii: "t") { date.removeLast() }
        if date.last == UInt8(ascii: ",") { date.removeLast() }
        return (date, TimeOfDay(clean[start...], half: half))
    }

    private enum Half {
        case morning
        case afternoon
    }

    /// Takes the 上午 or 下午 that Chinese and Japanese write before the hour.
    private static func takeHalf(_ date: inout ArraySlice<UInt8>) -> Half? {
        var trimmed = date
        if trimmed.last == 0x20 { trimmed.removeLast() }
        for (word, half) in halves where trimmed.suffix(word.count).elementsEqual(word) {
            date = trimmed.dropLast(word.count)
            return half
        }
        return nil
    }

    private static let halves: [([UInt8], Half)] = [
        (Array("上午".utf8), .morning), (Array("午前".utf8), .morning), (Array("下午".utf8), .afternoon),
        (Array("午後".utf8), .afternoon),
    ]

    /// Reads `8:26`, `08:26:00.250`, `8:26 PM`, each with `Z`, `UTC`, `+0800` or `+08:00` after it, or nothing.
    private init?(_ bytes: ArraySlice<UInt8>, half given: Half?) {
        var rest = bytes
        var half = given
        guard var hour = Self.number(&rest, digits: 1...2), Self.take(":", &rest),
            let minute = Self.number(&rest, digits: 2...2), hour < 24, minute < 60
        else { return nil }
        var second = 0
        var fraction = 0
        if Self.take(":", &rest) {
            guard let read = Self.number(&rest, digits: 2...2), read < 61 else { return nil }
            // A leap second is the last moment of its minute: POSIX time has no other place for it.
            second = min(read, 59)
            if Self.take(".", &rest) || Self.take(",", &rest) {
                let digits = rest.prefix(while: Self.isDigit)
                guard (1...9).contains(digits.count) else { return nil }
                for place in 0..<3 {
                    fraction =
                        fraction * 10 + (place < digits.count ? Int(digits[digits.startIndex + place] - 0x30) : 0)
                }
                rest = rest.dropFirst(digits.count)
            }
        }
        _ = Self.take(" ", &rest)
        if let written = Self.half(&rest) {
            guard half == nil else { return nil }
            half = written
        }
        if let half {
            guard hour <= 12 else { return nil }
            hour = hour % 12 + (half == .afternoon ? 12 : 0)
        }
        _ = Self.take(" ", &rest)
        milliseconds = ((hour * 60 + minute) * 60 + second) * 1000 + fraction
        guard let offset = Self.offset(rest) else { return nil }
        self.offset = offset
    }

    private static func half(_ rest: inout ArraySlice<UInt8>) -> Half? {
        let letters = rest.prefix(4).map { $0 | 0x20 }
        for (word, half) in [("am", Half.morning), ("pm", .afternoon), ("a.m.", .morning), ("p.m.", .afternoon)] {
            guard letters.starts(with: word.utf8) else { continue }
            rest = rest.dropFirst(word.utf8.count)
            return half
        }
        return nil
    }

    /// An offset, or that nothing is written (`.some(nil)`); `nil` when it is malformed.
    static func offset(_ bytes: ArraySlice<UInt8>) -> Int?? {
        guard let first = bytes.first else { return .some(nil) }
        if ["z", "utc", "gmt"].contains(where: { bytes.map { $0 | 0x20 }.elementsEqual($0.utf8) }) { return .some(0) }
        var rest = bytes.dropFirst()
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), let hours = number(&rest, digits: 2...2) else {
            return nil
        }
        _ = take(":", &rest)
        guard let minutes = rest.isEmpty ? 0 : number(&rest, digits: 2...2), rest.isEmpty, hours < 24, minutes < 60
        else {
            return nil
        }
        return .some((first == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes) * 60)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, digits: ClosedRange<Int>) -> Int? {
        let read = rest.prefix(digits.upperBound).prefix(while: isDigit)
        guard read.count >= digits.lowerBound else { return nil }
        rest = rest.dropFirst(read.count)
        return read.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func take(_ mark: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest.removeFirst()
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
