import Audit
import Consent
import Core
import Gate
import Storage
import Testing
import Vault

@Suite("A timeline")
struct TimelineTests {
    private let fixture: VaultFixture
    private let person: Subject

    init() throws {
        fixture = try VaultFixture()
        try fixture.importPeople(3, orders: 2)
        person = try fixture.person(2)
    }

    private func timeline(
        _ name: String, for purpose: String = "personalization", by caller: Caller = VaultFixture.officer
    ) throws -> Timeline {
        try fixture.gate.timeline(
            of: SubjectReference(name), for: purpose, by: caller, events: fixture.vault.events,
            through: fixture.vault.erasure)
    }

    private func words(_ timeline: Timeline) -> [String] {
        timeline.items.map { item in
            switch item.content {
            case .event(let type, let source, let received): "\(type) of \(source)" + (received ? "" : " at its time")
            case .consent(_, let change): "\(change.state) \(change.purpose)"
            case .entry(let entry): "\(entry.action ?? "") \(entry.outcome?.rawValue ?? "")"
            }
        }
    }

    @Test("shows what a person did, said, and what was done, in the order of time")
    func living() throws {
        fixture.time.advance(seconds: 10)
        _ = try fixture.read(.profile(person.id), for: "personalization")
        fixture.time.advance(seconds: 10)
        _ = try fixture.gate.record(
            [.record(.objected, fixture.purpose("marketing_email"))], from: "call", of: .profile(person.id),
            by: VaultFixture.agent)
        fixture.time.advance(seconds: 10)
        let found = try timeline("customer_id:2")
        #expect(found.profile == person.id && found.erasure == nil && found.eventsWithheld == nil)
        #expect(
            words(found) == [
                "Order Completed of shop", "Order Completed of shop", "granted personalization", "read allowed",
                "objected marketing_email", "consent.record done", "timeline allowed",
            ])
        #expect(found.items.map(\.time) == found.items.map(\.time).sorted())
        #expect(found.stores.first { $0.store == "event" }?.items == 2)
    }

    @Test("does not show what a person did for a purpose that does not hold")
    func withheld() throws {
        let found = try timeline("customer_id:2", for: "analytics")
        #expect(found.eventsWithheld == .noConsent)
        #expect(!words(found).contains { $0.contains("Order") })
        let error = #expect(throws: GateError.self) { _ = try timeline("customer_id:2", for: "gossip") }
        #expect(error?.code == GateError.unknownPurpose)
    }

    @Test("of an erased person is what can be proved, by the random id or a suppressed identifier")
    func erased() throws {
        _ = try fixture.read(.profile(person.id), for: "personalization")
        let record = try fixture.erase(.profile(person.id))
        try fixture.reopen()
        for name in ["profile:\(person.id)", "email:P2@example.org"] {
            let found = try timeline(name)
            #expect(found.profile == person.id)
            #expect(found.erasure?.order == record.order && found.erasure?.outcome == record.outcome)
            let shown = words(found)
            #expect(shown.contains("granted personalization") && shown.contains("read allowed"))
            #expect(shown.contains("erase done"))
            #expect(!shown.contains { $0.contains("Order") })
        }
    }

    @Test(
        "is for those whom the policies allow, and who may not does not learn who is known",
        arguments: ["customer_id:2", "customer_id:nobody"])
    func denied(name: String) throws {
        let error = #expect(throws: GateError.self) { _ = try timeline(name, by: VaultFixture.agent) }
        #expect(error?.code == GateError.denied)
    }

    @Test("of nobody is `unknown_subject`, also of somebody erased whose identifiers may come back")
    func unknown() throws {
        try fixture.erase(.profile(person.id), suppressing: .never)
        for name in ["customer_id:nobody", "email:p2@example.org"] {
            let error = #expect(throws: VaultError.self) { _ = try timeline(name) }
            #expect(error?.code == VaultError.unknownSubject)
        }
    }
}
