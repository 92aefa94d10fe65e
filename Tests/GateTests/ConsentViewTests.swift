import Consent
import Core
@testable import Gate
import Testing
import Vault

@Suite("A look at a person's consents")
struct ConsentViewTests {
    @Test("says nothing of who is known to those who may not look")
    func noOracle() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        for id in ["42", "43"] {
            let reference = SubjectReference.identifier(field: "customer_id", value: id)
            let error = #expect(throws: GateError.self) {
                _ = try fixture.gate.consents(of: reference, by: VaultFixture.marketer)
            }
            #expect(error?.code == GateError.denied)
        }
    }

    @Test("has the newest answer about each purpose, and none where nobody asked")
    func answers() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        try fixture.record(.record(.withdrawn, fixture.purpose("personalization")), of: ada)
        let view = try fixture.gate.consents(of: .profile(ada.id), by: VaultFixture.agent)
        #expect(view.answer(for: "personalization")?.change.state == .withdrawn)
        #expect(view.answer(for: "analytics") == nil)
    }
}
