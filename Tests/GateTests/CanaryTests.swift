import Accounts
import Audit
import Consent
import Core
import Foundation
import Gate
import Ingest
import Secrets
import Storage
import TestSupport
import Testing
import Vault

@Suite("Canaries")
final class CanaryTests {
    private let fixture: VaultFixture
    private let inputs: TemporaryDirectory
    /// Different in every run, so that no other file of the machine has it by chance.
    private let token: String
    private let digits: String
    /// What was said: errors, refusals, entries of the log.
    private var said: [String] = []

    init() throws {
        fixture = try VaultFixture()
        inputs = try TemporaryDirectory()
        var generator = SeededGenerator.announced("canaries")
        token = String((0..<8).map { _ in "bcdfghjklmnpqrstvwxz".randomElement(using: &generator) ?? "q" })
        digits = String((0..<6).map { _ in "123456789".randomElement(using: &generator) ?? "7" })
    }

    /// Values of fields that an import brings, in the order of its columns.
    private var fields: [(name: String, value: String, standard: [String])] {
        let day = "19\(digits.prefix(1))4-0\(digits.dropFirst().prefix(1))-1\(digits.dropFirst(2).prefix(1))"
        let midnight = Timestamp(day + "T00:00:00Z")?.milliseconds ?? 0
        let seen = "2019-0\(digits.suffix(1))-17T03:4\(digits.prefix(1)):5\(digits.suffix(1))Z"
        let seenAt = Timestamp(seen)?.milliseconds ?? 0
        return [
            ("customer_id", "Cid-\(token)-1", []),
            (
                "email", "Ada.\(token)@Vögel-\(token).Example",
                ["Ada.\(token)@xn--", "ada.\(token)", "-\(token)-", "\(token).example"]
            ),
            ("phone", "0912 \(digits.prefix(3)) \(digits.suffix(3))", ["+886912\(digits)", "886912\(digits)"]),
            ("first_name", "Erste\(token)", []), ("last_name", "姓名\(token)", []),
            // A number of days has four digits, which stand anywhere by chance.
            ("birth_date", day, [day.replacing("-", with: ""), String(midnight), String(midnight / 1000)]),
            ("gender", "Gender\(token)", []), ("address", "Straße \(token) 12\nHinterhaus", ["Straße \(token) 12"]),
            ("postal_code", "PLZ\(token)", []), ("loyalty_tier", "Tier\(token)", []),
            ("lifetime_value", "0\(digits)38.\(digits)0", ["\(digits)38.\(digits)"]),
            ("last_seen", seen, [String(seenAt), String(seenAt / 1000)]),
        ]
    }

    private var canaries: [Canary] {
        let values = fields.map { field in Canary(field.name, [field.value] + field.standard) }
        let others = [
            "Konstante\(token)", "Ereignis\(token)", "sku-\(token)", "order-\(token)", "beleg-\(token)",
            "krumm-\(token)",
            "vielleicht-\(token)", "wann-\(token)", "lose-\(token)", "offen-\(token)", "niemand.\(token)",
            "unlesbar-\(token)",
            "gesetzt-\(token)", "abgelehnt-\(token)", "+88697\(digits)1", "json-\(token)", "passwort-\(token)",
        ]
        return values + others.map { Canary($0, $0) } + [Canary("the token itself", token)]
    }

    private func csv() throws -> String {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
        let names =
            fields.map(\.name) + [
                "consent_personalization", "consent_analytics", "consent_time", "what", "order", "sku",
            ]
        let tail = ["yes", "no", "2024-02-29T08:00:00Z", "Ereignis\(token)", "order-\(token)", "sku-\(token)"]
        func row(_ changes: [String: String]) -> String {
            let values =
                fields.map { changes[$0.name] ?? $0.value }
                + tail.enumerated().map { place, value in
                    changes[names[fields.count + place]] ?? value
                }
            return values.map(quoted).joined(separator: ",")
        }
        let lines = [
            names.joined(separator: ","), row([:]), row(["customer_id": "Cid-\(token)-2", "email": "", "phone": ""]),
            // None of these can be taken.
            row(["email": "krumm-\(token)"]), row(["consent_analytics": "vielleicht-\(token)"]),
            row(["consent_time": "wann-\(token)"]), "lose-\(token),ragged", row(["birth_date": "krumm-\(token)"]),
            row(["phone": "krumm-\(token)"]),
            row(["last_seen": "krumm-\(token)", "customer_id": "Cid-\(token)-3"]), "\"offen-\(token),",
        ]
        let path = inputs.file("canaries.csv")
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
        return path
    }

