/// A place in a file: line and column count from one, columns in Unicode scalars, the offset in bytes from zero.
public struct SourcePosition: Hashable, Sendable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let column: Int
    public let offset: Int

    public var description: String { "\(file):\(line):\(column)" }
}

/// A stretch of bytes of a source text.
struct SourceSpan: Hashable, Sendable {
    let start: Int
    let end: Int

    func joined(to other: SourceSpan) -> SourceSpan { SourceSpan(start: start, end: other.end) }
}

/// One file's bytes, shared by everything that was read from it.
final class SourceText: Sendable {
    let file: String
    let bytes: [UInt8]
    /// Entities, contexts and names of entities are about people, so errors must not quote them.
    let isPersonal: Bool
    /// Where each line begins.
    private let lines: [Int]
    /// How many scalars begin before each block of bytes, so that no long line is walked for a column.
    private let scalars: [Int]
    private static let block = 128

    init(_ text: String, file: String, isPersonal: Bool = false) {
        self.file = file
        self.isPersonal = isPersonal
        let bytes = Array(text.utf8)
        self.bytes = bytes
        lines = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        var scalars = [0]
        var count = 0
        for (place, byte) in bytes.enumerated() {
            if byte.beginsScalar { count += 1 }
            if place % Self.block == Self.block - 1 { scalars.append(count) }
        }
        self.scalars = scalars
    }

    private func scalars(before offset: Int) -> Int {
        let block = offset / Self.block
        return bytes[(block * Self.block)..<offset].reduce(scalars[block]) { $1.beginsScalar ? $0 + 1 : $0 }
    }

    /// The number of the line that holds an offset, counted from zero.
    private func line(holding offset: Int) -> Int {
        var low = 0
        var high = lines.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lines[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    func position(at offset: Int) -> SourcePosition {
        let offset = min(offset, bytes.count)
        let line = line(holding: offset)
        let column = scalars(before: offset) - scalars(before: lines[line]) + 1
        return SourcePosition(file: file, line: line + 1, column: column, offset: offset)
    }

    /// The whole line around an offset, without its end.
    func line(at offset: Int) -> String {
        let offset = min(offset, bytes.count)
        let start = lines[line(holding: offset)]
        let rest = bytes[offset...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        return String(decoding: bytes[start..<rest.endIndex], as: UTF8.self)
    }

    func text(_ span: SourceSpan) -> String { String(decoding: bytes[span.start..<span.end], as: UTF8.self) }
}

extension UInt8 {
    /// Whether the byte is not one that continues a scalar.
    fileprivate var beginsScalar: Bool { self & 0xC0 != 0x80 }
}
