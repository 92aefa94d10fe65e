/// One row of an input, as bytes: its fields are slices of one buffer.
package struct InputRecord: Sendable {
    /// The physical line where it starts, from 1.
    package let line: Int
    private let bytes: [UInt8]
    /// Where each field ends; one byte, whatever it is, stands between a field and the next.
    private let ends: [Int32]

    init(line: Int, bytes: [UInt8], ends: [Int32]) {
        self.line = line
        self.bytes = bytes
        self.ends = ends
    }

    /// How many fields there are.
    package var count: Int { ends.count }

    /// The field of a column, by the column's place in the reader's `columns`; empty where the row does not reach.
    package subscript(column: Int) -> ArraySlice<UInt8> {
        guard column < ends.count else { return [] }
        return bytes[(column == 0 ? 0 : Int(ends[column - 1]) + 1)..<Int(ends[column])]
    }
}

/// What a reader finds: a row, or why there is none.
package enum InputRow: Sendable {
    case record(InputRecord)
    case rejected(Rejection)
}

/// Reads rows of any format; all give the same records.
package protocol RecordReader {
    /// The columns' names; a reader of JSON lines adds to them as it meets new keys.
    var columns: [String] { get }
    /// Bytes of the text that are there already, but belong to later rows.
    var waiting: Int { get }

    /// The next row; `nil` at the end.
    ///
    /// - Throws: when reading cannot go on; a bad row is returned, not thrown.
    mutating func next() throws(IngestError) -> InputRow?
}

/// The bounds of what one row may hold, whatever the format.
enum RecordLimit {
    static let fieldBytes = 1 << 20
    static let recordBytes = 8 << 20
    static let columns = 4096
}
