#if KeyServices
    import CCurl
    import Glibc
    import Secrets

    /// One transfer of libcurl's easy interface, ended when it goes out of scope.
    @safe struct Transfer: ~Copyable {
        private let handle: UnsafeMutableRawPointer
        private let request: HTTPRequest
        private let client: HTTPClient

        /// The library starts once.
        private static let started = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

        init(_ request: HTTPRequest, by client: HTTPClient) throws(OutboundError) {
            guard Self.started, let handle = unsafe curl_easy_init() else {
                throw OutboundError(OutboundError.libraryFailed, "libcurl could not start: there is no memory left")
            }
            unsafe self.handle = handle
            self.request = request
            self.client = client
        }

        deinit { unsafe curl_easy_cleanup(handle) }

        consuming func perform() throws(OutboundError) -> HTTPResponse {
            try setLimits()
            try setTrust()
            try setMethod()
            let lines = HeaderLines()
            for header in request.headers { try lines.append(header) }
            // What libcurl would add by itself, but for `Host` and the length.
            for name in ["Accept", "Expect", "Content-Type"] where !request.headers.contains(named: name) {
                try lines.leaveOut(name)
            }
            unsafe try check(pv_curl_set_headers(handle, lines.first))
            let reception = Reception(limit: client.limits.body)
            try receive(into: reception)
            let code = try run()
            withExtendedLifetime((lines, reception)) {}
            guard code == CURLE_OK else { throw failure(code, reception) }
            return HTTPResponse(
                status: number(CURLINFO_RESPONSE_CODE), headers: reception.headers, body: reception.body)
        }

        private func run() throws(OutboundError) -> CURLcode {
            switch request.body {
            case .none: return try unsafe run(with: UnsafeRawBufferPointer(start: nil, count: 0))
            case .bytes(let bytes):
                return try unsafe bytes.span.withUnsafeBytes { bytes throws(OutboundError) in
                    try unsafe run(with: bytes)
                }
            case .secret(let secret):
                return try unsafe secret.bytes.withUnsafeBytes { bytes throws(OutboundError) in
                    try unsafe run(with: bytes)
                }
            }
        }

        private func run(with body: UnsafeRawBufferPointer) throws(OutboundError) -> CURLcode {
            if request.method == .post || request.method == .put {
                unsafe try check(pv_curl_set_body(handle, body.baseAddress, body.count))
            }
            return unsafe curl_easy_perform(handle)
        }

        /// `reception` has to be held until the transfer ends.
        private func receive(into reception: Reception) throws(OutboundError) {
            let context = unsafe Unmanaged.passUnretained(reception).toOpaque()
            unsafe try check(
                pv_curl_on_header(
                    handle,
                    { bytes, size, count, context in
                        let reception = unsafe Unmanaged<Reception>.fromOpaque(context!).takeUnretainedValue()
                        let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
                        return unsafe reception.receiveHeader(line) ? line.count : 0
                    }, context))
            unsafe try check(
                pv_curl_on_body(
                    handle,
                    { bytes, size, count, context in
                        let reception = unsafe Unmanaged<Reception>.fromOpaque(context!).takeUnretainedValue()
                        let part = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
                        return unsafe reception.receiveBody(part) ? part.count : 0
                    }, context))
        }

        // MARK: - Options

        private func setLimits() throws(OutboundError) {
            try set(CURLOPT_NOSIGNAL, 1)
            try set(CURLOPT_CONNECTTIMEOUT_MS, client.limits.connecting)
            try set(CURLOPT_TIMEOUT_MS, client.limits.total)
            try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
            try set(CURLOPT_FOLLOWLOCATION, 0)
            try set(CURLOPT_NETRC, 0)
            try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        }

        /// Whom to trust, and through whom to go; each is set, or libcurl would ask the process's environment.
        private func setTrust() throws(OutboundError) {
            let isEncrypted = request.address.isEncrypted
            try set(CURLOPT_PROTOCOLS_STR, isEncrypted ? "https" : "http")
            try set(CURLOPT_PROXY, request.address.isLoopback ? "" : client.proxy.address)
            try set(CURLOPT_NOPROXY, client.proxy.exceptions)
            try set(CURLOPT_SSL_VERIFYPEER, 1)
            try set(CURLOPT_SSL_VERIFYHOST, 2)
            try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
            guard let authorities = client.authorities else { return }
            try set(CURLOPT_CAINFO, authorities)
            // Without this those of the system would count as well.
            unsafe try check(pv_curl_set_text(handle, CURLOPT_CAPATH, nil))
        }

        private func setMethod() throws(OutboundError) {
            try set(CURLOPT_URL, request.url)
            try set(CURLOPT_PATH_AS_IS, 1)
            switch request.method {
            case .get: try set(CURLOPT_HTTPGET, 1)
            case .head: try set(CURLOPT_NOBODY, 1)
            case .post: try set(CURLOPT_POST, 1)
            case .put, .delete: try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            }
        }

        private func set(_ option: CURLoption, _ number: Int) throws(OutboundError) {
            unsafe try check(pv_curl_set_number(handle, option, number))
        }

        private func set(_ option: CURLoption, _ text: String) throws(OutboundError) {
            unsafe try check(pv_curl_set_text(handle, option, text))
        }

        private func check(_ code: CURLcode) throws(OutboundError) {
            guard code == CURLE_OK else {
                throw OutboundError(
                    OutboundError.libraryFailed, "libcurl refuses an option (\(code.rawValue))",
                    remedy: "install libcurl 7.85 or later, with OpenSSL")
            }
        }

        private func number(_ which: CURLINFO) -> Int {
            var number = 0
            unsafe pv_curl_get_number(handle, which, &number)
            return number
        }

        private func failure(_ code: CURLcode, _ reception: Reception) -> OutboundError {
            if reception.isTooLarge {
                return OutboundError(
                    OutboundError.answerTooLarge,
                    "`\(request.address.authority)` answers with more than the \(client.limits.body) bytes that an answer may have",
                    remedy: "check that the address is the one that is meant")
            }
            return .of(
                code, certificate: number(CURLINFO_SSL_VERIFYRESULT), from: request.address,
                authorities: client.authorities)
        }
    }

    extension [HTTPHeader] {
        fileprivate func contains(named name: String) -> Bool {
            contains { $0.name.lowercased() == name.lowercased() }
        }
    }
#endif
