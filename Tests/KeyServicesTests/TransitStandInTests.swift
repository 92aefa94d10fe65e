import Core
import Foundation
import Outbound
import Secrets
import TestSupport
import Testing

@testable import KeyServices

@Suite("A root key in Vault Transit, as a stand-in plays it", .enabled(if: HTTPClient.isAvailable))
struct TransitStandInTests {
    private let root: RootKey

    init() throws { root = try RootKey.random() }

    @Test("is given back to whoever has the envelope and the token, and is not in it", arguments: [nil, "team/keys"])
    func roundTrip(namespace: String?) throws {
        guard let vault = try TransitStandIn.shared.get() else { return }
        var environment = vault.environment
        environment["VAULT_NAMESPACE"] = namespace
        let envelope = try TransitKey(key: "profilevault", environment: environment).wrap(root, of: .first)
        #expect(envelope.provider == "vault-transit")
        #expect(envelope.parameters["address"] == environment["VAULT_ADDR"])
        #expect(envelope.parameters["mount"] == "transit" && envelope.parameters["key"] == "profilevault")
        #expect(envelope.parameters["namespace"] == namespace)
        #expect(envelope.parameters["ciphertext"]?.hasPrefix("vault:v1:") == true)
        #expect(!envelope.parameters.values.contains { $0.contains(vault.token) })
        // The namespace is the envelope's, wherever one works at the moment.
        let again = try TransitKey(of: envelope, environment: vault.environment).unwrap(envelope, of: .first)
        #expect(try areEqual(again, root))
    }

    @Test("is refused for another vault, by another key and where the ciphertext was changed")
    func bindings() throws {
        guard let vault = try TransitStandIn.shared.get() else { return }
        let envelope = try TransitKey(key: "profilevault", environment: vault.environment).wrap(root, of: .first)
        func unwrap(_ envelope: RootEnvelope, of id: VaultID = .first) throws {
            _ = try TransitKey(of: envelope, environment: vault.environment).unwrap(envelope, of: id)
        }
        #expect(failure { try unwrap(envelope, of: .second) }?.code == SecretsError.wrongRootKey)
        for place in [1, 40, 70] {
            let changed = try envelope.withChangedCiphertext(before: place)
            #expect(failure { try unwrap(changed) }?.code == SecretsError.wrongRootKey)
        }
        #expect(failure { try unwrap(envelope.with(["namespace": "team/keys"])) }?.code == SecretsError.wrongRootKey)
        let missing = failure { try unwrap(envelope.with(["key": "another"])) }
        #expect(missing?.code == SecretsError.keyServiceKeyUnusable)
        let elsewhere = failure { try unwrap(envelope.with(["mount": "other"])) }
        #expect(elsewhere?.code == SecretsError.keyServiceKeyUnusable)
        let moved = failure { try unwrap(envelope.with(["key": "another", "address": "https://old.example"])) }
        #expect(moved?.remedy?.contains("VAULT_ADDR is another address") == true)
        for text in [nil, "", "vault:v1:\"", "vault:v1:" + String(repeating: "A", count: 9000)] as [String?] {
            #expect(failure { try unwrap(envelope.with(["ciphertext": text])) }?.code == SecretsError.malformed)
        }
    }

    @Test("is refused to a token that Vault does not know")
    func token() throws {
        guard let vault = try TransitStandIn.shared.get() else { return }
        let environment = vault.environment.merging(["VAULT_TOKEN": "hvs.other"]) { $1 }
        let error = failure {
            _ = try TransitKey(key: "profilevault", environment: environment).wrap(root, of: .first)
        }
        #expect(error?.code == SecretsError.keyServiceRefused && error?.message.contains("hvs.") == false)
    }

