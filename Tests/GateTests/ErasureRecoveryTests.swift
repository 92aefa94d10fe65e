import Audit
import Core
import Foundation
import Gate
import Secrets
import Storage
import TestSupport
import Testing
import Vault

@Suite("An erasure that is cut short")
struct ErasureRecoveryTests {
    private struct Cut: Error {}

    private let fixture: VaultFixture
    private let person: Subject

    init() throws {
        fixture = try VaultFixture()
        try fixture.importPeople(20, orders: 3)
        person = try fixture.person(7)
    }

    private func expectErased(_ vault: OpenVault, _ step: ErasureStep) throws {
        let gate = try vault.gate(to: vault.tenants.named("default"))
        for name in ["profile:\(person.id)", "customer_id:7", "email:p7@example.org"] {
            let error = #expect(throws: VaultError.self, "\(step)") { try gate.profile(of: SubjectReference(name)) }
            #expect(error?.code == VaultError.unknownSubject)
        }
        let record = try #require(try vault.denials.record(of: person.id, tenant: person.tenant))
        #expect(record.outcome?.request == record.order.request, "\(step)")
        #expect(vault.denials.pending == nil)
        #expect(try HeadComparison(vault, heads: vault.audit.heads()).findings.isEmpty, "\(step)")
        #expect(try IndexRebuild(vault).isNeeded() == false, "\(step)")
        #expect(try vault.lookup.count() == 19 * 3, "\(step)")
        #expect(try vault.profiles.count(of: person.tenant) == 19)
        #expect(try vault.profiles.keyring.count() == 19)
        #expect(try vault.stores.data.read { try vault.events.count(on: $0) } == 19 * 3)
    }

    @Test("by the end of the process after any step is completed at the next opening", arguments: ErasureStep.allCases)
    func killed(step: ErasureStep) throws {
        let remains = try Remains(of: person, in: fixture)
        var copy: HomeFolder?
        // The files as they are at that moment are what `kill -9` leaves.
        try fixture.erase(.profile(person.id)) { if $0 == step { copy = try fixture.copyHome("killed") } }
        let home = try #require(copy)
        let vault = try OpenVault(home, unlock: RootUnlock(), clock: fixture.time.clock)
        try expectErased(vault, step)
        #expect(try remains.places(in: home.path) == [], "\(step)")
        try vault.close()
    }

    @Test(
        "by an error after any step denies at once, and is completed by the next one", arguments: ErasureStep.allCases)
    func failed(step: ErasureStep) throws {
        #expect(throws: Cut.self) {
            try fixture.erase(.profile(person.id)) { if $0 == step { throw Cut() } }
        }
        #expect(try !fixture.knows(.profile(person.id)))
        #expect(try !fixture.knows(.identifier(field: "email", value: "p7@example.org")))
        // Another erasure in the same process finds the one that is pending.
        let other = try fixture.person(8)
        try fixture.erase(.profile(other.id))
        #expect(fixture.vault.denials.pending == nil)
        #expect(try fixture.vault.profiles.keyring.count() == 18)
        #expect(try fixture.findings().isEmpty)
    }

    @Test("twice, once while it is completed, comes to the same")
    func killedTwice() throws {
        var copy: HomeFolder?
        try fixture.erase(.profile(person.id)) { if $0 == .keyless { copy = try fixture.copyHome("killed") } }
        let home = try #require(copy)
        // The index has been cleaned durably; it is put back to before, and so has to be made anew or cleaned again.
        for _ in 0..<2 {
            let vault = try OpenVault(home, unlock: RootUnlock(), clock: fixture.time.clock)
            try expectErased(vault, .keyless)
            try vault.close()
        }
    }

    @Test("with an index that lacks nothing but was left with stray entries leaves none of them")
    func strays() throws {
        // A replacement that never came to its end: an entry that nothing else tells of.
        try fixture.vault.lookup.add(
            [LookupIndex.Entry(entry: 0x1234_5678_9ABC_DEF0, number: person.number)],
            change: try fixture.vault.profiles.change(), replacing: true)
        try fixture.erase(.profile(person.id))
        let left = try fixture.vault.stores.index.read { connection in
            try connection.first("SELECT count(*) FROM lookup WHERE number = $1", .integer(person.number)) {
                try $0.int(at: 0)
            }
        }
        #expect(left == 0)
    }
}