    private static func map(_ constant: String) -> String {
        """
        { "source": "crm", "constants": { "city": "\(constant)" },
          "event": { "type": { "column": "what" }, "id": ["order"], "properties": { "sku": "sku" } } }
        """
    }

    private func note(_ error: any Error) {
        said.append("\(error) \(String(reflecting: error)) \((error as? any ReportableError)?.message ?? "")")
        said.append((error as? any ReportableError)?.remedy ?? "")
    }

    private func refused(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("this was to be refused", sourceLocation: sourceLocation)
        } catch { note(error) }
    }

    private func importAll(_ path: String, rejected: Int = 8) throws {
        let map = Self.map("Konstante\(token)")
        let importer = Importer(vault: fixture.vault, gate: fixture.gate, caller: VaultFixture.engineer)
        for _ in 0..<2 {
            let outcome = try importer.run(
                source: "crm", rejectsPath: fixture.directory.file("canaries.rejects.jsonl"),
                open: { try MappedInput(ByteSource(path: path), map: MapFile(parsing: Array(map.utf8)), region: "TW") })
            #expect(outcome.counts.balances)
            #expect(outcome.counts.rejected == rejected, "\(outcome.counts)")
            said.append("\(outcome)")
        }
        let json = #"{"customer_id":"json-\#(token)","email":"json-\#(token)"}"# + "\n{\"json-\(token)\": [\n"
        _ = try importer.run(
            source: "lines", rejectsPath: fixture.directory.file("lines.rejects.jsonl"),
            open: { try MappedInput(ByteSource(Array(json.utf8)), region: "TW") })
    }

    private func useEverything(_ ada: SubjectReference) throws {
        let gate = fixture.gate
        let found = try fixture.read(ada, for: "support", by: VaultFixture.agent)
        #expect(found.values["first_name"] == "Erste\(token)")
        #expect(found.values["city"] == "Konstante\(token)")
        #expect(found.values["birth_date"] == fields[5].value)
        #expect(found.values["phone"]?.contains("*") == true)
        said.append("\(found.verdict)")
        _ = try fixture.read(ada, for: "personalization")
        #expect(try fixture.read(ada, for: "analytics").values.isEmpty)
        let id = try gate.profile(of: ada)
        _ = try gate.permit(ReadRequest(caller: VaultFixture.marketer, purpose: "personalization"), set: [id])
        _ = try gate.record(
            [.grant(fixture.purpose("marketing_email"))], from: "web form", evidence: Array("beleg-\(token)".utf8),
            of: ada, by: VaultFixture.agent)
        _ = try gate.record(
            [.record(.withdrawn, fixture.purpose("personalization"))], from: "call", of: ada, by: VaultFixture.agent)
        _ = try gate.edit(
            ada, ProfileEdit(values: [("last_name", "gesetzt-\(token)"), ("phone", "+88697\(digits)1")]),
            by: VaultFixture.engineer)
        try IndexRebuild(fixture.vault).run()
        try exportAll()
        let clerk = Caller(principal: Principal(.operator, "nobody"), roles: [])
        refused { _ = try gate.edit(ada, ProfileEdit(values: [("city", "abgelehnt-\(token)")]), by: clerk) }
        for (field, value) in [
            ("email", "abgelehnt-\(token)"), ("birth_date", "abgelehnt-\(token)"), ("phone", "abgelehnt-\(token)"),
        ] {
            refused { _ = try gate.edit(ada, ProfileEdit(values: [(field, value)]), by: VaultFixture.engineer) }
        }
        refused {
            _ = try gate.edit(
                .identifier(field: "customer_id", value: "Cid-\(token)-2"),
                ProfileEdit(values: [("customer_id", "Cid-\(token)-1")]), by: VaultFixture.engineer)
        }
        for text in [
            "email:niemand.\(token)@example.org", "email:unlesbar-\(token)", "phone:unlesbar-\(token)",
            "customer_id:niemand.\(token)", "city:niemand.\(token)", "profile:unlesbar-\(token)",
        ] {
            refused { _ = try fixture.read(SubjectReference(text), for: "support", by: VaultFixture.agent) }
        }
        refused {
            _ = try gate.logIn(
                "owner", password: SecretBytes(copying: Array("passwort-\(token)".utf8)),
                from: VaultFixture.client, through: fixture.vault.accounts)
        }
    }

    /// What is exported has them; what the vault writes and says about it must not.
    private func exportAll() throws {
        for delivery in [Export.Delivery.file, .stream] {
            let whole = MemoryDestination(delivery)
            said.append("\(try fixture.export(for: "marketing_email", to: whole))")
            #expect(whole.text.contains("Erste\(token)"))
            let broken = MemoryDestination(delivery) { step in
                if step == .settling { throw FixtureError("nothing personal") }
            }
            refused { _ = try fixture.export(for: "marketing_email", to: broken) }
            #expect(broken.text.contains("Erste\(token)"))
        }
        let release = try fixture.vault.audit.show(limit: 1).first?.decision
        said.append("\(try fixture.vault.audit.released(by: #require(release)))")
        refused { _ = try fixture.export(for: "support", to: MemoryDestination()) }
    }

    private func search(_ stage: String) throws {
        var search = CanarySearch(canaries)
        try search.search(folder: fixture.directory.path)
        search.searchOpenFiles(except: inputs.path)
        for (number, text) in said.enumerated() { search.search(Array(text.utf8), in: "what was said, \(number)") }
        #expect(search.finds.map(\.description).sorted() == [], "\(stage)")
        for name in [
            "vault/data.db", "vault/keys.db", "vault/index.db", "vault/audit.spool", "vault/vault.json",
            "canaries.rejects.jsonl", "root.key", "replica.holder",
        ] {
            #expect(search.places.contains(name), "\(stage): \(name)")
        }
    }

    @Test("planted in everything that is personal are found in no file and in nothing that is said")
    func nothingLeaks() throws {
        let path = try csv()
        try importAll(path)
        let ada = SubjectReference.identifier(field: "customer_id", value: "Cid-\(token)-1")
        try useEverything(ada)
        _ = try fixture.vault.audit.verify()
        said += try fixture.vault.audit.show(limit: 10_000).map { String(decoding: $0.leaf, as: UTF8.self) }
        #expect(said.count > 30)
        #expect(FileManager.default.fileExists(atPath: fixture.home.database(.data) + "-wal"))
        try search("open")
        _ = try fixture.gate.timeline(
            of: ada, for: "support", by: VaultFixture.officer, events: fixture.vault.events,
            through: fixture.vault.erasure)
        let erased = try fixture.gate.erase(ada, by: VaultFixture.officer, through: fixture.vault.erasure)
        said.append("\(erased)")
        refused { _ = try fixture.gate.erase(ada, by: VaultFixture.officer, through: fixture.vault.erasure) }
        try importAll(path, rejected: 9)
        refused {
            _ = try fixture.gate.edit(
                .identifier(field: "customer_id", value: "Cid-\(token)-2"),
                ProfileEdit(values: [("customer_id", "Cid-\(token)-1")]), by: VaultFixture.engineer)
        }
        said += try fixture.vault.audit.show(limit: 10_000).map { String(decoding: $0.leaf, as: UTF8.self) }
        try search("erased")
        try fixture.vault.close()
        try search("closed")
        // The same search over what was brought in finds it all, so that finding nothing means something.
        var control = CanarySearch(fields.map { Canary($0.name, $0.value) } + [Canary("event", "Ereignis\(token)")])
        try control.search(folder: inputs.path)
        #expect(Set(control.finds.map(\.canary)).count == fields.count + 1)
    }
}
