import Audit
import Consent
import Core
@testable import Gate
import Secrets
import Storage
import Testing
import Vault

@Suite("A gated read")
struct GatedReadTests {
    @Test("gives what consent and policies allow, and says why not for the rest")
    func gives() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada, granting: ["personalization"])
        let (verdict, values) = try fixture.read(
            .identifier(field: "email", value: "ADA@EXAMPLE.ORG"), for: "personalization")
        #expect(
            values == [
                "first_name": "Ada", "city": "London", "country": "GB", "loyalty_tier": "gold",
                "lifetime_value": "1889.5", "email": "A***@example.org",
            ])
        #expect(verdict.withheld.contains(Withheld(field: "phone", reason: .policyDenied)))
        #expect(verdict.withheld.contains(Withheld(field: "last_seen", reason: .absent)))
    }

    @Test("is refused without a consent, and at once when it is withdrawn")
    func refuses() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada)
        let reference = SubjectReference.profile(ada.id)
        #expect(
            try fixture.read(reference, for: "personalization").verdict.withheld.allSatisfy { $0.reason == .noConsent })
        try fixture.record(.grant(fixture.purpose("personalization")), of: ada)
        #expect(try fixture.read(reference, for: "personalization").values["first_name"] == "Ada")
        try fixture.record(.record(.withdrawn, fixture.purpose("personalization")), of: ada)
        let after = try fixture.read(reference, for: "personalization")
        #expect(after.values.isEmpty)
        #expect(after.verdict.withheld.allSatisfy { $0.reason == .consentWithdrawn })
    }

    @Test("is refused when the consent has expired, with no write in between")
    func expires() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada)
        try fixture.record(.grant(fixture.purpose("personalization"), lifetime: .days(1)), of: ada)
        #expect(try fixture.read(.profile(ada.id), for: "personalization").values["first_name"] == "Ada")
        fixture.time.advance(seconds: 86_401)
        let after = try fixture.read(.profile(ada.id), for: "personalization")
        #expect(after.values.isEmpty)
        #expect(after.verdict.withheld.allSatisfy { $0.reason == .consentExpired })
    }

    @Test("is refused for a purpose that nobody declared")
    func unknownPurpose() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        let (verdict, values) = try fixture.read(.profile(ada.id), for: "anything")
        #expect(values.isEmpty)
        #expect(verdict.withheld.allSatisfy { $0.reason == .unknownPurpose })
    }

    @Test("masks identifiers for support")
    func masks() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        let (_, values) = try fixture.read(
            .identifier(field: "customer_id", value: "42"), for: "support", by: VaultFixture.agent)
        #expect(values["first_name"] == "Ada")
        #expect(values["phone"] == "+886*****78")
        #expect(values["email"] == "A***@example.org")
        #expect(values["customer_id"] == "***")
    }

    @Test("survives closing and opening the vault")
    func reopens() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada, granting: ["marketing_email"])
        try fixture.reopen()
        #expect(try fixture.read(.profile(ada.id), for: "marketing_email").values["email"] == "Ada@example.org")
    }

    @Test("closes when the clock was turned back")
    func clock() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        _ = try fixture.read(.profile(ada.id), for: "personalization")
        fixture.time.advance(seconds: -3600)
        let error = #expect(throws: GateError.self) {
            _ = try fixture.read(.profile(ada.id), for: "personalization")
        }
        #expect(error?.code == GateError.clockMovedBack)
    }

    @Test("of a set gives each person what their own consents allow")
    func sets() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        let bob = try fixture.add(["customer_id": "7", "first_name": "Bob"])
        let permit = try fixture.gate.permit(
            ReadRequest(caller: VaultFixture.marketer, purpose: "personalization", fields: ["first_name"]),
            set: [ada.id, bob.id])
        var seen: [ProfileID: [String]] = [:]
        try fixture.gate.read(with: permit) { verdict, readings in
            seen[verdict.profile] = readings.map(\.value.text)
        }
        #expect(seen == [ada.id: ["Ada"], bob.id: []])
    }
}
