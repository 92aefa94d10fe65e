#if Compression
    import CZlib
    import Core

    /// A square PNG image of one bit a pixel (ISO/IEC 15948) whose lines have no filter.
    struct PNGImage {
        enum Unreadable: Error { case signature, chunk, checkSum, header, data, filter }

        let side: Int
        private let lines: [[UInt8]]

        init(_ file: [UInt8]) throws {
            guard file.starts(with: [0x89] + Array("PNG\r\n\u{1A}\n".utf8)) else { throw Unreadable.signature }
            var reader = ByteReader(file.dropFirst(8))
            var chunks: [(type: String, content: [UInt8])] = []
            while !reader.atEnd {
                guard let count = reader.read(UInt32.self), let checked = reader.read(count: Int(count) + 4),
                    let sum = reader.read(UInt32.self)
                else { throw Unreadable.chunk }
                guard Self.checkSum(checked) == sum else { throw Unreadable.checkSum }
                chunks.append((String(decoding: checked.prefix(4), as: UTF8.self), Array(checked.dropFirst(4))))
            }
            guard chunks.map(\.type) == ["IHDR", "IDAT", "IEND"], chunks[2].content.isEmpty else {
                throw Unreadable.chunk
            }
            let header = chunks[0].content
            guard header.count == 13, header[0..<4] == header[4..<8], header[8...].elementsEqual([1, 0, 0, 0, 0]) else {
                throw Unreadable.header
            }
            side = Int(header.bigEndian(UInt32.self, at: 0))
            let width = 1 + (side + 7) / 8
            var pixels = [UInt8](repeating: 0, count: side * width)
            var length = UInt(pixels.count)
            let packed = chunks[1].content
            guard uncompress(&pixels, &length, packed, UInt(packed.count)) == Z_OK, Int(length) == pixels.count else {
                throw Unreadable.data
            }
            lines = stride(from: 0, to: pixels.count, by: width).map { Array(pixels[$0..<($0 + width)]) }
            guard lines.allSatisfy({ $0[0] == 0 }) else { throw Unreadable.filter }
        }

        func isWhite(_ column: Int, _ row: Int) -> Bool { lines[row][1 + column / 8] >> UInt8(7 - column % 8) & 1 == 1 }

        /// CRC-32, bit by bit (annex D).
        private static func checkSum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
            ~bytes.reduce(UInt32.max) { sum, byte in
                (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
            }
        }
    }
#endif
