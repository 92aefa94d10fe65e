import Testing

@testable import Cedar

@Suite("Schemas")
struct SchemaTests {
    /// Everything that a schema says, one line each.
    private func summary(_ schema: Schema) -> [String] {
        schema.entityTypes.map { type in
            let choices = type.choices.map { " of \($0)" } ?? ""
            let tags = type.tags.map { " tags \($0)" } ?? ""
            let above = type.ancestors.sorted().map(\.string).joined(separator: " ")
            return "\(type.name)\(choices) in [\(above)] \(SchemaType.record(type.attributes))\(tags)"
        }.sorted()
            + schema.actions.map { action in
                let above = action.ancestors.map(\.description).sorted().joined(separator: " ")
                return "\(action.uid) in [\(above)] \(action.principals) \(action.resources) "
                    + "\(SchemaType.record(action.context))"
            }.sorted()
    }

    @Test("both syntaxes say the same")
    func syntaxes() throws {
        let written = try Schema(
            parsing: """
                // A shop.
                type Size = Long;
                namespace Shop {
                    @doc("where people live")
                    type Address = { city: String, "zip code"?: Size, };
                    entity Color enum ["red", "bl\\u{75}e"];
                    entity Team, Org in [Team];
                    entity User in [Team] = { name: String, @doc home?: Address, colors: Set<Color> } tags Set<String>;
                    action "read all", all;
                    action read in ["read all", Action::"all"] appliesTo {
                        principal: [User], resource: Shop::Team, context: { ip?: ipaddr },
                    };
                }
                """)
        let json = try Schema(
            json: """
                {"": {"commonTypes": {"Size": {"type": "Long"}}, "entityTypes": {}, "actions": {}},
                 "Shop": {
                  "commonTypes": {"Address": {"type": "Record", "annotations": {"doc": "where people live"}, "attributes":
                    {"city": {"type": "EntityOrCommon", "name": "String"}, "zip code": {"type": "Size", "required": false}}}},
                  "entityTypes": {
                    "Color": {"enum": ["red", "blue"]}, "Team": {"memberOfTypes": ["Team"]}, "Org": {"memberOfTypes": ["Team"]},
                    "User": {"memberOfTypes": ["Team"], "tags": {"type": "Set", "element": {"type": "String"}},
                     "shape": {"type": "Record", "attributes": {"name": {"type": "String"},
                      "home": {"type": "Address", "required": false, "annotations": {"doc": null}},
                      "colors": {"type": "Set", "element": {"type": "Entity", "name": "Color"}}}}}},
                  "actions": {"all": {}, "read all": {"memberOf": null},
                   "read": {"memberOf": [{"id": "read all"}, {"id": "all", "type": "Shop::Action"}],
                    "appliesTo": {"principalTypes": ["User"], "resourceTypes": ["Team"], "context": {"type": "Record",
                     "attributes": {"ip": {"type": "Extension", "name": "ipaddr", "required": false}}}}}}}}
                """)
        #expect(summary(written) == summary(json))
        #expect(
            summary(written) == [
                "Shop::Color of [red, blue] in [] {}", "Shop::Org in [Shop::Team] {}",
                "Shop::Team in [Shop::Team] {}",
                "Shop::User in [Shop::Team] {colors: Set<Shop::Color>, home?: {city: String, \"zip code\"?: Long}, "
                    + "name: String} tags Set<String>",
                "Shop::Action::\"all\" in [] [] [] {}", "Shop::Action::\"read all\" in [] [] [] {}",
                "Shop::Action::\"read\" in [Shop::Action::\"all\" Shop::Action::\"read all\"] [Shop::User] [Shop::Team] "
                    + "{ip?: ipaddr}",
            ])
        #expect(try Schema(parsing: "@a(\"b\") @in entity U;").entityType("U")?.annotations == ["a": "b", "in": ""])
    }

    /// The type of the attribute `a` of the entity type `U`, or of `N::U`.
    private func attribute(_ text: String) throws -> String? {
        let schema = try Schema(parsing: text)
        return (schema.entityType("U") ?? schema.entityType("N::U"))?.attributes["a"]?.type.description
    }

    @Test(
        "a name means what the nearest declaration says",
        arguments: [
            ("entity U { a: Long };", "Long"),
            // A common type goes before an entity type.
            ("type T = Long; entity T; entity U { a: T };", "Long"),
            ("namespace N { entity U { a: T }; type T = String; }", "String"),
            // One's own namespace goes before what is outside.
            ("type T = Long; namespace N { entity U { a: T }; }", "Long"),
            ("namespace M { type T = Long; } namespace N { entity U { a: M::T }; type T = String; }", "Long"),
            // What every schema knows gives way to what is declared, and stays under its full name.
            ("entity Long; entity U { a: Long };", "Long"),
            ("type decimal = String; entity U { a: decimal };", "String"),
            ("type decimal = String; entity U { a: __cedar::decimal };", "decimal"),
            ("namespace N { entity U { a: ipaddr }; type ipaddr = Bool; }", "Bool"),
            ("entity U { a: Action }; action x;", "Action"),
            ("entity Set; entity U { a: Set<Set> };", "Set<Set>"),
            ("type A = B; type B = { c: C }; type C = Set<U>; entity U { a: A };", "{c: Set<U>}"),
        ])
    func names(text: String, type: String) throws {
        #expect(try attribute(text) == type)
    }

    @Test("an entity type named as a known one is an entity")
    func hiddenKnown() throws {
        let schema = try Schema(parsing: "entity Long; entity U { a: Long, b: __cedar::Long };")
        #expect(schema.entityType("U")?.attributes["a"]?.type == .entity("Long"))
        #expect(schema.entityType("U")?.attributes["b"]?.type == .long)
    }

    @Test("hierarchies reach through all levels; those of types can lead back")
    func hierarchies() throws {
        let schema = try Schema(
            parsing: """
                entity A in [B]; entity B in [C]; entity C in [A, D]; entity D;
                action a; action b in [a]; action c in [b];
                namespace N { action d in [Action::"c"]; }
                """)
        #expect(schema.isType("A", in: "D") && schema.isType("A", in: "A") && schema.isType("C", in: "B"))
        #expect(!schema.isType("D", in: "A"))
        let last = try #require(schema.action(EntityUID(type: "N::Action", id: "d")))
        #expect(last.ancestors == Set(["a", "b", "c"].map { EntityUID(type: "Action", id: $0) }))
        #expect(schema.isType("N::Action", in: "Action") && !schema.isType("Action", in: "N::Action"))
    }

    @Test("a long chain of common types is no nesting")
    func longChain() throws {
        let chain = (0..<20_000).map { "type T\($0) = T\($0 + 1);" }.joined(separator: "\n")
        #expect(try attribute(chain + "\ntype T20000 = Long; entity U { a: T0 };") == "Long")
    }
}
