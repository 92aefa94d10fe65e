/// Numbers as exact decimal text: nothing passes through binary fractions.
enum NumberForm {
    static let digitLimit = 38

    static func integer(
        _ clean: [UInt8], _ marks: StandardForm.Options.Numbers
    ) throws(StandardFormError) -> String {
        let parts = try parts(clean, marks, or: .integerMalformed)
        guard parts.fraction == nil else { throw .integerMalformed }
        return parts.text
    }

    static func decimal(
        _ clean: [UInt8], _ marks: StandardForm.Options.Numbers
    ) throws(StandardFormError) -> String {
        try parts(clean, marks, or: .decimalMalformed).text
    }

    private struct Parts {
        var negative: Bool
        /// Without leading zeros.
        var whole: ArraySlice<UInt8>
        /// Without trailing zeros; `nil` when no mark was written.
        var fraction: ArraySlice<UInt8>?

        /// `-0` is `0`, `.5` is `0.5`, `5.` and `5.00` are `5`.
        var text: String {
            let fraction = self.fraction ?? []
            var result: [UInt8] = []
            if negative, !(whole.isEmpty && fraction.isEmpty) { result.append(UInt8(ascii: "-")) }
            result += whole.isEmpty ? [UInt8(ascii: "0")] : whole
            if !fraction.isEmpty { result += [UInt8(ascii: ".")] + fraction }
            return String(decoding: result, as: UTF8.self)
        }
    }

    private static func parts(
        _ clean: [UInt8], _ marks: StandardForm.Options.Numbers, or malformed: StandardFormError
    ) throws(StandardFormError) -> Parts {
        var rest = clean[...]
        let sign = rest.first
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
        let mark = rest.lastIndex(of: marks.decimalMark)
        let fraction = mark.map { rest[($0 + 1)...] }
        let whole = try ungrouped(rest[..<(mark ?? rest.endIndex)], marks.groupMark, or: malformed)
        guard !whole.isEmpty || fraction?.isEmpty == false, (whole + (fraction ?? [])).allSatisfy(isDigit) else {
            throw malformed
        }
        let significant = whole.drop { $0 == 0x30 }
        var trimmed = fraction
        while trimmed?.last == 0x30 { trimmed?.removeLast() }
        guard significant.count + (trimmed?.count ?? 0) <= digitLimit else { throw .numberTooLong }
        return Parts(negative: sign == UInt8(ascii: "-"), whole: significant, fraction: trimmed)
    }

    /// Takes the marks out of `1,234,567`: one to three digits, then threes.
    private static func ungrouped(
        _ digits: ArraySlice<UInt8>, _ mark: UInt8?, or malformed: StandardFormError
    ) throws(StandardFormError) -> ArraySlice<UInt8> {
        guard let mark, digits.contains(mark) else { return digits }
        let groups = digits.split(separator: mark, omittingEmptySubsequences: false)
        guard let first = groups.first, (1...3).contains(first.count), groups.dropFirst().allSatisfy({ $0.count == 3 })
        else { throw malformed }
        return ArraySlice(groups.joined())
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
