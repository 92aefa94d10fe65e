import Foundation
import Testing

@testable import Cedar

/// Whatever the text, there is an answer: a policy set or an error with a place.
@Suite("Robustness")
struct RobustnessTests {
    private static let seeds = [
        """
        @id("x") @reveal permit (principal in Role::"staff", action in [Action::"a", Action::"b"], resource is Ns::Doc in Folder::"f")
        when { principal.age >= 18 && !(context has a.b) || resource["x"] like "a*\\*" } unless { [1, -2].contains(3 * 4 + 1) };
        """,
        """
        forbid (principal == ?principal, action == Action::"é\\u{1F600}\\x41", resource == ?resource) // comment
        when { if ip("10.0.0.0/8").isInRange(context.ip) then {a: 1, "b c": [User::"x"]} == {} else datetime("2024-01-01") < context.now };
        """,
    ]

    @Test("ten thousand mutated policies are read or refused with a place")
    func mutatedPolicies() throws {
        let seed: UInt64 = 4_711
        var random = SplitMix(state: seed)
        var refused = 0
        for round in 0..<10_000 {
            let text = Mutation.of(Self.seeds[round % 2], &random)
            do {
                let policies = try PolicySet(parsing: text)
                _ = policies.isAuthorized(World.request(), entities: Entities())
            } catch {
                refused += 1
                #expect(
                    error.errors.allSatisfy { $0.position != nil && $0.sourceLine != nil },
                    "seed \(seed), round \(round)")
            }
        }
        print("mutated policies, seed \(seed): \(refused) of 10000 refused")
        #expect(refused > 5000)
    }

    @Test("ten thousand mutated schemas are read or refused with a place, and policies validated against them")
    func mutatedSchemas() throws {
        let seed: UInt64 = 1_492
        var random = SplitMix(state: seed)
        let policies = try Self.seeds.map { try PolicySet(parsing: $0) }
        var read = 0
        for round in 0..<10_000 {
            let text = Mutation.of(Shop.text, &random)
            do {
                let schema = try Schema(parsing: text)
                _ = Validator(schema).validate(policies[round % 2])
                read += 1
            } catch {
                #expect(
                    error.errors.allSatisfy { $0.position != nil && $0.sourceLine != nil },
                    "seed \(seed), round \(round)")
            }
        }
        print("mutated schemas, seed \(seed): \(read) of 10000 read")
        #expect((300..<9_500).contains(read))
    }

    @Test("mutated schemas in JSON are read or refused with a place")
    func mutatedJSONSchemas() throws {
        let seed: UInt64 = 1_789
        var random = SplitMix(state: seed)
        let text = #"""
            {"N": {"commonTypes": {"T": {"type": "Record", "attributes": {"a": {"type": "Long", "required": false}}}},
             "entityTypes": {"U": {"memberOfTypes": ["G"], "shape": {"type": "T"}, "tags": {"type": "Set", "element":
              {"type": "Entity", "name": "G"}}}, "G": {"enum": ["x"]}},
             "actions": {"all": {}, "read": {"memberOf": [{"id": "all"}], "appliesTo": {"principalTypes": ["U"],
              "resourceTypes": ["N::U"], "context": {"type": "T"}}}}}}
            """#
        for round in 0..<10_000 {
            do { _ = try Schema(json: Mutation.of(text, &random)) } catch {
                #expect(error.errors.allSatisfy { $0.position != nil }, "seed \(seed), round \(round)")
            }
        }
    }

    @Test("mutated policies are validated, whatever is in them")
    func mutatedConditions() throws {
        let seed: UInt64 = 1_871
        var random = SplitMix(state: seed)
        let validator = Validator(try Shop.schema())
        let text = """
            permit (principal in Team::"t", action in [Action::"read", Action::"write"], resource is Report in Folder::"f")
            when { principal.boss has address.geo && principal.boss.address.geo.lat.lessThan(decimal("1.5")) || context has n }
            unless { if principal.hasTag("a") then [principal.getTag("a")].contains("b") else {a: -1 * 2} == principal.strict };
            """
        var read = 0
        for _ in 0..<10_000 {
            guard let policies = try? PolicySet(parsing: Mutation.of(text, &random)) else { continue }
            read += 1
            _ = validator.validate(policies)
        }
        print("mutated conditions, seed \(seed): \(read) of 10000 read")
        #expect(read > 300)
    }

    @Test("mutated entity JSON is read or refused with a place")
    func mutatedJSON() throws {
        let seed: UInt64 = 815
        var random = SplitMix(state: seed)
        let text = #"""
            [{"uid": {"type": "U", "id": "a\u00e9"}, "attrs": {"n": -1, "s": ["x", true], "e": {"__entity": {"type": "U", "id": "b"}},
            "d": {"__extn": {"fn": "ip", "arg": "10.0.0.0/8"}}}, "parents": [{"type": "G", "id": "g"}], "tags": {"t": {}}}]
            """#
        for round in 0..<10_000 {
            var bytes = Array(text.utf8)
            for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            do { _ = try Entities(json: String(decoding: bytes, as: UTF8.self)) } catch {
                #expect(error.position != nil, "seed \(seed), round \(round)")
            }
        }
    }

    @Test(
        "what nests too deeply is refused, in every construct",
        arguments: [
            ("(", "true", ")"), ("[", "1", "]"), ("{a: ", "1", "}"), ("!(", "true", ")"),
            ("if true then true else ", "true", ""),
            ("if ", "true", " then true else false"), ("", "1", " + 1"), ("", "1", " * 1"), ("", "context", ".a"),
            ("", "context", "[\"a\"]"), ("", "context has a", ".a"),
            ("", "[1]", ".contains(1)"), ("ip(", "\"\"", ")"), ("1 == (", "1", ")"), ("-(", "1", ")"),
            ("true && (", "true", ")"),
        ])
    func depth(open: String, core: String, close: String) {
        for levels in [Expression.maximumDepth + 1, 20_000] {
            let condition = String(repeating: open, count: levels) + core + String(repeating: close, count: levels)
            #expect(World.complaints(inCondition: condition).map { $0.prefix(14) } == ["cedar.too_deep"])
        }
    }

    @Test("types that nest too deeply or grow too large are refused, also through common types")
    func largeTypes() throws {
        func codes(_ text: String) -> [String] {
            do { _ = try Schema(parsing: text) } catch { return error.errors.map(\.code) }
            return []
        }
        for levels in [SchemaType.maximumDepth + 1, 20_000] {
            for (open, close) in [("Set<", ">"), ("{a: ", "}")] {
                let type = String(repeating: open, count: levels) + "Long" + String(repeating: close, count: levels)
                #expect(codes("type T = \(type);").contains("cedar.too_deep"))
            }
        }
        func chain(_ length: Int, _ wrap: (String) -> String) -> String {
            (0..<length).map { "type T\($0) = \(wrap("T\($0 + 1)"));" }.joined() + "type T\(length) = Long;"
        }
        #expect(codes(chain(SchemaType.maximumDepth - 1) { "Set<\($0)>" }) == [])
        #expect(codes(chain(SchemaType.maximumDepth) { "Set<\($0)>" }) == ["cedar.too_deep"])
        #expect(codes(chain(10_000) { "{a: \($0)}" }).first == "cedar.too_deep")
        // Each doubles the one before: written out, the last would have more parts than there are atoms.
        #expect(codes(chain(190) { "{a: \($0), b: \($0)}" }).first == "cedar.too_large")
        let nested = #"{"": {"commonTypes": {"T": "#
        let json = nested + String(repeating: #"{"type": "Set", "element": "#, count: 300)
        let error = #expect(throws: CedarErrors.self) { try Schema(json: json) }
        #expect(error?.errors.map(\.code) == ["cedar.too_deep"])
    }

    @Test("hierarchies and combinations beyond the bounds are refused")
    func largeSchemas() {
        func codes(_ text: String) -> Set<String> {
            do { _ = try Schema(parsing: text) } catch { return Set(error.errors.map(\.code)) }
            return []
        }
        let types = (0..<1_500).map { "entity E\($0) in [E\($0 + 1)];" }.joined() + "entity E1500;"
        #expect(codes(types) == ["cedar.too_large"])
        let actions = (0..<1_500).map { "action a\($0) in [a\($0 + 1)];" }.joined() + "action a1500;"
        #expect(codes(actions) == ["cedar.too_large"])
        let names = (0..<1_001).map { "E\($0)" }.joined(separator: ", ")
        #expect(
            codes("entity \(names); action a appliesTo { principal: [\(names)], resource: [\(names)] };")
                == ["cedar.too_large"])
    }

    @Test("a policy that is too much to validate is refused, not tried for ever")
    func largeValidation() throws {
        let names = (0..<20).map { "E\($0)" }.joined(separator: ", ")
        let schema = try Schema(
            parsing: "entity \(names); action a appliesTo { principal: [\(names)], resource: [\(names)] };")
        let condition = Array(repeating: "context has x", count: 100).joined(separator: " || ")
        let policies = try PolicySet(parsing: "permit (principal, action, resource) when { \(condition) };")
        // 400 kinds of request, for each the chain, its hundred operands and the context in each.
        for (limit, codes) in [(80_400, ["cedar.impossible_policy"]), (80_399, ["cedar.too_large"])] {
            var check = PolicyCheck(policies.policies[0], schema, maximumSteps: limit)
            #expect(check.run().map(\.problem.code) == codes)
        }
    }

    @Test("a policy without conditions is valid for all that its scope lets through, without looking at each")
    func largeScope() throws {
        let names = (0..<20).map { "E\($0)" }.joined(separator: ", ")
        let schema = try Schema(
            parsing: "entity \(names); action a appliesTo { principal: [\(names)], resource: [\(names)] };")
        let policies = try PolicySet(parsing: "permit (principal, action, resource);")
        var check = PolicyCheck(policies.policies[0], schema, maximumSteps: 0)
        #expect(check.run() == [])
    }

    @Test("entities of which too many are in each other are refused, whatever their order")
    func largeHierarchies() throws {
        let uids = (0..<101).map { EntityUID(type: "E", id: "\($0)") }
        let chain = zip(uids, uids.dropFirst()).map { Entity($0, parents: [$1]) }
        // A chain of a hundred links has a hundred times a hundred and one halves.
        #expect(throws: Never.self) { try Entities(checking: chain, maximumAncestors: 5_050) }
        for entities in [chain, chain.reversed()] {
            let flaw = #expect(throws: Entities.Flaw.self) { try Entities(checking: entities, maximumAncestors: 5_049) }
            #expect(flaw?.code == "too_large")
        }
    }

    @Test("nested choices are looked into for contradictions once each, not twice at every level")
    func nestedChoices() throws {
        let condition = (0..<90).reduce("context.n == 1") { inner, level in
            "(if \(inner) then context.n == \(level) else context.n != \(level))"
        }
        #expect(try Shop.findings(inCondition: condition) == [])
    }

    @Test("a chain of thousands of conditions is validated as one level, with all that they ask for")
    func longConditions() throws {
        let asked = Array(repeating: "context has host", count: 4_000).joined(separator: " && ")
        #expect(try Shop.findings(inCondition: asked + " && context.host.isIpv4()") == [])
        let names = (0..<4_000).map { "a\($0)" }
        let schema = try Schema(
            parsing: "entity U; action a appliesTo { principal: U, resource: U, context: {"
                + names.map { "\($0)?: Bool" }.joined(separator: ", ") + "} };")
        let conditions = names.map { "context has \($0)" } + names.reversed().map { "context.\($0)" }
        let policies = try PolicySet(
            parsing: "permit (principal, action, resource) when { \(conditions.joined(separator: " && ")) };")
        #expect(Validator(schema).validate(policies) == [])
    }

    /// Optimised, deciding the deepest policy takes less than 256 KiB and validating it less than 384; frames are much
    /// larger in a debug build.
    @Test("what nests just within the bound is evaluated and validated on a small stack")
    func withinDepth() throws {
        let levels = (Expression.maximumDepth - 2) / 2
        let texts = [
            String(repeating: "(", count: 190) + "true" + String(repeating: ")", count: 190),
            String(repeating: "true && (", count: levels) + "true" + String(repeating: ")", count: levels),
            String(repeating: "if true then (", count: levels) + "true"
                + String(repeating: ") else false", count: levels),
            String(repeating: "[", count: 180) + "context" + String(repeating: "]", count: 180) + " == 1 || true",
            String(repeating: "{a: ", count: 90) + "context" + String(repeating: "}.a", count: 90) + " == {}",
            "1" + String(repeating: " + 1", count: 190) + " == 191",
            "context" + String(repeating: ".a", count: 190) + " == 1 || true",
            "principal has " + Array(repeating: "boss", count: 190).joined(separator: ".") + " || true",
        ]
        let deepest = SchemaType.maximumDepth - 2
        let type = String(repeating: "{a: ", count: deepest) + "Long" + String(repeating: "}", count: deepest)
        let validator = Validator(
            try Schema(
                parsing: """
                    entity Report; entity User { boss?: User, one: \(type), two: \(type) };
                    action read appliesTo { principal: User, resource: Report, context: {} };
                    """))
        let thread = Thread {
            for text in texts {
                #expect(throws: Never.self) {
                    let outcome = try World.outcome(text)
                    #expect(outcome == "true" || outcome == "cedar.no_attribute")
                    _ = validator.validate(
                        try PolicySet(parsing: "permit (principal, action, resource) when { \(text) };"))
                }
            }
            #expect(throws: Never.self) {
                let policies = try PolicySet(
                    parsing: "permit (principal, action, resource) when { principal.one == principal.two };")
                #expect(validator.validate(policies) == [])
            }
        }
        #if DEBUG
            thread.stackSize = 4 << 20
        #else
            thread.stackSize = 384 << 10
        #endif
        thread.start()
        while !thread.isFinished { usleep(1000) }
    }

    @Test("a chain of thousands of conditions is one level")
    func longChains() throws {
        let chain = Array(repeating: "context has x", count: 20_000)
        #expect(try World.outcome(chain.joined(separator: " || ") + " || true") == "true")
        #expect(try World.outcome(chain.map { "!(\($0))" }.joined(separator: " && ")) == "true")
    }

    @Test("conditions that nest and fail, and ways without number, are explained in bounded time")
    func explanations() throws {
        let overflow = "9223372036854775807 + 1 == 0"
        for (innermost, isWhole) in [(overflow, true), ("principal.name like \"*\" && \(overflow)", false)] {
            var test = innermost
            for level in 0..<60 {
                test = "(if \(test) then context.a == \"a\(level)\" else context.b == \"b\(level)\")"
            }
            let nested = try PolicySet(parsing: "permit (principal, action, resource) when { \(test) };")
                .explain(World.request(), entities: World.entities())
            #expect(nested.isWhole == isWhole && (!isWhole || nested.opposite == nil))
            #expect(nested.accounts[0].causes.map(\.text) == [overflow])
        }
        let clauses = (0..<40).map { "(context.a\($0) || context.b\($0) || principal in Role::\"r\($0)\")" }
        let wide = try PolicySet(
            parsing: "permit (principal, action, resource) when { \(clauses.joined(separator: " && ")) };"
        ).explain(World.request(), entities: World.entities())
        #expect(!wide.isWhole)
    }

    @Test("JSON that nests too deeply is refused")
    func deepJSON() {
        for levels in [201, 100_000] {
            let text = "{\"a\": " + String(repeating: "[", count: levels) + String(repeating: "]", count: levels) + "}"
            let error = #expect(throws: CedarError.self) { try Record(json: text) }
            #expect(error?.code == "cedar.too_deep")
        }
    }
}
