import Core
import Outbound
import Secrets
import TestSupport
import Testing

@testable import KeyServices

/// Answers of AWS as its API Reference has them, by a server that says what the test wants.
@Suite("Answers of AWS KMS", .enabled(if: HTTPClient.isAvailable))
struct AWSAnswerTests {
    private static let key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"

    private func environment(_ port: Int) -> [String: String] {
        [
            "AWS_ENDPOINT_URL_KMS": "http://127.0.0.1:\(port)", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "s3cret", "AWS_SESSION_TOKEN": "t0ken",
        ]
    }

    private func key(at port: Int, _ limits: HTTPClient.Limits = HTTPClient.Limits()) throws -> AWSKey {
        let environment = environment(port)
        return try AWSKey(
            KMSPlace(key: Self.key, region: nil, environment: environment), environment: environment,
            clock: Clock { Timestamp(milliseconds: 1_440_938_160_000) }, limits: limits)
    }

    private func failureOfWrapping(_ answer: LoopbackServer.Answer) throws -> SecretsError? {
        let server = try LoopbackServer { _ in answer }
        let root = try RootKey.random()
        return failure { _ = try key(at: server.port, .suiting(answer)).wrap(root, of: .first) }
    }

    @Test("are asked for with target, context and signature, and without the root key, in the clear or wrapped")
    func question() throws {
        let server = try LoopbackServer { _ in .http(500) }
        let root = try RootKey.random()
        _ = failure { _ = try key(at: server.port).wrap(root, of: .first) }
        let request = try #require(server.requests.first)
        #expect(request.head.hasPrefix("POST / HTTP/1.1\n"))
        #expect(request.header("X-Amz-Target") == "TrentService.Encrypt")
        #expect(request.header("Content-Type") == "application/x-amz-json-1.1")
        #expect(request.header("X-Amz-Security-Token") == "t0ken")
        let start =
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-central-1/kms/aws4_request, "
            + "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature="
        #expect(request.header("Authorization")?.hasPrefix(start) == true)
        let body = try JSON(parsing: request.body)
        #expect(body["KeyId"]?.string == Self.key)
        #expect(body["EncryptionContext"]?["profilevault:root-of"]?.string == "\(VaultID.first)")
        #expect(body["Plaintext"]?.string?.utf8.count == 44)
        #expect(body.object?.count == 3 && !request.head.contains("s3cret"))
    }

    @Test(
        "that refuse become an error with a code, and none of their sentences",
        arguments: [
            ("DisabledException", SecretsError.keyServiceKeyUnusable, "it is disabled"),
            ("KMSInvalidStateException", SecretsError.keyServiceKeyUnusable, "it waits for its deletion"),
            ("NotFoundException", SecretsError.keyServiceKeyUnusable, "there is none"),
            ("InvalidKeyUsageException", SecretsError.keyServiceKeyUnusable, "it is not for encrypting"),
            ("InvalidArnException", SecretsError.keyServiceKeyUnusable, "its name is not one"),
            ("com.amazonaws.kms#InvalidCiphertextException", SecretsError.wrongRootKey, "has not encrypted this"),
            ("IncorrectKeyException", SecretsError.wrongRootKey, "has not encrypted this"),
            ("AccessDeniedException", SecretsError.keyServiceRefused, "does not let these credentials use"),
            ("UnrecognizedClientException", SecretsError.keyServiceRefused, "does not accept the credentials"),
            ("ExpiredTokenException", SecretsError.keyServiceRefused, "does not accept the credentials"),
            ("InvalidSignatureException", SecretsError.keyServiceRefused, "does not accept the credentials"),
            ("KeyUnavailableException", SecretsError.keyServiceFailed, "HTTP status 400"),
            ("s3cret in a name", SecretsError.keyServiceFailed, "HTTP status 400"),
        ])
    func refusals(name: String, code: ErrorCode, what: String) throws {
        let body = #"{"__type":"\#(name)","message":"s3cret AKIDEXAMPLE t0ken"}"#
        let error = try #require(try failureOfWrapping(.http(400, body)))
        #expect(error.code == code && error.message.contains(what), "\(error)")
        for secret in ["s3cret", "AKIDEXAMPLE", "t0ken"] {
            #expect(!"\(error) \(error.remedy ?? "")".contains(secret))
        }
    }

