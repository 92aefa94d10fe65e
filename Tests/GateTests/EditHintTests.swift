import Core
import Gate
import Testing
import Vault

@Suite("A value that an edit does not take")
struct EditHintTests {
    @Test(
        "comes back with how to write it, not with what belongs into an import's map file",
        arguments: [
            ("phone", "12"), ("phone", "call me"), ("lifetime_value", "1.234,5"),
            ("birth_date", "03/04/1985"),
            ("birth_date", "yesterday"), ("last_seen", "noon"),
        ])
    func hints(field: String, value: String) throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        let error = #expect(throws: VaultError.self) {
            try fixture.gate.edit(
                SubjectReference("customer_id:42"), ProfileEdit(values: [(field, value)]),
                by: VaultFixture.engineer)
        }
        let remedy = try #require(error?.remedy)
        #expect(remedy.hasPrefix("write "), "\(remedy)")
        #expect(!remedy.contains("map") && !remedy.contains("import"), "\(remedy)")
    }

    @Test("is one of the first rank that another profile has; those of lower rank may be shared")
    func taken() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        try fixture.add(["customer_id": "43", "email": "bob@example.org"])
        let bob = try SubjectReference("customer_id:43")
        let error = #expect(throws: VaultError.self) {
            try fixture.gate.edit(
                bob, ProfileEdit(values: [("customer_id", "42")]), by: VaultFixture.engineer)
        }
        #expect(error?.code == VaultError.valueRefused)
        let shared = try fixture.gate.edit(
            bob, ProfileEdit(values: [("email", "ada@example.org")]), by: VaultFixture.engineer)
        #expect(shared.changed == ["email"])
        #expect(throws: VaultError.self) {
            try fixture.gate.profile(of: SubjectReference("email:ada@example.org"))
        }
    }
}
