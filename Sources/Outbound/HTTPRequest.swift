/// What is asked of a server.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        case secret(HeldSecret)
    }

    package let method: Method
    package let address: WebAddress
    /// Comes after the address's own path; begins with `/`, and is sent as it is: what needs it is encoded already.
    package let path: String
    /// Names and values before they are encoded, in the order in which they are sent.
    package let query: [(name: String, value: String)]
    package var headers: [HTTPHeader]
    package let body: Body

    package init(
        _ method: Method, _ address: WebAddress, path: String = "/", query: [(name: String, value: String)] = [],
        headers: [HTTPHeader] = [], body: Body = .none
    ) {
        self.method = method
        self.address = address
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    var url: String {
        let items = query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        return "\(address)\(path)" + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
    }

    /// Refuses what libcurl or a server could read in another way than it was meant.
    func validate() throws(OutboundError) {
        guard path.hasPrefix("/"), PercentEncoding.isPath(path) else {
            throw .requestInvalid("its path has a character that has to be encoded")
        }
        for header in headers where !header.isSound { throw .requestInvalid("a header is not of one line of text") }
        switch (method, body) {
        case (.get, .none), (.head, .none), (.post, _), (.put, _), (.delete, .none): break
        default: throw .requestInvalid("only POST and PUT have a body")
        }
    }
}
