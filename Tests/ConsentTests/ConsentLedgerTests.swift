import Audit
import Core
import Secrets
import Storage
import Testing

@testable import Consent

@Suite("Consent ledger")
struct ConsentLedgerTests {
    private let fixture: ConsentFixture
    private let start = ConsentFixture.start

    init() throws { fixture = try ConsentFixture() }

    @Test("absent means no, for a person who has a head")
    func absentMeansNo() throws {
        let person = try fixture.newPerson()
        #expect(try fixture.head(of: person).sequence == 0)
        #expect(try fixture.standing(of: person, for: fixture.letter) == .closed(.noConsent))
        #expect(try fixture.standing(of: person, for: fixture.support) == .holds(.contract))
        #expect(try fixture.history(of: person).isEmpty)
    }

    @Test("a person without a head is an integrity error, not a person without consents")
    func missingHead() throws {
        let stranger = fixture.subject()
        #expect(fixture.code { _ = try fixture.head(of: stranger) } == ConsentError.headMissing)
        #expect(ConsentError.headMissing.exit == .integrity)
        #expect(fixture.code { try fixture.record([.grant(fixture.letter)], of: stranger) } == ConsentError.headMissing)
    }

    @Test("what is granted holds, what is withdrawn closes at once")
    func grantAndWithdraw() throws {
        let person = try fixture.newPerson()
        #expect(try fixture.record([.grant(fixture.letter)], of: person, effective: start).changed)
        #expect(try fixture.standing(of: person, for: fixture.letter) == .holds(.consent))
        #expect(try fixture.standing(of: person, for: fixture.offers) == .closed(.noConsent))
        let later = start.days(1)
        try fixture.record([.record(.withdrawn, fixture.letter)], of: person, at: later, effective: later)
        #expect(try fixture.standing(of: person, for: fixture.letter, at: later) == .closed(.consentWithdrawn))
        #expect(try fixture.history(of: person).map { $0.changes.map(\.state) } == [[.granted], [.withdrawn]])
    }

    @Test("withdrawing twice writes nothing the second time")
    func withdrawTwice() throws {
        let person = try fixture.newPerson()
        #expect(try fixture.record([.record(.withdrawn, fixture.letter)], of: person, effective: start).changed)
        let again = try fixture.record([.record(.withdrawn, fixture.letter)], of: person, effective: start)
        #expect(again.results == [.unchanged])
        #expect(again.head.sequence == 1)
        #expect(try fixture.standing(of: person, for: fixture.letter) == .closed(.consentWithdrawn))
    }

    @Test("a record keeps who, when, why and under which notice")
    func recordKeepsAll() throws {
        let person = try fixture.newPerson()
        try fixture.record([.grant(fixture.offers), .grant(fixture.letter)], of: person, effective: start.days(-1))
        let record = try #require(try fixture.history(of: person).first)
        #expect(record.sequence == 1)
        #expect(record.recorded == start)
        #expect(record.effective == start.days(-1))
        #expect(record.actor == Principal(.operator, "owner"))
        #expect(record.source == "test")
        #expect(record.changes.map(\.purpose) == ["offers", "letter"])
        #expect(record.changes[0].notice == Notice(id: "privacy", version: "1"))
        #expect(record.changes[0].expires == start.days(29))
        #expect(record.changes[0].basis == .consent)
        #expect(record.changes[1].expires == nil)
    }

    @Test("several purposes of one act are one record")
    func oneActOneRecord() throws {
        let person = try fixture.newPerson()
        let outcome = try fixture.record(
            [.grant(fixture.letter), .grant(fixture.offers), .record(.refused, fixture.offers)], of: person)
        #expect(outcome.head.sequence == 1)
        #expect(outcome.results == [.recorded, .recorded, .recorded])
        // What is on record: who has said yes withdraws by saying no.
        #expect(outcome.states == [.granted, .granted, .withdrawn])
        #expect(try fixture.standing(of: person, for: fixture.offers) == .closed(.consentWithdrawn))
        #expect(try fixture.history(of: person).count == 1)
    }

