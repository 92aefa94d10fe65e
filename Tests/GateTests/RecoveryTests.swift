import Accounts
import Audit
import Core
import Factors
import Foundation
import Gate
import Secrets
import Testing
import Vault

/// What a quorum of the root key's shares opens.
@Suite("The shares of the root key")
struct RecoveryTests {
    private let fixture: VaultFixture

    init() throws { fixture = try VaultFixture() }

    private static func password(_ text: String) throws -> SecretBytes { try SecretBytes(copying: Array(text.utf8)) }

    /// Opens the closed vault by shares, without anything that the header names.
    private func open(by shares: [Share]) throws -> OpenVault {
        try OpenVault(fixture.home, unlock: RootUnlock { shares }, clock: fixture.time.clock)
    }

    @Test("open the vault where enough of them come together, whichever, and no fewer do")
    func quorum() throws {
        try fixture.vault.close()
        for pair in [[0, 1], [2, 0], [1, 2], [0, 1, 2]] { try open(by: pair.map { fixture.shares[$0] }).close() }
        let few = #expect(throws: SecretsError.self) { _ = try open(by: [fixture.shares[1]]) }
        #expect(few?.code == SecretsError.sharesTooFew)
        let none = #expect(throws: SecretsError.self) { _ = try open(by: []) }
        #expect(none?.code == SecretsError.shareGroupsTooFew)
    }

    @Test("say nothing against a vault whose epoch holders are all gone: its error names these")
    func noHolder() throws {
        try fixture.vault.close()
        for holder in RootUnlock.holders(of: fixture.vault.header, folder: fixture.home) {
            try FileManager.default.removeItem(atPath: holder.name)
        }
        let error = #expect(throws: SecretsError.self) { _ = try open(by: Array(fixture.shares.prefix(2))) }
        #expect(error?.code == SecretsError.epochKeyMissing)
    }

    @Test("of another vault, or of a shorter secret, open none, and say so")
    func foreign() throws {
        let other = try VaultFixture()
        try fixture.vault.close()
        let short = try Shares.split(
            Self.password("sixteen letters!"), groups: [ShareGroup(memberThreshold: 2, memberCount: 2)],
            groupThreshold: 1)[0]
        for shares in [Array(other.shares.prefix(2)), short] {
            let error = #expect(throws: SecretsError.self) { _ = try open(by: shares) }
            #expect(error?.code == SecretsError.wrongRootKey)
        }
        let mixed = #expect(throws: SecretsError.self) { _ = try open(by: [fixture.shares[0], other.shares[1]]) }
        #expect(mixed?.code == SecretsError.sharesMixed)
    }

    @Test(
        "give an operator who lost everything a new password and new factors, and everybody who reads the log is told")
    func recovered() throws {
        let (gate, accounts) = (fixture.gate, fixture.vault.accounts)
        func logIn(_ password: String, _ code: String) throws -> (token: SessionToken, session: Session) {
            try gate.logIn(
                "owner", password: Self.password(password), factor: .recoveryCode(code), from: VaultFixture.client,
                through: accounts)
        }
        let before = try logIn(VaultFixture.password, fixture.recoveryCodes[0])
        #expect(try gate.emergencies(tell: Caller(before.session)).recoveries == 0)
        fixture.time.advance(seconds: 60)
        let given = try gate.recoverOperator(
            "owner", password: Self.password("another horse battery"), through: accounts)
        let entry = try #require(try fixture.vault.audit.show(limit: 1).first)
        #expect(entry.principal == "Custodian::shares" && entry.action == "operator.recover" && entry.outcome == .done)
        #expect(entry.facts["operator"] == "owner")
        // The old password with an old code; the old session.
        for attempt in [
            { _ = try logIn(VaultFixture.password, fixture.recoveryCodes[1]) },
            { _ = try logIn("another horse battery", fixture.recoveryCodes[1]) },
            { _ = try gate.caller(with: before.token, from: VaultFixture.client, through: accounts) },
        ] {
            #expect(throws: AccountsError.self) { try attempt() }
        }
        fixture.time.advance(seconds: 60)
        let after = try logIn("another horse battery", given.recoveryCodes[0].text)
        #expect(try gate.emergencies(tell: Caller(after.session)).recoveries == 1)
        let unknown = #expect(throws: AccountsError.self) {
            _ = try gate.recoverOperator("nobody", password: Self.password("another horse battery"), through: accounts)
        }
        #expect(unknown?.code == AccountsError.operatorUnknown)
    }

    @Test("are told in the log when they are made: how many, and which set, but no word of them")
    func logged() throws {
        let share = try #require(fixture.shares.first)
        let founding = try #require(
            try fixture.vault.audit.show(limit: 20).first { $0.action == "vault.found" })
        #expect(founding.facts["shares"] == "2 of 3")
        #expect(founding.facts["share_set"] == JSON(Int(share.parameters.identifier)))
    }

    @Test("recover nobody where the policies in force do not say so")
    func policies() throws {
        var files = fixture.gate.policies.bundle.files
        files["shut.cedar"] = Array(
            #"@id("shut") forbid (principal, action == Action::"operator.recover", resource);"#.utf8)
        let bundle = PolicyBundle(files: files)
        _ = try fixture.gate.activate(
            bundle, #require(PolicyRules.read(bundle).rules), in: fixture.vault.archive, by: VaultFixture.administrator)
        let error = #expect(throws: GateError.self) {
            _ = try fixture.gate.recoverOperator(
                "owner", password: Self.password("another horse battery"), through: fixture.vault.accounts)
        }
        #expect(error?.code == GateError.denied)
    }
}
