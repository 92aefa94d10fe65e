import Audit
import Core
import Gate
import Secrets
import Storage
import Testing
import Vault

@Suite("A repair")
struct RepairTests {
    private func works(_ fixture: VaultFixture) throws -> [String] {
        var filter = AuditFilter()
        filter.action = Action.maintain.rawValue
        return try fixture.vault.audit.show(filter, limit: 100).compactMap { $0.facts["work"]?.string }
    }

    @Test("makes no index of an event that opens to something else, and says so")
    func noEvent() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada)
        try fixture.storeNoEvent(of: ada)
        let error = #expect(throws: SecretsError.self) { try fixture.vault.rebuildIndex() }
        #expect(error?.code == SecretsError.malformed)
        try fixture.vault.stores.data.write { _ = try $0.run("DELETE FROM event") }
        try fixture.vault.rebuildIndex()
        #expect(try works(fixture).first == Repair.lookupIndex.rawValue)
    }
}
