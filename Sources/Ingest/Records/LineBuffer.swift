/// The part of a source that is being looked at: everything from `start` on is kept until `start` moves.
struct LineBuffer {
    private(set) var bytes: [UInt8] = []
    /// Where the row begins that is being read.
    var start = 0
    /// Where reading goes on.
    var cursor = 0
    private let source: ByteSource

    init(_ source: ByteSource) { self.source = source }

    /// Bytes from `start` on.
    var waiting: Int { bytes.count - start }

    /// Forgets what lies before `start` and appends the next block; `false` at the end.
    mutating func refill() throws(IngestError) -> Bool {
        guard let block = try source.next() else { return false }
        bytes.removeSubrange(..<start)
        cursor -= start
        start = 0
        bytes += block
        return true
    }

    /// The byte at the cursor, reading on if it must; `nil` at the end.
    mutating func peek() throws(IngestError) -> UInt8? {
        while cursor == bytes.count { guard try refill() else { return nil } }
        return bytes[cursor]
    }

    /// Goes past the end of the line the cursor stands at: LF, CR or CRLF.
    mutating func skipLineEnd() throws(IngestError) {
        guard let first = try peek() else { return }
        cursor += 1
        start = cursor
        if first == 0x0D, try peek() == 0x0A {
            cursor += 1
            start = cursor
        }
    }

    /// Goes to the beginning of the next line, keeping nothing of this one.
    mutating func skipLine() throws(IngestError) {
        while true {
            while cursor < bytes.count, bytes[cursor] != 0x0A, bytes[cursor] != 0x0D { cursor += 1 }
            start = cursor
            if cursor < bytes.count { break }
            guard try refill() else { return }
        }
        try skipLineEnd()
    }
}
