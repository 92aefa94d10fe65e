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
}
