import TestSupport
import Testing

@testable import Cedar

/// What an explanation says would lead to the opposite decision, granted in every way a small world has, and decided.
@Suite("The opposite decision")
struct OppositeTests {
    /// One state of everything that the policies of these tests can look at.
    struct Office {
        var roles: Set<String>
        var purpose: String
        var mfa: Bool?
        var level: Int64

        static let roleNames = ["a", "b", "c"]
        static let all: [Office] = (0..<8).flatMap { roles in
            ["P", "Q", "R", "S"].flatMap { purpose in
                [true, false, nil].flatMap { mfa in
                    (0..<4).map { level in
                        Office(
                            roles: Set(roleNames.enumerated().filter { roles >> $0.offset & 1 == 1 }.map(\.element)),
                            purpose: purpose, mfa: mfa, level: level)
                    }
                }
            }
        }

        var request: Request {
            var context: [String: Value] = [
                "purpose": .entity(EntityUID(type: "Purpose", id: purpose)), "level": .long(level),
            ]
            context["mfa"] = mfa.map { .bool($0) }
            return Request(principal: World.ada, action: World.read, resource: World.report, context: context)
        }

        func entities() throws -> Entities {
            try Entities(
                [Entity(World.ada, parents: roles.map { EntityUID(type: "Role", id: $0) })]
                    + Self.roleNames.map { Entity(EntityUID(type: "Role", id: $0)) })
        }

        /// Whether the other differs in nothing that these texts do not speak of.
        func agrees(with other: Office, but texts: String) -> Bool {
            (purpose == other.purpose || texts.contains("purpose")) && (mfa == other.mfa || texts.contains("mfa"))
                && (level == other.level || texts.contains("level"))
                && Self.roleNames.allSatisfy {
                    roles.contains($0) == other.roles.contains($0) || texts.contains("Role::\"\($0)\"")
                }
        }
    }

    private static func condition(_ depth: Int, _ random: inout RandomExpressions) -> String {
        guard depth > 0, !random.oneIn(3) else {
            let purpose = random.pick(["P", "Q", "R"])
            return random.pick([
                "context.purpose == Purpose::\"\(purpose)\"", "context.purpose != Purpose::\"\(purpose)\"",
                "[Purpose::\"P\", Purpose::\"\(purpose)\"].contains(context.purpose)",
                "context.purpose in [Purpose::\"R\", Purpose::\"\(purpose)\"]", "context has mfa", "context.mfa",
                "context.level > \(random.below(3))", "context.level <= \(random.below(3))", "context.level == 2",
                "principal in Role::\"\(random.pick(Office.roleNames))\"", "context.level * 2 == 4",
                "resource is Report",
                "9223372036854775807 + 1 == 0",
            ])
        }
        let (one, other) = (condition(depth - 1, &random), condition(depth - 1, &random))
        switch random.below(6) {
        case 0: return "!(\(one))"
        case 1: return "(if \(condition(0, &random)) then \(one) else \(other))"
        case 2, 3: return "(\(one) || \(other))"
        default: return "(\(one) && \(other))"
        }
    }

    private static func policies(_ random: inout RandomExpressions) -> String {
        (0..<(1 + random.below(4))).map { _ in
            let principal = random.oneIn(2) ? "principal" : "principal in Role::\"\(random.pick(Office.roleNames))\""
            let clause = random.oneIn(4) ? "unless" : "when"
            return "\(random.oneIn(3) ? "forbid" : "permit") (\(principal), action, resource) "
                + "\(clause) { \(condition(2, &random)) };"
        }.joined(separator: "\n")
    }

    /// Each way as its parts.
    private func ways(_ change: Explanation.Change?) -> [[(part: Explanation.Part, holds: Bool)]] {
        switch change {
        case nil: []
        case .part(let part, let holds)?: [[(part, holds)]]
        case .all(let changes)?: [changes.flatMap { ways($0).flatMap { $0 } }]
        case .any(let changes)?: changes.flatMap { ways($0) }
        }
    }

    @Test(
        "is what every request gets that is as one of the ways says, and is found where there is one",
        arguments: [false, true])
    func isTrue(_ closes: Bool) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = RandomExpressions(random: SeededGenerator(seed: seed))
        let offices = Office.all
        let entities = try offices.map { try $0.entities() }
        var (told, tried) = (0, 0)
        for round in 0..<40 {
            let text = Self.policies(&random)
            let set = try PolicySet(parsing: text)
            let responses = offices.indices.map {
                set.isAuthorized(offices[$0].request, entities: entities[$0])
            }
            let decisions = responses.map { $0.decision == .allow && !(closes && !$0.errors.isEmpty) }
            let place = random.below(offices.count)
            let explanation = set.explain(
                offices[place].request, entities: entities[place], closingOnFailure: closes)
            let note: Comment = "seed \(seed), round \(round): \(offices[place])\n\(text)"
            // Of a product no value is worked out.
            #expect(explanation.isWhole || text.contains("*"), note)
            for way in ways(explanation.opposite) {
                told += 1
                let parts = try way.map { part, holds in
                    try PolicySet(
                        parsing: "permit (principal, action, resource) \(holds ? "when" : "unless") { \(part.text) };")
                }
                let texts = way.map(\.part.text).joined(separator: " ")
                let granting = offices.indices.filter { other in
                    offices[place].agrees(with: offices[other], but: texts)
                        && parts.allSatisfy {
                            $0.isAuthorized(offices[other].request, entities: entities[other]).decision == .allow
                        }
                }
                tried += granting.count
                #expect(!granting.isEmpty, "nothing grants \(texts); \(note)")
                #expect(
                    granting.allSatisfy { decisions[$0] != decisions[place] }, "\(way.map { ($1, $0.text) }); \(note)")
            }
            // That a policy might fail is no way.
            if explanation.opposite == nil, explanation.isWhole {
                #expect(
                    zip(decisions, responses).allSatisfy { $0 == decisions[place] || !$1.errors.isEmpty },
                    "none found; \(note)")
            }
        }
        print("opposites, seed \(seed): \(told) ways, \(tried) requests")
        #expect(told > 10 && tried > told)
    }
}
