import Testing

@testable import Cedar

/// The strict typing rules, one claim a test, each with what passes beside what does not.
@Suite("Strict typing")
struct TypingTests {
    private func expectValid(_ conditions: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        for condition in conditions {
            #expect(
                try Shop.findings(inCondition: condition) == [], "\(condition)", sourceLocation: sourceLocation)
        }
    }

    private func expect(_ conditions: [(String, String)], sourceLocation: SourceLocation = #_sourceLocation) throws {
        for (condition, finding) in conditions {
            #expect(
                try Shop.findings(inCondition: condition) == [finding], "\(condition)",
                sourceLocation: sourceLocation)
        }
    }

    @Test("conditions, negations and the operands of && and || are truth values")
    func truth() throws {
        try expectValid(["principal.active", "!principal.active || principal.active && context.n == 1"])
        try expect([
            ("1", "cedar.wrong_type@2:1"), ("!principal.age", "cedar.wrong_type@2:2"),
            ("principal.active && principal.name", "cedar.wrong_type@2:21"),
            ("principal.active || 1", "cedar.wrong_type@2:21"), ("principal", "cedar.wrong_type@2:1"),
        ])
    }

    @Test("arithmetic is done with Long alone")
    func arithmetic() throws {
        try expectValid(["principal.age + 1 - 2 * -context.n == 3"])
        try expect([
            ("principal.age + \"1\" == 2", "cedar.wrong_type@2:17"), ("-principal.name == 2", "cedar.wrong_type@2:2"),
            ("principal.score * 2 == 2", "cedar.wrong_type@2:1"),
        ])
    }

    @Test("only Long, datetime and duration are ordered, each with itself")
    func order() throws {
        try expectValid([
            "principal.age < 3", "principal.since >= datetime(\"2024-01-01\")",
            "principal.since.toTime() > duration(\"1h\")",
        ])
        try expect([
            ("principal.age < principal.name", "cedar.wrong_type@2:17"),
            ("principal.name < \"b\"", "cedar.wrong_type@2:1"),
            ("principal.score <= decimal(\"1.0\")", "cedar.wrong_type@2:1"),
            ("principal.since > duration(\"1h\")", "cedar.wrong_type@2:19"),
            ("1 < principal.since", "cedar.wrong_type@2:5"),
        ])
    }

    @Test("what is compared has one type, unless both sides are literals or entities of different types")
    func equality() throws {
        try expectValid([
            "principal.name == \"ada\"", "principal.strict == {a: 1}", "1 != \"a\"", "principal != resource",
            "principal == resource.owner", "{a: true} != {a: false}",
        ])
        try expect([
            ("principal.name == 1", "cedar.incompatible_types@2:1"),
            ("principal.strict == {a: \"x\"}", "cedar.incompatible_types@2:1"),
            ("principal.strict == {b: 1}", "cedar.incompatible_types@2:1"),
            ("principal.strict == {a: 1, b: 1}", "cedar.incompatible_types@2:1"),
            // A record in which an attribute is there is not of a type in which it can be absent.
            ("principal.loose == {a: 1}", "cedar.incompatible_types@2:1"),
            ("principal.roles == [1]", "cedar.incompatible_types@2:1"),
        ])
    }

    @Test("a set is of one type, and an empty one of none")
    func sets() throws {
        try expectValid([
            "[1, 2].contains(context.n)", "principal.roles.containsAny([\"a\"])", "principal.roles.isEmpty()",
            "[[1], [2]].contains([2])", "principal.friends.containsAll([principal, resource.owner])",
        ])
        try expect([
            ("[1, \"a\"].contains(1)", "cedar.incompatible_types@2:5"), ("principal in []", "cedar.empty_set@2:14"),
            ("[User::\"a\", Team::\"b\"].contains(principal)", "cedar.incompatible_types@2:13"),
            ("principal.roles.contains(1)", "cedar.incompatible_types@2:1"),
            ("principal.roles.contains([\"a\"])", "cedar.incompatible_types@2:1"),
            ("principal.roles.containsAll([1])", "cedar.incompatible_types@2:1"),
            ("principal.roles.containsAny(\"a\")", "cedar.wrong_type@2:29"),
            ("principal.name.contains(\"a\")", "cedar.wrong_type@2:1"),
            ("principal.name.isEmpty()", "cedar.wrong_type@2:1"),
        ])
    }

    @Test("both branches of if have one type")
    func branches() throws {
        try expectValid([
            "(if principal.active then 1 else 2) == 3", "if principal.active then false else principal.active",
            // What can never be reached is not looked at.
            "(if true then 1 else \"a\") == 1", "if false then 1 else principal.active",
        ])
        try expect([
            ("(if principal.active then 1 else \"a\") == 1", "cedar.incompatible_types@2:2"),
            ("if principal.age then true else false", "cedar.wrong_type@2:4"),
            ("(if principal.active then principal else resource) == principal", "cedar.incompatible_types@2:2"),
        ])
    }

    @Test("attributes are those of the type, of entities as of records")
    func attributes() throws {
        try expectValid(["principal.address.city == resource.owner.name", "context.n == 1", "principal[\"age\"] == 1"])
        try expect([
            ("principal.size == 1", "cedar.no_attribute@2:1"), ("context.m == 1", "cedar.no_attribute@2:1"),
            ("principal.address.town == \"x\"", "cedar.no_attribute@2:1"),
            ("action.name == \"x\"", "cedar.no_attribute@2:1"),
            ("{a: 1}.b == 1", "cedar.no_attribute@2:1"), ("principal.age.years == 1", "cedar.wrong_type@2:1"),
            ("principal.color.name == \"x\"", "cedar.no_attribute@2:1"),
        ])
    }

    @Test("what can be absent is read only behind has, for the same words")
    func guards() throws {
        try expectValid([
            "principal has boss && principal.boss.age > 1",
            "principal has boss && principal.boss has boss && principal.boss.boss.age > 1",
            "principal has second.geo && principal.second.geo.lat.lessThan(decimal(\"1.0\"))",
            "if context has host then context.host.isIpv4() else false",
            "!(principal has boss) || true", "(principal has boss && context has host) && context.host.isIpv4()",
            "(principal has boss || principal has boss) && principal.boss.active",
            "principal has boss && (principal.active || principal.boss.active)",
            "context has inner.m && context.inner.m == 1", "context has \"host\" && context[\"host\"].isIpv4()",
        ])
        try expect([
            ("principal.boss.age > 1", "cedar.unguarded_attribute@2:1"),
            ("principal has boss || principal.boss.age > 1", "cedar.unguarded_attribute@2:23"),
            ("principal.boss.age > 1 && principal has boss", "cedar.unguarded_attribute@2:1"),
            ("!(principal has boss) && principal.boss.active", "cedar.unguarded_attribute@2:26"),
            ("principal has second && principal.boss.active", "cedar.unguarded_attribute@2:25"),
            ("resource.owner has boss && principal.boss.active", "cedar.unguarded_attribute@2:28"),
            ("(principal has boss || context has host) && principal.boss.active", "cedar.unguarded_attribute@2:45"),
            ("if principal has boss then true else principal.boss.active", "cedar.unguarded_attribute@2:38"),
            (
                "(if principal.active then principal has boss else false) && principal.boss.active",
                "cedar.unguarded_attribute@2:61"
            ),
            ("context has inner && context.inner.m == 1", "cedar.unguarded_attribute@2:22"),
        ])
        #expect(
            try Shop.findings(
                """
                permit (principal is User, action == Action::"read", resource)
                unless { principal has boss } when { principal.boss.active };
                """) == ["cedar.unguarded_attribute@2:38"])
        #expect(
            try Shop.findings(
                """
                permit (principal is User, action == Action::"read", resource)
                when { principal has boss } when { principal.boss.active };
                """) == [])
    }

    @Test("has is asked of entities and records, and never true for what the type has not")
    func presence() throws {
        try expectValid(["principal has nothing || true", "principal has boss.boss.boss || true"])
        try expect([
            ("principal.name has a", "cedar.wrong_type@2:1"), ("principal has name.first", "cedar.wrong_type@2:1"),
            ("principal has nothing", "?cedar.impossible_policy@1:1"),
            ("context has inner.x", "?cedar.impossible_policy@1:1"),
            // A record has what its type demands, so asking is always answered the same.
            ("!(context has n)", "?cedar.impossible_policy@1:1"),
        ])
        // An entity need not exist.
        try expectValid(["!(principal has name)"])
    }

    @Test("tags are read only behind hasTag, for the same words")
    func tags() throws {
        try expectValid([
            "principal.hasTag(\"a\") && principal.getTag(\"a\") == \"b\"",
            "resource.hasTag(principal.name) && resource.getTag(principal.name).contains(1)",
        ])
        try expect([
            ("principal.getTag(\"a\") == \"b\"", "cedar.unguarded_tag@2:1"),
            ("principal.hasTag(\"a\") && principal.getTag(\"b\") == \"b\"", "cedar.unguarded_tag@2:26"),
            ("principal.hasTag(\"a\") && principal.getTag(\"a\") == 1", "cedar.incompatible_types@2:26"),
            ("principal.hasTag(1)", "cedar.wrong_type@2:18"), ("context.hasTag(\"a\")", "cedar.wrong_type@2:1"),
            ("Team::\"t\".getTag(\"a\") == \"b\"", "cedar.no_tags@2:1"),
            ("Team::\"t\".hasTag(\"a\")", "?cedar.impossible_policy@1:1"),
        ])
    }

    @Test("in is asked of entities, and is false where the schema has no such hierarchy")
    func membership() throws {
        try expectValid([
            "principal in Team::\"t\"", "principal in [Team::\"t\", Team::\"u\"]", "resource in Folder::\"f\"",
            "principal in principal.friends", "action in Action::\"all\"", "Team::\"t\" in Team::\"u\"",
        ])
        try expect([
            ("principal.name in Team::\"t\"", "cedar.wrong_type@2:1"), ("principal in \"t\"", "cedar.wrong_type@2:14"),
            ("principal in principal.roles", "cedar.wrong_type@2:14"),
            ("principal in Folder::\"f\"", "?cedar.impossible_policy@1:1"),
            ("action in Action::\"write\"", "?cedar.impossible_policy@1:1"),
            ("!(action in [Action::\"write\", Action::\"all\"])", "?cedar.impossible_policy@1:1"),
            ("action in User::\"u\"", "?cedar.impossible_policy@1:1"),
        ])
    }

    @Test("is tells types apart, and opens only the branch that can be")
    func types() throws {
        try expectValid(["principal is User", "principal is User in Team::\"t\"", "!(resource is Folder)"])
        try expect([
            ("principal is Team", "?cedar.impossible_policy@1:1"),
            ("principal is User in Folder::\"f\"", "?cedar.impossible_policy@1:1"),
            ("principal.name is User", "cedar.wrong_type@2:1"),
        ])
        // For a folder the right side is never reached.
        #expect(
            try Shop.findings(
                """
                permit (principal is User, action == Action::"read", resource)
                when { resource is Report && resource.size > 1 };
                """) == [])
        #expect(
            try Shop.findings(
                """
                permit (principal is User, action == Action::"read", resource)
                when { resource.size > 1 };
                """) == ["cedar.no_attribute@2:8"])
    }

    @Test("like compares texts")
    func patterns() throws {
        try expectValid(["principal.name like \"a*\""])
        try expect([("principal.age like \"1*\"", "cedar.wrong_type@2:1")])
    }

    @Test("extension values are written out, and their methods take their own kinds")
    func extensions() throws {
        try expectValid([
            "principal.host.isInRange(ip(\"10.0.0.0/8\"))", "principal.score.lessThan(decimal(\"1.5\"))",
            "principal.since.offset(duration(\"1d\")).toDate() == datetime(\"2024-01-01\")",
            "principal.since.durationSince(principal.since).toDays() < 3",
        ])
        try expect([
            ("ip(principal.name).isIpv4()", "cedar.not_a_literal@2:4"),
            ("decimal(\"1\") == principal.score", "cedar.invalid_extension@2:9"),
            ("principal.host.lessThan(decimal(\"1.0\"))", "cedar.wrong_type@2:1"),
            ("principal.host.isInRange(\"10.0.0.0/8\")", "cedar.wrong_type@2:26"),
            ("principal.host.isInRange()", "cedar.wrong_argument_count@2:1"),
            ("principal.host.isIpv4(1)", "cedar.wrong_argument_count@2:1"),
            ("unknown(\"a\")", "cedar.unknown_function@2:1"),
        ])
    }

    @Test("messages name types, owners and what was probably meant")
    func messages() throws {
        #expect(try Shop.message("principal.nmae == \"x\"") == "`User` has no attribute `nmae`; did you mean `name`?")
        #expect(
            try Shop.message("context.N == 1")
                == "the context of `Action::\"read\"` has no attribute `N`; did you mean `n`?")
        #expect(
            try Shop.message("principal.boss.active") == "`boss` can be absent: ask `principal has boss` before")
        #expect(try Shop.message("principal.age + principal.roles == 1") == "expected `Long`, found `Set<String>`")
        #expect(
            try Shop.message("principal.address == 1")
                == "`{city: String, geo?: {lat: decimal}, zip?: Long}` and `Long` cannot be compared")
        #expect(try Shop.message("principal.xyzzy == 1") == "`User` has no attribute `xyzzy`")
    }
}
