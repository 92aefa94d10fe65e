import Audit
import Consent
import Core
import Foundation
import Gate
import Secrets
import Storage
import Synchronization
import TestSupport
import Testing
import Vault

// That a permit cannot be spent twice, copied or made elsewhere is the compiler's to see: it is noncopyable, `read`
// consumes it, and its initialiser is the gate's own. A test of it would not compile.
@Suite("The one door")
struct OneDoorTests {
    private let fixture: VaultFixture
    private let ada: Subject

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
    }

    private func request(_ purpose: String = "personalization") -> ReadRequest {
        ReadRequest(caller: VaultFixture.marketer, purpose: purpose)
    }

    /// What the spool's bytes hold of a decision.
    private func spoolHolds(_ decision: UniqueID) throws -> Bool {
        let content = try #require(FileManager.default.contents(atPath: fixture.home.spool))
        return content.range(of: Data(#""decision":"\#(decision)""#.utf8)) != nil
    }

    @Test("has the entry in the spool's file when it gives a permit, by which nothing is opened yet")
    func entryFirst() throws {
        let answer = try fixture.gate.permit(request(), subject: .profile(ada.id))
        #expect(answer.verdict.allows)
        // Read through a descriptor of its own, as another process would: nothing waits in our memory.
        #expect(try spoolHolds(answer.verdict.decision))
        let set = try fixture.gate.permit(request(), set: [ada.id])
        #expect(try spoolHolds(set.decision))
    }

    @Test("opens nothing for a permit whose decision is some seconds old: the consent may have ended since")
    func expiredPermit() throws {
        var answer = try fixture.gate.permit(request(), subject: .profile(ada.id))
        guard let permit = answer.permit.take() else {
            Issue.record("there was to be a permit")
            return
        }
        fixture.time.advance(seconds: Permit.lifetimeSeconds + 1)
        do {
            _ = try fixture.gate.read(with: permit)
            Issue.record("the permit was to be too old")
        } catch let error as GateError {
            #expect(error.code == GateError.permitExpired)
        }
        let set = try fixture.gate.permit(request(), set: [ada.id])
        fixture.time.advance(seconds: Permit.lifetimeSeconds + 1)
        do {
            try fixture.gate.read(with: set) { _, _ in }
            Issue.record("the set's permit was to be too old")
        } catch let error as GateError {
            #expect(error.code == GateError.permitExpired)
        }
    }

    @Test("opens for a permit that is a few seconds old")
    func freshPermit() throws {
        let set = try fixture.gate.permit(request(), set: [ada.id])
        fixture.time.advance(seconds: Permit.lifetimeSeconds)
        var opened = 0
        try fixture.gate.read(with: set) { _, readings in opened += readings.count }
        #expect(opened > 0)
    }

    @Test("has the entry of a refusal in the spool's file, too")
    func refusalFirst() throws {
        let answer = try fixture.gate.permit(request("marketing_email"), subject: .profile(ada.id))
        #expect(!answer.verdict.allows)
        #expect(try spoolHolds(answer.verdict.decision))
    }

    @Test("loses no entry of a permit when the process is killed the moment after")
    func killed() throws {
        let decision: UniqueID
        do {
            let answer = try fixture.gate.permit(request(), subject: .profile(ada.id))
            decision = answer.verdict.decision
        }
        let killed = try fixture.copyHome("killed")
        let vault = try OpenVault(killed, unlock: RootUnlock(), clock: fixture.time.clock)
        defer { try? vault.close() }
        #expect(vault.audit.recovery.foldedEntries == 1)
        var filter = AuditFilter()
        filter.decision = decision
        let entries = try vault.audit.show(filter, limit: 2)
        #expect(entries.map(\.outcome) == [.allowed])
        #expect(entries.first?.subject == ada.id)
        _ = try vault.audit.verify()
    }

    /// What keeps an entry from being written.
    enum Obstacle: CaseIterable { case spoolClosed, spoolRemoved }

    @Test("gives no permit when its entry cannot be written", arguments: Obstacle.allCases)
    func notRecorded(obstacle: Obstacle) throws {
        switch obstacle {
        case .spoolClosed: try fixture.vault.audit.close()
        case .spoolRemoved:
            try FileManager.default.removeItem(atPath: fixture.home.spool)
            #expect(throws: AuditError.self) { try fixture.vault.audit.fold() }
        }
        #expect(throws: AuditError.self) {
            _ = try fixture.gate.permit(request(), subject: .profile(ada.id))
        }
        #expect(throws: AuditError.self) { _ = try fixture.gate.permit(request(), set: [ada.id]) }
        #expect(throws: AuditError.self) {
            try fixture.gate.transform("compare", items: 1, by: VaultFixture.engineer) { _ in
                Issue.record("the work began without its entry")
            }
        }
        #expect(throws: AuditError.self) {
            _ = try fixture.gate.consents(of: .profile(ada.id), by: VaultFixture.agent)
        }
    }

    @Test(
        "is closed without a basis, and says which",
        arguments: [
            ("marketing_email", WithheldReason.noConsent), ("nothing_declared", .unknownPurpose),
            ("Personalization", .unknownPurpose), ("", .unknownPurpose),
            // A consent for one purpose opens no other, broader or narrower.
            ("personalization ", .unknownPurpose), ("profiling", .noConsent),
        ])
    func closed(purpose: String, reason: WithheldReason) throws {
        let answer = try fixture.read(.profile(ada.id), for: purpose)
        #expect(answer.values.isEmpty)
        #expect(!answer.verdict.allows)
        #expect(answer.verdict.withheld.count == fixture.gate.schema.fields.count)
        #expect(answer.verdict.withheld.allSatisfy { $0.reason == reason })
    }

    @Test("is closed by a restriction and by an objection")
    func restricted() throws {
        try fixture.record(.record(.objected, fixture.purpose("personalization")), of: ada)
        let objected = try fixture.read(.profile(ada.id), for: "personalization")
        #expect(objected.values.isEmpty && objected.verdict.withheld.allSatisfy { $0.reason == .objected })
        try fixture.record(.record(.restricted, nil), of: ada)
        for (purpose, caller) in [("personalization", VaultFixture.marketer), ("support", VaultFixture.agent)] {
            let answer = try fixture.read(.profile(ada.id), for: purpose, by: caller)
            #expect(answer.values.isEmpty && answer.verdict.withheld.allSatisfy { $0.reason == .restricted })
        }
    }

    @Test("is closed to who has no role, another role, or a role that is only a name")
    func roles() throws {
        for roles in [[], ["auditor"], ["Marketer"], ["marketer "], ["administrator", "dpo"]] {
            let caller = Caller(principal: Principal(.operator, "mallory"), roles: roles)
            let answer = try fixture.read(.profile(ada.id), for: "personalization", by: caller)
            #expect(answer.values.isEmpty, "\(roles)")
            #expect(answer.verdict.withheld.allSatisfy { $0.reason == .policyDenied || $0.reason == .absent })
        }
    }

    @Test("lets no expired consent live again when the clock is set back")
    func clockSetBack() throws {
        try fixture.record(.grant(fixture.purpose("marketing_email"), lifetime: .days(1)), of: ada)
        #expect(try fixture.read(.profile(ada.id), for: "marketing_email").values["email"] != nil)
        fixture.time.advance(seconds: 86_401)
        #expect(
            try fixture.read(.profile(ada.id), for: "marketing_email").verdict.withheld.allSatisfy {
                $0.reason == .consentExpired
            })
        // Within the tolerance the log's time counts, beyond it nothing is read at all.
        fixture.time.advance(seconds: -2)
        let back = try fixture.read(.profile(ada.id), for: "marketing_email")
        #expect(back.values.isEmpty && back.verdict.withheld.allSatisfy { $0.reason == .consentExpired })
        fixture.time.advance(seconds: -86_000)
        for reopens in [false, true] {
            if reopens { try fixture.reopen() }
            let error = #expect(throws: GateError.self) {
                _ = try fixture.read(.profile(ada.id), for: "marketing_email")
            }
            #expect(error?.code == GateError.clockMovedBack)
            #expect(error?.code.exit == .refused)
        }
        #expect(throws: GateError.self) { _ = try fixture.gate.permit(request(), set: [ada.id]) }
        #expect(throws: GateError.self) { try fixture.record(.grant(fixture.purpose("profiling")), of: ada) }
    }

    @Test("is closed to the very next read after a withdrawal through another gate")
    func withdrawnElsewhere() throws {
        let other = try fixture.vault.gate(to: fixture.gate.tenant)
        for _ in 0..<20 {
            #expect(try fixture.read(.profile(ada.id), for: "personalization").values["first_name"] == "Ada")
            let purpose = try fixture.purpose("personalization")
            _ = try other.record(
                [.record(.withdrawn, purpose)], from: "test", of: .profile(ada.id), by: VaultFixture.agent)
            let answer = try fixture.read(.profile(ada.id), for: "personalization")
            #expect(answer.values.isEmpty)
            #expect(answer.verdict.withheld.allSatisfy { $0.reason == .consentWithdrawn })
            // A "yes" of the same moment as a "no" would not count.
            fixture.time.advance(seconds: 1)
            _ = try other.record([.grant(purpose)], from: "test", of: .profile(ada.id), by: VaultFixture.agent)
        }
    }

    @Test("gives no read that began after a withdrawal on another thread was acknowledged")
    func withdrawnOnAnotherThread() throws {
        let gate = fixture.gate
        let id = ada.id
        let purpose = try fixture.purpose("personalization")
        let isWithdrawn = Atomic(false)
        let late = Atomic(0)
        let reads = Atomic(0)
        let failures = Mutex<[String]>([])
        withThreads(3) { number in
            do {
                if number == 0 {
                    while reads.load(ordering: .acquiring) < 40 { sched_yield() }
                    _ = try gate.record(
                        [.record(.withdrawn, purpose)], from: "test", of: .profile(id), by: VaultFixture.agent)
                    isWithdrawn.store(true, ordering: .releasing)
                    return
                }
                var after = 0
                while after < 20 {
                    let known = isWithdrawn.load(ordering: .acquiring)
                    let answer = try gate.permit(
                        ReadRequest(caller: VaultFixture.marketer, purpose: "personalization"), subject: .profile(id))
                    reads.add(1, ordering: .releasing)
                    if known {
                        after += 1
                        if answer.verdict.allows { late.add(1, ordering: .relaxed) }
                    }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(late.load(ordering: .relaxed) == 0)
    }

    @Test("logs every decision once, with fields and reasons and never a value")
    func entries() throws {
        let before = try fixture.vault.audit.verify().entries
        let read = try fixture.read(.profile(ada.id), for: "personalization")
        let refused = try fixture.read(.profile(ada.id), for: "analytics")
        let entries = try fixture.vault.audit.show(limit: 2)
        #expect(try fixture.vault.audit.verify().entries == before + 2)
        #expect(entries.map(\.decision) == [refused.verdict.decision, read.verdict.decision])
        #expect(entries.map(\.outcome) == [.denied, .allowed])
        for value in VaultFixture.ada.values where value.utf8.count > 3 {
            #expect(entries.allSatisfy { !String(decoding: $0.leaf, as: UTF8.self).contains(value) }, "\(value)")
        }
    }
}

/// Runs `body` on so many threads at once and returns when all are done.
private func withThreads(_ threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for number in 0..<threads {
        group.enter()
        Thread {
            body(number)
            group.leave()
        }.start()
    }
    group.wait()
}
