/// Where requests go: scheme, host, port and what all paths begin with; without user, query and fragment.
///
/// Only forms about which no two readers disagree are read, so that what was checked is what libcurl takes.
package struct WebAddress: Sendable, Hashable, CustomStringConvertible {
    package let isEncrypted: Bool
    /// In lower case; an IPv6 address is in brackets.
    package let host: String
    /// As it was given; else the scheme's own, 443 or 80.
    package let port: Int
    /// Whether it is this machine's own.
    let isLoopback: Bool
    /// Empty, or begins with `/` and does not end with one.
    package let path: String

    /// Reads `https://host[:port][/path]`.
    ///
    /// - Throws: `outbound.address_invalid`, also for plain `http` to another machine: `127.0.0.0/8`, `[::1]` and
    ///   `localhost`, which libcurl answers itself, are this one.
    package init(_ text: String) throws(OutboundError) {
        var rest = text[...]
        if rest.hasPrefix("https://") {
            isEncrypted = true
            rest = rest.dropFirst(8)
        } else if rest.hasPrefix("http://") {
            isEncrypted = false
            rest = rest.dropFirst(7)
        } else {
            throw .addressInvalid("it does not begin with `https://`")
        }
        let authority = rest.prefix { $0 != "/" }
        path = try Self.path(rest[authority.endIndex...])
        (host, port) = try Self.hostAndPort(authority, isEncrypted: isEncrypted)
        isLoopback = Self.isLoopback(host)
        guard isEncrypted || isLoopback else {
            throw .addressInvalid("plain http is only for addresses of this machine itself")
        }
    }

    /// Host and port as the header `Host` has them (RFC 9110 §7.2): without the scheme's own port.
    package var authority: String { port == (isEncrypted ? 443 : 80) ? host : "\(host):\(port)" }

    /// Two texts of one address have the same description.
    package var description: String { (isEncrypted ? "https://" : "http://") + authority + path }

    private static func hostAndPort(
        _ authority: Substring, isEncrypted: Bool
    ) throws(OutboundError) -> (String, Int) {
        let isBracketed = authority.first == "["
        let end: Substring.Index
        if isBracketed {
            guard let bracket = authority.firstIndex(of: "]") else { throw .addressInvalid("a bracket is not closed") }
            end = authority.index(after: bracket)
        } else {
            end = authority.firstIndex(of: ":") ?? authority.endIndex
        }
        let host = authority[..<end].lowercased()
        let allowed = isBracketed ? hexadecimalAndColon : lettersDigitsDotDash
        let inner = isBracketed ? host.dropFirst().dropLast() : host[...]
        guard !inner.isEmpty, inner.utf8.count <= 253, inner.utf8.allSatisfy(allowed.contains) else {
            throw .addressInvalid("its host is no name and no address")
        }
        guard end < authority.endIndex else { return (host, isEncrypted ? 443 : 80) }
        let digits = authority[end...].dropFirst()
        guard authority[end] == ":", (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(decimal.contains),
            let port = Int(digits), (1...65535).contains(port)
        else { throw .addressInvalid("its port is no number from 1 to 65535") }
        return (host, port)
    }

    private static func path(_ text: Substring) throws(OutboundError) -> String {
        var path = text
        while path.last == "/" { path = path.dropLast() }
        guard PercentEncoding.isPath(path) else {
            throw .addressInvalid("its path has a character that does not belong into one, or a query follows")
        }
        return String(path)
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        // Numbers with leading zeros are octal for some.
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0).map(String.init) == String($0) }
    }

    private static let decimal = UInt8(ascii: "0")...UInt8(ascii: "9")
    private static let hexadecimalAndColon = Set("0123456789abcdef:".utf8)
    private static let lettersDigitsDotDash = Set("abcdefghijklmnopqrstuvwxyz0123456789.-".utf8)
}
