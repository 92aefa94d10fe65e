#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Core

/// Text of another encoding, converted to UTF-8 by iconv.
@safe
final class TranscodedBlocks: Blocks {
    private let blocks: any Blocks
    private let name: String
    private let converter: iconv_t
    /// The bytes of a character that the last block cut.
    private var tail: [UInt8] = []
    private var offset = 0
    private var atEnd = false

    init(_ blocks: any Blocks, from encoding: String) throws(IngestError) {
        self.blocks = blocks
        name = encoding
        unsafe converter = iconv_open("UTF-8", encoding)
        // iconv_open says (iconv_t)-1 when it fails.
        guard unsafe converter != iconv_t(bitPattern: -1) else {
            throw IngestError(
                .encodingUnknown, "the encoding `\(encoding)` is not known here",
                remedy: "`iconv -l` lists the encodings")
        }
    }

    deinit { unsafe iconv_close(converter) }

    func next() throws(IngestError) -> [UInt8]? {
        while !atEnd {
            guard let block = try blocks.next() else {
                atEnd = true
                guard tail.isEmpty else { throw invalid(at: offset) }
                break
            }
            let output = try converted(tail + block)
            if !output.isEmpty { return output }
        }
        return nil
    }

    private func converted(_ bytes: [UInt8]) throws(IngestError) -> [UInt8] {
        var input = bytes
        var failure: Int32 = 0
        var consumed = 0
        // No character of two bytes or less becomes more than three times as long; stateful sets flush a little more.
        let output = unsafe [UInt8](unsafeUninitializedCapacity: bytes.count * 4 + 64) { buffer, count in
            unsafe input.withUnsafeMutableBytes { raw in
                var next = unsafe raw.baseAddress?.assumingMemoryBound(to: CChar.self)
                var left = raw.count
                var room = buffer.count
                var place = unsafe UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
                if unsafe iconv(converter, &next, &left, &place, &room) == -1 { failure = errno }
                consumed = raw.count - left
                count = buffer.count - room
            }
        }
        // A character cut by the block's end waits for its rest; no encoding's character is longer than sixteen bytes.
        guard failure == 0 || (failure == EINVAL && bytes.count - consumed < 16) else {
            throw invalid(at: offset + consumed)
        }
        tail = Array(bytes[consumed...])
        offset += consumed
        return output
    }

    private func invalid(at place: Int) -> IngestError {
        IngestError(
            .encodingInvalid, "the text is not `\(name)`: byte \(place) fits no character",
            remedy: "name the file's real encoding")
    }
}
