import Factors

/// Reads QR codes of versions 1 to 8 at level M out of their modules, as ISO/IEC 18004 has them.
///
/// It knows nothing of how they are made. Errors are not corrected: a code fresh from the printer has none.
struct QRReader {
    enum Unreadable: Error { case size, finder, timing, format, mode, block }

    /// Centres of the alignment patterns (annex E) and data bytes of each block at level M (table 9), by version.
    private static let versions: [(alignment: [Int], blocks: [Int])] = [
        ([], [16]), ([6, 18], [28]), ([6, 22], [44]), ([6, 26], [32, 32]), ([6, 30], [43, 43]),
        ([6, 34], [27, 27, 27, 27]), ([6, 22, 38], [31, 31, 31, 31]), ([6, 24, 42], [38, 38, 39, 39]),
    ]

    private let size: Int
    private let isDark: (Int, Int) -> Bool
    private let alignment: [Int]
    private let blocks: [Int]

    static func text(size: Int, isDark: @escaping (_ column: Int, _ row: Int) -> Bool) throws -> String {
        guard (size - 17).isMultiple(of: 4), versions.indices.contains((size - 17) / 4 - 1) else {
            throw Unreadable.size
        }
        let version = versions[(size - 17) / 4 - 1]
        return try QRReader(size: size, isDark: isDark, alignment: version.alignment, blocks: version.blocks).text()
    }

    private func text() throws -> String {
        try checkPatterns()
        let mask = try mask()
        var bits = QRBits(bytes: try data(of: codewords(mask)))
        // Byte mode (0100), then a length of 8 bits, as versions 1 to 9 have it.
        guard bits.take(4) == 0b0100 else { throw Unreadable.mode }
        let count = bits.take(8)
        return String(decoding: (0..<count).map { _ in UInt8(bits.take(8)) }, as: UTF8.self)
    }

    /// The three finders with their light borders, and the two timing lines.
    private func checkPatterns() throws {
        for (left, top) in [(0, 0), (size - 7, 0), (0, size - 7)] {
            for row in -1...7 {
                for column in -1...7 where (0..<size).contains(left + column) && (0..<size).contains(top + row) {
                    let ring = max(abs(column - 3), abs(row - 3))
                    guard isDark(left + column, top + row) == (ring != 2 && ring != 4) else { throw Unreadable.finder }
                }
            }
        }
        for place in 8..<(size - 8)
        where isDark(place, 6) != place.isMultiple(of: 2) || isDark(6, place) != place.isMultiple(of: 2) {
            throw Unreadable.timing
        }
    }

    /// The number of the mask, out of the format information beside the first finder (7.9).
    private func mask() throws -> Int {
        let places = [
            (0, 8), (1, 8), (2, 8), (3, 8), (4, 8), (5, 8), (7, 8), (8, 8), (8, 7), (8, 5), (8, 4), (8, 3), (8, 2),
            (8, 1), (8, 0),
        ]
        let bits = places.reduce(0) { $0 << 1 | (isDark($1.0, $1.1) ? 1 : 0) } ^ 0b101_0100_0001_0010
        var rest = bits & ~0x3FF
        for place in (10..<15).reversed() where rest >> place & 1 == 1 { rest ^= 0b101_0011_0111 << (place - 10) }
        // Level M is 00.
        guard rest == bits & 0x3FF, bits >> 13 == 0 else { throw Unreadable.format }
        return bits >> 10 & 7
    }

    private func inverts(_ mask: Int, _ column: Int, _ row: Int) -> Bool {
        switch mask {
        case 0: (row + column) % 2 == 0
        case 1: row % 2 == 0
        case 2: column % 3 == 0
        case 3: (row + column) % 3 == 0
        case 4: (row / 2 + column / 3) % 2 == 0
        case 5: row * column % 2 + row * column % 3 == 0
        case 6: (row * column % 2 + row * column % 3) % 2 == 0
        default: ((row + column) % 2 + row * column % 3) % 2 == 0
        }
    }

    /// Whether the module belongs to a pattern, the format or the version, and carries no data.
    private func isReserved(_ column: Int, _ row: Int) -> Bool {
        if column == 6 || row == 6 { return true }
        if column <= 8 && row <= 8 || column >= size - 8 && row <= 8 || column <= 8 && row >= size - 8 { return true }
        if size >= 45, column >= size - 11 && row <= 5 || row >= size - 11 && column <= 5 { return true }
        guard let last = alignment.last else { return false }
        return alignment.contains { x in
            alignment.contains { y in
                let isFinder = x == 6 && (y == 6 || y == last) || x == last && y == 6
                return !isFinder && abs(column - x) <= 2 && abs(row - y) <= 2
            }
        }
    }

    /// Two columns at a time from the right, up and down in turns (7.7.3).
    private func codewords(_ mask: Int) -> [UInt8] {
        var bits: [Bool] = []
        var upwards = true
        for right in stride(from: size - 1, to: 0, by: -2).map({ $0 <= 6 ? $0 - 1 : $0 }) {
            for row in upwards ? Array((0..<size).reversed()) : Array(0..<size) {
                for column in [right, right - 1] where !isReserved(column, row) {
                    bits.append(isDark(column, row) != inverts(mask, column, row))
                }
            }
            upwards.toggle()
        }
        return stride(from: 0, to: bits.count - 7, by: 8).map { start in
            bits[start..<(start + 8)].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
        }
    }

    /// The data of the blocks, which lie interleaved, one block after the other.
    private func data(of codewords: [UInt8]) throws -> [UInt8] {
        guard codewords.count > blocks.reduce(0, +) else { throw Unreadable.block }
        var parts = [[UInt8]](repeating: [], count: blocks.count)
        var next = 0
        for place in 0..<(blocks.max() ?? 0) {
            for (index, count) in blocks.enumerated() where place < count {
                parts[index].append(codewords[next])
                next += 1
            }
        }
        return parts.flatMap { $0 }
    }
}

/// Bits out of bytes, the highest first; zeros beyond the end.
private struct QRBits {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func take(_ count: Int) -> Int {
        (0..<count).reduce(0) { value, _ in
            defer { position += 1 }
            return value << 1
                | (position / 8 < bytes.count ? Int(bytes[position / 8] >> UInt8(7 - position % 8) & 1) : 0)
        }
    }
}