    @Test("that are cut, too much, no JSON, no answer to the question or a failure are an error, without what they say")
    func useless() throws {
        let secret = "s3cret-of-the-answer"
        let arn = Self.key
        let answers: [LoopbackServer.Answer] = [
            .http(500, secret), .http(503, #"{"__type":"KMSInternalException"}"#), .http(200, secret), .http(200),
            .http(200, #"{"KeyId":"\#(arn)"}"#), .http(200, #"{"CiphertextBlob":"AAAA"}"#),
            .http(200, #"{"CiphertextBlob":"AAAA","KeyId":"\#(secret)!"}"#),
            .http(302, headers: ["Location: http://a/"]),
            .http(200, #"{"CiphertextBlob":"AAAA","KeyId":"\#(arn)""#),
            .http(200, String(repeating: "x", count: 70_000)),
        ]
        for answer in answers {
            let error = try #require(try failureOfWrapping(answer))
            #expect(error.code == SecretsError.keyServiceFailed, "\(error)")
            #expect(!"\(error) \(error.remedy ?? "")".contains(secret))
        }
        // An answer that encrypts and does not decrypt again makes no envelope.
        let odd = LoopbackServer.Answer.http(200, #"{"CiphertextBlob":"AAAA","KeyId":"\#(arn)","Plaintext":"AAAA"}"#)
        #expect(try failureOfWrapping(odd)?.code == SecretsError.keyServiceFailed)
        let key = String(repeating: "A", count: 43) + "="
        let false32 = LoopbackServer.Answer.http(
            200, #"{"CiphertextBlob":"AA","KeyId":"\#(arn)","Plaintext":"\#(key)"}"#)
        #expect(try failureOfWrapping(false32)?.code == SecretsError.wrongRootKey)
        let spaced = LoopbackServer.Answer.http(200, #"{"CiphertextBlob":"A A","KeyId":"\#(arn)"}"#)
        #expect(try failureOfWrapping(spaced)?.code == SecretsError.malformed)
    }

    @Test("that do not come are a service out of reach: nothing listens, nobody speaks, the connection ends")
    func unreachable() throws {
        let port = try LoopbackServer { _ in .silence }.port
        let root = try RootKey.random()
        let gone = failure { _ = try key(at: port).wrap(root, of: .first) }
        #expect(gone?.code == SecretsError.keyServiceUnreachable)
        #expect(try failureOfWrapping(.silence)?.code == SecretsError.keyServiceUnreachable)
        #expect(try failureOfWrapping(.bytes([]))?.code == SecretsError.keyServiceUnreachable)
    }
}

@Suite("Where a key of AWS KMS is")
struct KMSPlaceTests {
    private static let key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"

    @Test("is AWS's own endpoint of the key's region, unless the environment names another")
    func endpoints() throws {
        func endpoint(_ key: String, _ region: String? = nil, _ environment: [String: String] = [:]) throws -> String {
            try KMSPlace(key: key, region: region, environment: environment).endpoint.description
        }
        #expect(try endpoint(Self.key) == "https://kms.eu-central-1.amazonaws.com")
        #expect(try endpoint(Self.key, "us-east-1") == "https://kms.eu-central-1.amazonaws.com")
        #expect(try endpoint("alias/a", "us-gov-west-1") == "https://kms.us-gov-west-1.amazonaws.com")
        #expect(try endpoint("alias/a", nil, ["AWS_REGION": "cn-north-1"]) == "https://kms.cn-north-1.amazonaws.com.cn")
        #expect(
            try endpoint("mrk-1", nil, ["AWS_DEFAULT_REGION": "us-east-1"]) == "https://kms.us-east-1.amazonaws.com")
        let named = ["AWS_ENDPOINT_URL": "https://a.example", "AWS_ENDPOINT_URL_KMS": "https://b.example"]
        #expect(try endpoint(Self.key, nil, named) == "https://b.example")
        #expect(try KMSPlace(key: Self.key, region: nil, environment: [:]).parameters["endpoint"] == nil)
        let place = try KMSPlace(key: Self.key, region: nil, environment: named)
        #expect(place.parameters["endpoint"] == "https://b.example")
    }

    @Test("is refused without a region, and where name, region or endpoint are of no form that AWS has")
    func misnamed() {
        func code(_ key: String, _ region: String?, _ environment: [String: String] = [:]) -> ErrorCode? {
            failure { _ = try KMSPlace(key: key, region: region, environment: environment) }?.code
        }
        #expect(code("alias/a", nil) == SecretsError.keyServiceMisnamed)
        for region in [
            "", "evil.example/", "eu-central-1.evil.example", "EU-central-1", "eu", "eu-central-1\n", "eu-1#",
        ] {
            #expect(code("alias/a", region) == SecretsError.keyServiceMisnamed, "\(region)")
        }
        for key in ["", "a\"b", "a b", "arn:aws:s3:eu-central-1:123456789012:key/a", "alias/\u{E4}", "a\\"] {
            #expect(code(key, "eu-central-1") == SecretsError.keyServiceMisnamed, "\(key)")
        }
        let plain = ["AWS_ENDPOINT_URL_KMS": "http://kms.example"]
        #expect(code(Self.key, nil, plain) == SecretsError.keyServiceMisnamed)
    }

    @Test("is never where a vault's header alone says: an endpoint in it has to be named by the environment, too")
    func header() throws {
        let parameters = ["key": Self.key, "region": "eu-central-1", "endpoint": "https://evil.example"]
        let error = failure { _ = try KMSPlace(parameters, environment: [:]) }
        #expect(error?.code == SecretsError.keyServiceUnconfirmed)
        #expect(error.map { !"\($0) \($0.remedy ?? "")".contains("evil") } == true)
        let confirmed = try KMSPlace(parameters, environment: ["AWS_ENDPOINT_URL_KMS": "https://ours.example"])
        #expect(confirmed.endpoint.description == "https://ours.example")
        let odd = [
            ["region": "eu-central-1"], ["key": Self.key], ["key": Self.key, "region": "eu-west-1"],
            ["key": "alias/a", "region": "evil.example/x-1"], ["key": "\u{1B}[2J", "region": "eu-central-1"],
        ]
        for parameters in odd {
            let error = failure { _ = try KMSPlace(parameters, environment: ["AWS_REGION": "eu-central-1"]) }
            #expect(error?.code == SecretsError.malformed)
        }
    }
}
