import Core
import TestSupport
import Testing

@testable import Consent

/// What the ledger should come to, written as plainly as possible: no codes, no chain, no bytes.
private struct Model {
    struct Answer {
        var word: String
        var since: Timestamp?
        var recorded: Timestamp
        var expires: Timestamp?
        var version: String?
    }

    var answers: [String: Answer] = [:]
    var restricted: Set<String> = []
    var objected: Set<String> = []

    func isOpen(_ name: String, _ now: Timestamp) -> Bool {
        guard let answer = answers[name], answer.word == "granted" else { return false }
        return answer.expires == nil || answer.expires! > now
    }

    mutating func say(
        _ word: String, _ name: String, at now: Timestamp, given: Timestamp?, expires: Timestamp?, version: String?
    ) -> ConsentOutcome.Result {
        let before = answers[name]
        let isYes = word == "granted" || word == "expired"
        let wasNo = before?.word == "refused" || before?.word == "withdrawn"
        // A no of unknown date was said when it was recorded, at the latest.
        let moment = before.flatMap { $0.since ?? ($0.word == "granted" ? nil : $0.recorded) }
        if let before {
            if given == nil, word == "granted", !isOpen(name, now) { return .outdated }
            if let given, let moment, given <= moment {
                if before.word == "refused", before.since != nil, isYes {
                    answers[name]?.word = "withdrawn"
                    return .recorded
                }
                if given < moment { return .outdated }
                if word == "granted", !isOpen(name, now) { return .outdated }
                if word == "expired", wasNo { return .outdated }
            }
        }
        var word = word
        if word == "refused", let before, before.word != "refused" { word = "withdrawn" }
        let isLater = given.map { given in moment.map { given > $0 } ?? true } ?? false
        if let before, before.word == word, !isLater {
            if word != "granted" { return .unchanged }
            if isOpen(name, now), before.expires == expires, before.version == version { return .unchanged }
        }
        answers[name] = Answer(word: word, since: given, recorded: now, expires: expires, version: version)
        return .recorded
    }

    mutating func mark(_ set: WritableKeyPath<Model, Set<String>>, _ name: String, _ on: Bool) -> ConsentOutcome.Result
    {
        if self[keyPath: set].contains(name) == on { return .unchanged }
        if on { self[keyPath: set].insert(name) } else { self[keyPath: set].remove(name) }
        return .recorded
    }

    func reason(_ name: String, consentNeeded: Bool, _ now: Timestamp) -> String {
        if restricted.contains(name) || restricted.contains("*") { return "restricted" }
        if consentNeeded, objected.contains(name) || objected.contains("*") { return "objected" }
        if !consentNeeded || isOpen(name, now) { return "holds" }
        switch answers[name]?.word {
        case "granted", "expired": return "consent_expired"
        case "withdrawn": return "consent_withdrawn"
        default: return "no_consent"
        }
    }
}

@Suite("Consent ledger against a model")
struct ConsentModelTests {
    @Test("any sequence of acts ends where a plain model says, and its history checks")
    func matchesModel() throws {
        var random = SeededGenerator.announced("consent model")
        let fixture = try ConsentFixture()
        let asked = (0..<4).map { ConsentFixture.purpose("ask\($0)") }
        let contract = ConsentFixture.purpose("contract", .contract)
        for _ in 0..<SeededGenerator.rounds(quick: 60, soak: 2000) {
            let person = try fixture.newPerson()
            var model = Model()
            var now = ConsentFixture.start
            for _ in 0..<Int.random(in: 1...25, using: &random) {
                now = now.adding(seconds: Int64.random(in: 0...400_000, using: &random))
                let given: Timestamp? =
                    Bool.random(using: &random)
                    ? nil : now.adding(seconds: -Int64.random(in: 0...3, using: &random) * 100_000)
                var changes: [ConsentChange] = []
                var expected: [ConsentOutcome.Result] = []
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let purpose = asked.randomElement(using: &random)!
                    let anything = [purpose, contract, nil].randomElement(using: &random)!
                    let name = anything?.name ?? "*"
                    switch Int.random(in: 0..<8, using: &random) {
                    case 0, 1, 2:
                        let end: Timestamp? = Bool.random(using: &random) ? nil : now.days(2)
                        let version: String? = Bool.random(using: &random) ? nil : "1"
                        changes.append(
                            .grant(
                                purpose, lifetime: end.map { .until($0) } ?? .unlimited,
                                notice: version.map { Notice(id: "n", version: $0) }))
                        expected.append(
                            model.say("granted", purpose.name, at: now, given: given, expires: end, version: version))
                    case 3:
                        let state = [ConsentState.refused, .withdrawn, .expired].randomElement(using: &random)!
                        changes.append(.record(state, purpose))
                        expected.append(
                            model.say(
                                state.description, purpose.name, at: now, given: given, expires: nil, version: nil))
                    case 4:
                        changes.append(.record(.restricted, anything))
                        expected.append(model.mark(\.restricted, name, true))
                    case 5:
                        changes.append(.record(.objected, anything))
                        expected.append(model.mark(\.objected, name, true))
                    case 6:
                        changes.append(.record(.restrictionLifted, anything))
                        expected.append(model.mark(\.restricted, name, false))
                    default:
                        changes.append(.record(.objectionLifted, anything))
                        expected.append(model.mark(\.objected, name, false))
                    }
                }
                let outcome = try fixture.record(changes, of: person, at: now, effective: given)
                #expect(outcome.results == expected)
                let head = try fixture.head(of: person)
                #expect(head == outcome.head)
                for time in [now, now.days(3)] {
                    for purpose in asked + [contract] {
                        let reason =
                            switch head.standing(for: purpose, at: time) {
                            case .holds: "holds"
                            case .closed(let reason): reason.rawValue
                            }
                        let consentNeeded = purpose.basis == .consent
                        #expect(reason == model.reason(purpose.name, consentNeeded: consentNeeded, time))
                    }
                }
            }
            let records = try fixture.history(of: person)
            #expect(UInt64(records.count) == (try fixture.head(of: person).sequence))
        }
        #expect(try fixture.verify(logged: try fixture.loggedHeads()).findings.isEmpty)
    }

    @Test("a record's bytes read back as they were written, and mutated ones are refused or read, never crash")
    func recordBytes() throws {
        var random = SeededGenerator.announced("consent record bytes")
        let record = ConsentRecord(
            sequence: 7, recorded: ConsentFixture.start, effective: ConsentFixture.start.days(-1),
            decision: UniqueID(high: 1, low: 2), actor: Principal(.service, "crm"), source: "import crm",
            changes: [
                RecordedChange(
                    purpose: "letter", state: .granted, basis: .consent, expires: ConsentFixture.start,
                    notice: Notice(id: "n", version: "1")),
                RecordedChange(purpose: "*", state: .restricted, basis: nil, expires: nil, notice: nil),
            ], evidence: ConsentRecord.EvidenceSeal(keyID: 3, digest: Array(repeating: 5, count: 32)))
        let bytes = record.encoded()
        #expect(ConsentRecord(bytes) == record)
        for cut in bytes.indices { #expect(ConsentRecord(Array(bytes.prefix(cut))) == nil) }
        for _ in 0..<SeededGenerator.rounds(quick: 5000, soak: 200_000) {
            let mutated = random.mutate(bytes, interesting: [0, 1, 2, 3, 255])
            if let read = ConsentRecord(mutated) { #expect(read.encoded() == mutated) }
        }
    }
}
