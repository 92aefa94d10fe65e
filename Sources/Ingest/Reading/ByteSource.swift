import Core

/// A file or standard input as UTF-8, block by block: unpacked when it is gzip, converted when it is another encoding.
package final class ByteSource {
    private let blocks: any Blocks
    private let file: FileBlocks?
    /// A block that was looked at already.
    private var pending: [UInt8]?
    /// How many bytes of the text were given out.
    private var given = 0
    /// What the user called it; `-` is standard input.
    package let name: String

    /// Between 64 KiB and 1 MiB nothing is gained by a larger one.
    package static let blockSize = 256 << 10

    /// Opens a file, or standard input for `-`.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - encoding: how it is written; `nil` looks for a byte order mark and takes UTF-8 where there is none.
    ///   - blockSize: how much is read at once.
    /// - Throws: when it cannot be opened, is gzip in a build without zlib, or is not text at all.
    package init(path: String, encoding: TextEncoding? = nil, blockSize: Int = ByteSource.blockSize) throws(IngestError)
    {
        let file = try FileBlocks(path: path, blockSize: blockSize)
        self.file = file
        name = path == "-" ? "standard input" : path
        blocks = try Self.decoded(file, name, encoding, blockSize)
    }

    /// Bytes in memory, read as a file of them would be.
    package init(_ bytes: [UInt8], encoding: TextEncoding? = nil, blockSize: Int = ByteSource.blockSize)
        throws(IngestError)
    {
        file = nil
        name = "the input"
        blocks = try Self.decoded(MemoryBlocks(bytes, blockSize: blockSize), name, encoding, blockSize)
    }

    /// The size of the file as it lies on disk, where it is known.
    package var size: Int? { file?.size }

    /// How many bytes of the file were read, before unpacking.
    package var bytesRead: Int { file?.bytesRead ?? 0 }

    /// The next bytes, never none; `nil` at the end.
    package func next() throws(IngestError) -> [UInt8]? {
        let block = if let pending { pending } else { try blocks.next() }
        pending = nil
        given += block?.count ?? 0
        return block
    }

    /// Where in the file the text ends that lies before the last `waiting` bytes given out.
    ///
    /// In a file that is packed or in another encoding it is in proportion to what was read.
    package func position(before waiting: Int) -> Int {
        guard given > 0 else { return 0 }
        return Int((Double(bytesRead) * Double(given - waiting) / Double(given)).rounded())
    }

    /// What a text begins with, white space aside.
    enum Opening {
        /// A JSON object.
        case object
        /// A JSON array of objects or arrays, or an empty one.
        case array
        case other
    }

    /// Looks at the text's first bytes; nothing is taken.
    func opening() throws(IngestError) -> Opening {
        if pending == nil { pending = try blocks.next() }
        let visible = (pending ?? []).lazy.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(2)
        switch visible.first {
        case UInt8(ascii: "{"): return .object
        // A column may be called `[id]`.
        case UInt8(ascii: "[") where visible.dropFirst().first.map("{[]".utf8.contains) == true: return .array
        default: return .other
        }
    }

    private static func decoded(
        _ raw: any Blocks, _ name: String, _ encoding: TextEncoding?, _ blockSize: Int
    ) throws(IngestError) -> any Blocks {
        var (head, blocks) = try HeadBlocks.peek(raw, count: headSize)
        if head.starts(with: [0x1F, 0x8B]) {
            #if Compression
                (head, blocks) = try HeadBlocks.peek(GunzipBlocks(blocks, blockSize: blockSize), count: headSize)
            #else
                throw IngestError(
                    .compressionMissing, "`\(name)` is gzip, and this build cannot unpack it",
                    remedy: "unpack it with `gzip -d`, or build with the trait Compression")
            #endif
        }
        if let kind = foreign.first(where: { head.starts(with: $0.magic) })?.kind {
            throw IngestError(.inputNotText, "`\(name)` is \(kind), not text", remedy: "export it as CSV or JSON lines")
        }
        var encoding = encoding
        if head.starts(with: [0xEF, 0xBB, 0xBF]), encoding == nil || encoding == .utf8 {
            blocks.drop(3)
        } else if encoding == nil, head.starts(with: [0xFF, 0xFE]) {
            blocks.drop(2)
            encoding = .utf16LittleEndian
        } else if encoding == nil, head.starts(with: [0xFE, 0xFF]) {
            blocks.drop(2)
            encoding = .utf16BigEndian
        } else if encoding?.iconvName == nil, let likely = unmarkedUTF16(head) {
            throw IngestError(
                .encodingInvalid, "`\(name)` is not UTF-8: it looks like \(likely) without a byte order mark",
                remedy: "say so with `--encoding \(likely)`, or with `encoding` in a map file")
        }
        guard let iconvName = encoding?.iconvName else { return blocks }
        return try TranscodedBlocks(blocks, from: iconvName)
    }

    /// Enough for the first words of any text.
    private static let headSize = 64

    /// UTF-16 has zeros beside Latin letters, digits, delimiters and line ends, always on the same side.
    private static func unmarkedUTF16(_ head: [UInt8]) -> String? {
        let zeros = head.indices.filter { head[$0] == 0 }
        guard zeros.count >= 4, zeros.count * 8 >= head.count else { return nil }
        let side = zeros[0] % 2
        guard zeros.allSatisfy({ $0 % 2 == side }) else { return nil }
        // In UTF-8 that holds zeros, delimiters stand without them; in UTF-16 only a letter's half looks so now and then.
        let marks = head.indices.filter { $0 % 2 != side && "\n\r,;|\t\"".utf8.contains(head[$0]) }
        let partnered = marks.count { zeros.contains(side == 1 ? $0 + 1 : $0 - 1) }
        guard partnered >= 2 * (marks.count - partnered) else { return nil }
        return side == 1 ? "UTF-16LE" : "UTF-16BE"
    }

    private static let foreign: [(magic: [UInt8], kind: String)] = [
        ([0x50, 0x4B, 0x03, 0x04], "a spreadsheet or zip archive"), ([0xD0, 0xCF, 0x11, 0xE0], "an old spreadsheet"),
        ([0x28, 0xB5, 0x2F, 0xFD], "a zstd archive"), ([0xFD, 0x37, 0x7A, 0x58], "an xz archive"),
        ([0x42, 0x5A, 0x68], "a bzip2 archive"), ([0x25, 0x50, 0x44, 0x46], "a PDF"),
        ([0x50, 0x41, 0x52, 0x31], "a Parquet file"),
    ]
}
