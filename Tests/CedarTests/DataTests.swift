import Testing

@testable import Cedar

@Suite("Entities and JSON")
struct DataTests {
    private func uid(_ id: String) -> EntityUID { EntityUID(type: "N", id: id) }

    @Test("ancestors reach through any number of levels, also far ones and shared ones")
    func closure() throws {
        // From the bottom up, so that the first one's ancestors are known last.
        let entities = try Entities((0..<300).map { Entity(uid(String($0)), parents: [uid(String($0 + 1))]) })
        #expect(entities.isEntity(uid("0"), in: uid("300")))
        #expect(!entities.isEntity(uid("5"), in: uid("4")))
        let diamond = try Entities([
            Entity(uid("a"), parents: [uid("b"), uid("c")]), Entity(uid("b"), parents: [uid("d")]),
            Entity(uid("c"), parents: [uid("d")]), Entity(uid("d")),
        ])
        #expect(diamond.isEntity(uid("a"), in: uid("d")))
        #expect(diamond.count == 4 && diamond[uid("a")]?.parents.count == 2)
    }

    @Test("cycles of any length and entities given twice are refused")
    func refused() {
        func code(_ entities: [Entity]) -> String? {
            do { _ = try Entities(entities) } catch { return error.code }
            return nil
        }
        #expect(code([Entity(uid("a"), parents: [uid("a")])]) == "cedar.cycle")
        let ring = (0..<50).map { Entity(uid(String($0)), parents: [uid(String(($0 + 1) % 50))]) }
        #expect(code(ring) == "cedar.cycle")
        #expect(code([Entity(uid("a")), Entity(uid("a"))]) == "cedar.duplicate_entity")
        #expect(code(ring.dropLast()) == nil)
    }

