import Accounts
import Audit
import Core
import Foundation
import Gate
import Secrets
import Storage
import TestSupport
import Testing
import Vault

@Suite("An open vault")
struct OpenVaultTests {
    private static let owner = Caller(principal: Principal(.operator, "owner"), roles: ["administrator"], proof: .shown)

    /// Puts one text of `vault.json` in the place of another, as somebody who may write there would.
    private func rewriteHeader(of fixture: VaultFixture, _ text: String, _ other: String) throws {
        let content = String(
            decoding: try #require(FileManager.default.contents(atPath: fixture.home.header)), as: UTF8.self)
        let changed = content.replacing(text, with: other)
        try #require(changed != content)
        try FileSystem.local.atomicWrite(Array(changed.utf8), to: fixture.home.header)
    }

    @Test("is as durable as it was made, whatever its header says", arguments: [true, false])
    func durability(strict: Bool) throws {
        let fixture = try VaultFixture(strict: strict)
        try fixture.vault.close()
        let (made, other) = strict ? ("strict", "ordinary") : ("ordinary", "strict")
        try rewriteHeader(of: fixture, made, other)
        let error = #expect(throws: AuditError.self) { try fixture.open() }
        #expect(error?.code == AuditError.durabilityChanged)
        #expect(error?.code.exit == .integrity)
        // Nor is it a loss that anybody could accept.
        let refusal = #expect(throws: AuditError.self) {
            try OpenVault.acceptingLoss(
                fixture.home, unlock: RootUnlock(), tenant: "default", reason: "to be ordinary",
                proof: fixture.ownersProof(),
                clock: fixture.time.clock)
        }
        #expect(refusal?.code == AuditError.durabilityChanged)
        try rewriteHeader(of: fixture, other, made)
        try fixture.open()
    }

    @Test("closes everything, also when the log cannot be closed as it should")
    func closing() throws {
        let fixture = try VaultFixture()
        try FileManager.default.removeItem(atPath: fixture.home.spool)
        let error = #expect(throws: AuditError.self) { try fixture.vault.close() }
        #expect(error?.code == AuditError.spoolMissing)
        for store in Store.allCases {
            #expect(throws: StorageError.self, "\(store)") {
                try fixture.vault.stores[store].read { _ = try $0.first("SELECT 1") { try $0.int64(at: 0) } }
            }
        }
        _ = try HomeLock(path: fixture.home.lock)
    }

    @Test("decides by the newest policy set at every gate that is in use, of every tenant")
    func gates() throws {
        let fixture = try VaultFixture()
        let same = try fixture.vault.gate(to: fixture.gate.tenant)
        let other = try fixture.addTenant("other")
        let old = fixture.gate.policies
        var files = old.bundle.files
        files["closed.cedar"] = Array(#"@id("closed") forbid (principal, action == Action::"put", resource);"#.utf8)
        let bundle = PolicyBundle(files: files)
        let rules = try #require(PolicyRules.read(bundle).rules)
        _ = try same.activate(bundle, rules, in: fixture.vault.archive, by: Self.owner)
        for gate in [fixture.gate, same, other] {
            #expect(gate.policies.version == 2)
            #expect(throws: GateError.self) { try gate.authorize(.put, by: VaultFixture.agent) }
        }
        let shared = PoliciesInForce(fixture.gate.policies)
        shared.adopt(old)
        #expect(shared.version == 2)
        #expect(shared.policies.hash == fixture.gate.policies.hash)
    }

    @Test("says until when it is closed after a clock that was wrong, and opens then")
    func wrongClock() throws {
        let fixture = try VaultFixture()
        let day: Int64 = 86_400
        fixture.time.advance(seconds: day)
        _ = try fixture.gate.authorize(
            .viewAudit, by: Caller(principal: Principal(.operator, "owner"), roles: ["auditor"], proof: .shown),
            viewing: true)
        fixture.time.advance(seconds: -day)
        let error = #expect(throws: GateError.self) { try fixture.gate.now() }
        #expect(error?.code == GateError.clockMovedBack)
        let opens = fixture.vault.audit.lastTime.adding(seconds: -GateTime.toleranceSeconds)
        #expect(error?.remedy?.contains("\(opens)") == true)
        fixture.time.advance(seconds: day - GateTime.toleranceSeconds)
        #expect(throws: Never.self) { try fixture.gate.now() }
    }
}