    @Test("a consent ends when its time is over, and can be renewed")
    func expiryAndRenewal() throws {
        let person = try fixture.newPerson()
        try fixture.record([.grant(fixture.offers)], of: person, effective: start)
        #expect(try fixture.standing(of: person, for: fixture.offers, at: start.days(29)) == .holds(.consent))
        let late = start.days(31)
        #expect(try fixture.standing(of: person, for: fixture.offers, at: late) == .closed(.consentExpired))
        try fixture.record([.grant(fixture.offers)], of: person, at: late, effective: late)
        #expect(try fixture.standing(of: person, for: fixture.offers, at: late) == .holds(.consent))
    }

    @Test("a consent under another notice, or until another day, is recorded anew; the same is not")
    func renewals() throws {
        let person = try fixture.newPerson()
        let until = ConsentChange.Lifetime.until(start.days(10))
        #expect(try fixture.record([.grant(fixture.letter, lifetime: until)], of: person).changed)
        #expect(try fixture.record([.grant(fixture.letter, lifetime: until)], of: person).changed == false)
        #expect(try fixture.record([.grant(fixture.letter, lifetime: .until(start.days(11)))], of: person).changed)
        let notice = Notice(id: "privacy", version: "2")
        let renewed = ConsentChange.grant(fixture.letter, lifetime: .until(start.days(11)), notice: notice)
        #expect(try fixture.record([renewed], of: person).changed)
        #expect(try fixture.record([renewed], of: person).changed == false)
        #expect(try fixture.history(of: person).count == 3)
    }

    @Test("importing the same rows again changes nothing")
    func repeatedImport() throws {
        let person = fixture.subject()
        let rows: [ConsentChange] = [
            .grant(fixture.letter), .grant(fixture.offers), .record(.refused, ConsentFixture.purpose("third")),
        ]
        let origin = ConsentOrigin(source: "import", effective: nil)
        try fixture.mutate { try fixture.ledger.writer(in: $0).create(person, recording: rows, from: origin) }
        let before = try fixture.head(of: person)
        let again = try fixture.record(rows, of: person, at: start.days(5))
        #expect(again.results == [.unchanged, .unchanged, .unchanged])
        #expect(try fixture.head(of: person) == before)
    }

    @Test("a `yes` of unknown date reopens nothing that was closed")
    func staleYes() throws {
        for closing in [ConsentState.withdrawn, .refused, .expired] {
            let person = try fixture.newPerson()
            try fixture.record([.record(closing, fixture.letter)], of: person, effective: start)
            let outcome = try fixture.record([.grant(fixture.letter)], of: person, at: start.days(1))
            #expect(outcome.results == [.outdated])
            #expect(try fixture.standing(of: person, for: fixture.letter).holds == false)
        }
        let lapsed = try fixture.newPerson()
        try fixture.record([.grant(fixture.offers)], of: lapsed)
        #expect(try fixture.record([.grant(fixture.offers)], of: lapsed, at: start.days(40)).results == [.outdated])
    }

