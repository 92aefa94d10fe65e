import Core
import Foundation
import Gate
import Secrets
import Storage
import TestSupport
import Testing
import Vault

@Suite("A vault that is founded")
struct FoundingTests {
    private let directory: TemporaryDirectory
    private let home: HomeFolder
    private let keyPath: String

    init() throws {
        directory = try TemporaryDirectory()
        home = HomeFolder(path: directory.file("vault"))
        keyPath = directory.file("root.key")
    }

    private func founding(
        _ root: Founding.Root? = nil, replica: String? = nil, without file: String? = nil
    ) throws -> Founding {
        var files = try PolicyBundle(folder: VaultFixture.policies).files
        if let file { files[file] = nil }
        let bundle = PolicyBundle(files: files)
        let rules = try #require(PolicyRules.read(bundle).rules)
        let replica = replica ?? directory.file("replica.holder")
        let keyPath = keyPath
        return Founding(
            root: root ?? .keyFile { _ in keyPath }, epochReplica: { _ in replica }, policies: bundle, rules: rules,
            tenant: "default", region: "TW", operatorName: "owner", strict: false)
    }

    private func create(_ founding: Founding) throws -> OpenVault {
        try OpenVault.create(home, from: founding, password: SecretBytes(copying: Array(VaultFixture.password.utf8)))
    }

    private func passphrase(_ text: String) -> @Sendable () throws -> Passphrase {
        { try Passphrase(SecretBytes(copying: Array(text.utf8))) }
    }

    @Test("under a passphrase opens with that passphrase and with nothing else")
    func passphrase() throws {
        try create(founding(.passphrase(passphrase("four words are better")()))).close()
        try OpenVault(home, unlock: RootUnlock(passphrase: passphrase("four words are better"))).close()
        let wrong = #expect(throws: SecretsError.self) {
            _ = try OpenVault(home, unlock: RootUnlock(passphrase: passphrase("four words are worse")))
        }
        #expect(wrong?.code == SecretsError.wrongRootKey)
        let none = #expect(throws: VaultError.self) { _ = try OpenVault(home, unlock: RootUnlock()) }
        #expect(none?.code == VaultError.noProvider)
        #expect(!FileManager.default.fileExists(atPath: keyPath))
    }

    @Test("passes over a provider that this program does not know to one that it does")
    func unknownProvider() throws {
        let vault = try create(founding())
        var header = vault.header
        try vault.close()
        let known = header.envelopes[0]
        let unknown = RootEnvelope(provider: "moonlight", parameters: [:], wrapped: known.wrapped)
        header.envelopes = [unknown, known]
        _ = try RootUnlock().root(of: header, in: home)
        header.envelopes = [unknown]
        let error = #expect(throws: VaultError.self) { _ = try RootUnlock().root(of: header, in: home) }
        #expect(error?.code == VaultError.noProvider)
    }

    @Test(
        "takes over no folder whose note makes no sense, or may be somebody else's, and removes nothing",
        arguments: ["{\"vault\": \"01a20d7e-7460-7f52-86cf-5fc291dd3564\"", "{\"vault\": \"mine\"}", ""])
    func note(_ text: String) throws {
        let note = Data((text.isEmpty ? "{\"vault\": \"01a20d7e-7460-7f52-86cf-5fc291dd3564\"}" : text).utf8)
        try FileManager.default.createDirectory(
            atPath: home.path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try note.write(to: URL(filePath: home.unfinished))
        try FileManager.default.setAttributes(
            [.posixPermissions: text.isEmpty ? 0o622 : 0o600], ofItemAtPath: home.unfinished)
        let error = #expect(throws: (any Error).self) { try create(founding()) } as? any ReportableError
        #expect(error?.code == (text.isEmpty ? SecretsError.permissionsTooOpen : VaultError.homeExists))
        #expect(try Data(contentsOf: URL(filePath: home.unfinished)) == note)
    }

    @Test("and fails on the way leaves nothing behind, neither in its folder nor outside", arguments: [true, false])
    func failure(early: Bool) throws {
        // No folder can be made below a file; under a set without ways to log in, the last steps are refused.
        try Data().write(to: URL(filePath: directory.file("file")))
        #expect(throws: (any Error).self) {
            _ = try create(
                early
                    ? founding(replica: directory.file("file/replica.holder"))
                    : founding(without: "administration.cedar"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["file"])
        try create(founding()).close()
        try OpenVault(home, unlock: RootUnlock()).close()
    }
}
