import TestSupport
import Testing

@testable import Cedar

/// Ours against the engine of Cedar's authors, over whatever a seed brings.
@Suite("Differential")
struct DifferentialTests {
    private static let requestsEach = 10
    private static let casesAtOnce = 200

    @Test("random policies decide random requests as the official engine decides them")
    func agreement() throws {
        guard let official = try OfficialEngine() else { return }
        let generator = SeededGenerator.announced("Differential, beside \(official.version)")
        var random = RandomExpressions(random: generator)
        let batches = SeededGenerator.rounds(quick: 1, soak: 60)
        var tally = Tally()
        for _ in 0..<batches {
            let cases = (0..<Self.casesAtOnce).map { _ in RandomCase(&random, requests: Self.requestsEach) }
            for (example, theirs) in zip(cases, try official.answers(cases)) { tally.compare(example, theirs) }
        }
        print(
            "\(tally.requests) requests to \(tally.sets) sets compared: \(tally.allowed) allowed, "
                + "\(tally.erring) with policies that erred, \(tally.refused) sets refused by both, "
                + "\(tally.differences) differences")
        #expect(tally.differences == 0)
        // A generator whose requests all came to the same would show nothing.
        #expect(tally.sets + tally.refused == batches * Self.casesAtOnce && tally.refused < tally.sets / 5)
        #expect(tally.allowed > tally.requests / 10 && tally.erring > tally.requests / 10)
        #expect(tally.allowed < tally.requests / 2)
    }

    @Test("random policies are valid by random schemas where the official engine finds them so")
    func validation() throws {
        guard let official = try OfficialEngine() else { return }
        let generator = SeededGenerator.announced("Differential validation, beside \(official.version)")
        var random = RandomExpressions(random: generator)
        var (compared, valid, differences) = (0, 0, 0)
        for _ in 0..<SeededGenerator.rounds(quick: 3, soak: 60) {
            let cases = (0..<Self.casesAtOnce).map { _ in RandomValidation(&random) }
            let verdicts = try official.verdicts(cases)
            #expect(verdicts.count == cases.count)
            for (example, theirs) in zip(cases, verdicts) {
                compared += 1
                valid += theirs ? 1 : 0
                guard try example.isValid() != theirs else { continue }
                differences += 1
                Issue.record("valid for \(theirs ? "them" : "us") alone\n\(example.policies)\n\(example.schema)")
            }
        }
        print("\(compared) policies validated: \(valid) valid, \(differences) differences")
        #expect(differences == 0)
        // A generator whose policies were all alike would show nothing.
        #expect(valid > compared / 5 && valid < compared * 4 / 5)
    }

    private struct Tally {
        var sets = 0
        var requests = 0
        var allowed = 0
        var erring = 0
        var refused = 0
        var differences = 0

        mutating func compare(_ example: RandomCase, _ theirs: [OfficialEngine.Answer]?) {
            var why = ""
            let ours: [OfficialEngine.Answer]?
            do { ours = try example.ours() } catch {
                ours = nil
                why = String(describing: error)
            }
            guard let ours, let theirs else {
                guard ours != nil || theirs != nil else { return refused += 1 }
                differences += 1
                Issue.record("refused by \(ours == nil ? "us alone: \(why)" : "them alone")\n\(example.policies)")
                return
            }
            sets += 1
            #expect(ours.count == theirs.count)
            for (place, (our, their)) in zip(ours, theirs).enumerated() {
                requests += 1
                allowed += our.decision == "allow" ? 1 : 0
                erring += our.erred.isEmpty ? 0 : 1
                guard our != their else { continue }
                differences += 1
                Issue.record(
                    "\(our) instead of \(their)\n\(example.policies)\n\(example.questions[place])\n\(example.entities)")
            }
        }
    }
}

extension RandomCase {
    /// What our engine says; throws where it refuses the texts.
    fileprivate func ours() throws -> [OfficialEngine.Answer] {
        let set = try PolicySet(parsing: policies).linking(
            links.map {
                TemplateLink(
                    template: PolicyID("policy\($0.template)"), id: PolicyID($0.id), principal: $0.principal,
                    resource: $0.resource)
            })
        let entities = try Entities(json: entities)
        return try questions.map { question in
            let response = set.isAuthorized(
                Request(
                    principal: question.principal, action: question.action, resource: question.resource,
                    context: try Record(json: question.context)),
                entities: entities)
            return OfficialEngine.Answer(
                decision: response.decision.rawValue, reasons: response.reasons.map(\.description).sorted(),
                erred: response.errors.map(\.policy.description).sorted())
        }
    }
}
