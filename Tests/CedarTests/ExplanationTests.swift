import Testing

@testable import Cedar

@Suite("Explanations")
struct ExplanationTests {
    private func explain(
        _ text: String, context: [String: Value] = [:], principal: EntityUID = World.ada
    ) throws -> Explanation {
        let policies = try PolicySet(parsing: text, file: "p.cedar", naming: .annotation)
        return policies.explain(
            Request(principal: principal, action: World.read, resource: World.report, context: context),
            entities: try World.entities())
    }

    /// A change in one line.
    private func line(_ change: Explanation.Change?) -> String {
        switch change {
        case nil: "nothing"
        case .part(let part, let holds)?: holds ? part.text : "not \(part.text)"
        case .all(let changes)?: "all(" + changes.map { line($0) }.joined(separator: "; ") + ")"
        case .any(let changes)?: "any(" + changes.map { line($0) }.joined(separator: "; ") + ")"
        }
    }

    private func causes(_ condition: String, context: [String: Value] = [:]) throws -> [String] {
        let explanation = try explain("permit (principal, action, resource) when { \(condition) };", context: context)
        return explanation.accounts[0].causes.map(\.text)
    }

    @Test("decide as the set does, and account for every policy")
    func accounts() throws {
        let explanation = try explain(
            """
            @id("a") permit (principal in Role::"staff", action == Action::"read", resource);
            @id("b") permit (principal is Team, action in [Action::"write", Action::"sell"], resource == Report::"q4");
            @id("c") forbid (principal, action, resource is Folder in Folder::"f");
            @id("d") forbid (principal, action, resource) when { context.mfa };
            @id("e") permit (principal == User::"eve", action in Action::"all", resource in Report::"q3");
            """)
        #expect(explanation.response.decision == .allow && explanation.response.reasons == ["a"])
        #expect(explanation.accounts.map(\.policy) == ["a", "b", "c", "d", "e"])
        #expect(explanation["a"]?.outcome == .applies && explanation["a"]?.mismatches == [])
        #expect(
            explanation["b"]?.mismatches.map(\.text) == [
                "principal is Team", #"action in [Action::"write", Action::"sell"]"#, #"resource == Report::"q4""#,
            ])
        #expect(explanation["b"]?.mismatches.map(\.place) == [.principal, .action, .resource])
        #expect(explanation["c"]?.mismatches.map(\.text) == [#"resource is Folder in Folder::"f""#])
        #expect(explanation["c"]?.mismatches.map(\.entity) == [EntityUID(type: "Folder", id: "f")])
        #expect(explanation["e"]?.mismatches.map(\.text) == [#"principal == User::"eve""#])
        #expect(explanation["c"]?.outcome == .doesNotApply && explanation["c"]?.effect == .forbid)
        guard case .fails(let error)? = explanation["d"]?.outcome else { throw Unexpected() }
        #expect(error == explanation.response.errors.first)
        #expect(explanation["d"]?.causes.map(\.state) == [.fails(error.message)])
        #expect(explanation["d"]?.causes.map(\.position.description) == ["p.cedar:4:54"])
        #expect(explanation["nobody"]?.outcome == nil)
    }

    @Test(
        "name the smallest expressions that kept a policy out",
        arguments: [
            ("1 == 1 && principal.age > 40 && principal.name == \"Eve\"", ["principal.age > 40"]),
            ("principal.age > 40 || (principal.active && 1 == 2)", ["principal.age > 40", "1 == 2"]),
            ("!(principal.active || 1 == 2)", ["principal.active"]),
            ("!(principal.active && 1 == 1)", ["principal.active", "1 == 1"]),
            ("if principal.active then 1 == 2 else 1 == 3", ["1 == 2"]),
            ("if 1 == 2 then 1 == 1 else 1 == 3", ["1 == 3"]),
            ("context has mfa && context.mfa", ["context has mfa"]),
            ("1 == 1 && context.mfa", ["context.mfa"]), ("1 == 2 || context.mfa", ["context.mfa"]),
            ("if context.mfa then true else true", ["context.mfa"]),
            ("(1 + 1) * 2 == 5", ["(1 + 1) * 2 == 5"]),
            ("(principal).age > (39 + (1))", ["(principal).age > (39 + (1))"]),
            (
                "(([3])).contains((2)) || -(1) > (if true then (2) else (3))",
                ["(([3])).contains((2))", "-(1) > (if true then (2) else (3))"]
            ),
            ("principal.age >\n   40", ["principal.age > 40"]),
            ("[\n  1,\n\n  2\n]\n  .contains(\n 3\n)", ["[1, 2].contains(3)"]), ("false", ["false"]), ("1 == 1", []),
        ] as [(String, [String])])
    func smallest(_ condition: String, _ parts: [String]) throws {
        #expect(try causes(condition) == parts)
    }

    @Test("of `unless` name what held, and of several conditions the first that did not")
    func clauses() throws {
        let explanation = try explain(
            """
            permit (principal, action, resource) when { true }
            unless { principal.active && principal.age == 36 } when { 1 == 2 };
            """)
        #expect(explanation.accounts[0].causes.map(\.text) == ["principal.active", "principal.age == 36"])
        #expect(explanation.accounts[0].causes.allSatisfy { $0.state == .holds && $0.place == .condition })
    }

    @Test("say what would have to change for a yes: of several ways the shortest first")
    func toAllow() throws {
        let text = """
            permit (principal in Role::"boss", action == Action::"read", resource) when { context.a && context.b };
            permit (principal in Role::"staff", action == Action::"read", resource) when { context.a };
            permit (principal in Role::"staff", action == Action::"write", resource);
            permit (principal, action, resource) when { resource.owner == User::"eve" };
            """
        let none: [String: Value] = ["a": false, "b": false]
        // A boss needs `context.a`, too, and it is enough by itself.
        #expect(try line(explain(text, context: none).opposite) == "context.a")
        #expect(
            try line(explain(#"permit (principal, action == Action::"write", resource);"#).opposite) == "nothing")
        #expect(try line(explain("").opposite) == "nothing")
        // What was not evaluated must hold all the same.
        #expect(
            try line(explain("permit (principal, action, resource) when { context has x && context.x };").opposite)
                == "all(context has x; context.x)")
    }

    @Test("say what would have to change for a yes where something forbids")
    func toAllowDespiteForbids() throws {
        let text = """
            permit (principal, action, resource) when { context.a };
            forbid (principal in Role::"staff", action, resource) unless { context.b || context.c };
            """
        let none: [String: Value] = ["a": false, "b": false, "c": false]
        #expect(
            try line(explain(text, context: none).opposite)
                == "any(all(not principal in Role::\"staff\"; context.a); all(context.b; context.a); "
                + "all(context.c; context.a))")
        #expect(
            try line(explain(text, context: none.merging(["a": true]) { $1 }).opposite)
                == "any(not principal in Role::\"staff\"; context.b; context.c)")
        #expect(
            try line(
                explain("permit (principal, action, resource); forbid (principal, action, resource);").opposite)
                == "nothing")
    }

    @Test("say what would have to change for a no: every permit gone, or one forbid there")
    func toDeny() throws {
        let text = """
            permit (principal in Role::"staff", action, resource) when { context.a };
            permit (principal, action, resource) when { if context.a then context.b else context.c };
            forbid (principal, action, resource) when { !context.b };
            """
        #expect(
            try line(explain(text, context: ["a": true, "b": true, "c": false]).opposite)
                == "any(not context.b; not context.a)")
        #expect(try line(explain("permit (principal, action, resource);").opposite) == "nothing")
    }

    @Test("say of one that is closed by what fails what would have to change for the caller")
    func closing() throws {
        let policies = try PolicySet(
            parsing: """
                permit (principal, action, resource);
                forbid (principal, action, resource) when { context.a && 9223372036854775807 + 1 == 0 };
                """)
        let request = World.request(["a": true])
        let entities = try World.entities()
        #expect(policies.explain(request, entities: entities).opposite == nil)
        #expect(
            line(policies.explain(request, entities: entities, closingOnFailure: true).opposite) == "not context.a")
    }

    @Test("name one of several values by itself, add what another value must not be, and reach past what fails")
    func severalValues() throws {
        let text = """
            permit (principal, action, resource) when { ["x", "y"].contains(context.p) };
            forbid (principal, action, resource) when { context.p == "x" };
            """
        #expect(try line(explain(text, context: ["p": "z"]).opposite) == "context.p == \"y\"")
        let many = #"permit (principal, action, resource) when { context.n > 3 } unless { context.n == 7 };"#
        #expect(
            try line(explain(many, context: ["n": 1]).opposite) == "all(context.n > 3; not context.n == 7)")
        let between = """
            permit (principal, action, resource) when { context.n > 0 };
            forbid (principal, action, resource) when { context.n == 2 || context.n > 2 };
            """
        #expect(
            try line(explain(between, context: ["n": 3]).opposite)
                == "all(not context.n > 2; not context.n == 2; context.n > 0)")
        let failing = """
            permit (principal, action, resource)
            unless { (context.n <= 0 || 9223372036854775807 + 1 == 0) && context.n > 0 };
            """
        #expect(try line(explain(failing, context: ["n": 1]).opposite) == "context.n <= 0")
    }

    @Test("quote policies only, never a value of the entities or the context")
    func values() throws {
        let explanation = try explain(
            "permit (principal, action, resource) when { principal.name == context.name || principal.name < 1 };",
            context: ["name": "Grace Hopper"])
        let shown = "\(explanation.accounts) \(line(explanation.opposite))"
        #expect(!shown.contains("Ada") && !shown.contains("Grace"))
    }

    private struct Unexpected: Error {}
}
