/// What libcurl has received so far.
@safe final class Reception {
    let body: ResponseBody
    private(set) var headers: [HTTPHeader] = []
    private var headerBytes = 0
    /// Whether there was more than there may be.
    private(set) var isTooLarge = false

    init(limit: Int) { body = ResponseBody(limit: limit) }

    /// `false` ends the transfer.
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        isTooLarge = unsafe !body.append(bytes) || isTooLarge
        return !isTooLarge
    }

    /// One line of the head, with its end; `false` ends the transfer.
    func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        isTooLarge = headerBytes > HTTPClient.headerLimit || isTooLarge
        guard !isTooLarge else { return false }
        let line = unsafe String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // The head of the answer itself comes after those that only say to wait (RFC 9110 §15.2).
            headers = []
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[colon...].dropFirst().drop { $0 == " " || $0 == "\t" }
            let end = value.lastIndex { !$0.isWhitespace }
            headers.append(HTTPHeader(String(line[..<colon]), end.map { String(value[...$0]) } ?? ""))
        }
        return true
    }
}
