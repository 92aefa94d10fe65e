import Core
import Foundation
import Glibc
import Secrets
import TestSupport
import Testing

@testable import KeyServices
@testable import Outbound

@Suite("Credentials of key services")
struct CredentialsTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func text(_ secret: HeldSecret) -> String {
        secret.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test("of AWS are those of the environment before those of the file")
    func environment() throws {
        let environment = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "b", "HOME": "/nowhere"]
        let found = try AWSCredentials.find(in: environment)
        #expect(found.accessKeyID == "A" && text(found.secret) == "b" && found.sessionToken == nil)
        let empty = try AWSCredentials.find(in: environment.merging(["AWS_SESSION_TOKEN": ""]) { $1 })
        #expect(empty.sessionToken == nil)
        let timed = try AWSCredentials.find(in: environment.merging(["AWS_SESSION_TOKEN": "c"]) { $1 })
        #expect(timed.sessionToken.map(text) == "c")
    }

    @Test("of AWS are read from the profile that is asked for, in the file that AWS's tools write")
    func file() throws {
        #expect(mkdir(folder.file(".aws"), 0o700) == 0)
        let written = """
            # comment = no
            aws_access_key_id = NONE
            [default]
            aws_access_key_id=A
            AWS_SECRET_ACCESS_KEY =  b/+=\u{20}
            ; aws_session_token = no
            [ other ]\r
            aws_access_key_id = C\r
            aws_secret_access_key = d\r
            aws_session_token = e\r
            [half]
            aws_access_key_id = F
            """
        try OwnerOnlyFile.create(folder.file(".aws/credentials"), Array(written.utf8))
        let home = ["HOME": folder.path]
        let first = try AWSCredentials.find(in: home)
        #expect(first.accessKeyID == "A" && text(first.secret) == "b/+=" && first.sessionToken == nil)
        let other = try AWSCredentials.find(in: home.merging(["AWS_PROFILE": "other"]) { $1 })
        #expect(other.accessKeyID == "C" && text(other.secret) == "d" && other.sessionToken.map(text) == "e")
        for profile in ["half", "none"] {
            let error = failure { _ = try AWSCredentials.find(in: home.merging(["AWS_PROFILE": profile]) { $1 }) }
            #expect(error?.code == SecretsError.keyServiceCredentialsMissing)
        }
        #expect(chmod(folder.file(".aws/credentials"), 0o644) == 0)
        #expect(failure { _ = try AWSCredentials.find(in: home) }?.code == SecretsError.permissionsTooOpen)
    }

    @Test("of AWS that are missing, half there or none are refused")
    func missing() {
        let environments = [
            [:], ["HOME": folder.path], ["HOME": folder.path, "AWS_ACCESS_KEY_ID": "A"],
            ["AWS_ACCESS_KEY_ID": "A\nB", "AWS_SECRET_ACCESS_KEY": "b"],
            ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "b"],
            ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": ""],
        ]
        for environment in environments {
            let error = failure { _ = try AWSCredentials.find(in: environment) }
            #expect(error?.code == SecretsError.keyServiceCredentialsMissing)
        }
    }

    @Test("of Vault are the token of the environment before the one that `vault login` has left")
    func token() throws {
        let home = ["HOME": folder.path]
        #expect(failure { _ = try TransitToken.find(in: home) }?.code == SecretsError.keyServiceCredentialsMissing)
        #expect(failure { _ = try TransitToken.find(in: [:]) }?.code == SecretsError.keyServiceCredentialsMissing)
        try OwnerOnlyFile.create(folder.file(".vault-token"), Array("hvs.file\r\n".utf8))
        #expect(try text(TransitToken.find(in: home)) == "hvs.file")
        #expect(try text(TransitToken.find(in: home.merging(["VAULT_TOKEN": ""]) { $1 })) == "hvs.file")
        #expect(try text(TransitToken.find(in: home.merging(["VAULT_TOKEN": "hvs.one"]) { $1 })) == "hvs.one")
        #expect(chmod(folder.file(".vault-token"), 0o640) == 0)
        #expect(failure { _ = try TransitToken.find(in: home) }?.code == SecretsError.permissionsTooOpen)
        try OwnerOnlyFile.put(folder.file(".vault-token"), Array("\n".utf8))
        #expect(failure { _ = try TransitToken.find(in: home) }?.code == SecretsError.keyServiceCredentialsMissing)
    }
}
