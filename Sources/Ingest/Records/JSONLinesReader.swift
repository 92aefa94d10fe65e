import Core

/// Reads one JSON object a line; nested objects become columns joined with dots, `address.city`.
///
/// Strings give their text, numbers and booleans theirs as written, arrays their JSON; `null` is a blank field.
package struct JSONLinesReader: RecordReader {
    package private(set) var columns: [String] = []
    package var waiting: Int { buffer.waiting }
    private var places: [String: Int] = [:]
    private var buffer: LineBuffer
    private var line = 1

    package init(_ source: ByteSource) { buffer = LineBuffer(source) }

    package mutating func next() throws(IngestError) -> InputRow? {
        while true {
            guard try buffer.peek() != nil else { return nil }
            let start = line
            guard let text = try nextLine() else { return .rejected(Rejection(line: start, .recordTooLong)) }
            if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            return row(text, start)
        }
    }

    /// The bytes of the line without its end; `nil` when there are too many.
    private mutating func nextLine() throws(IngestError) -> [UInt8]? {
        defer { line += 1 }
        while true {
            let rest = buffer.bytes[buffer.cursor...]
            if let end = rest.firstIndex(of: 0x0A) {
                let text = Array(buffer.bytes[buffer.start..<end])
                buffer.cursor = end + 1
                buffer.start = end + 1
                return text.count > RecordLimit.recordBytes ? nil : text
            }
            buffer.cursor = buffer.bytes.count
            guard buffer.cursor - buffer.start <= RecordLimit.recordBytes else {
                try skipToLineFeed()
                return nil
            }
            guard try buffer.refill() else {
                let text = Array(buffer.bytes[buffer.start...])
                buffer.start = buffer.bytes.count
                return text
            }
        }
    }

    private mutating func skipToLineFeed() throws(IngestError) {
        while try buffer.peek() != nil {
            let end = buffer.bytes[buffer.cursor...].firstIndex(of: 0x0A)
            buffer.cursor = end.map { $0 + 1 } ?? buffer.bytes.count
            buffer.start = buffer.cursor
            if end != nil { return }
        }
    }

    private mutating func row(_ text: [UInt8], _ line: Int) -> InputRow {
        let value: JSON
        do throws(JSONError) {
            value = try JSON(parsing: text)
        } catch {
            return .rejected(Rejection(line: line, .jsonMalformed))
        }
        guard let object = value.object else { return .rejected(Rejection(line: line, .jsonNotObject)) }
        var fields: [Int: [UInt8]] = [:]
        if let code = gather(object, under: "", into: &fields) { return .rejected(Rejection(line: line, code)) }
        var bytes: [UInt8] = []
        var ends: [Int32] = []
        ends.reserveCapacity(columns.count)
        for column in columns.indices {
            if column > 0 { bytes.append(UInt8(ascii: ",")) }
            if let field = fields[column] { bytes += field }
            ends.append(Int32(truncatingIfNeeded: bytes.count))
        }
        return .record(InputRecord(line: line, bytes: bytes, ends: ends))
    }

    private mutating func gather(
        _ object: JSONObject, under prefix: String, into fields: inout [Int: [UInt8]]
    ) -> RejectionCode? {
        for member in object.members {
            let name = prefix.isEmpty ? member.key : "\(prefix).\(member.key)"
            if let inner = member.value.object {
                if let code = gather(inner, under: name, into: &fields) { return code }
                continue
            }
            guard let place = place(of: name) else { return .tooManyColumns }
            let text: [UInt8] =
                switch member.value {
                case .null: []
                case .string(let string): Array(string.utf8)
                default: member.value.bytes()
                }
            guard text.count <= RecordLimit.fieldBytes else { return .fieldTooLong }
            guard fields.updateValue(text, forKey: place) == nil else { return .duplicateColumn }
        }
        return nil
    }

    private mutating func place(of name: String) -> Int? {
        if let place = places[name] { return place }
        guard columns.count < RecordLimit.columns else { return nil }
        columns.append(name)
        places[name] = columns.count - 1
        return columns.count - 1
    }
}
