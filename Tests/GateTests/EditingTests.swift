import Core
import Gate
import Secrets
import Testing
import Vault

@Suite("An edit")
struct EditingTests {
    private func edit(_ fixture: VaultFixture, _ subject: Subject, _ values: [(field: String, value: String)]) throws
        -> EditOutcome
    {
        try fixture.gate.edit(.profile(subject.id), ProfileEdit(values: values), by: VaultFixture.engineer)
    }

    @Test("with a word for no value is refused, and says how a field is removed")
    func placeholder() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada)
        let error = #expect(throws: VaultError.self) { _ = try edit(fixture, ada, [("city", "N/A")]) }
        #expect(error?.code == VaultError.valueRefused && error?.remedy?.contains("city=") == true)
        #expect(try edit(fixture, ada, [("city", "")]).removed == ["city"])
        #expect(try edit(fixture, ada, [("city", "")]).unchanged == ["city"])
    }

    @Test("is not refused because of an entry of the index that leads to somebody with another identifier")
    func collision() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada)
        let bob = try fixture.add(["customer_id": "7"])
        let field = try fixture.gate.schema.require("customer_id")
        let entry = try fixture.vault.tree.keys(of: TenantID(1)).index(ofField: field.number).entry("99")
        try fixture.vault.lookup.add(
            [LookupIndex.Entry(entry: entry, number: ada.number)], change: fixture.vault.profiles.change())
        #expect(try edit(fixture, bob, [("customer_id", "99")]).changed == ["customer_id"])
        let taken = #expect(throws: VaultError.self) { _ = try edit(fixture, ada, [("customer_id", "99")]) }
        #expect(taken?.code == VaultError.valueRefused)
    }
}
