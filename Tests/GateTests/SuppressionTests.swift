import Audit
import Core
import Foundation
import Gate
import Ingest
import Secrets
import Storage
import TestSupport
import Testing
import Vault

@Suite("An identifier of an erased person")
struct SuppressionTests {
    private let fixture: VaultFixture

    init() throws {
        fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        try fixture.add(VaultFixture.bob)
    }

    private func bring(_ rows: String) throws -> (counts: ImportCounts, rejects: [JSON]) {
        let text = "customer_id,email,phone,first_name\n" + rows
        let outcome = try Importer(vault: fixture.vault, gate: fixture.gate, caller: VaultFixture.engineer).run(
            source: "crm", rejectsPath: fixture.directory.file("\(UUID().uuidString).rejects.jsonl"),
            open: { try MappedInput(ByteSource(Array(text.utf8)), region: "TW") })
        let lines = try outcome.rejects.map { try String(contentsOfFile: $0, encoding: .utf8) } ?? ""
        #expect(outcome.counts.balances)
        return (outcome.counts, try lines.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) })
    }

    @Test("is not brought in again in any of its forms, and the row says no more than that")
    func imports() throws {
        try fixture.erase(.identifier(field: "customer_id", value: "42"))
        for reopened in [false, true] {
            if reopened { try fixture.reopen() }
            let (counts, rejects) = try bring(
                """
                42,,,Ada
                100,ADA@example.org,,Ada
                101,,0912 345 678,Ada
                102,eve@example.org,,Eve
                42,broken@,,Ada

                """)
            #expect(counts.read == 5 && counts.rejected == 4, "\(counts)")
            #expect(counts.created == (reopened ? 0 : 1) && counts.unchanged == (reopened ? 1 : 0))
            #expect(rejects.map { $0["line"]?.integer } == [2, 3, 4, 6])
            #expect(rejects.prefix(3).allSatisfy { $0["code"]?.string == "not_accepted" && $0["column"] == .null })
            #expect(try !fixture.knows(.identifier(field: "email", value: "ada@example.org")))
        }
        let entry = try #require(try fixture.vault.audit.show(limit: 20).first { $0.facts["not_accepted"] != nil })
        #expect(entry.facts["not_accepted"]?.integer == 3)
    }

    @Test("that somebody living has, too, changes nothing for them")
    func shared() throws {
        _ = try fixture.gate.edit(
            .identifier(field: "customer_id", value: "7"), ProfileEdit(values: [("phone", "+886912345678")]),
            by: VaultFixture.engineer)
        try fixture.erase(.identifier(field: "customer_id", value: "42"))
        let (counts, _) = try bring("7,,+886912345678,Robert\n")
        #expect(counts.updated == 1 && counts.rejected == 0, "\(counts)")
        // What they lack is not given to them.
        let (others, rejects) = try bring("7,ada@example.org,,Robert\n")
        #expect(others.rejected == 1 && rejects.first?["code"]?.string == "not_accepted")
    }

    @Test("cannot be put into another profile")
    func put() throws {
        try fixture.erase(.identifier(field: "customer_id", value: "42"))
        let error = #expect(throws: VaultError.self) {
            _ = try fixture.gate.edit(
                .identifier(field: "customer_id", value: "7"), ProfileEdit(values: [("email", "ada@Example.org")]),
                by: VaultFixture.engineer)
        }
        #expect(error?.code == VaultError.valueRefused)
        #expect(error?.message == "the value given for `email` is not accepted")
    }

    @Test("is taken again when its time is over, or when it was not to be suppressed")
    func term() throws {
        try fixture.erase(.identifier(field: "customer_id", value: "42"), suppressing: .days(30))
        try fixture.erase(.identifier(field: "customer_id", value: "7"), suppressing: .never)
        #expect(try bring("7,,,Bob\n").counts.created == 1)
        #expect(try bring("42,,,Ada\n").counts.rejected == 1)
        fixture.time.advance(seconds: 30 * 86_400)
        #expect(try bring("42,,,Ada\n").counts.created == 1)
        #expect(try fixture.findings().isEmpty)
        // The next erasure clears what is over.
        try fixture.erase(.identifier(field: "customer_id", value: "7"), suppressing: .never)
        let left = try fixture.vault.stores.data.read { connection in
            try connection.first("SELECT count(*) FROM suppression") { try $0.int(at: 0) }
        }
        #expect(left == 0)
        #expect(try fixture.findings().isEmpty)
    }

    @Test("of one tenant is nothing to another, and its digest is not that of the index")
    func tenants() throws {
        let other = try fixture.addTenant("elsewhere")
        try fixture.erase(.identifier(field: "customer_id", value: "42"))
        let keys = try [fixture.gate, other].map { try fixture.vault.tree.keys(of: $0.tenant.id) }
        let field = try #require(fixture.gate.schema["customer_id"]).number
        let entries = try keys.map { try SuppressionEntry("42", field: field, keys: $0) }
        #expect(entries[0] != entries[1])
        #expect(
            try !fixture.vault.denials.suppresses("42", field: field, of: other.tenant.id, at: fixture.gate.now()))
        #expect(
            try fixture.vault.denials.suppresses(
                "42", field: field, of: fixture.gate.tenant.id, at: fixture.gate.now()))
        let index = try keys[0].index(ofField: field).entry("42")
        let stored = try fixture.vault.stores.data.read { connection in
            try connection.first("SELECT count(*) FROM suppression WHERE entry = $1", .integer(index)) {
                try $0.int(at: 0)
            }
        }
        #expect(stored == 0)
    }
}
