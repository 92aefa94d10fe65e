import Testing

@testable import Cedar

@Suite("Schema errors")
struct SchemaErrorTests {
    /// What is wrong with a schema, as `code@line:column`.
    private func complaints(_ read: () throws(CedarErrors) -> Schema) -> [String] {
        do {
            _ = try read()
            return []
        } catch {
            return error.errors.map { "\($0.code)@\($0.position?.line ?? 0):\($0.position?.column ?? 0)" }
        }
    }

    private func complaints(_ text: String) -> [String] {
        complaints { () throws(CedarErrors) in try Schema(parsing: text) }
    }

    @Test(
        "each mistake of form has its own code and place",
        arguments: [
            ("entity U", "cedar.unexpected_end@1:9"), ("entity;", "cedar.unexpected_token@1:7"),
            ("entity U = ;", "cedar.unexpected_token@1:12"), ("entity U in [V,];", "cedar.unexpected_token@1:16"),
            ("entity U enum [];", "cedar.unexpected_token@1:16"),
            ("entity U enum [\"a\",];", "cedar.unexpected_token@1:20"),
            ("entity in;", "cedar.reserved_name@1:8"), ("entity __cedar;", "cedar.reserved_name@1:8"),
            ("entity U { in: Long };", "cedar.reserved_name@1:12"),
            ("entity U { a Long };", "cedar.unexpected_token@1:14"),
            ("entity U { a: };", "cedar.unexpected_token@1:15"),
            ("entity U { a: Set<Long };", "cedar.unexpected_token@1:24"),
            ("entity U { a?: Long } tags;", "cedar.unexpected_token@1:27"),
            ("entity U { a ?: Long b: Long };", "cedar.unexpected_token@1:22"),
            ("type T;", "cedar.unexpected_token@1:7"), ("type T == Long;", "cedar.unexpected_token@1:8"),
            ("action a appliesTo {};", "cedar.unexpected_token@1:21"),
            ("action a in [];", "cedar.unexpected_token@1:14"), ("action a in A::b;", "cedar.unexpected_token@1:17"),
            ("action a attributes { b: Long };", "cedar.unexpected_token@1:23"),
            ("entity U; policy", "cedar.unexpected_token@1:11"),
            ("namespace N { entity U;", "cedar.unexpected_end@1:24"),
            ("@a @a entity U;", "cedar.duplicate_annotation@1:5"),
            ("entity U { \"\\q\": Long };", "cedar.invalid_escape@1:13"),
            ("entity U { a: Long # };", "cedar.invalid_character@1:20"),
        ])
    func form(text: String, complaint: String) {
        #expect(complaints(text) == [complaint])
    }

