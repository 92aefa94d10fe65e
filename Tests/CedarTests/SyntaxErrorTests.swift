import Testing

@testable import Cedar

@Suite("Syntax errors")
struct SyntaxErrorTests {
    @Test(
        "each mistake in an expression has its own code and place",
        arguments: [
            ("1 < 2 < 3", "cedar.chained_relation@2:7"), ("1 == 1 == true", "cedar.chained_relation@2:8"),
            ("principal has a == true", "cedar.chained_relation@2:17"), ("1 = 1", "cedar.invalid_operator@2:3"),
            ("1 / 2", "cedar.unsupported_operator@2:3"), ("1 % 2", "cedar.unsupported_operator@2:3"),
            ("!!!!!true", "cedar.too_many_signs@2:1"), ("-----1", "cedar.too_many_signs@2:1"),
            ("!-1", "cedar.unexpected_token@2:2"),
            ("9223372036854775808", "cedar.integer_too_large@2:1"),
            ("-9223372036854775809", "cedar.integer_too_large@2:2"),
            ("-(9223372036854775808)", "cedar.integer_too_large@2:3"),
            ("99999999999999999999999", "cedar.integer_too_large@2:1"),
            ("\"abc", "cedar.unterminated_string@2:1"), ("\"\\q\"", "cedar.invalid_escape@2:2"),
            ("\"ab\\x80\"", "cedar.invalid_escape@2:4"),
            ("\"\\u{d800}\"", "cedar.invalid_escape@2:2"), ("\"\\u{110000}\"", "cedar.invalid_escape@2:2"),
            ("\"\\u{}\"", "cedar.invalid_escape@2:2"),
            ("\"\\*\"", "cedar.invalid_escape@2:2"), ("foo", "cedar.unknown_name@2:1"),
            ("a::b", "cedar.unknown_name@2:1"),
            ("foo(1)", "cedar.unknown_function@2:1"), ("principal(1)", "cedar.unknown_function@2:1"),
            ("contains(1)", "cedar.unknown_function@2:1"),
            ("context.foo(1)", "cedar.unknown_method@2:9"), ("context.ip(1)", "cedar.unknown_method@2:9"),
            ("[].contains()", "cedar.wrong_argument_count@2:4"), ("[].isEmpty(1)", "cedar.wrong_argument_count@2:4"),
            ("{a: 1, a: 2}", "cedar.duplicate_key@2:8"), ("{if: 1}", "cedar.reserved_name@2:2"),
            ("context.if", "cedar.reserved_name@2:9"),
            ("context has in", "cedar.reserved_name@2:13"), ("context.__cedar", "cedar.reserved_name@2:9"),
            ("__cedar::U::\"a\"", "cedar.reserved_name@2:1"), ("Foo::in::\"a\"", "cedar.reserved_name@2:6"),
            ("U::{a: 1}", "cedar.invalid_entity@2:4"), ("?principal", "cedar.slot_in_condition@2:1"),
            ("1 & 2", "cedar.invalid_character@2:3"),
            ("'a'", "cedar.invalid_character@2:1"), ("1 ° 2", "cedar.invalid_character@2:3"),
            ("", "cedar.empty_condition@3:1"),
            ("[1 2]", "cedar.unexpected_token@2:4"), ("context[1]", "cedar.unexpected_token@2:9"),
            ("1 + if true then 1 else 2", "cedar.unexpected_token@2:5"),
            ("context like context", "cedar.unexpected_token@2:14"),
            ("context is \"U\"", "cedar.unexpected_token@2:12"),
            ("context.a()()", "cedar.unknown_method@2:9"), ("context has (a)", "cedar.unexpected_token@2:13"),
        ])
    func expressions(condition: String, wanted: String) {
        #expect(World.complaints(inCondition: condition).first == wanted)
    }

    @Test(
        "each mistake in a policy's head has its own code and place",
        arguments: [
            ("permit(principal, action, resource)", "cedar.unexpected_end@1:36"),
            ("allow(principal, action, resource);", "cedar.unexpected_token@1:1"),
            ("permit(action, principal, resource);", "cedar.unexpected_token@1:8"),
            ("permit(principal, action);", "cedar.unexpected_token@1:25"),
            ("permit(principal: U, action, resource);", "cedar.type_annotation@1:17"),
            ("permit(principal in [U::\"a\"], action, resource);", "cedar.unexpected_token@1:21"),
            ("permit(principal == ?resource, action, resource);", "cedar.invalid_slot@1:21"),
            ("permit(principal, action == ?action, resource);", "cedar.invalid_slot@1:29"),
            ("permit(principal is U == U::\"a\", action, resource);", "cedar.invalid_scope@1:23"),
            ("permit(principal, action is Action, resource);", "cedar.invalid_scope@1:26"),
            ("permit(principal, action == Foo::\"x\", resource);", "cedar.not_an_action@1:29"),
            ("permit(principal > U::\"a\", action, resource);", "cedar.unexpected_token@1:18"),
            ("permit(principal == U::\"a\" && true, action, resource);", "cedar.unexpected_token@1:28"),
            ("permit(principal, action, resource) if {true};", "cedar.unexpected_token@1:37"),
            ("@id(\"a\") @id(\"b\") permit(principal, action, resource);", "cedar.duplicate_annotation@1:11"),
            ("@id(x) permit(principal, action, resource);", "cedar.unexpected_token@1:5"),
            ("\u{FEFF}permit(principal, action, resource);", "cedar.invalid_character@1:1"),
            (";", "cedar.unexpected_token@1:1"),
            ("permit(principal, action, resource) when {true} // ; \n", "cedar.unexpected_end@2:1"),
        ])
    func heads(text: String, wanted: String) {
        #expect(World.complaints(text).first == wanted)
    }

