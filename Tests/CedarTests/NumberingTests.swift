import Testing

@testable import Cedar

/// Scopes and memberships are decided by numbers; these are sizes at which the numbers are held in other ways.
@Suite("Numbering")
struct NumberingTests {
    private func group(_ number: Int) -> EntityUID { EntityUID(type: "Group", id: String(number)) }

    private func decide(_ text: String, _ entities: [Entity]) throws -> Response {
        try PolicySet(parsing: text).isAuthorized(World.request(), entities: Entities(entities))
    }

    @Test("a principal in more groups than are kept at hand is found in each, by scope and by condition")
    func manyGroups() throws {
        let entities = [Entity(World.ada, parents: (0..<60).map { group($0) })]
        // Named in another order than the parents stand in.
        for style in ["(principal in %, action, resource);", "(principal, action, resource) when { principal in % };"] {
            let text = (0..<80).reversed()
                .map { "permit" + style.replacing("%", with: group($0).description) }.joined(separator: "\n")
            let response = try decide(text, entities)
            #expect(response.reasons == (20..<80).map { PolicyID("policy\($0)") })
        }
    }

    @Test("a principal in more groups than the policies name is found in those that they name")
    func moreGroupsThanNames() throws {
        let entities = [Entity(World.ada, parents: (0..<100).map { group($0) })]
        let text = """
            permit (principal in Group::"99", action, resource);
            permit (principal in Group::"100", action, resource);
            permit (principal, action, resource) when { principal in Group::"7" || action in Group::"7" };
            """
        #expect(try decide(text, entities).reasons == ["policy0", "policy2"])
    }

    @Test("policies about more types than are searched one by one keep to their types")
    func manyTypes() throws {
        let types = (0..<20).map { "T\($0)" } + ["User"]
        let text = types.map { "permit (principal is \($0), action, resource);" }.joined(separator: "\n")
        #expect(try decide(text, []).reasons == ["policy20"])
        #expect(try decide(text.replacing("is User", with: "is T20"), []).reasons == [])
    }

    @Test("any number of policies that decide are named in the order of the set, each once")
    func manyReasons() throws {
        let entities = [
            Entity(World.ada, parents: [World.staff]),
            Entity(World.read, parents: (0..<5).map { EntityUID(type: "Action", id: String($0)) }),
        ]
        let actions = (0..<5).map { "Action::\"\($0)\"" }.joined(separator: ", ")
        for count in [1, 2, 8, 9, 40] {
            // Those with a role are found after those without; those with several actions once for each.
            let text = (0..<count).map { number in
                switch number % 3 {
                case 0: "permit (principal in Role::\"staff\", action in [\(actions)], resource);"
                case 1: "permit (principal, action in [\(actions)], resource);"
                default: "permit (principal, action, resource);"
                }
            }.joined(separator: "\n")
            #expect(try decide(text, entities).reasons == (0..<count).map { PolicyID("policy\($0)") })
        }
    }

    @Test("an attribute is found among few and among many, and only by its own name")
    func manyAttributes() throws {
        for count in [1, 16, 17, 200] {
            let names = (0..<count).map { "a long name, of which only the middle \($0) differs from the others" }
            let attributes = Record(names.enumerated().map { (Text($1), Value.long(Int64($0))) })
            let entities = [Entity(World.ada, attributes: attributes)]
            for (number, name) in names.enumerated() {
                let text = "permit (principal, action, resource) when { principal[\"\(name)\"] == \(number) };"
                #expect(try decide(text, entities).decision == .allow)
            }
            let other = "a long name, of which only the middle X differs from the others"
            let text = "permit (principal, action, resource) when { principal has \"\(other)\" };"
            #expect(try decide(text, entities).decision == .deny)
        }
    }
}
