import Secrets
import TestSupport
import Testing

@testable import Outbound

@Suite("Requests", .enabled(if: HTTPClient.isAvailable))
struct HTTPClientTests {
    private let client = HTTPClient(limits: HTTPClient.Limits(body: 100_000))

    private func address(_ server: LoopbackServer) throws -> WebAddress {
        try WebAddress("http://127.0.0.1:\(server.port)")
    }

    private func send(
        _ method: HTTPRequest.Method = .get, to answer: LoopbackServer.Answer
    ) throws -> HTTPResponse {
        let server = try LoopbackServer { _ in answer }
        return try client.send(HTTPRequest(method, try address(server)))
    }

    private func failure(of answer: LoopbackServer.Answer) -> OutboundError? {
        #expect(throws: OutboundError.self) { _ = try send(to: answer) }
    }

    @Test("arrive as they were put together: method, path, query, headers and body, and nothing else")
    func arrival() throws {
        let server = try LoopbackServer { _ in .http(201) }
        let address = try WebAddress("http://127.0.0.1:\(server.port)/base")
        let secret = try HeldSecret("s3cret")
        let answer = try client.send(
            HTTPRequest(
                .put, address, path: "/a%20b/../c", query: [("q", "1 &\u{E4}"), ("empty", "")],
                headers: [HTTPHeader("X-One", "1"), HTTPHeader("X-Token", secret: secret), HTTPHeader("X-Empty", "")],
                body: .secret(secret)))
        #expect(answer.status == 201)
        let request = try #require(server.requests.first)
        #expect(
            request.head.split(separator: "\n").map(String.init) == [
                "PUT /base/a%20b/../c?q=1%20%26%C3%A4&empty= HTTP/1.1", "Host: 127.0.0.1:\(server.port)", "X-One: 1",
                "X-Token: s3cret", "X-Empty:", "Content-Length: 6",
            ])
        #expect(request.body == Array("s3cret".utf8))
    }

    @Test("have their method and the length of their body", arguments: HTTPRequest.Method.allCases)
    func methods(method: HTTPRequest.Method) throws {
        let server = try LoopbackServer { _ in .http(200, "seen") }
        let answer = try client.send(HTTPRequest(method, try address(server)))
        let request = try #require(server.requests.first)
        #expect(request.head.hasPrefix("\(method.rawValue) / HTTP/1.1\n"))
        #expect(request.header("Content-Length") == (method == .post || method == .put ? "0" : nil))
        #expect(answer.body.count == (method == .head ? 0 : 4))
    }

    @Test("with a body of a megabyte and a half arrive whole, and so does such an answer")
    func large() throws {
        let text = String(repeating: "0123456789abcdef", count: 98_304)
        let server = try LoopbackServer { .http(200, String(decoding: $0.body, as: UTF8.self)) }
        let roomy = HTTPClient(limits: HTTPClient.Limits(body: text.utf8.count))
        let answer = try roomy.send(HTTPRequest(.post, try address(server), body: .bytes(Array(text.utf8))))
        #expect(answer.body.withUnsafeBytes { $0.elementsEqual(text.utf8) })
    }

    @Test("are answered with status, headers and body, whatever the status", arguments: [200, 204, 404, 500, 503])
    func answers(status: Int) throws {
        let body = status == 204 ? "" : "text"
        let answer = try send(to: .http(status, body, headers: ["X-Twice: one  ", "x-twice: two", "X-None:"]))
        #expect(answer.status == status)
        #expect(answer["x-TWICE"] == "one" && answer["X-None"] == "" && answer["X-Other"] == nil)
        #expect(answer.body.withUnsafeBytes { $0.elementsEqual(body.utf8) })
        #expect("\(answer.body)" == "(\(body.utf8.count) bytes)")
    }

    @Test("take the head that follows one that only says to wait, and bodies in chunks")
    func interim() throws {
        let text =
            "HTTP/1.1 100 Continue\r\nX-One: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Two: 2\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        let answer = try send(to: .bytes(Array(text.utf8)))
        #expect(answer.status == 200 && answer["X-One"] == nil && answer["X-Two"] == "2")
        #expect(answer.body.withUnsafeBytes { $0.elementsEqual("abcde".utf8) })
    }

    @Test("follow no redirect and keep no cookie")
    func redirects() throws {
        let other = try LoopbackServer { _ in .http(200) }
        let server = try LoopbackServer { _ in
            .http(307, headers: ["Location: http://127.0.0.1:\(other.port)/", "Set-Cookie: a=b; Path=/"])
        }
        for _ in 0..<2 { #expect(try client.send(HTTPRequest(.get, try address(server))).status == 307) }
        #expect(other.requests.isEmpty)
        #expect(server.requests.count == 2 && server.requests.allSatisfy { $0.header("Cookie") == nil })
    }

    @Test("end where the answer has more than it may, said beforehand or not, in its body or its head")
    func bounds() throws {
        let more = String(repeating: "x", count: 100_001)
        let unannounced = LoopbackServer.Answer.bytes(Array("HTTP/1.1 200 OK\r\n\r\n\(more)".utf8))
        let head = LoopbackServer.Answer.http(
            200, headers: (0..<10).map { "X-\($0): " + String(repeating: "y", count: 7000) })
        for answer in [.http(200, more), unannounced, head] {
            #expect(failure(of: answer)?.code == OutboundError.answerTooLarge)
        }
        #expect(try send(to: .http(200, String(more.dropLast()))).body.count == 100_000)
    }

    @Test("end where nothing listens, nobody answers, the answer is cut or is not HTTP")
    func failures() throws {
        let port = try LoopbackServer { _ in .silence }.port
        let gone = #expect(throws: OutboundError.self) {
            _ = try client.send(HTTPRequest(.get, try WebAddress("http://127.0.0.1:\(port)")))
        }
        #expect(gone?.code == OutboundError.unreachable)
        let mute = try LoopbackServer { _ in .silence }
        let waited = #expect(throws: OutboundError.self) {
            _ = try HTTPClient(limits: HTTPClient.Limits(connecting: 500, total: 500)).send(
                HTTPRequest(.get, try address(mute)))
        }
        #expect(waited?.code == OutboundError.timedOut)
        #expect(failure(of: .bytes([]))?.code == OutboundError.connectionLost)
        let cut = LoopbackServer.Answer.bytes(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8))
        #expect(failure(of: cut)?.code == OutboundError.connectionLost)
        #expect(failure(of: .bytes(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)))?.code == OutboundError.answerMalformed)
        let nobody = #expect(throws: OutboundError.self) {
            _ = try client.send(HTTPRequest(.get, try WebAddress("https://nobody.invalid")))
        }
        #expect(nobody?.code == OutboundError.unreachable)
    }

    @Test("with a header or path that would be read in another way, or a body where none belongs, are not sent")
    func injections() throws {
        let server = try LoopbackServer { _ in .http(200) }
        let address = try address(server)
        let requests = [
            HTTPRequest(.get, address, headers: [HTTPHeader("X-One", "1\r\nX-Two: 2")]),
            HTTPRequest(.get, address, headers: [HTTPHeader("X-One", "1\n")]),
            HTTPRequest(.get, address, headers: [HTTPHeader("X-One", "1\0")]),
            HTTPRequest(.get, address, headers: [HTTPHeader("X One", "1")]),
            HTTPRequest(.get, address, headers: [HTTPHeader("", "1")]),
            HTTPRequest(.get, address, headers: [HTTPHeader("X-One", secret: try HeldSecret("1\n2"))]),
            HTTPRequest(.get, address, path: "none"), HTTPRequest(.get, address, path: "/a b"),
            HTTPRequest(.get, address, path: "/a?b"), HTTPRequest(.get, address, path: "/a#b"),
            HTTPRequest(.get, address, body: .bytes([1])), HTTPRequest(.delete, address, body: .bytes([1])),
        ]
        for request in requests {
            let error = #expect(throws: OutboundError.self) { _ = try client.send(request) }
            #expect(error?.code == OutboundError.requestInvalid)
        }
        #expect(server.requests.isEmpty)
    }

    @Test(
        "go through the proxy that the environment names, but for what it excepts and for this machine's own addresses")
    func proxies() throws {
        let proxy = try LoopbackServer { _ in .http(403) }
        let named = ["HTTPS_PROXY": "http://user:pass@127.0.0.1:\(proxy.port)", "NO_PROXY": "direct.invalid"]
        let through = HTTPClient(proxy: Proxy(environment: named))
        let error = #expect(throws: OutboundError.self) {
            _ = try through.send(
                HTTPRequest(.get, try WebAddress("https://there.invalid"), headers: [HTTPHeader("X-Token", "t")]))
        }
        #expect(error.map { !$0.message.contains("pass") } == true)
        let asked = try #require(proxy.requests.first)
        #expect(asked.head.hasPrefix("CONNECT there.invalid:443 HTTP/1.1\n") && !asked.head.contains("X-Token"))
        let direct = #expect(throws: OutboundError.self) {
            _ = try through.send(HTTPRequest(.get, try WebAddress("https://direct.invalid")))
        }
        #expect(direct?.code == OutboundError.unreachable)
        let server = try LoopbackServer { _ in .http(200) }
        #expect(try through.send(HTTPRequest(.get, try address(server))).status == 200)
        #expect(proxy.requests.count == 1)
        let missing = HTTPClient(proxy: Proxy(environment: ["https_proxy": "proxy.invalid:8080"]))
        let nowhere = #expect(throws: OutboundError.self) {
            _ = try missing.send(HTTPRequest(.get, try WebAddress("https://there.invalid")))
        }
        #expect(nowhere?.code == OutboundError.unreachable && nowhere?.message.contains("proxy") == true)
    }

    @Test("of many threads at once have each its own answer")
    func threads() async throws {
        let server = try LoopbackServer { .http(200, $0.header("X-Number") ?? "") }
        let address = try address(server)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask {
                    let request = HTTPRequest(.get, address, headers: [HTTPHeader("X-Number", "\(number)")])
                    return try client.send(request).body.withUnsafeBytes { $0.elementsEqual("\(number)".utf8) }
                }
            }
            for try await isOwn in group { #expect(isOwn) }
        }
    }

    @Test("and what they hold show no secret when they are printed")
    func descriptions() throws {
        let secret = try HeldSecret("s3cret")
        #expect("\(secret)" == "(secret)")
        var dumped = ""
        dump(HTTPHeader("X-Token", secret: secret), to: &dumped)
        let server = try LoopbackServer { _ in .http(200, "s3cret") }
        dump(try client.send(HTTPRequest(.get, try address(server))), to: &dumped)
        #expect(!dumped.contains("s3cret") && dumped.contains("(secret)"))
    }
}

@Suite("Requests of a build without libcurl", .enabled(if: !HTTPClient.isAvailable))
struct NoClientTests {
    @Test("are refused and say which trait is missing")
    func refused() throws {
        let error = #expect(throws: OutboundError.self) {
            _ = try HTTPClient().send(HTTPRequest(.get, try WebAddress("https://vault.example")))
        }
        #expect(error?.code == OutboundError.unavailable && error?.remedy?.contains("KeyServices") == true)
    }
}
