import Core
import Foundation
import Secrets
import TestSupport
import Testing

@testable import Outbound

@Suite("Signature Version 4")
struct SignatureV4Tests {
    /// One request of AWS's published examples.
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        var method = HTTPRequest.Method.get
        var host = "example.amazonaws.com"
        var path = "/"
        var query: [(name: String, value: String)] = []
        var headers: [HTTPHeader] = []
        var body = HTTPRequest.Body.none
        var secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
        var token: String?
        var service = "service"
        var moment = "2015-08-30T12:36:00Z"
        let signature: String

        var testDescription: String { name }
    }

    /// The SigV4 test suite that AWS published, the example of the IAM User Guide and that of the S3 API Reference.
    static let examples = [
        Example(
            name: "get-vanilla", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Example(
            name: "post-vanilla", method: .post,
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Example(
            name: "get-vanilla-query-order-key-case", query: [("Param2", "value2"), ("Param1", "value1")],
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Example(
            name: "get-vanilla-empty-query-key", query: [("Param1", "value1")],
            signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
        Example(
            name: "get-utf8", path: "/\u{1234}",
            signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        Example(
            name: "get-unreserved", path: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        Example(
            name: "get-space", path: "/example space/",
            signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
        Example(
            name: "get-relative-relative", path: "/example1/example2/../..",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Example(
            name: "get-slash-dot-slash", path: "/./",
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Example(
            name: "get-header-key-duplicate",
            headers: ["value2", "value2", "value1"].map { HTTPHeader("My-Header1", $0) },
            signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
        Example(
            name: "get-header-value-trim",
            headers: [HTTPHeader("My-Header1", " value1"), HTTPHeader("My-Header2", " \"a   b   c\"")],
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        Example(
            name: "post-x-www-form-urlencoded", method: .post,
            headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            body: .bytes(Array("Param1=value1".utf8)),
            signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        Example(
            name: "post-sts-header-before", method: .post,
            token:
                "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRq"
                + "TflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HF"
                + "vlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4r"
                + "vx3iSIlTJabIQwj2ICCR/oLxBA==",
            signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
        Example(
            name: "ListUsers of IAM", host: "iam.amazonaws.com",
            query: [("Action", "ListUsers"), ("Version", "2010-05-08")],
            headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], service: "iam",
            signature: "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
        Example(
            name: "GET Object of S3", host: "examplebucket.s3.amazonaws.com", path: "/test.txt",
            headers: [HTTPHeader("Range", "bytes=0-9")], secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            service: "s3",
            moment: "2013-05-24T00:00:00Z",
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
    ]

    private func authorization(_ example: Example) throws -> String? {
        let request = HTTPRequest(
            example.method, try WebAddress("https://\(example.host)"), path: example.path, query: example.query,
            headers: example.headers, body: example.body)
        let signer = SignatureV4(
            SignatureV4.Credentials(
                accessKeyID: "AKIDEXAMPLE", secret: try HeldSecret(example.secret),
                sessionToken: try example.token.map { try HeldSecret($0) }),
            region: "us-east-1", service: example.service)
        let signed = try signer.sign(request, at: try #require(Timestamp(example.moment)))
        return signed.value(of: "Authorization")
    }

    @Test("is that of AWS's published examples", arguments: examples)
    func published(example: Example) throws {
        let authorization = try #require(try authorization(example))
        #expect(authorization.hasSuffix(", Signature=\(example.signature)"), "\(authorization)")
        let day = example.moment.prefix(10).replacing("-", with: "")
        #expect(
            authorization.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(day)/us-east-1/\(example.service)/aws4_request, SignedHeaders="
            ))
    }

    @Test("is over secret bodies and headers as over others")
    func secrets() throws {
        let open = Example(
            name: "open", method: .post, headers: [HTTPHeader("X-Token", "t")], body: .bytes([1, 2, 3]), signature: "")
        let held = Example(
            name: "held", method: .post, headers: [HTTPHeader("X-Token", secret: try HeldSecret("t"))],
            body: .secret(HeldSecret(try SecretBytes(copying: [1, 2, 3]))), signature: "")
        #expect(try authorization(open) == authorization(held))
    }

    /// What botocore is asked to sign.
    private struct Question: Encodable {
        let method: String
        let url: String
        let headers: [[String]]
        let body: String
        let moment: String
        let key: String
        let secret: String
        let token: String?
        let region: String
        let service: String
    }

    private static func text(_ count: ClosedRange<Int>, of symbols: String, _ random: inout SeededGenerator) -> String {
        String((0..<Int.random(in: count, using: &random)).compactMap { _ in symbols.randomElement(using: &random) })
    }

    @Test("is the one that botocore makes of random requests")
    func botocore() throws {
        guard let python = Peers.moto else { return }
        var random = SeededGenerator.announced("Signature Version 4, beside botocore")
        var compared = 0
        for _ in 0..<SeededGenerator.rounds(quick: 1, soak: 50) {
            var (questions, ours): ([Question], [String]) = ([], [])
            for _ in 0..<80 {
                let (question, authorization) = try Self.signed(&random)
                questions.append(question)
                ours.append(authorization)
            }
            let lines = try questions.map { try JSONEncoder().encode($0) }
            let script = Peers.folder.appending(path: "scripts/aws-signatures.py").path(percentEncoded: false)
            let said = try Peers.output(of: python, [script], input: Data(lines.joined(separator: [0x0A])))
            let theirs = String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
            #expect(theirs.count == ours.count)
            for (place, (our, their)) in zip(ours, theirs).enumerated() {
                compared += 1
                #expect(our == their, "\(questions[place])")
            }
        }
        print("signatures compared with botocore's: \(compared)")
    }

    /// A random request, as botocore reads it, and what we make of it.
    private static func signed(_ random: inout SeededGenerator) throws -> (Question, String) {
        let word = "abcXYZ019-._~"
        let method = try #require(HTTPRequest.Method.allCases.randomElement(using: &random))
        let service = try #require(["kms", "s3", "sts", "service"].randomElement(using: &random))
        let segments = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            PercentEncoding.encode(text(1...6, of: word + " +&=\u{E9}\u{4E2D}%", &random))
        }
        let query = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            (name: text(1...4, of: word + " /?", &random), value: text(0...5, of: word + "=&+ \u{E9}/", &random))
        }
        let headers = (0..<Int.random(in: 0...3, using: &random)).map { number in
            ["X-\(text(1...4, of: "abcXYZ", &random))-\(number)", text(1...8, of: word + "  ,;", &random) + "x"]
        }
        let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let body = method == .post || method == .put ? bytes : []
        let token = Bool.random(using: &random) ? text(8...40, of: word + "/=", &random) : nil
        let secret = text(20...40, of: word + "/+", &random)
        let address = try WebAddress(
            "https://\(service).eu-west-3.example\(Bool.random(using: &random) ? "" : ":8443")")
        let now = Timestamp(milliseconds: Int64.random(in: 0...4_102_444_799_999, using: &random))
        let request = HTTPRequest(
            method, address, path: "/" + segments.joined(separator: "/"), query: query,
            headers: headers.map { HTTPHeader($0[0], $0[1]) }, body: body.isEmpty ? .none : .bytes(body))
        let signer = SignatureV4(
            SignatureV4.Credentials(
                accessKeyID: "AKIDEXAMPLE", secret: try HeldSecret(secret),
                sessionToken: try token.map { try HeldSecret($0) }),
            region: "eu-west-3", service: service)
        let signed = try signer.sign(request, at: now)
        let question = Question(
            method: method.rawValue, url: request.url, headers: headers, body: hex(body),
            moment: try #require(signed.value(of: "X-Amz-Date")), key: "AKIDEXAMPLE", secret: secret, token: token,
            region: "eu-west-3", service: service)
        return (question, try #require(signed.value(of: "Authorization")))
    }
}

extension HTTPRequest {
    fileprivate func value(of name: String) -> String? {
        for header in headers where header.name == name {
            if case .text(let text) = header.value { return text }
        }
        return nil
    }
}
