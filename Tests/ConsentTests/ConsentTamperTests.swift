import Audit
import Core
import Storage
import Testing

@testable import Consent

@Suite("Consent ledger under tampering")
struct ConsentTamperTests {
    private let fixture: ConsentFixture
    private let person: Subject
    private let other: Subject
    private let start = ConsentFixture.start

    init() throws {
        fixture = try ConsentFixture()
        person = try fixture.newPerson()
        other = try fixture.newPerson()
        for subject in [person, other] {
            try fixture.record([.grant(fixture.letter)], of: subject, effective: start.days(-3))
            try fixture.record([.record(.withdrawn, fixture.letter)], of: subject, effective: start.days(-2))
            try fixture.record([.grant(fixture.offers)], of: subject, effective: start.days(-1))
        }
    }

    private func row(_ sql: StaticString, _ values: SQLValue...) throws -> [UInt8] {
        try #require(try fixture.database.read { try $0.first(sql, values) { try $0.blob(at: 0) } })
    }

    private func head(of subject: Subject) throws -> [UInt8] {
        try row("SELECT head FROM consent_head WHERE subject = ?", .integer(subject.number))
    }

    /// The code of every way to look, and that `doctor` names it too.
    private func expectHistory(_ expected: ErrorCode, naming text: String) throws {
        let error = #expect(throws: ConsentError.self) { try fixture.history(of: person) }
        #expect(error?.code == expected)
        #expect(error?.code.exit == .integrity)
        #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains(person.id.description) == true)
    }

    @Test("no single bit of a head can be changed unnoticed")
    func headBits() throws {
        let head = try head(of: person)
        for index in head.indices {
            var changed = head
            changed[index] ^= 1 << UInt8(index % 8)
            try fixture.tamper(
                "UPDATE consent_head SET head = ? WHERE subject = ?", .blob(changed), .integer(person.number))
            #expect(fixture.code { _ = try fixture.head(of: person) } == ConsentError.headChanged, "byte \(index)")
        }
        for cut in [0, 1, 65, 66, head.count - 1] {
            try fixture.tamper(
                "UPDATE consent_head SET head = ? WHERE subject = ?", .blob(Array(head.prefix(cut))),
                .integer(person.number))
            #expect(fixture.code { _ = try fixture.head(of: person) } == ConsentError.headChanged, "cut to \(cut)")
        }
    }

    @Test("a head of another person does not pass, nor does one's own in another row")
    func headMoved() throws {
        try fixture.tamper(
            "UPDATE consent_head SET head = ? WHERE subject = ?", .blob(try head(of: other)), .integer(person.number))
        #expect(fixture.code { _ = try fixture.head(of: person) } == ConsentError.headChanged)
        let moved = Subject(tenant: other.tenant, number: person.number, id: other.id)
        #expect(fixture.code { _ = try fixture.head(of: moved) } == ConsentError.headChanged)
    }

    @Test("a head taken away is not a person without consents")
    func headRemoved() throws {
        let logged = try fixture.loggedHeads()
        try fixture.tamper("DELETE FROM consent_head WHERE subject = ?", .integer(person.number))
        #expect(fixture.code { _ = try fixture.head(of: person) } == ConsentError.headMissing)
        let found = try fixture.verify(logged: logged)
        #expect(found.findings.map(\.code) == [ConsentError.headMissing, ConsentError.headMissing])
    }

    @Test("nothing can be recorded on top of a head that was changed")
    func noWriteOnChangedHead() throws {
        var changed = try head(of: person)
        changed[70] ^= 1
        try fixture.tamper(
            "UPDATE consent_head SET head = ? WHERE subject = ?", .blob(changed), .integer(person.number))
        let code = fixture.code { try fixture.record([.grant(fixture.letter)], of: person) }
        #expect(code == ConsentError.headChanged)
    }

    @Test("a deleted record is named", arguments: [1, 2, 3])
    func recordDeleted(_ sequence: Int64) throws {
        try fixture.tamper(
            "DELETE FROM consent_record WHERE subject = ? AND sequence = ?", .integer(person.number),
            .integer(sequence))
        try expectHistory(ConsentError.recordMissing, naming: "record \(sequence)")
    }

    @Test("a deleted record is found although the later ones were renumbered")
    func recordDeletedAndRenumbered() throws {
        try fixture.tamper(
            "DELETE FROM consent_record WHERE subject = ? AND sequence = 2", .integer(person.number))
        try fixture.tamper(
            "UPDATE consent_record SET sequence = 2 WHERE subject = ? AND sequence = 3", .integer(person.number))
        try expectHistory(ConsentError.chainBroken, naming: "record 2")
    }

    @Test("records in another order are found")
    func recordsReordered() throws {
        for (from, to) in [(1, 9), (2, 1), (9, 2)] as [(Int64, Int64)] {
            try fixture.tamper(
                "UPDATE consent_record SET sequence = ? WHERE subject = ? AND sequence = ?", .integer(to),
                .integer(person.number), .integer(from))
        }
        try expectHistory(ConsentError.chainBroken, naming: "record 1")
    }

