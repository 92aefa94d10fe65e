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
        let entry = try fixture.vault.profiles.keyring.entry(of: ada)
        let id = EventID(at: fixture.time.clock.now(), random: (1, 2))
        let body = Sealer(entry.key).seal(
            Array("a letter".utf8), binding: Events.binding(id, of: ada, keyID: entry.keyID))
        try fixture.vault.stores.data.write { connection in
            _ = try connection.run(
                "INSERT INTO event (profile, id, key_id, body) VALUES ($1, $2, $3, $4)", .integer(ada.number),
                .blob(id.bytes), .integer(Int64(entry.keyID)), .blob(body))
        }
        let error = #expect(throws: SecretsError.self) { try fixture.vault.rebuildIndex() }
        #expect(error?.code == SecretsError.malformed)
        try fixture.vault.stores.data.write { _ = try $0.run("DELETE FROM event") }
        try fixture.vault.rebuildIndex()
        #expect(try works(fixture).first == Repair.lookupIndex.rawValue)
    }
}
