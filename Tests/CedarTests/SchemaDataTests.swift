import Testing

@testable import Cedar

@Suite("Data that has to fit a schema")
struct SchemaDataTests {
    /// A user of the shop with these attributes beside those that all have.
    private static func user(_ more: String = "", name: String = "\"Ada\"", rest: String = "") -> String {
        #"""
        [{"uid": {"type": "User", "id": "ada"}, "attrs": {"name": \#(name), "age": 36, "active": true,
          "address": {"city": "London"}, "roles": ["a"], "since": "2024-01-01", "host": "10.0.0.1", "score": "1.5",
          "color": {"type": "Color", "id": "red"}, "friends": [{"type": "User", "id": "bob"}], "strict": {"a": 1},
          "loose": {}\#(more)}, "parents": [{"type": "Team", "id": "t"}]\#(rest)}]
        """#
    }

    private func complaint(_ json: String) throws -> String? {
        let schema = try Shop.schema()
        do {
            _ = try Entities(json: json, schema: schema)
            return nil
        } catch {
            #expect(error.position != nil)
            #expect(!error.rendering.contains("Ada") && !error.rendering.contains("ada"))
            return error.message
        }
    }

    @Test("entities and extension values need no escapes where the schema tells what they are")
    func implicit() throws {
        let entities = try Entities(json: Self.user(), schema: try Shop.schema())
        let ada = try #require(entities[EntityUID(type: "User", id: "ada")])
        #expect(ada.attributes["color"] == .entity(EntityUID(type: "Color", id: "red")))
        #expect(ada.attributes["friends"] == .set([.entity(EntityUID(type: "User", id: "bob"))]))
        #expect(ada.attributes["score"] == .decimal(FixedDecimal(tenThousandths: 15_000)))
        #expect(ada.attributes["host"]?.kind == .ipaddr && ada.attributes["since"]?.kind == .datetime)
        // Escapes are allowed all the same, and functions with several arguments need no inner ones.
        let explicit = Self.user(#", "second": {"city": "Paris"}, "boss": {"__entity": {"type": "User", "id": "b"}}"#)
            .replacing("\"1.5\"", with: #"{"__extn": {"fn": "decimal", "arg": "1.5"}}"#)
            .replacing("\"2024-01-01\"", with: #"{"fn": "offset", "args": ["2024-01-01", "1h"]}"#)
        #expect(try complaint(explicit) == nil)
    }

    @Test("the schema's actions are there without being listed, with their groups")
    func actions() throws {
        let entities = try Entities(json: "[]", schema: try Shop.schema())
        #expect(entities.count == 3)
        #expect(entities.isEntity(World.read, in: EntityUID(type: "Action", id: "all")))
    }

    @Test(
        "an entity that does not fit is refused with its place, and nothing of it is quoted",
        arguments: [
            (user(name: "1"), "this value is `long`, not `String`"),
            (user(", \"nmae\": \"Ada\""), "the schema has no such attribute here; did you mean `name`?"),
            (user(", \"second\": {\"zip\": 1}"), "the attribute `city` is missing"),
            (user(", \"second\": {\"city\": \"Ada\", \"zip\": \"Ada\"}"), "this value is `string`, not `Long`"),
            (user(", \"boss\": {\"type\": \"Team\", \"id\": \"ada\"}"), "this value is `Team`, not `User`"),
            (user(", \"boss\": \"Ada\""), "this value is `string`, not `User`"),
            (user(", \"term\": \"Ada\""), "this text is no duration"),
            (user(rest: ", \"tags\": {\"ada\": 1}"), "this value is `long`, not `String`"),
            (
                user().replacing("\"Team\"", with: "\"Folder\""),
                "an entity of type `User` is in one of type `Folder`, which the schema does not have"
            ),
            (
                user().replacing("\"red\"", with: "\"ada\""),
                "this value names an entity: `Color` is an enumeration without this id"
            ),
            (user().replacing("[\"a\"]", with: "[\"a\", 1]"), "this value is `long`, not `String`"),
            (
                user().replacing("\"User\", \"id\": \"ada\"", with: "\"Usr\", \"id\": \"ada\""),
                "the schema has no entity type `Usr`; did you mean `User`?"
            ),
            (#"[{"uid": {"type": "Color", "id": "ada"}}]"#, "`Color` is an enumeration without this id"),
            (#"[{"uid": {"type": "Team", "id": "ada"}, "tags": {"a": 1}}]"#, "entities of type `Team` have no tags"),
            (#"[{"uid": {"type": "Action", "id": "ada"}}]"#, "the schema has no such action"),
            (#"[{"uid": {"type": "Action", "id": "read"}}]"#, "an action is not as the schema declares it"),
        ])
    func refused(json: String, message: String) throws {
        #expect(try complaint(json) == message)
    }

    private func flaws(_ request: Request) throws -> [String] {
        let schema = try Shop.schema()
        do {
            try schema.validate(request: request)
            return []
        } catch {
            return error.errors.map(\.message)
        }
    }

    @Test("a request fits when its action is done by such a principal to such a resource in such a context")
    func requests() throws {
        func uid(_ text: String) throws -> EntityUID { try EntityUID(parsing: text) }
        func flaws(_ principal: String, _ action: String, _ resource: String, _ context: [String: Value]) throws
            -> [String]
        {
            try self.flaws(
                Request(
                    principal: try uid(principal), action: try uid("Action::\"\(action)\""),
                    resource: try uid(resource),
                    context: context))
        }
        #expect(try flaws("User::\"ada\"", "read", "Report::\"r\"", ["n": 1]) == [])
        #expect(try flaws("Team::\"ada\"", "write", "Report::\"r\"", [:]) == [])
        #expect(
            try flaws("Team::\"ada\"", "read", "User::\"r\"", [:]) == [
                "`Action::\"read\"` is not done by entities of type `Team`, only `User`",
                "`Action::\"read\"` is not done to entities of type `User`, only `Report`, `Folder`",
                "the context of `Action::\"read\"` lacks the attribute `n`",
            ])
        #expect(
            try flaws("Nobody::\"ada\"", "raed", "Color::\"green\"", [:]) == [
                "the principal: the schema has no entity type `Nobody`",
                "the resource: `Color` is an enumeration without this id", "the schema has no such action",
            ])
        #expect(
            try flaws("User::\"ada\"", "all", "Folder::\"f\"", [:]) == [
                "`Action::\"all\"` is not done by entities of type `User`, only nothing",
                "`Action::\"all\"` is not done to entities of type `Folder`, only nothing",
            ])
        #expect(
            try flaws("User::\"ada\"", "read", "Folder::\"f\"", ["n": 1, "ada": 2])
                == ["the context of `Action::\"read\"` has an attribute that the schema does not have"])
        #expect(
            try flaws("User::\"ada\"", "read", "Folder::\"f\"", ["n": 1, "inner": ["m": "ada"]]) == [
                "the context of `Action::\"read\"` has an attribute `inner` that has an attribute `m` that is `string`, "
                    + "not `Long`"
            ])
    }

    @Test("a context is read by its action's type")
    func contexts() throws {
        let schema = try Shop.schema()
        let context = try Record(json: #"{"n": 1, "host": "10.0.0.1"}"#, schema: schema, action: World.read)
        #expect(context["host"]?.kind == .ipaddr)
        let error = #expect(throws: CedarError.self) {
            try Record(json: "{\n\"n\": \"ada\"}", schema: schema, action: World.read)
        }
        #expect(error?.description == "context:2:6: this value is `string`, not `Long`")
        #expect(throws: CedarError.self) {
            try Record(json: "{}", schema: schema, action: EntityUID(type: "Action", id: "raed"))
        }
    }

    @Test("entities made by a program are checked like those read from JSON, each flaw once")
    func entities() throws {
        let schema = try Shop.schema()
        func messages(_ entities: [Entity]) throws -> [String] {
            do {
                try schema.validate(entities: try Entities(entities))
                return []
            } catch let errors as CedarErrors {
                return errors.errors.map(\.message)
            }
        }
        let ada = EntityUID(type: "User", id: "ada")
        let folder = EntityUID(type: "Folder", id: "f")
        #expect(try messages([Entity(folder)]) == [])
        try schema.validate(entities: try Entities(json: Self.user(), schema: schema))
        #expect(
            try messages([
                Entity(ada), Entity(EntityUID(type: "User", id: "bob")), Entity(folder, attributes: ["ada": 1]),
                Entity(EntityUID(type: "Nobody", id: "ada")), Entity(World.read),
                Entity(EntityUID(type: "Team", id: "t"), tags: ["a": "ada"]),
            ]) == [
                "an action is not as the schema declares it",
                "an entity of type `Folder` has an attribute that the schema does not have",
                "an entity of type `Team` has no tags", "an entity of type `User` lacks the attribute `active`",
                "the schema has no entity type `Nobody`",
            ])
    }
}