    @Test("a flaw in entity JSON is told with its place, without quoting what is there")
    func discreetPlaces() throws {
        let text = """
            [{"uid": {"type": "U", "id": "ada@example.org"}, "parents": [{"type": "U", "id": "bob@example.org"}]},
             {"uid": {"type": "U", "id": "bob@example.org"}, "attrs": {"mail": "bob@example.org"}},
             {"uid": {"type": "U", "id": "ada@example.org"}}]
            """
        let twice = try #require(#expect(throws: CedarError.self) { try Entities(json: text) })
        #expect(twice.code == "cedar.duplicate_entity" && twice.position?.line == 3)
        let ring = text.replacing(",\n {\"uid\": {\"type\": \"U\", \"id\": \"ada@example.org\"}}]", with: "]")
            .replacing(
                "\"attrs\"", with: "\"parents\": [{\"type\": \"U\", \"id\": \"bob@example.org\"}], \"attrs\"")
        let cycle = try #require(#expect(throws: CedarError.self) { try Entities(json: ring) })
        #expect(cycle.code == "cedar.cycle" && cycle.position?.line == 2)
        let broken = try #require(
            #expect(throws: CedarError.self) { try Entities(json: text.replacing("}}]", with: "}, \"ada\": 1}]")) })
        var shown = [twice.rendering, cycle.rendering, broken.rendering]
        for name in ["User::ada", "\"ada\"", "User::\"\\ada\"", "User::\"ada\" ada", "User:ada"] {
            shown.append(try #require(#expect(throws: CedarErrors.self) { try EntityUID(parsing: name) }).rendering)
        }
        for text in shown { #expect(!text.contains("ada") && !text.contains("bob"), "\(text)") }
    }

    @Test("names that are neighbours in one table are none in another, so that pouring one into it piles nothing up")
    func seeds() {
        let uids = (0..<4_096).map { EntityUID(type: "T", id: "\($0)") }
        let order = uids.sorted { $0._rawHashValue(seed: 12) & 0x1FFF < $1._rawHashValue(seed: 12) & 0x1FFF }
        let places = order.map { $0._rawHashValue(seed: 13) & 0xFFF }
        let near = zip(places, places.dropFirst()).count { abs($0 - $1) <= 4 }
        #expect(near < uids.count / 4)
    }

    @Test("entities laid over others see them, and cannot change them")
    func layers() throws {
        let base = try Entities([Entity(uid("group"), parents: [uid("all")])])
        let more = try base.adding([Entity(uid("me"), parents: [uid("group")])])
        #expect(more.isEntity(uid("me"), in: uid("all")))
        #expect(more.count == 2 && base.count == 1)
        #expect(throws: CedarError.self) { try base.adding([Entity(uid("group"))]) }
        #expect(throws: CedarError.self) { try base.adding([Entity(uid("all"))]) }
        let third = try more.adding([Entity(uid("other"), parents: [uid("me")])])
        #expect(third.isEntity(uid("other"), in: uid("all")))
    }

    @Test("names that only look alike are different entities and attributes")
    func bytes() throws {
        let composed = EntityUID(type: "U", id: "é")
        let decomposed = EntityUID(type: "U", id: "e\u{301}")
        #expect(composed != decomposed)
        let entities = try Entities(
            json: """
                [{"uid": {"type": "U", "id": "é"}, "attrs": {"é": 1, "e\u{301}": 2}, "parents": []},
                 {"uid": {"type": "U", "id": "e\u{301}"}, "attrs": {}, "parents": []}]
                """)
        #expect(entities.count == 2)
        #expect(entities[composed]?.attributes["e\u{301}"] == 2)
        #expect(Value.string("é") != .string("e\u{301}"))
        #expect(Set<Text>(["a", "a\0", "", "\0"]).count == 4)
    }

    @Test("JSON values keep their kinds, with entities and extension values behind escapes")
    func values() throws {
        let record = try Record(
            json: #"""
                {"b": true, "n": -9223372036854775808, "s": "a\u00e9\ud83d\ude00\n", "l": [1, 1, 2], "r": {"x": {}},
                 "e": {"__entity": {"type": "A::B", "id": ""}}, "d": {"__extn": {"fn": "decimal", "arg": "1.5"}},
                 "t": {"__extn": {"fn": "offset", "args": [{"__extn": {"fn": "datetime", "arg": "1970-01-01"}},
                   {"__extn": {"fn": "duration", "arg": "1s"}}]}}}
                """#)
        #expect(record["b"] == true)
        #expect(record["n"] == .long(.min))
        #expect(record["s"] == "aé😀\n")
        #expect(record["l"] == [1, 2])
        #expect(record["r"] == ["x": [:]])
        #expect(record["e"] == .entity(EntityUID(type: "A::B", id: "")))
        #expect(record["d"] == .decimal(FixedDecimal(tenThousandths: 15_000)))
        #expect(record["t"] == .datetime(Instant(milliseconds: 1000)))
    }

    @Test(
        "what is no context is refused with its place",
        arguments: [
            ("", "cedar.invalid_json@1:1"), ("[]", "cedar.invalid_value@1:1"),
            ("{\"a\": null}", "cedar.invalid_value@1:7"),
            ("{\"a\": 1.5}", "cedar.invalid_value@1:7"), ("{\"a\": 9223372036854775808}", "cedar.invalid_value@1:7"),
            ("{\"a\": 01}", "cedar.invalid_json@1:7"), ("{\"a\": 1, \"a\": 2}", "cedar.invalid_json@1:10"),
            ("{\"a\": 1} x", "cedar.invalid_json@1:10"),
            ("{\"a\": \"\\ud800\"}", "cedar.invalid_json@1:8"), ("{\"a\": \"\n\"}", "cedar.invalid_json@1:8"),
            ("{\"a\"", "cedar.invalid_json@1:5"),
            ("{\"a\": {\"__entity\": {\"type\": \"U\"}}}", "cedar.invalid_entity@1:20"),
            ("{\"a\": {\"__entity\": {\"type\": \"U V\", \"id\": \"\"}}}", "cedar.invalid_entity@1:20"),
            ("{\"a\": {\"__extn\": {\"fn\": \"foo\", \"arg\": \"1\"}}}", "cedar.invalid_extension@1:18"),
            ("{\"a\": {\"__extn\": {\"fn\": \"ip\", \"arg\": \"1\"}}}", "cedar.invalid_extension@1:18"),
            ("{\"a\": {\"__expr\": \"1\"}}", "cedar.invalid_value@1:7"), ("{'a': 1}", "cedar.invalid_json@1:2"),
            ("{\"a\": tru}", "cedar.invalid_json@1:7"),
        ])
    func badContexts(text: String, wanted: String) throws {
        let error = #expect(throws: CedarError.self) { try Record(json: text) }
        let position = try #require(error?.position)
        #expect("\(error?.code ?? "")@\(position.line):\(position.column)" == wanted)
    }

    @Test(
        "what is no list of entities is refused",
        arguments: [
            "{}", "[1]", "[{}]", "[{\"uid\": 1}]", "[{\"uid\": {\"type\": \"U\", \"id\": 1}}]",
            "[{\"uid\": {\"type\": \"U\", \"id\": \"a\"}, \"parents\": 1}]",
            "[{\"uid\": {\"type\": \"U\", \"id\": \"a\"}, \"attrs\": []}]",
            "[{\"uid\": {\"type\": \"U\", \"id\": \"a\"}, \"other\": []}]",
            "[{\"uid\": {\"type\": \"if\", \"id\": \"a\"}}]", "[{\"uid\": {\"type\": \"U:V\", \"id\": \"a\"}}]",
        ])
    func badEntities(text: String) {
        #expect(throws: CedarError.self) { try Entities(json: text) }
    }

    @Test(
        "a uid's spelling reads back as the same uid",
        arguments: ["", "a", "é\0\n\"\\'*", "😀\u{301}\u{202E}", "\u{7F}\u{AD}"])
    func spelling(id: String) throws {
        let uid = EntityUID(type: "A::B", id: id)
        #expect(try EntityUID(parsing: uid.description) == uid)
    }

    @Test(
        "what is no uid is refused",
        arguments: ["", "U", "U::", "U::a", "\"a\"", "U::\"a\" x", "U::\"a\"\"b\"", "if::\"a\"", "U::\"\\q\""])
    func badUIDs(text: String) {
        #expect(throws: CedarErrors.self) { try EntityUID(parsing: text) }
    }

    @Test("records hold each name once, the last one given, however many there are")
    func records() {
        let many = Record((0..<100).map { (Text("k\($0 % 50)"), Value.long(Int64($0))) })
        #expect(many.count == 50)
        for index in 0..<50 { #expect(many[Text("k\(index)")] == .long(Int64(index + 50))) }
        #expect(many["k"] == nil && many["k50"] == nil)
        #expect(Record(["a": 1, "b": 2]) == ["b": 2, "a": 1])
    }

    @Test("values that are equal have one hash, whatever the order of their parts")
    func hashing() {
        let left: Value = [1, "a", [true, ["x": 1]], 2, 3, 4, 5, 6, 7, 8, 9]
        let right: Value = [9, 8, 7, 6, 5, 4, 3, 2, [["x": 1], true], "a", 1]
        #expect(left == right && left.hashValue == right.hashValue)
        #expect(left != [1, 2])
    }
}
