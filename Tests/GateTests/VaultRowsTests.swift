import Audit
import Core
@testable import Gate
import Storage
import Testing
import Vault

@Suite("The vault's own rows")
struct VaultRowsTests {
    private static let owner = Caller(principal: Principal(.operator, "owner"), roles: ["administrator"], proof: .shown)

    private func findings(_ fixture: VaultFixture) throws -> [any ReportableError] {
        try HeadComparison(fixture.vault, heads: fixture.vault.audit.heads()).findings
    }

    private func activateAnother(in fixture: VaultFixture) throws {
        var files = fixture.gate.policies.bundle.files
        files["night.cedar"] = Array(
            #"@id("closed") forbid (principal, action == Action::"read", resource == Field::"email");"#.utf8)
        let bundle = PolicyBundle(files: files)
        let rules = try #require(PolicyRules.read(bundle).rules)
        _ = try fixture.gate.activate(bundle, rules, in: fixture.vault.archive, by: Self.owner)
    }

    @Test("stand as the log has them in a vault that nobody touched")
    func sound() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        try activateAnother(in: fixture)
        try fixture.reopen()
        #expect(try findings(fixture).isEmpty)
    }

    @Test("without the newest policy set close the gate at once: an older one would be in force")
    func policySetRemoved() throws {
        let fixture = try VaultFixture()
        try activateAnother(in: fixture)
        try fixture.tamper(.data, "DELETE FROM policy_set WHERE version = 2")
        let error = #expect(throws: VaultError.self) { try fixture.open() }
        #expect(error?.code == VaultError.rowsRolledBack)
        #expect(error?.code.exit == .integrity)
        #expect(try findings(fixture).map(\.message) == ["policy set 2 is gone, though the log knows it"])
    }

    @Test("without any policy set still say what is gone, and find the rest")
    func onlyPolicySetRemoved() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada)
        try fixture.tamper(.data, "DELETE FROM policy_set; UPDATE profile SET updated = updated + 1")
        #expect(throws: VaultError.self) { try fixture.open() }
        let found = try findings(fixture)
        #expect(found.first?.message == "policy set 1 is gone, though the log knows it")
        #expect(found.contains { $0.message.contains("\(ada.id)") })
        #expect(found.allSatisfy { $0.code.exit == .integrity })
    }

    @Test("without an older policy set, are found as well: decisions of its time could not be explained")
    func olderPolicySetRemoved() throws {
        let fixture = try VaultFixture()
        try activateAnother(in: fixture)
        try fixture.tamper(.data, "DELETE FROM policy_set WHERE version = 1")
        #expect(throws: VaultError.self) { try fixture.open() }
        #expect(try findings(fixture).map(\.message) == ["policy set 1 is gone, though the log knows it"])
    }

    @Test("without a field's number close the gate: the number would be given to another field")
    func fieldRemoved() throws {
        let fixture = try VaultFixture()
        try fixture.tamper(
            .data, "DELETE FROM field WHERE number = (SELECT max(number) FROM field)")
        let error = #expect(throws: VaultError.self) { try fixture.open() }
        #expect(error?.code == VaultError.rowsRolledBack)
    }

    @Test("without an operator are found, and the log says who it was")
    func operatorRemoved() throws {
        let fixture = try VaultFixture()
        try fixture.tamper(.data, "DELETE FROM operator")
        try fixture.open()
        #expect(try findings(fixture).map(\.message) == ["operator `owner` is gone, though the log knows it"])
    }

    @Test("give no row number twice, also not the newest person's who is gone")
    func numbersNotReused() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        let newest = try fixture.add(["customer_id": "7"])
        // As an erasure does: key, then data.
        try fixture.tamper(.keys, "DELETE FROM profile_key WHERE number = \(newest.number)")
        try fixture.open()
        try fixture.tamper(.data, "DELETE FROM profile WHERE number = \(newest.number)")
        try fixture.open()
        #expect(
            fixture.vault.profiles.reserve(1, for: TenantID(1), at: fixture.time.clock.now())[0].number > newest.number)
    }

    @Test("keep keys whose people never came, which a newer database may need, and give their numbers to nobody")
    func orphanKeys() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        let lost = fixture.vault.profiles.reserve(2, for: TenantID(1), at: fixture.time.clock.now())
        _ = try fixture.vault.profiles.keyring.create(for: lost)
        try fixture.reopen()
        #expect(try fixture.vault.profiles.keyring.count() == 3)
        let next = fixture.vault.profiles.reserve(1, for: TenantID(1), at: fixture.time.clock.now())[0]
        #expect(next.number == lost[1].number + 1)
        #expect(try findings(fixture).isEmpty)
    }

    @Test("put back to fewer numbers destroy no key, reuse no number and are found")
    func numbersPutBack() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        try fixture.tamper(.data, "CREATE TABLE kept AS SELECT * FROM profile_number")
        try fixture.open()
        let newest = try fixture.add(["customer_id": "7"])
        try fixture.tamper(
            .data,
            """
            DELETE FROM profile_number; INSERT INTO profile_number SELECT * FROM kept; DROP TABLE kept;
            DELETE FROM profile WHERE number = \(newest.number)
            """)
        try fixture.open()
        #expect(try fixture.vault.profiles.keyring.count() == 2)
        let next = fixture.vault.profiles.reserve(1, for: TenantID(1), at: fixture.time.clock.now())[0]
        #expect(next.number > newest.number)
        #expect(
            try findings(fixture).contains {
                $0.code == AuditError.rowRolledBack && $0.message.hasPrefix("the highest row number")
            })
    }

    @Test("with the log's state put back to an earlier one are refused at opening")
    func statePutBack() throws {
        let fixture = try VaultFixture()
        try fixture.tamper(.data, "CREATE TABLE kept AS SELECT * FROM audit_state")
        try fixture.open()
        try activateAnother(in: fixture)
        try fixture.tamper(
            .data,
            """
            DELETE FROM audit_state; INSERT INTO audit_state SELECT * FROM kept; DROP TABLE kept;
            DELETE FROM policy_set WHERE version = 2
            """)
        let error = #expect(throws: AuditError.self) { try fixture.open() }
        #expect(error?.code.exit == .integrity)
    }
}
