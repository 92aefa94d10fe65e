import Testing

@testable import Cedar

@Suite("Validation of whole policies")
struct ValidatorTests {
    @Test("names that the schema does not have are found where they stand, with the likely one")
    func names() throws {
        let text = """
            permit (principal in Taem::"t", action == Action::"raed", resource is Reprot)
            when { principal == Usr::"u" && resource.owner is Uzer };
            """
        let found = Validator(try Shop.schema()).validate(try PolicySet(parsing: text, file: "p.cedar"))
        #expect(
            found.map(\.description) == [
                "p.cedar:1:22: the schema has no entity type `Taem`; did you mean `Team`?",
                "p.cedar:1:43: the schema has no action `Action::\"raed\"`; did you mean `read`?",
                "p.cedar:1:71: the schema has no entity type `Reprot`; did you mean `Report`?",
                "p.cedar:2:21: the schema has no entity type `Usr`; did you mean `User`?",
                "p.cedar:2:51: the schema has no entity type `Uzer`; did you mean `User`?",
                "p.cedar:1:1: the schema has no action for such a principal and resource",
            ])
        #expect(found.allSatisfy { $0.severity == .error && $0.policy == "policy0" })
        #expect(found[0].rendering.hasSuffix("\n  |                      ^"))
    }

    @Test("an enumeration has no other ids than its own")
    func enumerations() throws {
        #expect(try Shop.findings(inCondition: "principal.color == Color::\"red\"") == [])
        #expect(
            try Shop.findings(inCondition: "principal.color == Color::\"rde\"") == ["cedar.unknown_choice@2:20"])
        #expect(
            try Shop.message("principal.color == Color::\"rde\"")
                == "`Color` is an enumeration without `rde`; did you mean `red`?")
    }

    @Test(
        "a scope has to leave an action with a principal and a resource",
        arguments: [
            (#"principal, action, resource"#, true), (#"principal is Team, action, resource"#, true),
            (#"principal is Team, action == Action::"read", resource"#, false),
            (#"principal, action == Action::"all", resource"#, false),
            (#"principal, action in Action::"all", resource"#, true),
            (#"principal, action in [Action::"read", Action::"write"], resource"#, true),
            (#"principal in Team::"t", action, resource"#, true),
            (#"principal in Folder::"t", action, resource"#, false),
            (#"principal == Folder::"t", action, resource"#, false), (#"principal, action, resource is User"#, false),
            (#"principal, action, resource is Report in Folder::"f""#, true),
            (#"principal, action, resource is Report in Team::"f""#, false),
            (#"principal is Team, action, resource is Folder"#, false),
        ])
    func scopes(scope: String, applies: Bool) throws {
        let found = try Shop.findings("permit (\(scope));")
        #expect(found == (applies ? [] : ["cedar.no_application@1:1"]))
    }

    @Test("a list of actions holds some, of one type")
    func actionLists() throws {
        #expect(
            try Shop.findings("permit (principal, action in [], resource);")
                == ["cedar.empty_set@1:1", "cedar.no_application@1:1"])
        let schema = try Schema(
            parsing: """
                namespace A { entity U; action x appliesTo { principal: U, resource: U }; }
                namespace B { action y appliesTo { principal: A::U, resource: A::U }; }
                """)
        let policies = try PolicySet(
            parsing: #"permit (principal, action in [A::Action::"x", B::Action::"y"], resource);"#)
        #expect(Validator(schema).validate(policies).map(\.problem.code) == ["cedar.incompatible_types"])
    }

    @Test("a policy that can never apply is worth a warning, and no error")
    func impossible() throws {
        for condition in [
            "false", "principal == resource", "resource is Folder", "context has x && context.x", "1 == 2",
        ] {
            #expect(try Shop.findings(inCondition: condition) == ["?cedar.impossible_policy@1:1"], "\(condition)")
        }
        #expect(
            try Shop.findings("forbid (principal, action, resource) unless { true };") == [
                "?cedar.impossible_policy@1:1"
            ])
        // It applies to one kind of request, which is enough.
        #expect(try Shop.findings("permit (principal, action, resource) when { principal is Team };") == [])
    }

    @Test(
        "conditions that exclude each other are worth a warning where the second one stands",
        arguments: [
            ("context.n == 1 && context.n == 2", 19), ("context.n == 1 && !(context.n == 1)", 19),
            ("context.n == 1 && context.n != 1", 19), ("[1, 2].contains(context.n) && context.n == 3", 31),
            ("(context.n == 1 || context.n == 2) && context.n == 3", 39),
            ("!(context.n != 1 || principal.active) && 2 == context.n", 42),
            ("principal.active && !principal.active", 21), ("principal == User::\"bob\"", 1),
            ("if principal.active then context.n == 1 && context.n == 2 else 1 + 1 == 3", 64),
            ("1 + 1 == 3", 1), ("principal.active && [1].contains(2)", 21),
            ("context.n == 1 && (principal.active || context.n == 1) && context.n == 4", 59),
        ])
    func contradictions(condition: String, column: Int) throws {
        let policy = "permit (principal == User::\"ada\", action == Action::\"read\", resource is Report) when {\n"
        #expect(
            try Shop.findings(policy + condition + "\n};") == ["?cedar.impossible_policy@2:\(column)"])
    }

    @Test(
        "conditions that can all be true at once are worth no warning",
        arguments: [
            "context.n == 1 && principal.age == 2", "context.n == 1 || context.n == 2",
            "context.n != 1 && context.n != 2",
            "[1, 2].contains(context.n) && context.n != 1", "principal == User::\"ada\"",
            "(context.n == 1 && context.n == 2) || principal.active",
            "if context.n == 1 then context.n == 1 else context.n == 2", "context.n < 1 && context.n > 2", "1 + 1 == 2",
            "!(context.n == 1 && context.n == 2)", "principal.age + 9223372036854775807 == 1",
            "principal.active || principal.active", "(if principal.active then 1 else 9223372036854775807) + 1 == 1",
        ])
    func possible(condition: String) throws {
        let policy = "permit (principal == User::\"ada\", action == Action::\"read\", resource is Report) when {\n"
        #expect(try Shop.findings(policy + condition + "\n};") == [])
    }

    @Test("clauses and the scope are held against each other, and `unless` says the opposite")
    func clauses() throws {
        let scope = "permit (principal is User, action == Action::\"read\", resource == Report::\"a\")"
        #expect(
            try Shop.findings(scope + " when { context.n == 1 } unless { context.n == 1 };")
                == ["?cedar.impossible_policy@1:112"])
        #expect(try Shop.findings(scope + " when { context.n == 1 } unless { context.n == 2 };") == [])
        #expect(
            try Shop.findings(scope + " when { resource == Report::\"b\" };") == ["?cedar.impossible_policy@1:86"])
        #expect(try Shop.findings(scope + " when { action == Action::\"read\" };") == [])
    }

    @Test(
        "a part that fails for every request is worth a warning where it stands",
        arguments: [
            ("9223372036854775807 + 1 == 1", ["?cedar.always_fails@2:1"]),
            ("principal.active && 1 < -(-9223372036854775808)", ["?cedar.always_fails@2:25"]),
            (
                "principal.age < 9223372036854775807 * 2 || context.n == 3 - (-9223372036854775807)",
                ["?cedar.always_fails@2:17", "?cedar.always_fails@2:57"]
            ),
            ("true || 9223372036854775807 + 1 == 1 || principal.active", []),
            ("principal.active || (if true then false else 9223372036854775807 + 1 == 1)", []),
        ])
    func failures(condition: String, wanted: [String]) throws {
        #expect(try Shop.findings(inCondition: condition) == wanted)
    }

    @Test("a policy may apply to the actions that its scope lets through")
    func applications() throws {
        let policies = try PolicySet(
            parsing: """
                permit (principal, action, resource);
                permit (principal is Team, action, resource);
                permit (principal, action == Action::"read", resource);
                permit (principal, action, resource is Folder);
                """
        ).policies
        let validator = Validator(try Shop.schema())
        func actions(_ policy: Policy) -> [String] {
            ["read", "write", "dance"].filter { validator.mayApply(policy, to: EntityUID(type: "Action", id: $0)) }
        }
        #expect(policies.map(actions) == [["read", "write"], ["write"], ["read"], ["read"]])
    }

    @Test("the texts that a member of the context is compared with are known with their places")
    func comparisons() throws {
        let policy = try PolicySet(
            parsing: """
                permit (principal, action, resource) when {
                context.a == "x" || "y" != context.a || ["z", 1].contains(context.a) || context.b == "no" || context.a like "w"
                };
                """
        ).policies[0]
        let found = policy.comparisons(ofContext: "a").sorted { $0.position.offset < $1.position.offset }
        #expect(found.map(\.text) == ["x", "y", "z"] && found.map(\.position.column) == [14, 21, 42])
    }

    @Test("a mistake is told once, however many kinds of request have it")
    func once() throws {
        #expect(
            try Shop.findings("permit (principal, action, resource) when { 1 + true == 2 };")
                == ["cedar.wrong_type@1:49"])
    }

    @Test("a policy is typed for each kind of request by itself")
    func environments() throws {
        // Teams have no name, but only users read.
        #expect(
            try Shop.findings(
                "permit (principal, action == Action::\"read\", resource) when { principal.name == \"a\" };") == [])
        #expect(
            try Shop.findings("permit (principal, action, resource) when { principal.name == \"a\" };")
                == ["cedar.no_attribute@1:45"])
        #expect(
            try Shop.findings(
                "permit (principal, action, resource) when { action == Action::\"read\" && principal.name == \"a\" };")
                == [])
        #expect(
            try Shop.findings("permit (principal, action, resource) when { context.n == 1 };")
                == ["cedar.no_attribute@1:45"])
    }

    @Test("templates are validated as they stand, and links for what fills their slots")
    func templates() throws {
        let template = #"permit (principal in ?principal, action, resource == ?resource) when { principal has boss };"#
        #expect(try Shop.findings(template) == [])
        #expect(
            try Shop.findings(template.replacing("boss", with: "bos") + "\n") == ["?cedar.impossible_policy@1:1"])
        func link(_ principal: String, _ resource: String) throws -> [String] {
            try Shop.findings(
                template,
                links: [
                    TemplateLink(
                        template: "policy0", id: "one", principal: try EntityUID(parsing: principal),
                        resource: try EntityUID(parsing: resource))
                ])
        }
        #expect(try link("Team::\"t\"", "Report::\"r\"") == [])
        #expect(try link("Folder::\"t\"", "Report::\"r\"") == ["cedar.no_application@1:1"])
        #expect(
            try link("Nobody::\"t\"", "Report::\"r\"") == ["cedar.unknown_type@1:1", "cedar.no_application@1:1"])
        #expect(try Shop.findings("permit (principal is Team in ?principal, action, resource);") == [])
        #expect(
            try Shop.findings("permit (principal is Folder in ?principal, action, resource);")
                == ["cedar.no_application@1:1"])
    }

    @Test("the example of the library's introduction says what is printed there")
    func example() throws {
        let schema = try Schema(
            parsing: """
                entity Role;
                entity User in [Role] { badge?: String };
                entity Report { sensitivity: Long };
                action read appliesTo { principal: User, resource: Report, context: { mfa: Bool } };
                """)
        let text = """
            @id("staff") permit (principal in Role::"staff", action == Action::"read", resource)
            when { resource.sensitivity < 3 || principal has badge };

            @id("closed") forbid (principal, action, resource) unless { context.mfa };
            """
        #expect(Validator(schema).validate(try PolicySet(parsing: text, file: "example.cedar")) == [])
        let slip = try PolicySet(parsing: text.replacing("sensitivity", with: "sensitivty"), file: "example.cedar")
        #expect(
            Validator(schema).validate(slip).map(\.rendering) == [
                """
                example.cedar:2:8: `Report` has no attribute `sensitivty`; did you mean `sensitivity`?
                2 | when { resource.sensitivty < 3 || principal has badge };
                  |        ^
                """
            ])
    }

    @Test("every policy of a set is looked at, under its own id")
    func sets() throws {
        let policies = try PolicySet(
            parsing: """
                @id("good") permit (principal, action, resource);
                @id("bad") permit (principal, action, resource) when { 1 };
                @id("worse") forbid (principal is Nobody, action, resource);
                """, naming: .annotation)
        let found = Validator(try Shop.schema()).validate(policies)
        #expect(found.map(\.policy) == ["bad", "worse", "worse"])
    }
}
