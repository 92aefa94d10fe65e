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

/// What is refused is refused without saying what it was: errors reach terminals, logs and tickets.
@Suite("Errors")
struct SilentErrorTests {
    private let fixture: VaultFixture
    private let ada: Subject
    /// Stands in every value that is refused.
    private static let canary = "Kanarienvogel"

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
    }

    /// Expects `body` to be refused, silently.
    private func expectSilence(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) {
        do {
            try body()
            Issue.record("\(what) was to be refused", sourceLocation: sourceLocation)
        } catch {
            var said = "\(error) \(String(reflecting: error))"
            dump(error, to: &said)
            if let error = error as? any ReportableError { said += error.message + (error.remedy ?? "") }
            for secret in [Self.canary] + VaultFixture.ada.values.filter({ $0.utf8.count > 4 }) {
                #expect(!said.lowercased().contains(secret.lowercased()), "\(what)", sourceLocation: sourceLocation)
            }
        }
    }

    private func edit(_ field: String, _ value: String) throws {
        _ = try fixture.gate.edit(.profile(ada.id), ProfileEdit(values: [(field, value)]), by: VaultFixture.engineer)
    }

    @Test(
        "about values that have no standard form do not quote them",
        arguments: [
            ("email", "\(canary)"), ("email", "a@b@\(canary).example"), ("email", "\(canary) <a@b.example>"),
            ("phone", "+886 \(canary)"), ("phone", "\(canary)"), ("birth_date", "\(canary)"),
            ("birth_date", "1999-13-45 \(canary)"),
            ("country", "\(canary)"), ("lifetime_value", "12\(canary)"), ("last_seen", "\(canary)T00:00:00Z"),
            ("first_name", "\(canary)\u{0}"), ("city", String(repeating: canary, count: 100_000)),
        ])
    func values(field: String, value: String) throws {
        expectSilence("\(field)") { try edit(field, value) }
        let row = "customer_id,\(field)\n1,\"\(value)\"\n"
        var input = try MappedInput(ByteSource(Array(row.utf8)), region: "TW")
        while let next = try input.next() {
            if case .failure(let rejection) = next { #expect(!"\(rejection)".contains(Self.canary)) }
        }
    }

    @Test("about people who are not there, or are several, do not say whom was asked for")
    func lookups() throws {
        try fixture.add(["customer_id": "8", "email": "\(Self.canary)@example.org"])
        try fixture.add(["customer_id": "9", "email": "\(Self.canary)@example.org"])
        for text in [
            "email:\(Self.canary)@example.org", "email:\(Self.canary)@example.net", "email:\(Self.canary)",
            "phone:\(Self.canary)",
            "customer_id:\(Self.canary)", "profile:\(Self.canary)", "city:\(Self.canary)",
            "phone:+886912345670\(Self.canary)",
        ] {
            expectSilence(text) {
                _ = try fixture.read(SubjectReference(text), for: "support", by: VaultFixture.agent)
            }
        }
    }

    @Test("about an identifier that somebody else has do not say which or whose")
    func taken() throws {
        try fixture.add(["customer_id": Self.canary])
        expectSilence("taken") { try edit("customer_id", Self.canary) }
    }

    @Test("of refused changes do not say what was to be changed")
    func refused() throws {
        let nobody = Caller(principal: Principal(.operator, "nobody"), roles: [])
        expectSilence("put") {
            _ = try fixture.gate.edit(.profile(ada.id), ProfileEdit(values: [("city", Self.canary)]), by: nobody)
        }
        expectSilence("twice") {
            let twice = ProfileEdit(values: [("city", Self.canary), ("city", Self.canary)])
            _ = try fixture.gate.edit(.profile(ada.id), twice, by: VaultFixture.engineer)
        }
        expectSilence("consent") {
            _ = try fixture.gate.record(
                [.grant(fixture.purpose("profiling"), lifetime: .until(Timestamp(milliseconds: 0)))], from: "form",
                evidence: Array(Self.canary.utf8), of: .profile(ada.id), by: VaultFixture.agent)
        }
        expectSilence("consent, refused") {
            _ = try fixture.gate.record(
                [.grant(fixture.purpose("profiling"))], from: "form", evidence: Array(Self.canary.utf8),
                of: .profile(ada.id), by: nobody)
        }
    }

    @Test("of the stores do not show what was bound")
    func stores() throws {
        let data = fixture.vault.stores.data
        expectSilence("a unique index") {
            try data.write { connection in
                for number in [101, 102] {
                    try connection.run(
                        "INSERT INTO field (number, name, mac) VALUES ($1, $2, $3)", .integer(number),
                        .text(Self.canary),
                        .blob(Array(Self.canary.utf8)))
                }
            }
        }
        expectSilence("another type") {
            try data.write { connection in
                _ = try connection.run("UPDATE profile SET revision = $1", .text(Self.canary))
            }
        }
        expectSilence("another type, read") {
            try data.read { connection in
                _ = try connection.first("SELECT $1", .text(Self.canary)) { try $0.int64(at: 0) }
            }
        }
    }

    @Test(
        "about inputs as a whole do not quote their rows",
        arguments: [
            "customer_id,email\n1,\(canary)\n\(canary)\n\"\(canary)", "{\"customer_id\": \"\(canary)\"",
            "{\"\(canary)\": }",
            "{\"a\":\"\(canary)\"}\n[\"\(canary)\"]\n\"\(canary)\"\n{\"a\":\"\(canary)\",\"a\":1}",
            "customer_id,consent_analytics\n1,\(canary)\n", "customer_id,email\n\u{0}\(canary),\(canary)\n",
        ])
    func inputs(content: String) throws {
        do {
            var input = try MappedInput(ByteSource(Array(content.utf8)), region: "TW")
            while let row = try input.next() {
                if case .failure(let rejection) = row {
                    #expect(!"\(rejection) \(rejection.code)".contains(Self.canary))
                }
            }
        } catch {
            #expect(!"\(error) \(error.message) \(error.remedy ?? "")".contains(Self.canary))
        }
    }

    private func importAll(_ content: String, map: MapFile = MapFile()) throws {
        let importer = Importer(vault: fixture.vault, gate: fixture.gate, caller: VaultFixture.engineer)
        _ = try importer.run(source: "test", rejectsPath: fixture.directory.file("rejects.jsonl")) {
            try MappedInput(ByteSource(Array(content.utf8)), map: map, region: "TW")
        }
    }

    @Test(
        "about columns do not quote what stands where a name belongs: it may be a person",
        arguments: [
            "{\"\(canary)@example.org\": {\"name\": \"x\"}}\n",
            "\(canary),\(canary)@example.org,1 \(canary) Street\n7,8,9\n",
            "\(canary) x,\(canary) x\n1,2\n", "\(canary) x,\(canary)-x\n1,2\n",
            "customer_id,consent_\(canary)\n1,yes\n",
        ])
    func columns(content: String) throws {
        expectSilence("column") { try importAll(content) }
        expectSilence("column, refused") {
            try importAll(content, map: MapFile(parsing: Array(#"{"unlisted": "refuse"}"#.utf8)))
        }
    }

    @Test("about rows do not quote it either")
    func columnOfRow() throws {
        var input = try MappedInput(ByteSource(Array("customer_id,consent_\(Self.canary)\n1,maybe\n".utf8)))
        guard case .failure(let rejection)? = try input.next() else {
            Issue.record("the row was to be rejected")
            return
        }
        #expect(rejection.column == "column 2")
    }

    @Test("name a column that is written as fields are, or that the map file names itself")
    func shownColumns() throws {
        let error = #expect(throws: IngestError.self) { try importAll("customer_id,shoe_size\n1,38\n") }
        #expect(error?.message.contains("column 2 `shoe_size` gives the field `shoe_size`") == true)
        let map = try MapFile(parsing: Array(#"{"columns": {"Shoe": "shoe_size"}}"#.utf8))
        let named = #expect(throws: IngestError.self) { try importAll("customer_id,Shoe\n1,38\n", map: map) }
        #expect(named?.message.contains("column 2 `Shoe` gives the field `shoe_size`") == true)
    }

    @Test("about map files do not quote their constants and tables")
    func maps() {
        for text in [
            #"{"constants": {"city": ["\#(Self.canary)"]}}"#, #"{"constants": {"city": "\#(Self.canary)"}"#,
            #"{"columns": {"a": {"field": "city", "values": {"x": ["\#(Self.canary)"]}}}}"#,
        ] {
            expectSilence("map") { _ = try MapFile(parsing: Array(text.utf8)) }
        }
    }

    @Test("about passwords and sessions do not show them")
    func accounts() throws {
        let accounts = fixture.vault.accounts
        let gate = fixture.gate
        let wrong = { try SecretBytes(copying: Array("\(Self.canary) is wrong".utf8)) }
        expectSilence("password") {
            _ = try gate.logIn("owner", password: try wrong(), from: VaultFixture.client, through: accounts)
        }
        expectSilence("nobody") {
            _ = try gate.logIn("no-one", password: try wrong(), from: VaultFixture.client, through: accounts)
        }
        let (token, _) = try gate.logIn(
            "owner", password: try SecretBytes(copying: Array("correct horse battery".utf8)), from: VaultFixture.client,
            through: accounts)
        #expect(!"\(token) \(String(reflecting: token))".contains(token.text))
    }
}
