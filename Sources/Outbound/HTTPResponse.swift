/// What a server answered, whatever its status.
package struct HTTPResponse: Sendable {
    /// Of three digits (RFC 9110 §15).
    package let status: Int
    package let headers: [HTTPHeader]
    package let body: ResponseBody

    /// The value of the first header of this name, in any case.
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        for header in headers where header.name.lowercased() == wanted {
            if case .text(let text) = header.value { return text }
        }
        return nil
    }
}
