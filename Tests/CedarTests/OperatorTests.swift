import Testing

@testable import Cedar

@Suite("Operators")
struct OperatorTests {
    @Test(
        "logic evaluates from the left, stops early and asks for truth values of what it looks at",
        arguments: [
            ("true && true", "true"), ("true && false", "false"), ("false && 1", "false"),
            ("true && 1", "cedar.type_error"),
            ("1 && false", "cedar.type_error"), ("true || 1", "true"), ("false || 1", "cedar.type_error"),
            ("false || true", "true"), ("false || false", "false"), ("!false", "true"), ("!!!!true", "true"),
            ("!1", "cedar.type_error"), ("if true then true else 1", "true"), ("if false then 1 else true", "true"),
            ("if 1 then true else true", "cedar.type_error"), ("if true then 1 else true", "cedar.type_error"),
            ("(true && true) && 1", "cedar.type_error"), ("(false || false) || true", "true"),
            ("false && (true || 1)", "false"), ("if true then true else false || 1", "true"),
        ])
    func logic(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition) == wanted)
    }

    @Test(
        "equality holds between values of one kind and content, and is false between kinds",
        arguments: [
            ("1 == 1", "true"), ("1 != 1", "false"), ("1 == \"1\"", "false"), ("1 != \"1\"", "true"),
            ("true == (1 < 2)", "true"),
            ("[1, 2, 2] == [2, 1]", "true"), ("[1, 2] == [1]", "false"), ("[] == []", "true"),
            ("[[1], [2]] == [[2], [1]]", "true"),
            ("{a: 1, \"b\": 2} == {b: 2, a: 1}", "true"), ("{a: 1} == {a: 2}", "false"),
            ("{a: 1} == {a: 1, b: 2}", "false"),
            ("User::\"ada\" == principal", "true"), ("Role::\"ada\" == principal", "false"),
            ("\"é\" == \"e\\u{301}\"", "false"), ("\"a\\x41\\t\\u{1F600}\" == \"aA\\t😀\"", "true"),
            ("Ns::User::\"x\" == Ns::User::\"x\"", "true"), ("ip(\"10.0.0.1\") == \"10.0.0.1\"", "false"),
        ])
    func equality(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition) == wanted)
    }

    @Test(
        "order is for longs, datetimes and durations, each with its own kind",
        arguments: [
            ("1 < 2", "true"), ("2 < 2", "false"), ("2 <= 2", "true"), ("3 <= 2", "false"), ("3 > 2", "true"),
            ("2 > 2", "false"),
            ("2 >= 2", "true"), ("1 >= 2", "false"), ("\"a\" < \"b\"", "cedar.type_error"),
            ("1 < \"b\"", "cedar.type_error"),
            ("true < false", "cedar.type_error"), ("datetime(\"2024-01-01\") < datetime(\"2024-01-02\")", "true"),
            ("duration(\"1h\") >= duration(\"60m\")", "true"),
            ("datetime(\"2024-01-01\") < duration(\"1h\")", "cedar.type_error"),
            ("decimal(\"1.0\") < decimal(\"2.0\")", "cedar.type_error"),
        ])
    func order(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition) == wanted)
    }

    @Test(
        "arithmetic is of 64 bits and overflow is an error",
        arguments: [
            ("1 + 2 * 3 - 4 == 3", "true"), ("2 - 1 - 1 == 0", "true"), ("-principal.age == -36", "true"),
            ("1 - -1 == 2", "true"),
            ("9223372036854775807 + 1 == 0", "cedar.overflow"), ("-9223372036854775808 - 1 == 0", "cedar.overflow"),
            ("9223372036854775807 * 2 == 0", "cedar.overflow"), ("-(-9223372036854775808) == 0", "cedar.overflow"),
            ("--9223372036854775808 == 0", "cedar.overflow"), ("-9223372036854775808 < 0", "true"),
            ("1 + true == 2", "cedar.type_error"), ("\"a\" + \"b\" == \"ab\"", "cedar.type_error"),
            ("-\"a\" == 1", "cedar.type_error"), ("007 == 7", "true"),
        ])
    func arithmetic(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition) == wanted)
    }

    @Test(
        "attributes are read from records and known entities",
        arguments: [
            ("principal.age == 36", "true"), ("principal[\"age\"] == 36", "true"),
            ("principal.home.city.name == \"London\"", "true"),
            ("{a: {b: 1}}.a.b == 1", "true"), ("resource.owner.name == \"Ada\"", "true"), ("context.x == 1", "true"),
            ("principal.none == 1", "cedar.no_attribute"), ("context.none == 1", "cedar.no_attribute"),
            ("{a: 1}.b == 1", "cedar.no_attribute"), ("principal.boss.age == 1", "cedar.no_entity"),
            ("User::\"nobody\".age == 1", "cedar.no_entity"), ("principal.age.x == 1", "cedar.type_error"),
            ("action.x == 1", "cedar.no_attribute"), ("resource.owner == principal", "true"),
        ])
    func attributes(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition, context: ["x": 1]) == wanted)
    }

    @Test(
        "`has` looks along a path and is false where something is missing",
        arguments: [
            ("principal has age", "true"), ("principal has \"age\"", "true"), ("principal has none", "false"),
            ("principal has home.city.name", "true"), ("principal has home.city.zip", "false"),
            ("principal has none.city", "false"),
            ("principal has boss.age", "false"), ("principal.boss has age", "false"),
            ("User::\"nobody\" has age", "false"),
            ("principal has age.x", "cedar.type_error"), ("1 has x", "cedar.type_error"), ("context has x", "true"),
            ("action has x", "false"), ("resource has owner.name", "true"), ("{a: {b: 1}} has a.b", "true"),
            ("principal has none && principal.none == 1", "false"),
        ])
    func has(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition, context: ["x": 1]) == wanted)
    }

    @Test(
        "`in` climbs the hierarchy, takes sets of entities, and holds of anything for itself",
        arguments: [
            ("principal in Role::\"staff\"", "true"), ("principal in Role::\"everyone\"", "true"),
            ("principal in principal", "true"),
            ("User::\"nobody\" in User::\"nobody\"", "true"), ("User::\"nobody\" in Role::\"staff\"", "false"),
            ("Role::\"staff\" in principal", "false"), ("principal in [Role::\"x\", Role::\"everyone\"]", "true"),
            ("principal in []", "false"), ("principal in [Role::\"staff\", 1]", "cedar.type_error"),
            ("principal in 1", "cedar.type_error"), ("1 in principal", "cedar.type_error"),
            ("action in Action::\"all\"", "true"), ("resource in Role::\"staff\"", "false"),
        ])
    func membership(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition) == wanted)
    }

    @Test(
        "`is` compares types, and asks for the ancestor only where the type is right",
        arguments: [
            ("principal is User", "true"), ("principal is Ns::User", "false"), ("principal is Role", "false"),
            ("principal is User in Role::\"everyone\"", "true"), ("principal is Role in 1", "false"),
            ("principal is User in 1", "cedar.type_error"), ("1 is User", "cedar.type_error"),
            ("principal is principal", "false"),
        ])
    func types(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition) == wanted)
    }

    @Test(
        "`like` knows one wildcard, and a star written `\\*` is a star",
        arguments: [
            ("\"abc\" like \"a*\"", "true"), ("\"abc\" like \"*c\"", "true"), ("\"abc\" like \"*\"", "true"),
            ("\"\" like \"\"", "true"),
            ("\"\" like \"*\"", "true"), ("\"abc\" like \"a*b*c\"", "true"), ("\"abc\" like \"abc\"", "true"),
            ("\"abc\" like \"ab\"", "false"),
            ("\"ab\" like \"ab*b\"", "false"), ("\"aXbXc\" like \"a*b*c\"", "true"), ("\"abab\" like \"*ab\"", "true"),
            ("\"a*c\" like \"a\\*c\"", "true"), ("\"abc\" like \"a\\*c\"", "false"), ("\"é\" like \"?\"", "false"),
            ("\"é\" like \"*\"", "true"),
            ("\"aaa\" like \"a*a*a*a\"", "false"), ("\"mississippi\" like \"m*iss*ip*i\"", "true"),
            ("1 like \"*\"", "cedar.type_error"),
            ("\"zz\" like \"\\u{2a}\"", "true"),
        ])
    func patterns(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition) == wanted)
    }

    @Test(
        "sets answer what they contain",
        arguments: [
            ("[1, 2].contains(1)", "true"), ("[1, 2].contains(\"1\")", "false"), ("[[1]].contains([1, 1])", "true"),
            ("principal.tags.containsAll([\"a\", \"b\"])", "true"),
            ("principal.tags.containsAll([\"a\", \"c\"])", "false"),
            ("[1].containsAll([])", "true"), ("[].containsAny([])", "false"), ("[1, 2].containsAny([2, 3])", "true"),
            ("[1, 2].containsAny([3])", "false"), ("[].isEmpty()", "true"), ("[1].isEmpty()", "false"),
            ("1.contains(1)", "cedar.type_error"), ("[1].containsAll(1)", "cedar.type_error"),
            ("\"\".isEmpty()", "cedar.type_error"),
            ("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10].containsAll([10, 9, 1])", "true"),
            ("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].contains(11)", "false"),
            ("[principal, 1].contains(User::\"ada\")", "true"),
        ])
    func sets(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition) == wanted)
    }

    @Test(
        "tags are asked for by any text",
        arguments: [
            ("principal.hasTag(\"region\")", "true"), ("principal.hasTag(\"x\")", "false"),
            ("principal.getTag(\"region\") == \"eu\"", "true"),
            ("principal.getTag(\"x\") == 1", "cedar.no_tag"), ("principal.boss.hasTag(\"x\")", "false"),
            ("principal.boss.getTag(\"x\") == 1", "cedar.no_entity"), ("principal.hasTag(1)", "cedar.type_error"),
            ("1.hasTag(\"x\")", "cedar.type_error"), ("principal.hasTag(context.which)", "true"),
        ])
    func tags(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition, context: ["which": "region"]) == wanted)
    }
}