    @Test(
        "is asked for over TLS of the authority that VAULT_CACERT names, and of no server that cannot prove who it is")
    func certificates() throws {
        guard let python = Peers.python else { return }
        let made = try TestCertificates.shared.get()
        let reasons: [(TestCertificates.Kind, String?)] = [
            (.right, nil), (.wrongHost, "another host"), (.expired, "expired"), (.selfSigned, "signed by itself"),
            (.foreign, "not from an authority that is trusted"),
        ]
        for (kind, reason) in reasons {
            let vault = try TransitStandIn(
                python: python, arguments: ["--certificate", made.certificate(kind), "--key", made.key])
            let environment = [
                "VAULT_ADDR": "https://127.0.0.1:\(vault.port)", "VAULT_TOKEN": vault.token,
                "VAULT_CACERT": made.authority,
            ]
            let key = try TransitKey(key: "profilevault", environment: environment)
            if let reason {
                let error = failure { _ = try key.wrap(root, of: .first) }
                #expect(error?.code == SecretsError.keyServiceTLS)
                #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
            } else {
                let envelope = try key.wrap(root, of: .first)
                #expect(try areEqual(key.unwrap(envelope, of: .first), root))
                let stranger = environment.filter { $0.key != "VAULT_CACERT" }
                let error = failure {
                    _ = try TransitKey(of: envelope, environment: stranger).unwrap(envelope, of: .first)
                }
                #expect(error?.code == SecretsError.keyServiceTLS)
            }
        }
    }
}

@Suite("Answers of Vault Transit", .enabled(if: HTTPClient.isAvailable))
struct TransitAnswerTests {
    private func failureOfWrapping(_ answer: LoopbackServer.Answer) throws -> SecretsError? {
        let server = try LoopbackServer { _ in answer }
        return try failureOfWrapping(at: server.port, .suiting(answer))
    }

    private func failureOfWrapping(
        at port: Int, _ limits: HTTPClient.Limits = HTTPClient.Limits()
    ) throws -> SecretsError? {
        let environment = ["VAULT_ADDR": "http://127.0.0.1:\(port)", "VAULT_TOKEN": "t0ken"]
        let place = try TransitPlace(key: "profilevault", mount: "transit", namespace: nil, environment: environment)
        let root = try RootKey.random()
        return failure {
            _ = try TransitKey(place, environment: environment, limits: limits).wrap(root, of: .first)
        }
    }

