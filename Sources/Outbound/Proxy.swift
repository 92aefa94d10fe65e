/// Through which other machine requests go, where the network lets none out directly; never those to this machine itself.
///
/// It sees which host is asked, and nothing else: TLS runs through its tunnel (RFC 9110 §9.3.6) and is verified as ever.
package struct Proxy: Sendable {
    /// As libcurl reads it, `[http://][user:password@]host[:port]`; empty for none.
    let address: String
    /// Hosts that are asked directly, separated by commas.
    let exceptions: String

    package static let none = Proxy(address: "", exceptions: "")

    private init(address: String, exceptions: String) {
        self.address = address
        self.exceptions = exceptions
    }

    /// `HTTPS_PROXY` and `NO_PROXY`, or in lower case, as other programs take them; nothing else is looked at.
    package init(environment: [String: String]) {
        func value(_ name: String) -> String { environment[name.lowercased()] ?? environment[name] ?? "" }
        self.init(address: value("HTTPS_PROXY"), exceptions: value("NO_PROXY"))
    }
}
