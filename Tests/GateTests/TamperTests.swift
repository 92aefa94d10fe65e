import Audit
import Consent
import Core
import Gate
import Secrets
import Storage
import Testing
import Vault

@Suite("Profiles and keys under tampering")
struct TamperTests {
    private let fixture: VaultFixture
    private let ada: Subject
    private let bob: Subject

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        bob = try fixture.add(VaultFixture.bob, granting: ["personalization"])
    }

    private func readAda() throws { _ = try fixture.read(.profile(ada.id), for: "personalization") }

    private func row(of subject: Subject, through gate: Gate? = nil) throws -> ProfileRow {
        let vault = fixture.vault
        return try #require(
            try vault.stores.data.read { try vault.profiles.row(subject.number, of: subject.tenant, on: $0) })
    }

    private func edit(_ values: [(field: String, value: String)]) throws {
        _ = try fixture.gate.edit(.profile(ada.id), ProfileEdit(values: values), by: VaultFixture.engineer)
    }

    @Test(
        "a row that is not as it was written is refused",
        arguments: [
            .sql("UPDATE profile SET record = (SELECT record FROM profile WHERE number = 2) WHERE number = 1"),
            .sql(
                """
                UPDATE profile SET record = (SELECT record FROM profile WHERE number = 2),
                mac = (SELECT mac FROM profile WHERE number = 2) WHERE number = 1
                """),
            .sql("UPDATE profile SET revision = 2 WHERE number = 1"),
            .sql("UPDATE profile SET created = created - 1 WHERE number = 1"),
            .sql("UPDATE profile SET updated = updated + 1 WHERE number = 1"),
        ]
            + Tampering.Damage.allCases.flatMap { damage in
                [
                    .blob(
                        "SELECT mac FROM profile WHERE number = 1", damage,
                        "UPDATE profile SET mac = $1 WHERE number = 1"),
                    .blob(
                        "SELECT record FROM profile WHERE number = 1", damage,
                        "UPDATE profile SET record = $1 WHERE number = 1"),
                ]
            } as [Tampering])
    func rowChanged(tampering: Tampering) throws {
        try fixture.change(.data, tampering)
        let error = expectBroken(VaultError.profileChanged) { try readAda() }
        #expect(error?.message.contains(ada.id.description) == true)
        expectBroken(VaultError.profileChanged) {
            _ = try fixture.read(.identifier(field: "customer_id", value: "42"), for: "personalization")
        }
        #expect(try fixture.findings().map(\.code) == [VaultError.profileChanged])
        // Nobody else is closed by it.
        #expect(try fixture.read(.profile(bob.id), for: "personalization").values["first_name"] == "Bob")
    }

    @Test("a row with every bit of its record flipped in turn is refused")
    func bits() throws {
        let record = try row(of: ada).record.bytes
        for offset in stride(from: 0, to: record.count, by: 7) {
            var changed = record
            changed[offset] ^= 1 << UInt8(offset % 8)
            try fixture.vault.stores.data.write { connection in
                _ = try connection.run("UPDATE profile SET record = $1 WHERE number = 1", .blob(changed))
            }
            expectBroken(VaultError.profileChanged, "byte \(offset)") { try readAda() }
        }
    }

    /// Cells in a place that is not theirs.
    enum Move: CaseIterable {
        case toAnotherPerson, toAnotherField, toAnotherTenant, toALaterRevision, toAnotherSchemaVersion, toAnotherKey
    }

    @Test("a cell that was moved does not open, even where the row's code was made anew", arguments: Move.allCases)
    func cellMoved(move: Move) throws {
        let otherTenant = try fixture.addTenant("elsewhere")
        let eva = try fixture.add(["customer_id": "9", "first_name": "Eva"], through: otherTenant)
        let old = try row(of: ada)
        let firstName = try fixture.gate.schema.require("first_name").number
        let city = try fixture.gate.schema.require("city").number
        if move == .toALaterRevision { try edit([("first_name", "Augusta")]) }
        let now = try row(of: ada)
        func sealed(_ field: UInt16, of row: ProfileRow) throws -> [UInt8] {
            Array(row.record.sealed(try #require(row.record.cell(field))))
        }
        let cells = try now.record.loose.map { cell -> LooseCell in
            var cell = cell
            guard cell.field == firstName else { return cell }
            switch move {
            case .toAnotherPerson: cell.sealed = try sealed(firstName, of: row(of: bob))
            case .toAnotherField: cell.sealed = try sealed(city, of: now)
            case .toAnotherTenant: cell.sealed = try sealed(firstName, of: row(of: eva))
            case .toALaterRevision: cell.sealed = try sealed(firstName, of: old)
            case .toAnotherSchemaVersion: cell.schemaVersion = 2
            case .toAnotherKey: break
            }
            return cell
        }
        // As the holder of the row key could: the code is right, only the cell is not at home.
        let forged = ProfileRow(
            subject: ada, revision: now.revision, created: now.created, updated: now.updated,
            record: try Record.forged(keyID: move == .toAnotherKey ? 2 : now.record.keyID, cells),
            keys: try fixture.vault.tree.keys(of: ada.tenant))
        try fixture.change(
            .data, "UPDATE profile SET record = $1, mac = $2 WHERE number = 1", .blob(forged.record.bytes),
            .blob(forged.code))
        expectBroken(SecretsError.authenticationFailed) { try readAda() }
        #expect(try fixture.findings().map(\.code) == [VaultError.profileChanged])
    }

    @Test("an older row put back with its old code is named by holding it against the log")
    func rowRolledBack() throws {
        let old = try row(of: ada)
        try edit([("city", "Ockham")])
        try edit([("city", "Marylebone")])
        #expect(try fixture.findings().isEmpty)
        try fixture.change(
            .data, "UPDATE profile SET revision = 1, updated = $1, record = $2, mac = $3 WHERE number = 1",
            .integer(old.updated.milliseconds), .blob(old.record.bytes), .blob(old.code))
        let findings = try fixture.findings()
        #expect(findings.map(\.code) == [VaultError.profileRolledBack])
        #expect(findings.first?.code.exit == .integrity)
        #expect(findings.first?.message == "the row of profile \(ada.id) is revision 1, the log knows revision 3")
        // And it cannot be passed off as the newest.
        try fixture.change(.data, "UPDATE profile SET revision = 3 WHERE number = 1")
        expectBroken(VaultError.profileChanged) { try readAda() }
    }

    @Test("a person taken away, hidden in another tenant or given another id gives nothing and is missed")
    func rowsHidden() throws {
        _ = try fixture.addTenant("elsewhere")
        try fixture.change(.data, "UPDATE profile SET tenant = 2 WHERE number = 1")
        #expect(throws: VaultError.self) { try readAda() }
        #expect(try fixture.findings().map(\.code) == [VaultError.profileChanged, VaultError.profileMissing])
        try fixture.change(.data, "UPDATE profile SET tenant = 1, id = $1 WHERE number = 1", .blob(Array(1...16)))
        expectBroken(VaultError.profileChanged) {
            _ = try fixture.read(.identifier(field: "customer_id", value: "42"), for: "personalization")
        }
        let changed = try fixture.findings()
        #expect(changed.map(\.code).contains(VaultError.profileMissing))
        try fixture.change(.data, "DELETE FROM profile WHERE number = 1")
        #expect(throws: VaultError.self) { try readAda() }
        let findings = try fixture.findings()
        #expect(findings.map(\.code) == [VaultError.profileMissing])
        #expect(findings.first?.message.contains(ada.id.description) == true)
    }

    @Test("a row that the log never heard of is named")
    func rowAdded() throws {
        try fixture.change(
            .data,
            """
            INSERT INTO profile (number, tenant, id, revision, created, updated, record, mac)
            SELECT 3, tenant, $1, revision, created, updated, record, mac FROM profile WHERE number = 1
            """, .blob(Array(1...16)))
        #expect(try fixture.findings().map(\.code) == [VaultError.profileChanged])
    }

    @Test(
        "a wrapped key that was exchanged, changed or renamed opens nothing",
        arguments: [
            (
                .sql(
                    """
                    UPDATE profile_key SET wrapped = (SELECT wrapped FROM profile_key WHERE number = 2),
                    commitment = (SELECT commitment FROM profile_key WHERE number = 2) WHERE number = 1
                    """), SecretsError.authenticationFailed
            ),
            (
                .sql(
                    """
                    UPDATE profile_key SET commitment = (SELECT commitment FROM profile_key WHERE number = 2)
                    WHERE number = 1
                    """), SecretsError.commitmentMismatch
            ),
            (
                .blob(
                    "SELECT wrapped FROM profile_key WHERE number = 1", .flipped,
                    "UPDATE profile_key SET wrapped = $1 WHERE number = 1"), SecretsError.authenticationFailed
            ),
            (
                .blob(
                    "SELECT wrapped FROM profile_key WHERE number = 1", .cut,
                    "UPDATE profile_key SET wrapped = $1 WHERE number = 1"), SecretsError.malformed
            ),
            (.sql("UPDATE profile_key SET key_id = 2 WHERE number = 1"), SecretsError.authenticationFailed),
            (.sql("UPDATE profile_key SET epoch = 2 WHERE number = 1"), VaultError.keyMissing),
            (.sql("UPDATE profile_key SET tenant = 2 WHERE number = 1"), VaultError.keyMissing),
            (
                .sql("UPDATE profile_key SET id = (SELECT id FROM profile_key WHERE number = 2) WHERE number = 1"),
                VaultError.keyMissing
            ),
            (.sql("DELETE FROM profile_key WHERE number = 1"), VaultError.keyMissing),
        ] as [(Tampering, ErrorCode)])
    func keysChanged(tampering: Tampering, code: ErrorCode) throws {
        try fixture.change(.keys, tampering)
        expectBroken(code) { try readAda() }
        #expect(try fixture.read(.profile(bob.id), for: "personalization").values["first_name"] == "Bob")
    }

    @Test("keys of two people exchanged whole open neither")
    func keysExchanged() throws {
        try fixture.change(.keys) { connection in
            for (from, to) in [(1, 9), (2, 1), (9, 2)] {
                try connection.run("UPDATE profile_key SET number = $1 WHERE number = $2", .integer(to), .integer(from))
            }
        }
        try fixture.open()
        for subject in [ada, bob] {
            expectBroken(VaultError.keyMissing) { _ = try fixture.read(.profile(subject.id), for: "personalization") }
        }
    }

    @Test("an entry of the look-up index that leads to somebody else finds nobody")
    func indexRedirected() throws {
        try fixture.change(.index, "UPDATE lookup SET number = 2 WHERE number = 1")
        let error = #expect(throws: VaultError.self) {
            _ = try fixture.read(.identifier(field: "email", value: "ada@example.org"), for: "personalization")
        }
        #expect(error?.code == VaultError.unknownSubject)
    }
}
