#if KeyServices
    import CCurl
    import Glibc
    import Secrets

    /// The header lines of a request as libcurl takes them, wiped when it has sent them: tokens are among them.
    @safe final class HeaderLines {
        private(set) var first: UnsafeMutablePointer<curl_slist>?

        deinit {
            var next = unsafe first
            while let line = unsafe next {
                unsafe explicit_bzero(line.pointee.data, strlen(line.pointee.data))
                unsafe next = line.pointee.next
            }
            unsafe curl_slist_free_all(first)
        }

        func append(_ header: HTTPHeader) throws(OutboundError) {
            switch header.value {
            // libcurl's way to say that a header has no value.
            case .text(""): try append(line: "\(header.name);")
            case .text(let text): try append(line: "\(header.name): \(text)")
            case .secret(let secret):
                let start = Array("\(header.name): ".utf8)
                do throws(SecretsError) {
                    let line = try unsafe SecretBytes(count: start.count + secret.bytes.count + 1) {
                        output throws(SecretsError) in
                        unsafe output.copyBytes(from: start)
                        unsafe secret.bytes.withUnsafeBytes { value in
                            unsafe UnsafeMutableRawBufferPointer(rebasing: output[start.count...])
                                .copyMemory(from: value)
                        }
                        unsafe output[output.count - 1] = 0
                    }
                    let isThere = unsafe line.withUnsafeBytes { bytes in
                        unsafe isAppended(bytes.baseAddress!.assumingMemoryBound(to: CChar.self))
                    }
                    if isThere { return }
                } catch {
                    throw OutboundError(error)
                }
                throw Self.outOfMemory
            }
        }

        /// Keeps libcurl from a header of its own.
        func leaveOut(_ name: String) throws(OutboundError) { try append(line: "\(name):") }

        private func append(line: String) throws(OutboundError) {
            guard unsafe isAppended(line) else { throw Self.outOfMemory }
        }

        private func isAppended(_ line: UnsafePointer<CChar>) -> Bool {
            guard let grown = unsafe curl_slist_append(first, line) else { return false }
            unsafe first = grown
            return true
        }

        private static var outOfMemory: OutboundError {
            OutboundError(OutboundError.libraryFailed, "there is no memory left for a request")
        }
    }
#endif
