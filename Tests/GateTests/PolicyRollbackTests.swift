import Audit
import Core
import Foundation
import Gate
import Storage
import Testing
import Vault

@Suite("A policy set put back")
struct PolicyRollbackTests {
    private let fixture: VaultFixture

    init() throws { fixture = try VaultFixture() }

    /// Puts a set in force that takes the marketers' leave away.
    private func activateStricter() throws {
        var files = fixture.gate.policies.bundle.files
        let text = String(decoding: try #require(files["default.cedar"]), as: UTF8.self)
        files["default.cedar"] = Array(text.replacing("Role::\"marketer\"", with: "Role::\"nobody\"").utf8)
        let bundle = PolicyBundle(files: files)
        let rules = try #require(PolicyRules.read(bundle).rules)
        let administrator = Caller(principal: Principal(.operator, "adam"), roles: ["administrator"])
        let activation = try fixture.gate.activate(bundle, rules, in: fixture.vault.archive, by: administrator)
        #expect(activation.policies.version == 2)
    }

    @Test("is named when the newest set was taken away, though the older one is signed as well")
    func removed() throws {
        let ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        try activateStricter()
        #expect(try fixture.read(.profile(ada.id), for: "personalization").values.isEmpty)
        #expect(try fixture.findings().isEmpty)
        try fixture.change(.data, "DELETE FROM policy_set WHERE version = 2")
        let findings = try fixture.findings()
        #expect(findings.map(\.code) == [GateError.policiesRolledBack])
        #expect(findings.first?.code.exit == .integrity)
        #expect(findings.first?.message == "policy set 1 is in force, but the log says that set 2 was activated")
    }

    @Test("is found whole where the log and the vault agree, over many activations")
    func sound() throws {
        #expect(try fixture.findings().isEmpty)
        try activateStricter()
        try fixture.reopen()
        #expect(try fixture.findings().isEmpty)
    }
}
