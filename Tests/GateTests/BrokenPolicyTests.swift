import Audit
import Core
@testable import Gate
import Testing
import Vault

@Suite("A policy that cannot be evaluated")
struct BrokenPolicyTests {
    /// No schema tells that this sum is too large for all who have a name, and Cedar leaves the forbid out.
    private static let fields = """
        @id("broken.email")
        forbid (principal, action == Action::"read", resource == Field::"email")
        when { (if principal.name == "" then 0 else 9223372036854775807) + 1 == 0 };
        """
    private static let tenant = """
        @id("broken.put")
        forbid (principal, action == Action::"put", resource) when { (if principal.name == "" then 0 else 9223372036854775807) + 1 == 0 };
        """
    private static let everything = """
        @id("broken.everything")
        forbid (principal, action, resource) when { (if principal.name == "" then 0 else 9223372036854775807) + 1 == 0 };
        """
    private static let administrator = VaultFixture.administrator

    private func set(_ extra: String, beside fixture: VaultFixture) throws -> (PolicyBundle, PolicyRules) {
        var files = fixture.gate.policies.bundle.files
        files["broken.cedar"] = Array(extra.utf8)
        let bundle = PolicyBundle(files: files)
        return (bundle, try #require(PolicyRules.read(bundle).rules))
    }

    private func activate(_ extra: String, in fixture: VaultFixture) throws {
        let (bundle, rules) = try set(extra, beside: fixture)
        _ = try fixture.gate.activate(bundle, rules, in: fixture.vault.archive, by: Self.administrator)
    }

    @Test("withholds the field that it is about, and the log names it")
    func closesField() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada, granting: ["marketing_email"])
        #expect(try fixture.read(.profile(ada.id), for: "marketing_email").values["email"] != nil)
        try activate(Self.fields, in: fixture)
        let (verdict, values) = try fixture.read(.profile(ada.id), for: "marketing_email")
        #expect(values == ["first_name": "Ada"])
        #expect(verdict.withheld.contains(Withheld(field: "email", reason: .policyDenied)))
        var filter = AuditFilter()
        filter.decision = verdict.decision
        let entry = try #require(try fixture.vault.audit.show(filter, limit: 1).first)
        #expect(entry.facts["broken_policies"] == ["broken.email"])
    }

    @Test("closes the field for a set of people, too, and the log names it")
    func closesSet() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada, granting: ["marketing_email"])
        try activate(Self.fields, in: fixture)
        let permit = try fixture.gate.permit(
            ReadRequest(caller: VaultFixture.marketer, purpose: "marketing_email"), set: [ada.id])
        var filter = AuditFilter()
        filter.decision = permit.decision
        var fields: [String] = []
        try fixture.gate.read(with: permit) { _, readings in fields += readings.map(\.field) }
        #expect(fields == ["first_name"])
        let entry = try #require(try fixture.vault.audit.show(filter, limit: 1).first)
        #expect(entry.facts["broken_policies"] == ["broken.email"])
    }

    @Test("refuses an export of nothing but the field, says which it is, and the log names it")
    func closesExport() throws {
        let fixture = try VaultFixture()
        try activate(Self.fields, in: fixture)
        let error = #expect(throws: GateError.self) {
            try fixture.export(for: "marketing_email", fields: ["email"], to: MemoryDestination())
        }
        #expect(error?.code == GateError.denied && error?.message.contains("`broken.email`") == true)
        var filter = AuditFilter()
        filter.action = Action.export.rawValue
        let entry = try #require(try fixture.vault.audit.show(filter, limit: 1).first)
        #expect(entry.outcome == .denied)
        #expect(entry.facts["broken_policies"] == ["broken.email"])
    }

    @Test("refuses the action that it is about, says which it is, and the log names it")
    func closesAction() throws {
        let fixture = try VaultFixture()
        _ = try fixture.gate.authorize(.put, by: VaultFixture.agent)
        try activate(Self.tenant, in: fixture)
        let error = #expect(throws: GateError.self) { try fixture.gate.authorize(.put, by: VaultFixture.agent) }
        #expect(error?.code == GateError.denied)
        #expect(error?.message.contains("`broken.put`") == true)
        var filter = AuditFilter()
        filter.action = Action.put.rawValue
        let entry = try #require(try fixture.vault.audit.show(filter, limit: 1).first)
        #expect(entry.outcome == .denied)
        #expect(entry.facts["broken_policies"] == ["broken.put"])
        // What it is not about goes on.
        _ = try fixture.gate.authorize(.recordConsent, by: VaultFixture.agent)
    }

    @Test("is named by the policy tests that meet it, also by those that expect a refusal")
    func namedByTests() throws {
        let fixture = try VaultFixture()
        let (_, rules) = try set(Self.tenant, beside: fixture)
        let file = Array(
            #"{"tests":[{"name":"x","roles":["marketer"],"action":"put","allowed":false}]}"#.utf8)
        let run = try PolicyTestRun(PolicyTest.parse(file, file: "x.json").tests, against: rules)
        #expect(run.failures.first?.differences.first?.contains("`broken.put`") == true)
    }

    @Test("keeps a set from coming into force that nobody could replace")
    func lockOut() throws {
        let fixture = try VaultFixture()
        let before = fixture.gate.policies.version
        let error = #expect(throws: GateError.self) { try activate(Self.everything, in: fixture) }
        #expect(error?.code == GateError.policiesLockOut)
        #expect(error?.message.contains("`broken.everything`") == true)
        #expect(fixture.gate.policies.version == before)
    }
}
