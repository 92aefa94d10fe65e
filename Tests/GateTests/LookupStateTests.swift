import Accounts
import Audit
import Core
import Foundation
@testable import Gate
import Secrets
import Storage
import Testing
import Vault

@Suite("What the look-up index knows of the data")
struct LookupStateTests {
    private let fixture: VaultFixture
    private static let alan = [
        "customer_id": "2", "email": "alan@example.org", "first_name": "Alan", "city": "Bletchley",
    ]

    init() throws { fixture = try VaultFixture() }

    private func digest(_ number: Int, of subject: Subject) throws -> EventDigest {
        let event = Event(
            type: "Order Completed", time: Timestamp(milliseconds: 0), isTimeGiven: true, source: "shop",
            identity: Array("order \(number)".utf8), properties: JSONObject())
        return try EventDigest(of: event, subject: subject, keys: fixture.vault.tree.keys(of: fixture.gate.tenant.id))
    }

    @Test("forgets the events of a change that never came, also when entries of an earlier one were added after them")
    func claims() throws {
        let lookup = fixture.vault.lookup
        let ada = try fixture.add(VaultFixture.ada)
        let change = try fixture.vault.profiles.change()
        let late = try digest(1, of: ada)
        let run = try lookup.nextRun()
        #expect(try lookup.claim([late], run: run, change: change + 2) == [true])
        try lookup.add([LookupIndex.Entry(entry: 7, number: ada.number)], change: change + 1)
        // The import ended here: the data has neither change.
        #expect(try lookup.reconcile(with: change) == .whole)
        #expect(try lookup.claim([late], run: lookup.nextRun(), change: change + 1) == [true])
    }

    @Test("is made again when the data no longer has the change that entries were removed for")
    func removals() throws {
        let lookup = fixture.vault.lookup
        let ada = try fixture.add(VaultFixture.ada)
        let change = try fixture.vault.profiles.change()
        let entry = LookupIndex.Entry(entry: 7, number: ada.number)
        try lookup.add([entry], change: change)
        try lookup.remove([entry], change: change + 1)
        #expect(try lookup.reconcile(with: change) == .behind)
        #expect(try lookup.reconcile(with: change + 1) == .behind)
        try lookup.add([], change: change + 1)
        #expect(try lookup.reconcile(with: change + 1) == .whole)
    }

    @Test("keeps the keys of people whom an older database does not know, so that the newer one can come back")
    func keysOfNewerPeople() throws {
        _ = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        try fixture.vault.close()
        let old = try Data(contentsOf: URL(filePath: fixture.home.database(.data)))
        try fixture.open()
        let alan = try fixture.add(Self.alan, granting: ["personalization"])
        try fixture.vault.close()
        let new = try Data(contentsOf: URL(filePath: fixture.home.database(.data)))
        let spool = try Data(contentsOf: URL(filePath: fixture.home.spool))

        try old.write(to: URL(filePath: fixture.home.database(.data)))
        #expect(throws: AuditError.self) { try fixture.open() }
        let accepted = try OpenVault.acceptingLoss(
            fixture.home, unlock: RootUnlock(), tenant: "default", reason: "an older copy was all there was",
            proof: fixture.ownersProof(), clock: fixture.time.clock)
        #expect(try accepted.profiles.keyring.count() == 2)
        try accepted.close()

        try new.write(to: URL(filePath: fixture.home.database(.data)))
        try spool.write(to: URL(filePath: fixture.home.spool))
        try fixture.open()
        #expect(try fixture.read(.profile(alan.id), for: "personalization").values["first_name"] == "Alan")
    }

    @Test(
        "a store that is gone is not made anew: the vault stays closed until the file is back",
        arguments: [Store.data, .keys])
    func missingStore(store: Store) throws {
        let ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        try fixture.vault.close()
        let path = fixture.home.database(store)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".aside")
        for _ in 0..<2 {
            let error = #expect(throws: VaultError.self) { try fixture.open() }
            #expect(error?.code == VaultError.storeMissing)
            #expect(!FileManager.default.fileExists(atPath: path))
            // An empty file is no store either.
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            #expect(throws: VaultError.self) { try fixture.open() }
            try FileManager.default.removeItem(atPath: path)
        }
        try FileManager.default.moveItem(atPath: path + ".aside", toPath: path)
        try fixture.open()
        #expect(try fixture.read(.profile(ada.id), for: "personalization").values["first_name"] == "Ada")
    }

    @Test("an older database and spool together take no newer person's key")
    func rolledBackWhole() throws {
        _ = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        try fixture.vault.close()
        let files = [fixture.home.database(.data), fixture.home.spool]
        let old = try files.map { try Data(contentsOf: URL(filePath: $0)) }
        try fixture.open()
        let alan = try fixture.add(Self.alan, granting: ["personalization"])
        try fixture.vault.close()
        let new = try files.map { try Data(contentsOf: URL(filePath: $0)) }
        for (file, bytes) in zip(files, old) { try bytes.write(to: URL(filePath: file)) }
        try fixture.open()
        try fixture.vault.close()
        for (file, bytes) in zip(files, new) { try bytes.write(to: URL(filePath: file)) }
        try fixture.open()
        #expect(try fixture.read(.profile(alan.id), for: "personalization").values["first_name"] == "Alan")
    }
}
