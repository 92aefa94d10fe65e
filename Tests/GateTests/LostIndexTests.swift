import Core
import Foundation
import Gate
import Ingest
import TestSupport
import Testing
import Vault

@Suite("A look-up index that lost entries")
struct LostIndexTests {
    private let fixture: VaultFixture
    private let ada: SubjectReference

    init() throws {
        fixture = try VaultFixture()
        ada = try SubjectReference("customer_id:42")
        try fixture.add(VaultFixture.ada, granting: ["personalization"])
        try fixture.add(["customer_id": "43", "email": "bob@example.org", "city": "Rome"])
    }

    /// Does what a command does at its start, and reads Ada.
    private func read() throws -> [String: String] {
        let rebuild = IndexRebuild(fixture.vault)
        if try rebuild.isNeeded() { try rebuild.run() }
        return try fixture.read(ada, for: "personalization").values
    }

    @Test(
        "is made again at the next command when a table was emptied",
        arguments: [
            "DELETE FROM lookup", "DELETE FROM lookup; DELETE FROM event_entry; DELETE FROM index_state",
        ])
    func emptied(script: String) throws {
        try fixture.tamper(.index, script)
        try fixture.open()
        #expect(try read()["first_name"] == "Ada")
        #expect(try !IndexRebuild(fixture.vault).isNeeded(counting: true))
    }

    @Test(
        "is made again at the next command when its file is damaged or cut", arguments: [0, 100, 5000])
    func damaged(length: Int) throws {
        try fixture.vault.close()
        let file = URL(filePath: fixture.home.database(.index))
        try Data(repeating: 0x5A, count: length).write(to: file)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: fixture.home.database(.index))
        try fixture.open()
        #expect(try read()["first_name"] == "Ada")
    }

    @Test("stays as it is while nothing is missing, also after entries were removed")
    func whole() throws {
        _ = try fixture.gate.edit(
            ada, ProfileEdit(values: [("phone", ""), ("email", "new@example.org")]),
            by: VaultFixture.engineer)
        try fixture.reopen()
        #expect(try !IndexRebuild(fixture.vault).isNeeded(counting: true))
    }

    @Test("makes nobody a second time: an import counts the entries and makes it again")
    func imported() throws {
        try fixture.tamper(.index, "DELETE FROM lookup WHERE number = 1")
        try fixture.open()
        let outcome = try Importer(
            vault: fixture.vault, gate: fixture.gate, caller: VaultFixture.engineer
        ).run(
            source: "crm", rejectsPath: fixture.directory.file("rejects.jsonl"),
            open: { try MappedInput(ByteSource(Array("customer_id,city\n42,London\n43,Rome\n".utf8))) })
        #expect(outcome.counts.created == 0 && outcome.counts.unchanged == 2)
        #expect(try fixture.read(ada, for: "personalization").values["first_name"] == "Ada")
    }
}
