import Audit
import Consent
import Core
import Foundation
import Gate
import Storage
import TestSupport
import Testing
import Vault

@testable import Secrets

@Suite("An erasure")
struct ErasureTests {
    private let fixture: VaultFixture
    private let ada: Subject
    private let bob: Subject

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        bob = try fixture.add(VaultFixture.bob, granting: ["personalization"])
    }

    private static let names: [SubjectReference] = [
        .identifier(field: "customer_id", value: "42"), .identifier(field: "email", value: "ada@example.org"),
        .identifier(field: "phone", value: "+886912345678"),
    ]

    private func expectUnknown(_ body: () throws -> Void) {
        let error = #expect(throws: VaultError.self) { try body() }
        #expect(error?.code == VaultError.unknownSubject)
        #expect(error?.code.exit == .notFound)
    }

    @Test("leaves nobody who is known by any name, and everybody else")
    func gone() throws {
        try fixture.erase(Self.names[0])
        for reopened in [false, true] {
            if reopened { try fixture.reopen() }
            for name in Self.names + [.profile(ada.id)] {
                expectUnknown { _ = try fixture.read(name, for: "support", by: VaultFixture.agent) }
                expectUnknown { _ = try fixture.erase(name) }
            }
            #expect(try fixture.read(.profile(bob.id), for: "personalization").values["first_name"] == "Bob")
            let set = try fixture.gate.permit(
                ReadRequest(caller: VaultFixture.agent, purpose: "support"), set: [ada.id, bob.id])
            #expect(set.count == 1)
            #expect(try fixture.findings().isEmpty)
        }
    }

    @Test("of nobody is `unknown_subject`")
    func nobody() throws {
        expectUnknown { _ = try fixture.erase(.identifier(field: "customer_id", value: "nobody")) }
        expectUnknown { _ = try fixture.erase(.profile(ProfileID(high: 1, low: 2))) }
        #expect(try fixture.vault.denials.record(of: ada.id, tenant: ada.tenant) == nil)
    }

    @Test(
        "is for those whom the policies allow, and who may not does not learn who is known",
        arguments: [VaultFixture.agent, VaultFixture.engineer, VaultFixture.marketer])
    func denied(caller: Caller) throws {
        for name in [Self.names[0], .identifier(field: "customer_id", value: "nobody")] {
            let error = #expect(throws: GateError.self) {
                _ = try fixture.gate.erase(name, by: caller, through: fixture.vault.erasure)
            }
            #expect(error?.code == GateError.denied)
        }
        #expect(try fixture.knows(.profile(ada.id)))
    }

    @Test("lets a permit that was given before open its copy, and gives no other")
    func permitBefore() throws {
        var answer = try fixture.gate.permit(
            ReadRequest(caller: VaultFixture.marketer, purpose: "personalization", fields: ["first_name"]),
            subject: .profile(ada.id))
        try fixture.erase(.profile(ada.id))
        guard let permit = answer.permit.take() else {
            Issue.record("there was no permit")
            return
        }
        #expect(try fixture.gate.read(with: permit).map(\.value.text) == ["Ada"])
        expectUnknown { _ = try fixture.read(.profile(ada.id), for: "personalization") }
    }

    @Test("tells what was done in every store, and keeps the record")
    func record() throws {
        _ = try fixture.gate.record(
            [.grant(fixture.purpose("marketing_email"))], from: "form", evidence: Array("signed".utf8),
            of: .profile(ada.id), by: VaultFixture.agent)
        let record = try fixture.gate.erase(
            .profile(ada.id), reason: .consentWithdrawn, suppressing: .days(30), by: VaultFixture.officer,
            through: fixture.vault.erasure)
        let order = record.order
        #expect(order.subject == ada && order.reason == .consentWithdrawn)
        #expect(order.principal == VaultFixture.officer.principal)
        #expect(order.suppression.count == 3)
        #expect(order.suppression.expires == order.received.adding(seconds: 30 * 86_400))
        let stores = try #require(record.outcome).stores
        func items(_ act: StoreReport.Act) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: stores.filter { $0.act == act }.map { ($0.store, $0.items ?? -1) })
        }
        #expect(
            items(.erased) == [
                "lookup": 3, "event_entry": 0, "profile_key": 1, "profile": 1, "event": 0, "consent_record.evidence": 1,
            ])
        #expect(
            items(.kept) == [
                "consent_head": 1, "consent_record": 2, "audit_entry": -1, "denial": 1, "suppression": 3,
            ])
        try fixture.reopen()
        let stored = try #require(try fixture.vault.denials.record(of: ada.id, tenant: ada.tenant))
        #expect(stored.order == order && stored.outcome == record.outcome)
        let entries = try fixture.vault.audit.show(limit: 10).filter { $0.action == "erase" }
        #expect(entries.map(\.outcome) == [.done, .allowed])
        #expect(entries.allSatisfy { $0.facts["request"]?.string == order.request.description })
        #expect(entries.allSatisfy { $0.decision == order.decision && $0.subject == ada.id })
    }

    @Test("is of every table that holds anything of one person")
    func everyStore() throws {
        let described = Set(try fixture.vault.erasure.describe(ada).map { String($0.store.prefix { $0 != "." }) })
        let impersonal: Set = [
            "tenant", "field", "policy_set", "operator", "session", "approval", "attempt", "service", "key_use",
            "profile_change",
            "profile_number", "audit_state", "audit_tile", "vault_key", "key_erasure", "index_state",
        ]
        #expect(described.isDisjoint(with: impersonal))
        #expect(described.union(impersonal) == Set(Stores.tables.map(\.name)))
        let record = try fixture.erase(.profile(ada.id))
        #expect(Set(record.outcome?.stores.map { String($0.store.prefix { $0 != "." }) } ?? []) == described)
        for report in record.outcome?.stores ?? [] {
            let isErased = report.act == .erased
            #expect(isErased == [.sealedByProfileKey, .keys, .rebuildable].contains(report.tableClass), "\(report)")
        }
    }

    @Test("keeps the facts of consent without their evidence, and the log, all provable")
    func proof() throws {
        _ = try fixture.gate.record(
            [.grant(fixture.purpose("marketing_email"))], from: "form", evidence: Array("signed".utf8),
            of: .profile(ada.id), by: VaultFixture.agent)
        _ = try fixture.read(.profile(ada.id), for: "personalization")
        try fixture.erase(.profile(ada.id))
        try fixture.reopen()
        #expect(try fixture.findings().isEmpty)
        let records = try fixture.vault.stores.data.read {
            try fixture.vault.ledger.history(of: ada, erased: true, on: $0)
        }
        #expect(records.flatMap(\.changes).map(\.purpose) == ["personalization", "marketing_email"])
        let read = try #require(try fixture.vault.audit.show(limit: 50).first { $0.action == "read" })
        #expect(read.subject == ada.id)
        #expect(try fixture.vault.audit.prove(entry: read.number).leaf == read.leaf)
    }

    @Test("gives its row number to nobody again")
    func numbers() throws {
        try fixture.erase(.profile(bob.id))
        try fixture.reopen()
        let eva = try fixture.add(["customer_id": "9", "first_name": "Eva"])
        #expect(eva.number > bob.number)
        #expect(try fixture.findings().isEmpty)
    }

    /// What lies in a slot of the key arena, whoever has it.
    private func content(of slot: UInt) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: slot), count: KeyArena.slotSize))
    }

    @Test("wipes the key from memory")
    func memory() throws {
        _ = try fixture.read(.profile(ada.id), for: "personalization")
        let slot = try fixture.vault.profiles.keyring.entry(of: ada).key.secret.withPointer { UInt(bitPattern: $0) }
        let key = content(of: slot)
        #expect(key != [UInt8](repeating: 0, count: KeyArena.slotSize))
        try fixture.erase(.profile(ada.id))
        // Wiped, or by now another key's.
        #expect(content(of: slot) != key)
        let error = #expect(throws: VaultError.self) { _ = try fixture.vault.profiles.keyring.entry(of: ada) }
        #expect(error?.code == VaultError.keyMissing)
    }

    @Test("of somebody with many equal events forgets each of them, and nobody else's")
    func events() throws {
        let other = try VaultFixture()
        try other.importPeople(3, orders: 5)
        let second = try other.person(2)
        let before = try other.vault.stores.index.read { connection in
            try connection.first("SELECT count(*) FROM event_entry") { try $0.int(at: 0) }
        }
        let record = try other.erase(.profile(second.id))
        #expect(record.outcome?.stores.first { $0.store == "event_entry" }?.items == 5)
        let after = try other.vault.stores.index.read { connection in
            try connection.first("SELECT count(*) FROM event_entry") { try $0.int(at: 0) }
        }
        #expect(before == 15 && after == 10)
        #expect(try other.findings().isEmpty)
    }

    @Test("of somebody of whom an event opens to something else goes through, and leaves nothing of them")
    func noEvent() throws {
        try fixture.storeNoEvent(of: ada)
        #expect(throws: SecretsError.self) {
            _ = try fixture.gate.timeline(
                of: .profile(ada.id), for: "personalization", by: VaultFixture.officer, events: fixture.vault.events,
                through: fixture.vault.erasure)
        }
        let record = try fixture.erase(.profile(ada.id))
        #expect(record.outcome?.stores.first { $0.store == "event" }?.items == 1)
        for reference in Self.names { expectUnknown { try fixture.erase(reference) } }
        #expect(try fixture.findings().isEmpty)
    }

    @Test("of a vault from before there was one finds its stores brought up to date")
    func upgrade() throws {
        try fixture.vault.close()
        let accounts = ["service", "key_use", "attempt", "approval"]
        let operators = """
            ALTER TABLE operator RENAME COLUMN credentials TO password;
            ALTER TABLE operator DROP COLUMN tenant; ALTER TABLE operator DROP COLUMN generation;
            """
        for (store, tables, changes) in [
            (Store.data, ["denial", "suppression"] + accounts, operators), (.keys, ["key_erasure"], ""),
        ] {
            let drops = changes + tables.map { "DROP TABLE \($0);" }.joined()
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["sqlite3", fixture.home.database(store), drops + "PRAGMA user_version = 1;"]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        try fixture.open()
        try fixture.erase(.profile(ada.id))
        try fixture.reopen()
        #expect(try !fixture.knows(.profile(ada.id)))
        #expect(try fixture.findings().isEmpty)
    }
}
