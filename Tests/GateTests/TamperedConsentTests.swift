import Audit
import Consent
import Core
import Gate
import Secrets
import Storage
import Testing
import Vault

@Suite("Consents under tampering, seen through the gate")
struct TamperedConsentTests {
    private let fixture: VaultFixture
    private let ada: Subject
    private let bob: Subject

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        bob = try fixture.add(VaultFixture.bob, granting: ["personalization"])
        for subject in [ada, bob] {
            try fixture.record(.grant(fixture.purpose("marketing_email")), of: subject)
            try fixture.record(.record(.refused, fixture.purpose("analytics")), of: subject)
        }
    }

    private func read(_ subject: Subject) throws -> [String: String] {
        try fixture.read(.profile(subject.id), for: "personalization").values
    }

    private func show(_ subject: Subject) throws {
        _ = try fixture.gate.consents(of: .profile(subject.id), by: VaultFixture.agent)
    }

    @Test(
        "a head that is not the person's own closes every read",
        arguments: [
            (
                .sql(
                    "UPDATE consent_head SET head = (SELECT head FROM consent_head WHERE subject = 2) WHERE subject = 1"
                ),
                ConsentError.headChanged
            ),
            (
                .blob(
                    "SELECT head FROM consent_head WHERE subject = 1", .flipped,
                    "UPDATE consent_head SET head = $1 WHERE subject = 1"),
                ConsentError.headChanged
            ),
            (
                .blob(
                    "SELECT head FROM consent_head WHERE subject = 1", .emptied,
                    "UPDATE consent_head SET head = $1 WHERE subject = 1"), ConsentError.headChanged
            ),
            (.sql("DELETE FROM consent_head WHERE subject = 1"), ConsentError.headMissing),
        ] as [(Tampering, ErrorCode)])
    func head(tampering: Tampering, code: ErrorCode) throws {
        try fixture.change(.data, tampering)
        expectBroken(code) { _ = try read(ada) }
        expectBroken(code) { try show(ada) }
        // Also where the basis is a contract: what cannot be checked for restrictions opens nothing.
        expectBroken(code) {
            _ = try fixture.read(.profile(ada.id), for: "support", by: VaultFixture.agent)
        }
        expectBroken(code) { try fixture.record(.grant(fixture.purpose("profiling")), of: ada) }
        expectBroken(code) {
            _ = try fixture.gate.permit(
                ReadRequest(caller: VaultFixture.marketer, purpose: "personalization"), set: [bob.id, ada.id])
        }
        #expect(try fixture.findings().map(\.code).contains(code))
        #expect(try read(bob)["first_name"] == "Bob")
    }

    @Test(
        "a record that was deleted, reordered or changed is named where the history is shown, and by the walk",
        arguments: [
            (
                .sql("DELETE FROM consent_record WHERE subject = 1 AND sequence = 2"), ConsentError.recordMissing,
                "record 2"
            ),
            (
                .sql("DELETE FROM consent_record WHERE subject = 1 AND sequence = 3"), ConsentError.recordMissing,
                "record 3"
            ),
            (
                .sql(
                    """
                    UPDATE consent_record SET body = (SELECT body FROM consent_record WHERE subject = 1 AND sequence = 3)
                    WHERE subject = 1 AND sequence = 2
                    """), ConsentError.chainBroken, "record 2"
            ),
            (
                .sql(
                    """
                    UPDATE consent_record SET body = (SELECT body FROM consent_record WHERE subject = 2 AND sequence = 1)
                    WHERE subject = 1 AND sequence = 1
                    """), ConsentError.recordChanged, "record 1"
            ),
            (
                .blob(
                    "SELECT chain FROM consent_record WHERE subject = 1 AND sequence = 1", .flipped,
                    "UPDATE consent_record SET chain = $1 WHERE subject = 1 AND sequence = 1"),
                ConsentError.recordChanged, "record 1"
            ),
            (
                .sql("UPDATE consent_record SET evidence = chain WHERE subject = 1 AND sequence = 1"),
                ConsentError.recordChanged, "record 1"
            ),
        ] as [(Tampering, ErrorCode, String)])
    func records(tampering: Tampering, code: ErrorCode, named: String) throws {
        try fixture.change(.data, tampering)
        let error = expectBroken(code) { try show(ada) }
        #expect(error?.message.contains(named) == true, "\(error?.message ?? "")")
        let findings = try fixture.findings()
        #expect(findings.map(\.code) == [code])
        #expect(findings.first?.message.contains(ada.id.description) == true)
    }

    @Test("records exchanged whole are found")
    func reordered() throws {
        try fixture.change(.data) { connection in
            for (from, to) in [(1, 9), (2, 1), (9, 2)] {
                try connection.run(
                    "UPDATE consent_record SET sequence = $1 WHERE subject = 1 AND sequence = $2", .integer(to),
                    .integer(from))
            }
        }
        try fixture.open()
        expectBroken(ConsentError.chainBroken) { try show(ada) }
        #expect(try fixture.findings().map(\.code) == [ConsentError.chainBroken])
    }

    @Test("a withdrawal undone by putting head and records back is named by holding them against the log")
    func rolledBack() throws {
        let old = try fixture.blob(.data, "SELECT head FROM consent_head WHERE subject = 1")
        try fixture.record(.record(.withdrawn, fixture.purpose("personalization")), of: ada)
        #expect(try read(ada).isEmpty)
        #expect(try fixture.findings().isEmpty)
        try fixture.change(.data) { connection in
            try connection.run("UPDATE consent_head SET head = $1 WHERE subject = 1", .blob(old))
            try connection.run("DELETE FROM consent_record WHERE subject = 1 AND sequence = 4")
        }
        try fixture.open()
        let findings = try fixture.findings()
        #expect(findings.map(\.code) == [ConsentError.rolledBack])
        #expect(findings.first?.code.exit == .integrity)
        #expect(findings.first?.message.contains("stand at record 3, the log knows record 4") == true)
    }

    @Test("a head alone put back is found by its own records as well")
    func headRolledBack() throws {
        let old = try fixture.blob(.data, "SELECT head FROM consent_head WHERE subject = 1")
        try fixture.record(.record(.withdrawn, fixture.purpose("personalization")), of: ada)
        try fixture.change(.data, "UPDATE consent_head SET head = $1 WHERE subject = 1", .blob(old))
        expectBroken(ConsentError.rolledBack) { try show(ada) }
        #expect(try fixture.findings().map(\.code) == [ConsentError.rolledBack])
    }
}