    @Test("the later act wins, whenever it arrives, and of two at once the `no`")
    func laterActWins() throws {
        let person = try fixture.newPerson()
        try fixture.record([.record(.withdrawn, fixture.letter)], of: person, effective: start.days(-2))
        let old = try fixture.record([.grant(fixture.letter)], of: person, effective: start.days(-3))
        #expect(old.results == [.outdated])
        #expect(
            try fixture.record([.grant(fixture.letter)], of: person, effective: start.days(-2)).results == [.outdated])
        #expect(try fixture.record([.grant(fixture.letter)], of: person, effective: start.days(-1)).changed)
        let late = try fixture.record([.record(.withdrawn, fixture.letter)], of: person, effective: start.days(-2))
        #expect(late.results == [.outdated])
        #expect(try fixture.standing(of: person, for: fixture.letter) == .holds(.consent))
        #expect(try fixture.record([.record(.refused, fixture.letter)], of: person, effective: start.days(-1)).changed)
        #expect(try fixture.standing(of: person, for: fixture.letter) == .closed(.consentWithdrawn))
    }

    @Test("a consent whose days have run out before it was recorded is recorded as expired")
    func longAgo() throws {
        let person = try fixture.newPerson()
        try fixture.record([.grant(fixture.offers)], of: person, effective: start.days(-100))
        #expect(try fixture.standing(of: person, for: fixture.offers) == .closed(.consentExpired))
        #expect(try fixture.history(of: person).first?.changes.first?.expires == start.days(-70))
    }

    @Test("a restriction or an objection stays until it is lifted, and the consent is still there then")
    func restrictionStays() throws {
        let person = try fixture.newPerson()
        try fixture.record([.grant(fixture.letter)], of: person)
        try fixture.record([.record(.restricted, nil), .record(.objected, fixture.letter)], of: person)
        #expect(try fixture.standing(of: person, for: fixture.letter) == .closed(.restricted))
        #expect(try fixture.standing(of: person, for: fixture.support) == .closed(.restricted))
        try fixture.record(
            [.grant(fixture.letter, lifetime: .until(start.days(3)))], of: person, at: start.days(1),
            effective: start.days(1))
        #expect(try fixture.standing(of: person, for: fixture.letter) == .closed(.restricted))
        try fixture.record([.record(.restrictionLifted, fixture.letter)], of: person)
        #expect(try fixture.standing(of: person, for: fixture.letter) == .closed(.restricted))
        try fixture.record([.record(.restrictionLifted, nil)], of: person)
        #expect(try fixture.standing(of: person, for: fixture.letter) == .closed(.objected))
        #expect(try fixture.standing(of: person, for: fixture.support) == .holds(.contract))
        try fixture.record([.record(.objectionLifted, fixture.letter)], of: person)
        #expect(try fixture.standing(of: person, for: fixture.letter) == .holds(.consent))
        #expect(try fixture.record([.record(.objectionLifted, nil)], of: person).results == [.unchanged])
        #expect(try fixture.history(of: person).count == 5)
    }

    @Test("refuses what makes no sense, and writes nothing of the act")
    func refusesNonsense() throws {
        let person = try fixture.newPerson()
        let cases: [([ConsentChange], Timestamp?, ErrorCode)] = [
            ([.grant(fixture.letter, lifetime: .until(start))], nil, ConsentError.expiryInPast),
            ([.grant(fixture.letter), .grant(fixture.support)], nil, ConsentError.basisIsNotConsent),
            ([.record(.withdrawn, fixture.fraud)], nil, ConsentError.basisIsNotConsent),
            ([.grant(fixture.letter), .record(.withdrawn, nil)], nil, ConsentError.notForAllPurposes),
            ([.grant(fixture.letter)], start.adding(seconds: 1), ConsentError.effectiveInFuture),
            (
                [.grant(fixture.letter, notice: Notice(id: String(repeating: "n", count: 256), version: "1"))], nil,
                ConsentError.tooLong
            ),
        ]
        for (changes, effective, expected) in cases {
            let code = fixture.code { try fixture.record(changes, of: person, effective: effective) }
            #expect(code == expected)
            #expect(code?.exit == .usage)
        }
        #expect(try fixture.history(of: person).isEmpty)
        #expect(try fixture.head(of: person).sequence == 0)
    }

    @Test("evidence is sealed for its person and record, and opens as it was given")
    func evidence() throws {
        let person = try fixture.newPerson()
        let key = try ProfileKey.random()
        let canary = Array("canary: form signed by Ada".utf8)
        try fixture.record(
            [.grant(fixture.letter)], of: person,
            evidence: ConsentEvidence(canary, sealer: Sealer(key), keyID: 9))
        let record = try #require(try fixture.history(of: person).first)
        #expect(record.hasEvidence)
        let (cell, binding) = try #require(
            try fixture.database.read { try fixture.ledger.evidence(of: person, record: record, on: $0) })
        #expect(binding.keyID == 9)
        let opened = try Opener(key).withOpened(cell[...], binding: binding) { Array($0) }
        #expect(opened == canary)
        #expect(!cell.contains(subsequence: canary))
    }

    @Test("keeps tenants apart: a head of one is nothing to the other")
    func tenants() throws {
        let person = try fixture.newPerson(tenant: TenantID(2))
        let impostor = Subject(tenant: TenantID(1), number: person.number, id: person.id)
        #expect(fixture.code { _ = try fixture.head(of: impostor) } == ConsentError.headChanged)
    }

    @Test("a row of known date that comes again changes nothing, and a later one renews")
    func datedRows() throws {
        let person = try fixture.newPerson()
        let given = start.days(-3)
        #expect(try fixture.record([.grant(fixture.offers)], of: person, effective: given).changed)
        #expect(
            try fixture.record([.grant(fixture.offers)], of: person, at: start.days(1), effective: given).changed
                == false)
        #expect(try fixture.record([.grant(fixture.offers)], of: person, at: start.days(1), effective: start).changed)
        #expect(try fixture.standing(of: person, for: fixture.offers, at: start.days(29)) == .holds(.consent))
    }

    @Test("what was drafted elsewhere is stored as if it had been recorded here")
    func drafts() throws {
        let people = (0..<20).map { _ in fixture.subject() }
        let authorization = fixture.authorization(at: start)
        let origin = ConsentOrigin(source: "import", effective: nil)
        let drafts = try people.map { person in
            try fixture.ledger.draft(
                of: person, recording: person.number.isMultiple(of: 2) ? [.grant(fixture.letter)] : [], from: origin,
                under: authorization)
        }
        try fixture.log.mutate(authorization) { mutation in
            let writer = try fixture.ledger.writer(in: mutation)
            for draft in drafts { try writer.create(draft) }
        }
        for (person, draft) in zip(people, drafts) {
            #expect(try fixture.head(of: person) == draft.head)
            #expect(try fixture.history(of: person).count == (person.number.isMultiple(of: 2) ? 1 : 0))
        }
    }

    @Test("reads many people of one tenant in order, and no one of another")
    func readsMany() throws {
        var mine: [Subject] = []
        for _ in 0..<10 {
            mine.append(try fixture.newPerson())
            _ = try fixture.newPerson(tenant: TenantID(2))
        }
        try fixture.record([.grant(fixture.letter)], of: mine[4])
        try fixture.database.read { connection in
            let reader = try fixture.ledger.reader(of: ConsentFixture.tenant, on: connection)
            var seen: [Subject] = []
            try reader.forEach(in: mine[2].number...mine[8].number) { subject, head in
                seen.append(subject)
                let alone = try reader.head(of: subject)
                #expect(head == alone)
                #expect(head.standing(for: fixture.letter, at: start).holds == (subject == mine[4]))
            }
            #expect(seen == Array(mine[2...8]))
        }
        try fixture.tamper("UPDATE consent_head SET head = ? WHERE subject = ?", .blob([1]), .integer(mine[3].number))
        let code = fixture.code {
            try fixture.database.read { connection in
                try fixture.ledger.reader(of: ConsentFixture.tenant, on: connection).forEach(in: 0...(.max)) { _, _ in }
            }
        }
        #expect(code == ConsentError.headChanged)
    }

    @Test("tells what it holds of a person")
    func report() throws {
        let person = try fixture.newPerson()
        try fixture.record([.grant(fixture.letter)], of: person)
        let report = try PersonalConsents(database: fixture.database).describe(person)
        #expect(report.map(\.items) == [1, 1, 0])
    }

    @Test("misses evidence that is gone, unless its person is erased")
    func evidenceGone() throws {
        let person = try fixture.newPerson()
        let other = try fixture.newPerson()
        try fixture.record([.grant(fixture.letter)], of: person)
        let evidence = ConsentEvidence(Array("signed".utf8), sealer: Sealer(try ProfileKey.random()), keyID: 1)
        try fixture.record([.grant(fixture.offers)], of: person, evidence: evidence)
        let erased = try fixture.mutate { mutation in
            try PersonalConsents(database: fixture.database).erase(person, in: mutation)
        }
        #expect(erased.map(\.items) == [1, 2, 1])
        #expect(erased.map(\.act) == [.kept, .kept, .erased])
        let logged = try fixture.loggedHeads()
        #expect(try fixture.verify(logged: logged, erased: [person.number]).findings.isEmpty)
        for wrong in [[], [other.number]] as [Set<Int64>] {
            #expect(
                try fixture.verify(logged: logged, erased: wrong).findings.map(\.code) == [ConsentError.recordChanged])
        }
    }
}

extension Array where Element == UInt8 {
    func contains(subsequence: [UInt8]) -> Bool {
        guard count >= subsequence.count else { return false }
        return (0...(count - subsequence.count)).contains {
            self[$0..<($0 + subsequence.count)].elementsEqual(subsequence)
        }
    }
}
