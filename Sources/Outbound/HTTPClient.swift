/// Sends one request and waits for its answer: HTTP/1.1 over TLS 1.2 or later, through libcurl.
///
/// The server's certificate and its name are always verified. No redirect is followed, no cookie kept, nothing is taken
/// from `.netrc`. What libcurl and OpenSSL copy while they send and receive is beyond being wiped here.
package struct HTTPClient: Sendable {
    package struct Limits: Sendable {
        /// Milliseconds until a connection stands, TLS included.
        package let connecting: Int
        /// Milliseconds for all of it.
        package let total: Int
        /// Bytes that an answer's body may have; its headers may have 64 KiB.
        package let body: Int

        package init(connecting: Int = 5000, total: Int = 20_000, body: Int = 1 << 20) {
            self.connecting = connecting
            self.total = total
            self.body = body
        }
    }

    static let headerLimit = 1 << 16

    /// A file of the only certificate authorities that count (PEM); without one, those of the system.
    let authorities: String?
    let proxy: Proxy
    let limits: Limits

    package init(authorities: String? = nil, proxy: Proxy = .none, limits: Limits = Limits()) {
        self.authorities = authorities
        self.proxy = proxy
        self.limits = limits
    }

    #if KeyServices
        package static let isAvailable = true

        /// The answer, whatever its status.
        ///
        /// - Throws: what kept it away; `outbound.certificate_…` and `outbound.tls_failed` before anything was sent.
        package func send(_ request: HTTPRequest) throws(OutboundError) -> HTTPResponse {
            try request.validate()
            return try Transfer(request, by: self).perform()
        }
    #else
        package static let isAvailable = false

        /// This build cannot send one.
        ///
        /// - Throws: `outbound.unavailable`, always.
        package func send(_ request: HTTPRequest) throws(OutboundError) -> HTTPResponse {
            throw OutboundError(
                OutboundError.unavailable, "this build cannot send anything to other machines",
                remedy: "build with the trait KeyServices")
        }
    #endif
}
