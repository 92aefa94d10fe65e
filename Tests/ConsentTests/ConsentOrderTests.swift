import Core
import TestSupport
import Testing

@testable import Consent

@Suite("Consents of known times")
struct ConsentOrderTests {
    private let fixture: ConsentFixture
    private let start = ConsentFixture.start

    init() throws { fixture = try ConsentFixture() }

    private func change(_ isYes: Bool, _ purpose: PurposeDefinition) -> ConsentChange {
        isYes ? .grant(purpose) : .record(.refused, purpose)
    }

    @Test("come to the same in whatever order they are recorded, and recording them again changes nothing")
    func order() throws {
        var random = SeededGenerator.announced("order of consents")
        for _ in 0..<SeededGenerator.rounds(quick: 60, soak: 2000) {
            // `offers` holds for thirty days, so that some have run out.
            let purpose = Bool.random(using: &random) ? fixture.letter : fixture.offers
            let acts = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                (isYes: Bool.random(using: &random), time: start.days(-Int64.random(in: 0...5, using: &random) * 9))
            }
            var expected: [Standing]?
            for _ in 0..<4 {
                let person = try fixture.newPerson()
                for act in acts.shuffled(using: &random) {
                    try fixture.record([change(act.isYes, purpose)], of: person, effective: act.time)
                }
                let head = try fixture.head(of: person)
                let standings = [start, start.days(10), start.days(40)].map { head.standing(for: purpose, at: $0) }
                #expect(standings == expected ?? standings, "\(acts)")
                expected = standings
                for act in acts.shuffled(using: &random) {
                    let again = try fixture.record(
                        [change(act.isYes, purpose)], of: person, at: start.days(40), effective: act.time)
                    #expect(!again.changed, "\(acts)")
                }
                // The newest answer holds, and of two at once the no.
                let newest = try #require(acts.map(\.time).max())
                let isOpen = acts.allSatisfy { $0.isYes || $0.time < newest }
                #expect(head.standing(for: purpose, at: newest).holds == isOpen || newest < start.days(-29))
            }
        }
        #expect(try fixture.verify(logged: try fixture.loggedHeads()).findings.isEmpty)
    }

    @Test("are recorded again when they are given again, so that one from between undoes nothing")
    func repeated() throws {
        for isYes in [true, false] {
            let person = try fixture.newPerson()
            for days in [-9, -3] as [Int64] {
                let outcome = try fixture.record(
                    [change(isYes, fixture.letter)], of: person, effective: start.days(days))
                #expect(outcome.results == [.recorded])
            }
            let between = try fixture.record([change(!isYes, fixture.letter)], of: person, effective: start.days(-6))
            #expect(try fixture.standing(of: person, for: fixture.letter).holds == isYes)
            // Who agreed in between has withdrawn what they refused.
            #expect(between.results == [isYes ? .outdated : .recorded])
        }
    }

    @Test("make a refusal a withdrawal when it is learnt afterwards that there was a yes before")
    func lateYes() throws {
        let person = try fixture.newPerson()
        try fixture.record([.record(.refused, fixture.letter)], of: person, effective: start.days(-2))
        #expect(try fixture.standing(of: person, for: fixture.letter) == .closed(.noConsent))
        for (days, result) in [(-5, .recorded), (-3, .outdated)] as [(Int64, ConsentOutcome.Result)] {
            let late = try fixture.record([.grant(fixture.letter)], of: person, effective: start.days(days))
            #expect(late.results == [result])
            #expect(try fixture.standing(of: person, for: fixture.letter) == .closed(.consentWithdrawn))
        }
        let history = try fixture.history(of: person)
        #expect(history.map { $0.changes.map(\.state) } == [[.refused], [.granted]])
        let newest = try #require(history.newestAnswer(for: "letter"))
        #expect(newest.change.state == .refused && newest.record.effective == start.days(-2))
        try fixture.record([.grant(fixture.letter)], of: person, effective: start.days(-1))
        #expect(try fixture.history(of: person).newestAnswer(for: "letter")?.record.effective == start.days(-1))
        #expect(try fixture.verify(logged: try fixture.loggedHeads()).findings.isEmpty)
    }

    @Test("reopen what a no of unknown date closed only when they are later than its record")
    func unknownNo() throws {
        let person = try fixture.newPerson()
        try fixture.record([.record(.refused, fixture.letter)], of: person)
        let now = start.days(10)
        for (days, result) in [
            (-3, .outdated), (0, .outdated), (1, .recorded),
        ] as [(Int64, ConsentOutcome.Result)] {
            let outcome = try fixture.record(
                [.grant(fixture.letter)], of: person, at: now, effective: start.days(days))
            #expect(outcome.results == [result])
            #expect(try fixture.standing(of: person, for: fixture.letter).holds == (result == .recorded))
        }
        let older = try fixture.record(
            [.record(.refused, fixture.letter)], of: person, at: now, effective: start.days(-3))
        #expect(older.results == [.outdated])
    }

    @Test("give a yes of unknown date its time when it becomes known")
    func datedLater() throws {
        let person = try fixture.newPerson()
        try fixture.record([.grant(fixture.offers)], of: person)
        #expect(try fixture.record([.grant(fixture.offers)], of: person, effective: start.days(-20)).changed)
        #expect(try fixture.standing(of: person, for: fixture.offers, at: start.days(11)) == .closed(.consentExpired))
        #expect(try fixture.record([.grant(fixture.offers)], of: person).results == [.unchanged])
    }
}
