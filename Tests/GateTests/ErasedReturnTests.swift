import Audit
import Core
import Foundation
import Gate
import Secrets
import Storage
import TestSupport
import Testing
import Vault

@Suite("Somebody erased who is put back")
struct ErasedReturnTests {
    private let fixture: VaultFixture
    private let ada: Subject

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        try fixture.add(VaultFixture.bob, granting: ["personalization"])
    }

    /// The row and the key of Ada as somebody kept them.
    private struct Kept {
        var row: [SQLValue] = []
        var key: [SQLValue] = []
    }

    private func keep() throws -> Kept {
        var kept = Kept()
        kept.row = try #require(
            try fixture.vault.stores.data.read { connection in
                try connection.first(
                    "SELECT number, tenant, id, revision, created, updated, record, mac FROM profile WHERE number = 1"
                ) { row in
                    try (0..<8).map { column in
                        [2, 6, 7].contains(column)
                            ? .blob(try row.blob(at: column)) : .integer(try row.int64(at: column))
                    }
                }
            })
        kept.key = try #require(
            try fixture.vault.stores.keys.read { connection in
                try connection.first(
                    "SELECT number, tenant, id, key_id, epoch, wrapped, commitment FROM profile_key WHERE number = 1"
                ) { row in
                    try (0..<7).map { column in
                        [2, 5, 6].contains(column)
                            ? .blob(try row.blob(at: column)) : .integer(try row.int64(at: column))
                    }
                }
            })
        return kept
    }

    private func putBack(row: [SQLValue]) throws {
        try fixture.change(.data) { connection in
            try connection.run(
                """
                INSERT INTO profile (number, tenant, id, revision, created, updated, record, mac)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                """, row)
        }
    }

    private func putBack(key: [SQLValue]) throws {
        try fixture.change(.keys) { connection in
            try connection.run(
                """
                INSERT INTO profile_key (number, tenant, id, key_id, epoch, wrapped, commitment)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """, key)
        }
    }

    private func expectUnknown() throws {
        for name in [SubjectReference.profile(ada.id), .identifier(field: "customer_id", value: "42")] {
            #expect(try !fixture.knows(name))
        }
    }

    @Test("with the row alone is not read, and is found")
    func row() throws {
        let kept = try keep()
        try fixture.erase(.profile(ada.id))
        try putBack(row: kept.row)
        try fixture.open()
        try expectUnknown()
        let findings = try fixture.findings()
        #expect(Set(findings.map(\.code)) == [VaultError.erasedReturned])
        #expect(findings.first?.code.exit == .integrity)
        #expect(findings.first?.message.contains(ada.id.description) == true)
    }

    @Test("with row and key is not read, is found, and loses the key again at the next opening")
    func rowAndKey() throws {
        let kept = try keep()
        try fixture.erase(.profile(ada.id))
        try putBack(row: kept.row)
        try putBack(key: kept.key)
        try fixture.open()
        #expect(try fixture.vault.profiles.keyring.count() == 1)
        try expectUnknown()
        let set = try fixture.gate.permit(ReadRequest(caller: VaultFixture.agent, purpose: "support"), set: [ada.id])
        #expect(set.count == 0)
        #expect(Set(try fixture.findings().map(\.code)) == [VaultError.erasedReturned])
    }

    @Test("with the key alone loses it at the next opening, and is found before")
    func key() throws {
        let kept = try keep()
        try fixture.erase(.profile(ada.id))
        try fixture.vault.stores.keys.write { connection in
            _ = try connection.run(
                """
                INSERT INTO profile_key (number, tenant, id, key_id, epoch, wrapped, commitment)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """, kept.key)
        }
        #expect(try fixture.findings().map(\.code) == [VaultError.erasedReturned])
        try expectUnknown()
        try fixture.reopen()
        #expect(try fixture.vault.profiles.keyring.count() == 1)
        #expect(try fixture.findings().isEmpty)
    }

    @Test("by a key store from before loses the key again at the next opening")
    func olderKeyStore() throws {
        let remains = try Remains(of: ada, in: fixture)
        let before = try fixture.copyHome("before")
        try fixture.erase(.profile(ada.id))
        try fixture.vault.close()
        try fixture.putBack(fixture.home.database(.keys), from: before.database(.keys))
        #expect(try !remains.places(in: fixture.home.path).isEmpty)
        try fixture.open()
        #expect(try fixture.vault.profiles.keyring.count() == 1)
        #expect(try remains.places(in: fixture.home.path) == [])
        try expectUnknown()
        #expect(try fixture.findings().isEmpty)
        // It is followed once, not at every opening.
        #expect(try fixture.vault.profiles.keyring.destroyReturned(fixture.vault.denials) == 0)
    }

    @Test("by a database from before keeps the vault closed")
    func olderDatabase() throws {
        try fixture.vault.close()
        let before = try fixture.copyHome("before")
        try fixture.open()
        try fixture.erase(.profile(ada.id))
        try fixture.vault.close()
        try fixture.putBack(fixture.home.database(.data), from: before.database(.data))
        expectBroken(AuditError.rolledBack) { try fixture.open() }
    }

    @Test(
        "by database and spool from before is found and cannot be read, with their key put back or without",
        arguments: [true, false])
    func olderDatabaseAndSpool(withKey: Bool) throws {
        let kept = try keep()
        try fixture.vault.close()
        let before = try fixture.copyHome("before")
        try fixture.open()
        try fixture.erase(.profile(ada.id))
        try fixture.vault.close()
        try fixture.putBack(fixture.home.database(.data), from: before.database(.data))
        try fixture.putBack(fixture.home.spool, from: before.spool)
        if withKey {
            try putBack(key: kept.key)
        }
        try fixture.open()
        expectBroken(VaultError.keyMissing) { _ = try fixture.read(.profile(ada.id), for: "personalization") }
        let error = #expect(throws: VaultError.self) { _ = try fixture.vault.profiles.keyring.entries(of: [ada]) }
        #expect(error?.remedy == VaultError.newerDatabase)
        #expect(try fixture.findings().map(\.code).contains(VaultError.denialsChanged))
    }

    @Test("by an index from before leads nowhere, and the index is made again")
    func olderIndex() throws {
        try fixture.vault.close()
        let before = try fixture.copyHome("before")
        try fixture.open()
        try fixture.erase(.profile(ada.id))
        try fixture.vault.close()
        try fixture.putBack(fixture.home.database(.index), from: before.database(.index))
        try fixture.open()
        try expectUnknown()
        let rebuild = IndexRebuild(fixture.vault)
        #expect(try rebuild.isNeeded())
        try rebuild.run()
        try expectUnknown()
        #expect(try fixture.vault.lookup.count() == 2)
    }

    @Test(
        "by tampering with the denial ledger closes the vault, and the ledger is named",
        arguments: [
            .sql("DELETE FROM denial"), .sql("DELETE FROM denial WHERE number = 2"),
            .sql("UPDATE denial SET number = 7 WHERE number = 2"),
            .sql("UPDATE denial SET body = (SELECT body FROM denial WHERE number = 2) WHERE number = 1"),
        ]
            + Tampering.Damage.allCases.flatMap { damage in
                [
                    .blob(
                        "SELECT body FROM denial WHERE number = 1", damage,
                        "UPDATE denial SET body = $1 WHERE number = 1"),
                    .blob(
                        "SELECT chain FROM denial WHERE number = 2", damage,
                        "UPDATE denial SET chain = $1 WHERE number = 2"
                    ),
                    .blob(
                        "SELECT profile FROM denial WHERE number = 1", damage,
                        "UPDATE denial SET profile = $1 WHERE number = 1"),
                ]
            } as [Tampering])
    func ledger(tampering: Tampering) throws {
        try fixture.erase(.profile(ada.id))
        try fixture.change(.data, tampering, reopens: false)
        expectBroken(VaultError.denialsChanged) { try fixture.open() }
        // The vault opens, so that it can be examined; its gate does not.
        let findings = try fixture.findings()
        #expect(findings.contains { $0.message.contains("denial ledger") }, "\(findings)")
    }

    @Test(
        "by tampering with what is suppressed is found",
        arguments: [
            .sql("DELETE FROM suppression"), .sql("DELETE FROM suppression WHERE field = 1"),
            .sql("UPDATE suppression SET expires = 1"), .sql("UPDATE suppression SET tenant = 2"),
            .sql("UPDATE suppression SET entry = entry + 1"), .sql("UPDATE suppression SET version = 2"),
            .sql("UPDATE suppression SET denial = 9"),
            .sql(
                """
                INSERT INTO suppression (entry, check_entry, denial, tenant, field, version, expires)
                VALUES (1, 2, 1, 1, 1, 1, 9223372036854775807)
                """),
        ] as [Tampering])
    func suppressions(tampering: Tampering) throws {
        try fixture.erase(.profile(ada.id))
        try fixture.change(.data, tampering)
        #expect(Set(try fixture.findings().map(\.code)) == [VaultError.denialsChanged])
    }
}
