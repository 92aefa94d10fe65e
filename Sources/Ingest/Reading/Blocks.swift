/// Bytes that come block by block; the layers of a `ByteSource` are stacked of these.
protocol Blocks: AnyObject {
    /// The next bytes, never none; `nil` at the end.
    func next() throws(IngestError) -> [UInt8]?
}

/// Gives back what was looked at, and then the rest.
final class HeadBlocks: Blocks {
    private var head: [UInt8]
    private let rest: any Blocks

    init(_ head: [UInt8], before rest: any Blocks) {
        self.head = head
        self.rest = rest
    }

    /// The first `count` bytes, or all there are, without taking them.
    static func peek(_ blocks: any Blocks, count: Int) throws(IngestError) -> (head: [UInt8], whole: HeadBlocks) {
        var head: [UInt8] = []
        while head.count < count, let block = try blocks.next() { head += block }
        return (Array(head.prefix(count)), HeadBlocks(head, before: blocks))
    }

    /// Forgets the first `count` bytes.
    func drop(_ count: Int) { head.removeFirst(min(count, head.count)) }

    func next() throws(IngestError) -> [UInt8]? {
        guard head.isEmpty else {
            defer { head = [] }
            return head
        }
        return try rest.next()
    }
}

/// Bytes in memory, cut into blocks.
final class MemoryBlocks: Blocks {
    private var rest: ArraySlice<UInt8>
    private let blockSize: Int

    init(_ bytes: [UInt8], blockSize: Int) {
        rest = bytes[...]
        self.blockSize = blockSize
    }

    func next() throws(IngestError) -> [UInt8]? {
        guard !rest.isEmpty else { return nil }
        defer { rest = rest.dropFirst(blockSize) }
        return Array(rest.prefix(blockSize))
    }
}
