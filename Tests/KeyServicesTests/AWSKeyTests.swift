import Core
import Foundation
import KeyServices
import Outbound
import Secrets
import TestSupport
import Testing

@Suite("A root key in AWS KMS, as moto plays it", .enabled(if: HTTPClient.isAvailable))
struct AWSKeyTests {
    private let root: RootKey

    init() throws { root = try RootKey.random() }

    @Test("is given back to whoever has the envelope and the credentials, and is not in it")
    func roundTrip() throws {
        guard let moto = try MotoServer.shared.get() else { return }
        let environment = moto.environment(moto.allowed)
        let envelope = try AWSKey(key: moto.keys[0], environment: environment).wrap(root, of: .first)
        #expect(envelope.provider == "aws-kms")
        #expect(Set(envelope.parameters.keys) == ["key", "region", "endpoint", "ciphertext"])
        #expect(!envelope.parameters.values.contains { $0.contains(moto.allowed[1]) })
        let again = try AWSKey(of: envelope, environment: environment).unwrap(envelope, of: .first)
        #expect(try areEqual(again, root))
        #expect(try !areEqual(again, RootKey.random()))
        let other = try AWSKey(key: moto.keys[0], environment: environment).wrap(root, of: .first)
        #expect(
            other.parameters["ciphertext"] != envelope.parameters["ciphertext"] && other.wrapped != envelope.wrapped)
    }

    @Test("may be named by an alias, and stays with the key that it named", arguments: ["alias/profilevault", "id"])
    func aliases(name: String) throws {
        guard let moto = try MotoServer.shared.get() else { return }
        let environment = moto.environment(moto.allowed)
        let key = name == "id" ? String(moto.keys[0].split(separator: "/").last ?? "") : name
        let envelope = try AWSKey(key: key, environment: environment).wrap(root, of: .first)
        #expect(envelope.parameters["key"] == moto.keys[0])
        #expect(try areEqual(AWSKey(of: envelope, environment: environment).unwrap(envelope, of: .first), root))
    }

    @Test("is refused for another vault, another key and a ciphertext that was changed")
    func bindings() throws {
        guard let moto = try MotoServer.shared.get() else { return }
        let environment = moto.environment(moto.allowed)
        let envelope = try AWSKey(key: moto.keys[0], environment: environment).wrap(root, of: .first)
        func unwrap(_ envelope: RootEnvelope, of vault: VaultID = .first) throws {
            _ = try AWSKey(of: envelope, environment: environment).unwrap(envelope, of: vault)
        }
        #expect(failure { try unwrap(envelope, of: .second) }?.code == SecretsError.wrongRootKey)
        let changed = try envelope.withChangedCiphertext(before: 1)
        #expect(failure { try unwrap(changed) }?.code == SecretsError.wrongRootKey)
        // moto decrypts with the key that the ciphertext names; AWS holds it against the one that is asked for.
        let swapped = RootEnvelope(
            provider: envelope.provider, parameters: envelope.parameters,
            wrapped: try AWSKey(key: moto.keys[1], environment: environment).wrap(root, of: .first).wrapped)
        #expect(failure { try unwrap(swapped) }?.code == SecretsError.wrongRootKey)
    }

    @Test("is refused where the key is none, and where credentials are not allowed, unknown or wrong")
    func refusals() throws {
        guard let moto = try MotoServer.shared.get() else { return }
        let missing = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000"
        func wrap(_ key: String, _ user: [String]) throws {
            _ = try AWSKey(key: key, environment: moto.environment(user)).wrap(root, of: .first)
        }
        #expect(failure { try wrap(missing, moto.allowed) }?.code == SecretsError.keyServiceKeyUnusable)
        for user in [moto.other, ["AKIAUNKNOWN", "s3cret"], [moto.allowed[0], "s3cret"]] {
            let error = failure { try wrap(moto.keys[0], user) }
            #expect(error?.code == SecretsError.keyServiceRefused)
            #expect(error.map { !"\($0) \($0.remedy ?? "")".contains(user[1]) } == true)
        }
    }

    @Test("is given back to the credentials of a profile in the file that AWS's tools share")
    func profile() throws {
        guard let moto = try MotoServer.shared.get() else { return }
        let folder = try TemporaryDirectory()
        let text = """
            [default]
            aws_access_key_id = AKIAUNKNOWN
            aws_secret_access_key = s3cret
            [profilevault]
            aws_access_key_id = \(moto.allowed[0])
            aws_secret_access_key = \(moto.allowed[1])
            """
        try OwnerOnlyFile.create(folder.file("credentials"), Array(text.utf8))
        let environment = [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:\(moto.port)", "AWS_PROFILE": "profilevault",
            "AWS_SHARED_CREDENTIALS_FILE": folder.file("credentials"),
        ]
        let envelope = try AWSKey(key: moto.keys[0], environment: environment).wrap(root, of: .first)
        #expect(try areEqual(AWSKey(of: envelope, environment: environment).unwrap(envelope, of: .first), root))
    }
}