    @Test(
        "what is unusual but allowed is accepted",
        arguments: [
            "", "// only a comment", "permit(principal, action, resource,);",
            "permit(principal == (U::\"a\"), action in [(Action::\"x\"),], resource);",
            "permit(principal, action in [], resource);",
            "permit(principal, action == Foo::Action::\"x\", resource is A::B in C::\"d\");",
            "@if(\"x\") @ id permit(principal, action, resource) when { true } unless { false } when { true };",
            "permit(principal,action,resource) when { [1,].contains(1) && {a: 1,} has a && ip(\"1.1.1.1\",).isIpv4() };",
            "permit\u{00A0}(principal,action,resource) when { principal::\"a\" == permit::\"when\" };",
            "permit(principal,action,resource) when { 1 == 1 // to the end\r && true };",
            "permit(principal == ?principal, action, resource in ?resource);",
            "permit(principal,action,resource) when { context.permit.like_it.principal == {principal: 1, \"if\": 2} };",
        ])
    func accepted(text: String) {
        #expect(World.complaints(text) == [])
    }

    @Test("all mistakes of all files are told, in order, with the line they are in")
    func collected() throws {
        let first = "permit(principal, action, resource) when { foo && bar };\nforbid(principal);\n"
        let second = "permit(principal, action, resource);\npermit(principal, action, resource)\n\twhen { \"é\" = 1 };"
        let failure = #expect(throws: CedarErrors.self) {
            try PolicySet(parsing: [
                PolicyFile(name: "a.cedar", text: first), PolicyFile(name: "b.cedar", text: second),
            ])
        }
        let errors = try #require(failure).errors
        #expect(
            errors.map { $0.position?.description } == ["a.cedar:1:44", "a.cedar:1:51", "a.cedar:2:17", "b.cedar:3:13"])
        #expect(errors[3].position?.offset == 86)
        #expect(errors[3].sourceLine == "\twhen { \"é\" = 1 };")
        #expect(
            errors[3].rendering == """
                b.cedar:3:13: `=` is no operator: use `==`
                3 |     when { "é" = 1 };
                  |                ^
                """)
    }

    @Test(
        "likely slips come with what to write instead",
        arguments: [
            (
                "permit(principal, action == Action::\"read\" resource);", ["1:44: a `,` is missing before `resource`"]
            ),
            ("permit(principal action, resource);", ["1:18: found `action` where `==`, `in`, `is` or `,` is expected"]),
            (
                "permit(principal == U::\"a\" action, resource);", ["1:28: a `,` is missing before `action`"]
            ),
            (
                "permit(principal, action == Action::\"a\" && resource);",
                ["1:41: found `&&` where `,` and then `resource` is expected"]
            ),
            (
                "/* all */ permit(principal, action, resource);",
                ["1:1: a comment begins with `//` and ends with the line; there is no `/* … */`"]
            ),
            (
                "permit(principal, action, resource); /* to the end",
                ["1:38: a comment begins with `//` and ends with the line; there is no `/* … */`"]
            ),
            (
                "\u{FEFF}permit(principal, action, resource);",
                ["1:1: the file begins with a byte order mark: save it as UTF-8 without one"]
            ),
            (
                "permit(principal, action, resource) when { 1 == \u{FEFF}1 };",
                ["1:49: the character U+FEFF does not belong here"]
            ),
        ])
    func remedies(text: String, messages: [String]) {
        #expect(
            PolicyReading([PolicyFile(name: "t", text: text)]).errors.map(\.description) == messages.map { "t:" + $0 })
    }

    @Test("the policies without a mistake are read beside those that have one")
    func partial() throws {
        let text = """
            /* old */ @id("a") permit(principal, action, resource);
            @id("b") permit(principal, action);
            @id("c") forbid(principal, action, resource) when { nonsense };
            permit(principal, action, resource == ?resource);
            @id("a") forbid(principal, action, resource);
            """
        let reading = PolicyReading([PolicyFile(name: "t", text: text)], naming: .annotation)
        #expect(reading.policies.map(\.id) == ["a", "policy3", "a"])
        #expect(
            reading.errors.map { $0.position?.description } == ["t:1:1", "t:2:34", "t:3:53", "t:5:1"])
        #expect(reading.policies[1].slots.map(\.name) == ["?resource"])
        #expect(reading.policies[1].slots.map(\.position.column) == [39])
        #expect(reading.policies[0].position(ofAnnotation: "id").column == 12)
        #expect(reading.policies[0].position(ofAnnotation: "note") == reading.policies[0].position)
        #expect(throws: CedarErrors.self) { try PolicySet(reading) }
        #expect(try PolicySet(PolicyReading([])).policies.isEmpty)
    }

    @Test("no more than a hundred mistakes are told")
    func bounded() throws {
        let text = String(repeating: "permit(principal, action);\n", count: 500)
        #expect(World.complaints(text).count == Parser.maximumErrors)
    }
}