    @Test(
        "each mistake of meaning has its own code and place",
        arguments: [
            ("entity U; entity U;", "cedar.duplicate_declaration@1:18"),
            ("entity U, U;", "cedar.duplicate_declaration@1:11"),
            ("action a, a;", "cedar.duplicate_declaration@1:11"),
            ("type T = Long; type T = Long;", "cedar.duplicate_declaration@1:21"),
            ("namespace N {} namespace N {}", "cedar.duplicate_declaration@1:26"),
            ("entity U { a: Long, a: String };", "cedar.duplicate_attribute@1:21"),
            ("entity U { a: X };", "cedar.unknown_type@1:15"),
            ("entity U { a: __cedar::X };", "cedar.unknown_type@1:15"),
            ("entity U in [X];", "cedar.unknown_type@1:14"), ("type T = X;", "cedar.unknown_type@1:10"),
            ("type T = Long; entity U in [T];", "cedar.unknown_type@1:29"),
            ("entity U in [Action]; action a;", "cedar.unknown_type@1:14"),
            ("entity U { a: Action };", "cedar.unknown_type@1:15"),
            ("namespace A::B { entity G; } namespace A { entity U { g: B::G }; }", "cedar.unknown_type@1:58"),
            ("action a in [b];", "cedar.unknown_action@1:14"),
            ("entity U; action a in [U::\"b\"];", "cedar.unknown_action@1:24"),
            ("action a in [a];", "cedar.cycle@1:8"),
            ("action a in [b]; action b in [a]; action c in [a];", "cedar.cycle@1:8"),
            ("type A = B; type B = { a: Set<A> }; type C = A;", "cedar.cycle@1:6"),
            ("entity Action;", "cedar.reserved_name@1:8"), ("type Record = Long;", "cedar.reserved_name@1:6"),
            ("namespace __cedar {}", "cedar.reserved_name@1:11"),
            ("namespace __cedar::A {}", "cedar.reserved_name@1:11"),
            ("entity U; namespace N { entity U; }", "cedar.shadowed_name@1:32"),
            ("entity U; namespace N { type U = Long; }", "cedar.shadowed_name@1:30"),
            ("action a; namespace N { action a; }", "cedar.shadowed_name@1:32"),
            ("entity U; action a appliesTo { principal: U };", "cedar.missing_application@1:30"),
            ("entity U; action a appliesTo { principal: [], resource: U };", "cedar.empty_application@1:32"),
            (
                "entity U; action a appliesTo { principal: U, principal: U, resource: U };",
                "cedar.duplicate_declaration@1:46"
            ),
            ("entity U; action a appliesTo { principal: X, resource: U };", "cedar.unknown_type@1:43"),
            ("entity U; action a appliesTo { principal: U, resource: U, context: U };", "cedar.unknown_type@1:68"),
            ("entity U; action a appliesTo { principal: U, resource: U, context: Long };", "cedar.not_a_record@1:18"),
        ])
    func meaning(text: String, complaint: String) {
        #expect(complaints(text) == [complaint])
    }