    @Test(
        "become an error with a code, and none of their sentences",
        arguments: [
            (400, "t0ken s3cret", SecretsError.keyServiceRefused),
            (403, "t0ken s3cret", SecretsError.keyServiceRefused),
            (404, "s3cret", SecretsError.keyServiceKeyUnusable), (405, "s3cret", SecretsError.keyServiceFailed),
            (429, "s3cret", SecretsError.keyServiceFailed), (500, "s3cret", SecretsError.keyServiceFailed),
            (503, "s3cret Vault is sealed", SecretsError.keyServiceUnreachable),
            (307, "s3cret", SecretsError.keyServiceFailed), (200, "s3cret", SecretsError.keyServiceFailed),
            (200, "{}", SecretsError.keyServiceFailed),
            (200, #"{"data":{"ciphertext":"vault:v1:AA"}}"#, SecretsError.keyServiceFailed),
            (200, #"{"data":{"ciphertext":"vault:v1:AA","plaintext":"AAAA"}}"#, SecretsError.keyServiceFailed),
            (200, #"{"data":{"ciphertext":"not one"}}"#, SecretsError.malformed),
        ])
    func answers(status: Int, body: String, code: ErrorCode) throws {
        let error = try #require(try failureOfWrapping(.http(status, body)))
        #expect(error.code == code, "\(error)")
        #expect(!"\(error) \(error.remedy ?? "")".contains("s3cret") && !"\(error)".contains("t0ken"))
    }

    @Test("that are too much or do not come: nothing listens, nobody speaks, the connection ends")
    func missing() throws {
        let much = LoopbackServer.Answer.http(200, String(repeating: "x", count: 70_000))
        #expect(try failureOfWrapping(much)?.code == SecretsError.keyServiceFailed)
        let port = try LoopbackServer { _ in .silence }.port
        #expect(try failureOfWrapping(at: port)?.code == SecretsError.keyServiceUnreachable)
        #expect(try failureOfWrapping(.silence)?.code == SecretsError.keyServiceUnreachable)
        #expect(try failureOfWrapping(.bytes([]))?.code == SecretsError.keyServiceUnreachable)
    }

    @Test("are asked for at the key's path, with token, namespace and associated data")
    func question() throws {
        let server = try LoopbackServer { _ in .http(500) }
        let environment = [
            "VAULT_ADDR": "http://127.0.0.1:\(server.port)/behind", "VAULT_TOKEN": "t0ken", "VAULT_NAMESPACE": "a/b",
        ]
        let key = try TransitKey(key: "k", mount: "team/transit", environment: environment)
        let root = try RootKey.random()
        _ = failure { _ = try key.wrap(root, of: .first) }
        let request = try #require(server.requests.first)
        #expect(request.head.hasPrefix("POST /behind/v1/team/transit/encrypt/k HTTP/1.1\n"))
        #expect(request.header("X-Vault-Token") == "t0ken" && request.header("X-Vault-Namespace") == "a/b")
        let body = try JSON(parsing: request.body)
        let binding = Data(TransitKey.binding(.first)).base64EncodedString()
        #expect(body["associated_data"]?.string == binding && body["plaintext"]?.string?.utf8.count == 44)
    }
}

@Suite("Where a key of Vault Transit is")
struct TransitPlaceTests {
    @Test("is at VAULT_ADDR, and never where a vault's header alone says")
    func header() throws {
        let parameters = ["address": "https://evil.example", "mount": "transit", "key": "k"]
        for environment in [[:], ["VAULT_TOKEN": "t"]] {
            let error = failure { _ = try TransitPlace(parameters, environment: environment) }
            #expect(error?.code == SecretsError.keyServiceUnconfirmed)
            #expect(error.map { !"\($0) \($0.remedy ?? "")".contains("evil") } == true)
        }
        let place = try TransitPlace(parameters, environment: ["VAULT_ADDR": "https://ours.example:8200/"])
        #expect(place.address.description == "https://ours.example:8200" && place.isMoved)
        let same = try TransitPlace(parameters, environment: ["VAULT_ADDR": "https://evil.example"])
        #expect(!same.isMoved)
        #expect(failure { _ = try TransitKey(key: "k", environment: [:]) }?.code == SecretsError.keyServiceUnconfirmed)
    }

    @Test("is refused where a name would lead to another path, or the address is none")
    func misnamed() {
        let environment = ["VAULT_ADDR": "https://ours.example"]
        let names = [
            "", ".", "..", "a/b", "a b", "a?b", "a\u{E4}", "a\nb", "a%2fb", String(repeating: "a", count: 129),
        ]
        for name in names {
            let error = failure { _ = try TransitKey(key: name, environment: environment) }
            #expect(error?.code == SecretsError.keyServiceMisnamed, "\(name)")
            let parameters = ["address": "https://ours.example", "mount": "transit", "key": name]
            #expect(
                failure { _ = try TransitPlace(parameters, environment: environment) }?.code == SecretsError.malformed)
        }
        for mount in ["", "/transit", "transit/", "a/../b", "a//b", "a/./b", "a?"] {
            let error = failure { _ = try TransitKey(key: "k", mount: mount, environment: environment) }
            #expect(error?.code == SecretsError.keyServiceMisnamed, "\(mount)")
        }
        for parameters in [
            ["key": "k", "mount": "transit"], ["address": "a", "mount": "m"], ["address": "a", "key": "k"],
        ] {
            #expect(
                failure { _ = try TransitPlace(parameters, environment: environment) }?.code == SecretsError.malformed)
        }
        let plain = failure { _ = try TransitKey(key: "k", environment: ["VAULT_ADDR": "http://vault.example:8200"]) }
        #expect(plain?.code == SecretsError.keyServiceMisnamed)
    }
}

@Suite("Key services of a build without libcurl", .enabled(if: !HTTPClient.isAvailable))
struct NoKeyServicesTests {
    @Test("say which trait is missing")
    func refused() throws {
        let environment = ["VAULT_ADDR": "https://ours.example", "VAULT_TOKEN": "t"]
        let root = try RootKey.random()
        let error = failure { _ = try TransitKey(key: "k", environment: environment).wrap(root, of: .first) }
        #expect(error?.code == SecretsError.keyServiceUnavailable && error?.remedy?.contains("KeyServices") == true)
    }
}
