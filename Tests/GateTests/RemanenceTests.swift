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

@Suite("Of an erased person", .timeLimit(.minutes(20)))
struct RemanenceTests {
    private let fixture: VaultFixture

    init() throws {
        fixture = try VaultFixture()
        try fixture.importPeople(1500, orders: 3)
    }

    private func digests(of person: Subject) throws -> [EventDigest] {
        let vault = fixture.vault
        let key = try vault.profiles.keyring.entry(of: person)
        let keys = try vault.tree.keys(of: person.tenant)
        var stored: [Events.Stored] = []
        _ = try vault.events.rows(of: person, after: 0, limit: 100) { stored.append($0) }
        return try fixture.gate.transform("test", items: stored.count, by: VaultFixture.engineer) { transform in
            try stored.map { try transform.digest(of: $0, subject: person, key: key, keys: keys) }
        }
    }

    private func remains(of person: Subject) throws -> Remains {
        var remains = try Remains(of: person, in: fixture)
        remains.add(try digests(of: person))
        return remains
    }

    @Test("no sealed byte, no key and no index entry is left in any file, while others read")
    func bytes() throws {
        var generator = SeededGenerator.announced("remanence")
        let people = try (1...1500).shuffled(using: &generator).prefix(6).map { try fixture.person($0) }
        // Rewritten once, so that there are older pages of theirs.
        for person in people {
            _ = try fixture.gate.edit(
                .profile(person.id),
                ProfileEdit(values: [("city", "Elsewhere"), ("email", "new\(person.number)@example.org")]),
                by: VaultFixture.engineer)
            _ = try fixture.gate.record(
                [.grant(fixture.purpose("marketing_email"))], from: "form", evidence: Array("signed by hand".utf8),
                of: .profile(person.id), by: VaultFixture.agent)
        }
        let traces = try people.map { try remains(of: $0) }
        for trace in traces {
            #expect(trace.count > 500)
            #expect(try !trace.places(in: fixture.home.path).isEmpty)
        }
        let stops = Atomic(false)
        let (gate, others) = (fixture.gate, try (1...20).map { try fixture.person($0).id })
        let erased = Set(people.map(\.id))
        let readers = (0..<2).map { _ in
            Worker("reader") {
                var reads = 0
                while !stops.load(ordering: .relaxed) {
                    for id in others where !erased.contains(id) {
                        var answer = try gate.permit(
                            ReadRequest(caller: VaultFixture.agent, purpose: "support"), subject: .profile(id))
                        if let permit = answer.permit.take() { reads += try gate.read(with: permit).count }
                    }
                }
                return reads
            }
        }
        do {
            defer { stops.store(true, ordering: .relaxed) }
            for (person, trace) in zip(people, traces) {
                try fixture.erase(.profile(person.id))
                #expect(try trace.places(in: fixture.home.path) == [], "acknowledged, with readers open")
            }
        }
        for reader in readers { #expect(try reader.join() > 0) }
        try fixture.vault.close()
        for trace in traces { #expect(try trace.places(in: fixture.directory.path) == [], "closed") }
    }

    @Test("nothing is left where a read would not end: it is ended")
    func longReader() throws {
        let person = try fixture.person(700)
        let trace = try remains(of: person)
        let (data, isOpen) = (fixture.vault.stores.data, Semaphores())
        let reader = Worker("a read without end") {
            try data.read { connection in
                isOpen.begun.signal()
                while true { _ = try connection.first("SELECT count(*) FROM profile") { try $0.int(at: 0) } }
            }
        }
        isOpen.begun.wait()
        try fixture.erase(.profile(person.id))
        #expect(try trace.places(in: fixture.home.path) == [])
        let error = #expect(throws: StorageError.self) { try reader.join() }
        #expect(error?.code == .storageReadExpired)
    }

    private struct Semaphores: Sendable {
        let begun = DispatchSemaphore(value: 0)
    }
}
