#if Compression
    import CZlib
    import Core

    /// What a gzip stream holds (RFC 1952), member after member.
    @safe
    final class GunzipBlocks: Blocks {
        private let compressed: any Blocks
        private let blockSize: Int
        // zlib's state points back at the stream, so the stream may not move.
        private let stream: UnsafeMutablePointer<z_stream>
        private var input: [UInt8] = []
        private var consumed = 0
        /// Between two members, where the file may end.
        private var betweenMembers = false
        private var atEnd = false

        init(_ compressed: any Blocks, blockSize: Int) throws(IngestError) {
            self.compressed = compressed
            self.blockSize = blockSize
            unsafe stream = .allocate(capacity: 1)
            unsafe stream.initialize(to: z_stream())
            // 16 asks for a gzip header and its check sum.
            guard unsafe pv_inflate_init(stream, 15 + 16) == Z_OK else {
                throw IngestError(
                    .compressionCorrupt, "zlib could not be started", remedy: "unpack the file with `gzip -d`")
            }
        }

        deinit {
            unsafe inflateEnd(stream)
            unsafe stream.deallocate()
        }

        func next() throws(IngestError) -> [UInt8]? {
            while !atEnd {
                if consumed == input.count {
                    guard let block = try compressed.next() else {
                        guard betweenMembers else {
                            throw IngestError(
                                .compressionCorrupt, "the gzip file ends before its data does",
                                remedy: "copy the file again: it was cut")
                        }
                        atEnd = true
                        break
                    }
                    input = block
                    consumed = 0
                }
                if betweenMembers { startMember() }
                let output = try inflated()
                if !output.isEmpty { return output }
            }
            return nil
        }

        /// Begins the next member where there is one; zeros that pad a tape's last block are none.
        private func startMember() {
            while consumed < input.count, input[consumed] == 0 { consumed += 1 }
            guard consumed < input.count else { return }
            betweenMembers = false
            unsafe inflateReset(stream)
        }

        private func inflated() throws(IngestError) -> [UInt8] {
            guard consumed < input.count else { return [] }
            var status = Z_OK
            let offset = consumed
            let output = unsafe [UInt8](unsafeUninitializedCapacity: blockSize) { buffer, count in
                unsafe input.withUnsafeMutableBufferPointer { bytes in
                    unsafe stream.pointee.next_in = bytes.baseAddress.map { unsafe $0 + offset }
                    unsafe stream.pointee.avail_in = UInt32(bytes.count - offset)
                    unsafe stream.pointee.next_out = buffer.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(buffer.count)
                    status = unsafe inflate(stream, Z_NO_FLUSH)
                    consumed = unsafe bytes.count - Int(stream.pointee.avail_in)
                    count = unsafe buffer.count - Int(stream.pointee.avail_out)
                }
            }
            switch status {
            case Z_OK: break
            // No progress was possible: the next round brings more input.
            case Z_BUF_ERROR where consumed == input.count: break
            case Z_STREAM_END: betweenMembers = true
            default:
                throw IngestError(
                    .compressionCorrupt, "the gzip file is damaged",
                    remedy: "copy the file again, or test it with `gzip -t`")
            }
            return output
        }
    }
#endif
