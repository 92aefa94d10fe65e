#if Compression
    import CZlib
#endif
import Core

extension QRCode {
    #if Compression
        public static let canDrawPNG = true

        /// The code as a PNG image (ISO/IEC 15948), greyscale of one bit, with its quiet zone.
        ///
        /// `scale` is the side of a module in pixels, from 1 to 64.
        public func png(scale: Int = 8) throws(FactorsError) -> [UInt8] {
            precondition((1...64).contains(scale), "a module has 1 to 64 pixels a side")
            let side = UInt32((size + 2 * Self.quietZone) * scale)
            var header = ByteWriter()
            header.write(side)
            header.write(side)
            // Bit depth 1, greyscale, and the only methods there are: deflate, adaptive filters, no interlacing.
            header.write([1, 0, 0, 0, 0])
            var image = ByteWriter()
            image.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            Self.write("IHDR", header.bytes, to: &image)
            Self.write("IDAT", try Self.deflated(scanlines(scale: scale)), to: &image)
            Self.write("IEND", [], to: &image)
            return image.bytes
        }

        /// For each row of pixels the filter 0 (none), then eight pixels a byte, 1 for white.
        private func scanlines(scale: Int) -> [UInt8] {
            var lines: [UInt8] = []
            for row in -Self.quietZone..<(size + Self.quietZone) {
                let pixels = (-Self.quietZone..<(size + Self.quietZone)).flatMap {
                    repeatElement(!self[$0, row], count: scale)
                }
                var line: [UInt8] = [0]
                for start in stride(from: 0, to: pixels.count, by: 8) {
                    let bits = pixels[start..<min(start + 8, pixels.count)]
                    let byte = bits.reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
                    line.append(byte << UInt8(8 - bits.count))
                }
                for _ in 0..<scale { lines += line }
            }
            return lines
        }

        /// Length, type, content, and a check sum of the last two.
        private static func write(_ type: String, _ content: [UInt8], to image: inout ByteWriter) {
            let checked = Array(type.utf8) + content
            image.write(UInt32(content.count))
            image.write(checked)
            image.write(unsafe UInt32(crc32(0, checked, UInt32(checked.count))))
        }

        private static func deflated(_ bytes: [UInt8]) throws(FactorsError) -> [UInt8] {
            var length = compressBound(UInt(bytes.count))
            var output = [UInt8](repeating: 0, count: Int(length))
            guard unsafe compress(&output, &length, bytes, UInt(bytes.count)) == Z_OK else {
                throw FactorsError(FactorsError.libraryFailed, "zlib could not pack an image")
            }
            return Array(output.prefix(Int(length)))
        }
    #else
        public static let canDrawPNG = false

        /// This build cannot draw one.
        ///
        /// - Throws: `factors.unavailable`, always.
        public func png(scale: Int = 8) throws(FactorsError) -> [UInt8] {
            throw .unavailable("PNG images", trait: "Compression")
        }
    #endif
}
