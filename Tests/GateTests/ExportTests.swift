import Activation
import Audit
import Consent
import Core
import Foundation
@testable import Gate
import Ingest
import Secrets
import Storage
import Testing
import Vault

@Suite("An export")
struct ExportTests {
    private let fixture: VaultFixture
    private let ada: Subject
    private let bob: Subject
    private let eve: Subject

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada, granting: ["personalization", "marketing_email"])
        bob = try fixture.add(["customer_id": "7", "email": "bob@example.org", "first_name": "Bob"])
        eve = try fixture.add(
            ["customer_id": "8", "email": "eve@example.org", "first_name": "Eve"], granting: ["marketing_email"])
    }

    private func entries(_ decision: UniqueID) throws -> [LoggedEntry] {
        var filter = AuditFilter()
        filter.decision = decision
        return try fixture.vault.audit.show(filter, limit: 100).reversed()
    }

    private func exports() throws -> [LoggedEntry] {
        var filter = AuditFilter()
        filter.action = "export"
        return try fixture.vault.audit.show(filter, limit: 100).reversed()
    }

    @Test("gives of each person what their own consents and the policies allow, and counts the others")
    func gives() throws {
        let destination = MemoryDestination()
        let outcome = try fixture.export(for: "marketing_email", to: destination)
        #expect(destination.isPublished)
        #expect(destination.text.hasPrefix("profile,email,first_name\r\n"))
        #expect(
            destination.rows == [
                ada.id.description: ["Ada@example.org", "Ada"], eve.id.description: ["eve@example.org", "Eve"],
            ])
        #expect(outcome.people == 2 && outcome.withheld == [.noConsent: 1] && outcome.takenOut == 0)
        #expect(outcome.denied.contains("phone") && !outcome.denied.contains("email"))
    }

    @Test("shows in outline what a read shows in outline, and gives the fields that were asked for")
    func masks() throws {
        let destination = MemoryDestination()
        let outcome = try fixture.export(
            for: "personalization", fields: ["city", "email", "phone"], as: .jsonLines, to: destination)
        #expect(
            destination.text == #"{"profile":"\#(ada.id)","city":"London","email":"A***@example.org"}"# + "\n")
        #expect(outcome.columns.map(\.name) == ["city", "email"] && outcome.columns.map(\.masked) == [false, true])
        #expect(outcome.denied == ["phone"] && outcome.withheld == [.noConsent: 2])
    }

    @Test("of nobody is a header, and no failure")
    func nobody() throws {
        for subject in [ada, eve] {
            try fixture.record(.record(.withdrawn, fixture.purpose("marketing_email")), of: subject)
        }
        let destination = MemoryDestination()
        let outcome = try fixture.export(for: "marketing_email", to: destination)
        #expect(destination.text == "profile,email,first_name\r\n" && destination.isPublished)
        #expect(outcome.people == 0 && outcome.withheld == [.noConsent: 1, .consentWithdrawn: 2])
        #expect(try fixture.vault.audit.released(by: outcome.decision).people == [])
    }

    @Test("of fields that no policy allows for the purpose is refused, and the refusal logged")
    func nothingAllowed() throws {
        let destination = MemoryDestination()
        let error = #expect(throws: GateError.self) {
            try fixture.export(for: "marketing_email", fields: ["phone", "city"], to: destination)
        }
        #expect(error?.code == GateError.denied && error?.remedy != nil)
        #expect(destination.bytes.isEmpty && !destination.isPublished)
        let entry = try #require(try exports().last)
        #expect(entry.outcome == .denied)
        #expect(entry.content["facts"]?["denied"] == ["phone", "city"])
        #expect(entry.content["facts"]?["reason"] == "policy_denied")
    }

    @Test("has one entry with the root of the ids in it, and the ids beside it for who may see the log")
    func root() throws {
        let destination = MemoryDestination()
        let outcome = try fixture.export(for: "marketing_email", to: destination)
        let logged = try entries(outcome.decision)
        #expect(logged.map(\.outcome) == [.allowed, .done])
        let entry = try #require(logged.last)
        let leaves = [ada.id, eve.id].map { MerkleTree.leaf($0.bytes) }
        #expect(entry.facts["released_root"]?.string == hex(MerkleTree.node(leaves[0], leaves[1])))
        #expect(entry.facts["released"] == 2 && entry.facts["people"] == 3)
        #expect(entry.facts["withheld"]?["no_consent"] == 1)
        #expect(entry.facts["fields"] == ["email", "first_name"])
        #expect(entry.facts["policy_set"]?.string == hex(fixture.gate.policies.hash))
        #expect(entry.purpose == "marketing_email" && entry.principal == "Operator::mia")
        let release = try fixture.vault.audit.released(by: outcome.decision)
        #expect(release.people == [ada.id, eve.id] && release.outcome == .done)
        // The ids are sealed, and held against the entry when they are opened.
        #expect(entry.detail?.contains(subsequence: ada.id.bytes) == false)
        _ = try fixture.vault.audit.verify()
        let error = #expect(throws: AuditError.self) {
            _ = try fixture.vault.audit.released(by: UniqueID(high: 1, low: 1))
        }
        #expect(error?.code == AuditError.entryNotFound)
    }

    @Test("lists whom a decision about a set let out, too")
    func sets() throws {
        let permit = try fixture.gate.permit(
            ReadRequest(caller: VaultFixture.marketer, purpose: "personalization"), set: [bob.id, ada.id])
        let release = try fixture.vault.audit.released(by: permit.decision)
        #expect(release.people == [ada.id])
    }

    /// What may happen to a person between their row and the end.
    enum Change: CaseIterable { case withdrawal, restriction, objection, expiry, removal }

    @Test("takes a row out again when its person must not be in it any more at the end", arguments: Change.allCases)
    func takesOut(_ change: Change) throws {
        let fixture = fixture
        let (ada, purpose) = (ada, try fixture.purpose("marketing_email"))
        if change == .expiry {
            fixture.time.advance(seconds: 1)
            try fixture.record(.grant(purpose, lifetime: .days(1)), of: ada)
        }
        let destination = MemoryDestination { step in
            guard step == .settling else { return }
            switch change {
            case .withdrawal: try fixture.record(.record(.withdrawn, purpose), of: ada)
            case .restriction: try fixture.record(.record(.restricted, nil), of: ada)
            case .objection: try fixture.record(.record(.objected, purpose), of: ada)
            case .expiry: fixture.time.advance(seconds: 86_401)
            case .removal:
                try fixture.vault.stores.data.write { connection in
                    _ = try connection.run("DELETE FROM profile WHERE number = $1", .integer(ada.number))
                }
            }
        }
        let outcome = try fixture.export(for: "marketing_email", to: destination)
        #expect(destination.rows == [eve.id.description: ["eve@example.org", "Eve"]])
        #expect(outcome.people == 1 && outcome.takenOut == 1)
        let reasons: [Change: WithheldReason] = [
            .withdrawal: .consentWithdrawn, .restriction: .restricted, .objection: .objected,
            .expiry: .consentExpired, .removal: .absent,
        ]
        #expect(outcome.withheld == [.noConsent: 1, try #require(reasons[change]): 1])
        #expect(try fixture.vault.audit.released(by: outcome.decision).people == [eve.id])
        #expect(try entries(outcome.decision).last?.facts["taken_out"] == 1)
    }

    @Test("is refused, with an entry, to who may not export for the purpose, and for a purpose that nobody defined")
    func refusals() throws {
        for (purpose, caller, code) in [
            ("marketing_email", VaultFixture.agent, GateError.denied),
            ("support", VaultFixture.agent, GateError.denied),
            ("support", VaultFixture.marketer, GateError.denied),
            ("analytics", VaultFixture.marketer, GateError.denied),
            ("anything", VaultFixture.marketer, GateError.unknownPurpose),
        ] {
            let destination = MemoryDestination()
            let error = #expect(throws: GateError.self) {
                _ = try fixture.export(for: purpose, by: caller, to: destination)
            }
            #expect(error?.code == code && error?.code.exit == .refused)
            #expect(destination.bytes.isEmpty && !destination.isPublished)
            let entry = try #require(try exports().last)
            #expect(entry.outcome == .denied && entry.purpose == purpose)
        }
        #expect(throws: VaultError.self) {
            _ = try fixture.export(for: "marketing_email", fields: ["shoe_size"], to: MemoryDestination())
        }
    }

    @Test("is in the log before its first byte, and at its end before anybody sees it")
    func order() throws {
        let (fixture, seen) = (fixture, Steps())
        let destination = MemoryDestination { step in
            let outcomes = try seen.entries(fixture).map { "\($0.outcome?.rawValue ?? "")" }
            switch step {
            case .writing: #expect(outcomes == ["allowed"])
            case .settling: #expect(outcomes == ["allowed"])
            case .removing, .publishing: #expect(outcomes == ["allowed", "done"])
            }
            seen.count += 1
        }
        _ = try fixture.export(for: "marketing_email", to: destination)
        #expect(seen.count == 6)
    }

    private final class Steps {
        var count = 0

        func entries(_ fixture: VaultFixture) throws -> [LoggedEntry] {
            var filter = AuditFilter()
            filter.action = "export"
            return try fixture.vault.audit.show(filter, limit: 10).reversed()
        }
    }

    private struct Broken: Error {}

    @Test("that fails, before its end or after, has an entry that says so, and is not seen")
    func failures() throws {
        for (failing, outcomes) in [
            (MemoryDestination.Step.writing(1), [AuditEntry.Outcome.allowed, .failed]),
            (.settling, [.allowed, .failed]), (.publishing, [.allowed, .done, .failed]),
        ] {
            let before = try exports().count
            let destination = MemoryDestination { if $0 == failing { throw Broken() } }
            #expect(throws: Broken.self) { _ = try fixture.export(for: "marketing_email", to: destination) }
            #expect(!destination.isPublished)
            let logged = try exports().dropFirst(before)
            #expect(logged.map(\.outcome) == outcomes)
            #expect(logged.last?.facts["written"] == 2)
            let decision = try #require(logged.last?.decision)
            #expect(try fixture.vault.audit.released(by: decision).outcome == .failed)
        }
    }

    @Test("that is stopped has an entry that says so, and is not seen")
    func stopped() throws {
        let destination = MemoryDestination()
        let outcome = try fixture.export(for: "marketing_email", to: destination, shouldStop: { true })
        #expect(outcome.stopped && outcome.people == 0 && !destination.isPublished)
        #expect(try entries(outcome.decision).map(\.outcome) == [.allowed, .failed])
        #expect(try entries(outcome.decision).last?.facts["reason"] == "stopped")
    }

    @Test("lets nothing out when its entry cannot be written")
    func unwritable() throws {
        let fixture = fixture
        let second = MemoryDestination { if $0 == .settling { try fixture.vault.stores.data.close() } }
        #expect(throws: StorageError.self) { _ = try fixture.export(for: "marketing_email", to: second) }
        #expect(!second.isPublished)
        // What waits in the spool cannot be folded any more; the spool closes all the same.
        #expect(throws: StorageError.self) { try fixture.vault.audit.close() }
        let first = MemoryDestination()
        #expect(throws: StorageError.self) { _ = try fixture.export(for: "marketing_email", to: first) }
        #expect(first.bytes.isEmpty && !first.isPublished)
    }

    @Test("ends when other policies come in force, which nobody was asked about")
    func policiesReplaced() throws {
        let gate = fixture.gate
        let old = gate.policies
        let next = ActivePolicies(
            version: old.version + 1, hash: old.hash, activated: old.activated, bundle: old.bundle, schema: old.schema,
            purposes: old.purposes, cedar: old.cedar)
        let destination = MemoryDestination { if $0 == .writing(1) { gate.adopt(next) } }
        let error = #expect(throws: GateError.self) {
            _ = try fixture.export(for: "marketing_email", to: destination)
        }
        #expect(error?.code == GateError.policiesReplaced)
        #expect(!destination.isPublished)
    }

    @Test("is refused when a row or a consent head is not as the vault wrote it", arguments: [true, false])
    func tampered(_ isHead: Bool) throws {
        try fixture.tamper(
            .data,
            isHead
                ? "UPDATE consent_head SET head = CAST(head || x'00' AS BLOB) WHERE subject = \(ada.number)"
                : "UPDATE profile SET updated = updated + 1 WHERE number = \(ada.number)")
        try fixture.open()
        let destination = MemoryDestination()
        #expect {
            _ = try fixture.export(for: "marketing_email", to: destination)
        } throws: { error in
            (error as? any ReportableError)?.code.exit == .integrity
        }
        #expect(destination.rows.isEmpty && !destination.isPublished)
    }

    @Test("leaves other tenants' people alone")
    func tenants() throws {
        let founder = Caller(principal: Principal(.operator, "owner"), roles: ["administrator"], proof: .shown)
        let authorization = try fixture.gate.authorize(.foundVault, by: founder)
        let other = try fixture.vault.audit.mutate(authorization) { mutation in
            try fixture.vault.tenants.add("other", region: "TW", in: mutation)
        }
        let gate = try fixture.vault.gate(to: other)
        let carl = try fixture.add(
            ["customer_id": "9", "email": "carl@example.org"], granting: ["marketing_email"], through: gate)
        let (ours, theirs) = (MemoryDestination(), MemoryDestination())
        _ = try fixture.export(for: "marketing_email", to: ours)
        #expect(Set(ours.rows.keys) == [ada.id.description, eve.id.description])
        _ = try Exporter(gate: gate).run(
            ReadRequest(caller: VaultFixture.marketer, purpose: "marketing_email"), as: .csv, to: theirs)
        #expect(theirs.rows == [carl.id.description: ["carl@example.org", ""]])
    }
}

extension [UInt8] {
    fileprivate func contains(subsequence piece: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: piece) }
    }
}