    @Test("all mistakes of a file are told, in their order, and reading goes on behind each")
    func all() {
        #expect(
            complaints(
                """
                entity A = ;
                entity B { a: };
                namespace N {
                    entity C in;
                    entity D;
                }
                action a appliesTo { principal: B };
                """) == [
                    "cedar.unexpected_token@1:12", "cedar.unexpected_token@2:15", "cedar.unexpected_token@4:16",
                    "cedar.missing_application@7:20",
                ])
        #expect(complaints("entity U { a: X, b: Y }; action a in [z];").count == 3)
    }

    @Test(
        "one mistake is one error, and says what to write",
        arguments: [
            ("namespace N::__cedar { entity A; }", "1:14: `__cedar` is reserved and cannot be a name"),
            ("namespace in { entity A; } entity B;", "1:11: `in` is reserved and cannot be a name"),
            ("namespace in;", "1:11: `in` is reserved and cannot be a name"),
            ("entity B in A, C;", "1:14: several names stand in brackets: `in [A, B]`"),
            ("action b in a, c;", "1:14: several names stand in brackets: `in [A, B]`"),
            ("entity B in A D;", "1:15: found `D` where `{`, `tags` or `;` is expected"),
            ("entity B {} tags Long D;", "1:23: found `D` where `;` is expected"),
            ("action b in a D;", "1:15: found `D` where `appliesTo` or `;` is expected"),
        ])
    func remedies(text: String, message: String) {
        let failure = #expect(throws: CedarErrors.self) { try Schema(parsing: text, file: "s") }
        #expect(failure?.errors.map(\.description) == ["s:" + message])
    }

    @Test("types and actions know where they are declared")
    func positions() throws {
        let schema = try Schema(parsing: "entity A,\n  B;\naction x;", file: "s")
        #expect(schema.entityTypes.map(\.position.description) == ["s:1:8", "s:2:3"])
        #expect(schema.actions.map(\.position.description) == ["s:3:8"])
        #expect(schema.line(at: schema.entityTypes[1].position) == "  B;")
    }

    @Test("a misspelled name comes with the one that was probably meant")
    func suggestions() throws {
        func message(_ text: String) -> String {
            do { _ = try Schema(parsing: text) } catch { return error.errors[0].message }
            return ""
        }
        #expect(message("entity User; entity U in [Usre];") == "there is no entity type `Usre`; did you mean `User`?")
        #expect(message("entity U { a: Strnig };") == "there is no type `Strnig`; did you mean `String`?")
        #expect(message("entity U { a: long };") == "there is no type `long`; did you mean `Long`?")
        #expect(message("action read; action b in [raed];") == "there is no action `raed`; did you mean `read`?")
        #expect(message("entity U { a: Xyzzy };") == "there is no type `Xyzzy`")
    }

    @Test("an error shows its line with a caret")
    func rendering() {
        let error = #expect(throws: CedarErrors.self) {
            try Schema(parsing: "entity U {\n\ta: Nope\n};", file: "s.cedarschema")
        }
        #expect(error?.rendering == "s.cedarschema:2:5: there is no type `Nope`\n2 |     a: Nope\n  |        ^")
    }

    /// A JSON schema with this member for the entity type `U`, or with these actions.
    private static func schema(_ type: String = "{}", actions: String = "{}", common: String = "{}") -> String {
        #"{"": {"entityTypes": {"U": \#(type)}, "actions": \#(actions), "commonTypes": \#(common)}}"#
    }

    private static func schema(attribute: String) -> String {
        schema(#"{"shape": {"type": "Record", "attributes": {"a": \#(attribute)}}}"#)
    }

    @Test(
        "what is no schema in JSON is refused",
        arguments: [
            ("[]", "cedar.invalid_schema"), ("{\"\": 1}", "cedar.invalid_schema"),
            ("{\"\": {}}", "cedar.invalid_schema"),
            ("{", "cedar.invalid_json"), ("{\"a b\": {\"entityTypes\": {}, \"actions\": {}}}", "cedar.invalid_name"),
            (#"{"": {"entityTypes": {}, "actions": {}, "annotations": {"a": "b"}}}"#, "cedar.invalid_schema"),
            (#"{"": {"entityTypes": {}, "actions": {}, "more": {}}}"#, "cedar.invalid_schema"),
            (schema("{\"parents\": []}"), "cedar.invalid_schema"), (schema("{\"enum\": []}"), "cedar.invalid_schema"),
            (schema("{\"enum\": [\"a\"], \"tags\": {\"type\": \"Long\"}}"), "cedar.invalid_schema"),
            (schema("{\"shape\": {\"type\": \"Long\"}}"), "cedar.not_a_record"),
            (schema("{\"memberOfTypes\": [\"X\"]}"), "cedar.unknown_type"),
            (schema("{\"annotations\": {\"a b\": \"c\"}}"), "cedar.invalid_name"),
            (schema(attribute: "{}"), "cedar.invalid_schema"),
            (schema(attribute: "{\"type\": \"Set\"}"), "cedar.invalid_schema"),
            (schema(attribute: "{\"type\": \"Long\", \"element\": {}}"), "cedar.invalid_schema"),
            (schema(attribute: "{\"type\": \"Entity\", \"name\": \"X\"}"), "cedar.unknown_type"),
            (schema(attribute: "{\"type\": \"U\"}"), "cedar.unknown_type"),
            (schema(attribute: "{\"type\": \"Extension\", \"name\": \"uuid\"}"), "cedar.unknown_type"),
            (schema(attribute: "{\"type\": \"Long\", \"required\": 1}"), "cedar.invalid_schema"),
            (
                schema(attribute: "{\"type\": \"Record\", \"attributes\": {}, \"additionalAttributes\": true}"),
                "cedar.unsupported"
            ),
            (schema(actions: "{\"a\": {\"attributes\": {}}}"), "cedar.unsupported"),
            (schema(actions: "{\"a\": {\"appliesTo\": {\"principalTypes\": [\"U\"]}}}"), "cedar.invalid_schema"),
            (schema(actions: "{\"a\": {\"memberOf\": [{\"id\": \"a\"}]}}"), "cedar.cycle"),
            (schema(common: "{\"Set\": {\"type\": \"Long\"}}"), "cedar.reserved_name"),
            (schema(common: "{\"A::B\": {\"type\": \"Long\"}}"), "cedar.invalid_name"),
        ])
    func refusedJSON(text: String, code: String) {
        let found = complaints { () throws(CedarErrors) in try Schema(json: text) }
        #expect(found.map { String($0.prefix { $0 != "@" }) } == [code])
    }
}
