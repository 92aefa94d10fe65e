import Audit
import Core
import Gate
import Storage
import Testing
import Vault

@Suite("An edit that changes nothing")
struct EditTests {
    private let fixture: VaultFixture
    private let ada: Subject

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada)
    }

    private func edit(_ values: [(field: String, value: String)]) throws -> EditOutcome {
        try fixture.gate.edit(.profile(ada.id), ProfileEdit(values: values), by: VaultFixture.agent)
    }

    /// The newest entry about an edit of Ada.
    private func entry() throws -> LoggedEntry {
        var filter = AuditFilter()
        filter.action = Action.put.rawValue
        filter.subject = ada.id
        return try #require(try fixture.vault.audit.show(filter, limit: 1).first)
    }

    @Test("is in the log with who asked about which fields of whom, because it confirms a value")
    func confirmation() throws {
        #expect(try !edit([("city", "London"), ("loyalty_tier", "gold")]).isChange)
        let entry = try entry()
        #expect(entry.principal == "Operator::alan")
        #expect(entry.outcome == .allowed)
        #expect(entry.facts["fields"] == ["city", "loyalty_tier"])
        #expect(entry.facts["changed"] == false)
    }

    @Test("to one of its fields names that field, too")
    func partly() throws {
        #expect(try edit([("city", "Paris"), ("loyalty_tier", "gold")]).changed == ["city"])
        let entry = try entry()
        #expect(entry.outcome == .done)
        #expect(entry.facts["fields"] == ["city"])
        #expect(entry.facts["unchanged"] == ["loyalty_tier"])
    }

    @Test("because another edit came first is no sign of tampering: it can be tried again")
    func lostRace() throws {
        let (id, tenant) = (ada.id, fixture.gate.tenant.id)
        let row = try #require(
            try fixture.vault.stores.data.read { try fixture.vault.profiles.row(id, of: tenant, on: $0) })
        let late = ProfileRow(
            subject: row.subject, revision: row.revision + 1, created: row.created, updated: row.updated,
            record: row.record, keys: try fixture.vault.tree.keys(of: tenant))
        _ = try edit([("city", "Paris")])
        let authorization = try fixture.gate.authorize(.put, by: VaultFixture.agent)
        let error = #expect(throws: VaultError.self) {
            try fixture.vault.audit.mutate(authorization) { try fixture.vault.profiles.update([late], in: $0) }
        }
        #expect(error?.code == VaultError.profileConflict)
        #expect(error?.code.exit == .failed)
        #expect(error?.remedy == "try again")
    }

    @Test("because somebody else has the identifier is in the log as refused")
    func taken() throws {
        try fixture.add(["customer_id": "43"])
        #expect(throws: VaultError.self) { try edit([("customer_id", "43")]) }
        let entry = try entry()
        #expect(entry.outcome == .denied)
        #expect(entry.facts["fields"] == ["customer_id"])
    }
}
