/// The two inner loops of reading CSV: they touch every byte.
enum CSVScan {
    static let quote = UInt8(ascii: "\"")

    /// What each byte is to the parser: 0 for most.
    typealias Classes = InlineArray<256, UInt8>

    private static let delimiterClass: UInt8 = 1
    private static let lineEndClass: UInt8 = 2
    private static let quoteClass: UInt8 = 3

    static func classes(delimiter: UInt8) -> Classes {
        var classes = Classes(repeating: 0)
        classes[0] = 4
        classes[0x0A] = lineEndClass
        classes[0x0D] = lineEndClass
        classes[Int(quote)] = quoteClass
        classes[Int(delimiter)] = delimiterClass
        return classes
    }

    /// Why a loop stopped; the cursor stands at the byte.
    enum PlainStop {
        case needsMore
        case lineEnd
        case quote
        case nul
        case fieldTooLong
        case recordTooLong
        case tooManyColumns
    }

    enum QuotedStop {
        case needsMore
        case quote
        case nul
    }

    /// Goes on through fields without quotes, noting where each ends, counted from `start`.
    static func plain(
        _ bytes: Span<UInt8>, _ classes: borrowing Classes, from cursor: inout Int, start: Int, ends: inout [Int32]
    ) -> PlainStop {
        var position = cursor
        defer { cursor = position }
        let end = bytes.count
        while position < end {
            let kind = classes[Int(bytes[position])]
            if kind == 0 {
                position &+= 1
                continue
            }
            switch kind {
            case delimiterClass:
                let fieldEnd = position - start
                if fieldEnd - Int(ends.last ?? 0) > RecordLimit.fieldBytes { return .fieldTooLong }
                if ends.count >= RecordLimit.columns { return .tooManyColumns }
                ends.append(Int32(truncatingIfNeeded: fieldEnd))
                position &+= 1
            case lineEndClass: return tooLong(position, start, ends) ?? .lineEnd
            case quoteClass: return .quote
            default: return .nul
            }
        }
        return tooLong(position, start, ends) ?? .needsMore
    }

    private static func tooLong(_ position: Int, _ start: Int, _ ends: [Int32]) -> PlainStop? {
        if position - start - Int(ends.last ?? 0) > RecordLimit.fieldBytes { return .fieldTooLong }
        return position - start > RecordLimit.recordBytes ? .recordTooLong : nil
    }

    /// Goes on to the next byte that means something.
    static func run(_ bytes: Span<UInt8>, _ classes: borrowing Classes, from start: Int) -> Int {
        var position = start
        let end = bytes.count
        while position < end, classes[Int(bytes[position])] == 0 { position &+= 1 }
        return position
    }

    /// Goes on to the next quote, counting the lines that end on the way (CRLF once).
    static func quoted(
        _ bytes: Span<UInt8>, from start: Int, lines: inout Int
    ) -> (stop: QuotedStop, end: Int) {
        var position = start
        let end = bytes.count
        while position < end {
            let byte = bytes[position]
            if byte == quote { return (.quote, position) }
            if byte == 0 { return (.nul, position) }
            // The opening quote at least stands before, so there always is a byte to look back at.
            if byte == 0x0D || (byte == 0x0A && bytes[position - 1] != 0x0D) { lines += 1 }
            position &+= 1
        }
        return (.needsMore, position)
    }
}
