import Core

/// Reads delimited text (RFC 4180) in bounded memory, whatever the size of the file.
///
/// Lines end with LF, CRLF or CR; empty lines are no rows. A row that cannot be read is rejected and reading goes on at
/// the next line: after a quote that does not end, at the line after the one the quote stands in.
package struct CSVReader: RecordReader {
    package private(set) var columns: [String] = []
    package var waiting: Int { buffer.waiting }

    private var buffer: LineBuffer
    private let delimiter: UInt8
    private let classes: CSVScan.Classes
    /// The physical line at `buffer.start`.
    private var line = 1
    private var ends: [Int32] = []

    /// Reads the header, unless `header` gives the columns of a file that has none.
    ///
    /// - Parameters:
    ///   - source: where the bytes come from.
    ///   - delimiter: what stands between fields; `nil` takes the one of `,;|` and tab that the first line has most of.
    ///   - header: the columns' names.
    /// - Throws: when there is no header, or it names a column twice.
    package init(_ source: ByteSource, delimiter: UInt8? = nil, header: [String]? = nil) throws(IngestError) {
        buffer = LineBuffer(source)
        if let delimiter {
            self.delimiter = delimiter
        } else {
            self.delimiter = try Self.likelyDelimiter(&buffer)
        }
        classes = CSVScan.classes(delimiter: self.delimiter)
        if let header {
            columns = header
        } else {
            columns = try readHeader()
        }
        try checkColumns(areDeclared: header != nil)
    }

    package mutating func next() throws(IngestError) -> InputRow? {
        guard let row = try nextRow() else { return nil }
        if case .record(let record) = row, record.count != columns.count {
            return .rejected(Rejection(line: record.line, .raggedRow))
        }
        return row
    }

    private mutating func nextRow() throws(IngestError) -> InputRow? {
        ends.reserveCapacity(columns.count)
        while true {
            guard let first = try buffer.peek() else { return nil }
            guard first == 0x0A || first == 0x0D else { break }
            try buffer.skipLineEnd()
            line += 1
        }
        while true {
            switch scanPlain() {
            case .needsMore:
                if try buffer.refill() { continue }
                return .record(try finishPlain())
            case .lineEnd: return .record(try finishPlain())
            case .quote:
                guard buffer.cursor == (ends.last.map { buffer.start + Int($0) + 1 } ?? buffer.start) else {
                    return try reject(.strayQuote)
                }
                return try quotedRow()
            case .nul: return try reject(.nulByte)
            case .fieldTooLong: return try reject(.fieldTooLong)
            case .recordTooLong: return try reject(.recordTooLong)
            case .tooManyColumns: return try reject(.tooManyColumns)
            }
        }
    }

    /// The span of the bytes borrows the reader, so what the loop changes is taken out of it meanwhile.
    private mutating func scanPlain() -> CSVScan.PlainStop {
        var cursor = buffer.cursor
        var found: [Int32] = []
        swap(&found, &ends)
        let stop = CSVScan.plain(buffer.bytes.span, classes, from: &cursor, start: buffer.start, ends: &found)
        swap(&found, &ends)
        buffer.cursor = cursor
        return stop
    }

    /// The cursor is at the end of a row without quotes: its bytes are the record's.
    private mutating func finishPlain() throws(IngestError) -> InputRecord {
        ends.append(Int32(buffer.cursor - buffer.start))
        let record = InputRecord(line: line, bytes: Array(buffer.bytes[buffer.start..<buffer.cursor]), ends: ends)
        try finishLine()
        return record
    }

    private mutating func finishLine() throws(IngestError) {
        ends = []
        try buffer.skipLineEnd()
        line += 1
    }

    private mutating func reject(_ code: RejectionCode, after lines: Int = 0) throws(IngestError) -> InputRow {
        let rejection = Rejection(line: line, code)
        ends = []
        try buffer.skipLine()
        line += 1 + lines
        return .rejected(rejection)
    }

    /// The cursor is at an opening quote: from here fields are gathered without their quotes.
    private mutating func quotedRow() throws(IngestError) -> InputRow {
        var content = Array(buffer.bytes[buffer.start..<buffer.cursor])
        var innerLines = 0
        while true {
            switch try field(into: &content, &innerLines) {
            case .some(let code) where code == .unterminatedQuote: return try resynchronise(after: innerLines)
            case .some(let code): return try reject(code, after: innerLines)
            case nil: break
            }
            guard content.count <= RecordLimit.recordBytes else { return try reject(.recordTooLong, after: innerLines) }
            guard ends.count < RecordLimit.columns else { return try reject(.tooManyColumns, after: innerLines) }
            ends.append(Int32(content.count))
            guard try buffer.peek() == delimiter else { break }
            content.append(delimiter)
            buffer.cursor += 1
        }
        let record = InputRecord(line: line, bytes: content, ends: ends)
        line += innerLines
        try finishLine()
        return .record(record)
    }

    /// Appends one field, quoted or not; the cursor ends at a delimiter, a line's end or the file's.
    private mutating func field(
        into content: inout [UInt8], _ innerLines: inout Int
    ) throws(IngestError) -> RejectionCode? {
        let start = content.count
        guard try buffer.peek() == CSVScan.quote else {
            while let byte = try buffer.peek() {
                if byte == CSVScan.quote { return .strayQuote }
                if byte == 0 { return .nulByte }
                let from = buffer.cursor
                let end = CSVScan.run(buffer.bytes.span, classes, from: from)
                if end == from { break }
                content += buffer.bytes[from..<end]
                buffer.cursor = end
                guard content.count - start <= RecordLimit.fieldBytes else { return .fieldTooLong }
            }
            return nil
        }
        // Where the quote stands, counted from the start of the row, because refilling moves the bytes.
        opening = (place: buffer.cursor - buffer.start, innerLines: innerLines)
        buffer.cursor += 1
        while true {
            let from = buffer.cursor
            let (stop, end) = CSVScan.quoted(buffer.bytes.span, from: from, lines: &innerLines)
            content += buffer.bytes[from..<end]
            buffer.cursor = end
            guard content.count - start <= RecordLimit.fieldBytes else { return .unterminatedQuote }
            switch stop {
            case .needsMore: guard try buffer.refill() else { return .unterminatedQuote }
            case .nul: return .nulByte
            case .quote:
                buffer.cursor += 1
                switch try buffer.peek() {
                case CSVScan.quote?:
                    content.append(CSVScan.quote)
                    buffer.cursor += 1
                case delimiter?, 0x0A?, 0x0D?, nil: return nil
                default: return .strayQuote
                }
            }
        }
    }

    private var opening = (place: 0, innerLines: 0)

    /// Rejects the row and goes back to the line after the one in which the quote stands that did not end.
    ///
    /// What is read again has no quote that opens a field, or it would have closed this one: nothing is read thrice.
    private mutating func resynchronise(after innerLines: Int) throws(IngestError) -> InputRow {
        buffer.cursor = buffer.start + opening.place
        return try reject(.unterminatedQuote, after: opening.innerLines)
    }

    private mutating func readHeader() throws(IngestError) -> [String] {
        switch try nextRow() {
        case nil:
            throw IngestError(
                .inputEmpty, "there is nothing to read, not even a header",
                remedy: "check that the file is the one that is meant and was written whole")
        case .rejected(let rejection):
            throw IngestError(
                .headerMalformed, "the header in line \(rejection.line) cannot be read (\(rejection.code))",
                remedy: "mend the header, or check the format and the delimiter: --format, --delimiter")
        case .record(let record):
            return try Self.columnNames(record)
        }
    }

    private static func columnNames(_ record: InputRecord) throws(IngestError) -> [String] {
        var names: [String] = []
        for column in 0..<record.count {
            guard let name = String(validating: record[column], as: UTF8.self) else {
                throw IngestError(
                    .headerMalformed, "the name of column \(column + 1) is not UTF-8",
                    remedy: "name the file's encoding")
            }
            names.append(String(Substring(name).trimmingSpace))
        }
        return names
    }

    private func checkColumns(areDeclared: Bool) throws(IngestError) {
        guard columns.count <= RecordLimit.columns else {
            throw IngestError(
                .headerMalformed, "the header has more than \(RecordLimit.columns) columns",
                remedy: "leave out columns, or check the delimiter")
        }
        var seen: Set<String> = []
        for (place, name) in columns.enumerated() where !name.isEmpty && !seen.insert(name).inserted {
            let column = MappedColumn(name, number: place + 1, isDeclared: areDeclared)
            throw IngestError(
                .headerMalformed, "\(column.text) has the name of one before it",
                remedy: "rename one of them, or take the header away and give the names in a map file")
        }
    }

    private static func likelyDelimiter(_ buffer: inout LineBuffer) throws(IngestError) -> UInt8 {
        _ = try buffer.peek()
        var counts: [UInt8: Int] = [:]
        var quoted = false
        for byte in buffer.bytes {
            if byte == CSVScan.quote { quoted.toggle() }
            if !quoted, byte == 0x0A || byte == 0x0D { break }
            if !quoted { counts[byte, default: 0] += 1 }
        }
        let candidates = Array(",;\t|".utf8)
        return candidates.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? UInt8(ascii: ",")
    }
}

extension Substring {
    /// Without white space at either end.
    var trimmingSpace: Substring {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