    @Test("a changed record is named", arguments: [1, 2, 3])
    func recordChanged(_ sequence: Int64) throws {
        let body = try row(
            "SELECT body FROM consent_record WHERE subject = ? AND sequence = ?", .integer(person.number),
            .integer(sequence))
        for index in body.indices {
            var changed = body
            changed[index] ^= 0x20
            try fixture.tamper(
                "UPDATE consent_record SET body = ? WHERE subject = ? AND sequence = ?", .blob(changed),
                .integer(person.number), .integer(sequence))
            let error = #expect(throws: ConsentError.self) { try fixture.history(of: person) }
            let found = try #require(error)
            #expect([ConsentError.recordChanged, ConsentError.chainBroken].contains(found.code), "byte \(index)")
            #expect(found.message.contains("record \(sequence)"))
        }
    }

    @Test("a record changed together with its hash is found at the head")
    func recordRehashed() throws {
        let last = try #require(try fixture.history(of: person).last)
        let previous = try row(
            "SELECT chain FROM consent_record WHERE subject = ? AND sequence = 2", .integer(person.number))
        let forged = ConsentRecord(
            sequence: 3, recorded: last.recorded, effective: last.effective, decision: last.decision,
            actor: last.actor, source: "forged", changes: last.changes, evidence: nil
        ).encoded()
        try fixture.tamper(
            "UPDATE consent_record SET body = ?, chain = ? WHERE subject = ? AND sequence = 3", .blob(forged),
            .blob(ConsentRecord.link(previous, forged)), .integer(person.number))
        try expectHistory(ConsentError.chainBroken, naming: "record 3")
    }

    @Test("a record of another person is found")
    func recordMoved() throws {
        let body = try row(
            "SELECT body FROM consent_record WHERE subject = ? AND sequence = 2", .integer(other.number))
        try fixture.tamper(
            "UPDATE consent_record SET body = ? WHERE subject = ? AND sequence = 2", .blob(body),
            .integer(person.number))
        try expectHistory(ConsentError.recordChanged, naming: "record 2")
    }

    @Test("evidence put in, taken out or exchanged is found")
    func evidenceChanged() throws {
        try fixture.tamper(
            "UPDATE consent_record SET evidence = ? WHERE subject = ? AND sequence = 1", .blob([1, 2, 3]),
            .integer(person.number))
        try expectHistory(ConsentError.recordChanged, naming: "record 1")
    }

    @Test("an older head put back is found by its own records")
    func headRolledBack() throws {
        let old = try head(of: person)
        try fixture.record([.record(.withdrawn, fixture.offers)], of: person)
        try fixture.tamper(
            "UPDATE consent_head SET head = ? WHERE subject = ?", .blob(old), .integer(person.number))
        // The head alone passes: that is why the records and the log are compared, too.
        #expect(try fixture.standing(of: person, for: fixture.offers).holds)
        try expectHistory(ConsentError.rolledBack, naming: "record 3")
    }

    @Test("head and records rolled back together are found by the log")
    func allRolledBack() throws {
        let old = try head(of: person)
        try fixture.record([.record(.withdrawn, fixture.offers)], of: person)
        let logged = try fixture.loggedHeads()
        #expect(try fixture.verify(logged: logged).findings.isEmpty)
        try fixture.tamper(
            "UPDATE consent_head SET head = ? WHERE subject = ?", .blob(old), .integer(person.number))
        try fixture.tamper(
            "DELETE FROM consent_record WHERE subject = ? AND sequence = 4", .integer(person.number))
        #expect(try fixture.history(of: person).count == 3)
        let found = try fixture.verify(logged: logged)
        #expect(found.findings.map(\.code) == [ConsentError.rolledBack])
        #expect(found.findings.first?.message.contains(person.id.description) == true)
    }

    @Test("a walk over everything counts people and records and names each finding")
    func verification() throws {
        let logged = try fixture.loggedHeads()
        let sound = try fixture.verify(logged: logged)
        #expect(sound.people == 2)
        #expect(sound.records == 6)
        #expect(sound.findings.isEmpty)

        var unknown = logged
        _ = unknown.take(.consent, of: other.id, tenant: other.tenant)
        #expect(try fixture.verify(logged: unknown).findings.map(\.code) == [ConsentError.headChanged])

        try fixture.tamper("UPDATE consent_record SET chain = ? WHERE sequence = 2", .blob([0]))
        let broken = try fixture.verify(logged: logged)
        #expect(broken.findings.map(\.code) == [ConsentError.recordChanged, ConsentError.recordChanged])
        #expect(broken.people == 2)

        var foreign = try head(of: person)
        foreign[8] = 77
        try fixture.tamper(
            "UPDATE consent_head SET head = ? WHERE subject = ?", .blob(foreign), .integer(person.number))
        let lost = try fixture.verify(logged: logged)
        #expect(
            lost.findings.map(\.code) == [
                ConsentError.headChanged, ConsentError.recordChanged, ConsentError.headMissing,
            ])
    }

    @Test("a walk over more people than one batch misses nobody")
    func verificationInBatches() throws {
        try fixture.mutate { mutation in
            let writer = try fixture.ledger.writer(in: mutation)
            for _ in 0..<1100 { try writer.create(fixture.subject()) }
        }
        let found = try fixture.verify(logged: try fixture.loggedHeads())
        #expect(found.people == 1102)
        #expect(found.findings.isEmpty)
    }
}
