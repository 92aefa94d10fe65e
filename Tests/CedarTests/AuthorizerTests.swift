import Testing

@testable import Cedar

@Suite("Deciding")
struct AuthorizerTests {
    private func decide(_ text: String, context: [String: Value] = [:], naming: PolicySet.Naming = .position) throws
        -> Response
    {
        try PolicySet(parsing: text, naming: naming).isAuthorized(World.request(context), entities: World.entities())
    }

    @Test("nothing that applies is a denial without reasons")
    func defaultDeny() throws {
        #expect(PolicySet().isAuthorized(World.request(), entities: Entities()).decision == .deny)
        let response = try decide("permit(principal == User::\"bob\", action, resource);")
        #expect(response == Response(decision: .deny, reasons: [], errors: []))
    }

    @Test("a forbid overrides any number of permits and is the only reason")
    func forbidOverrides() throws {
        let response = try decide(
            """
            permit(principal, action, resource);
            forbid(principal, action, resource) when { principal.age > 30 };
            permit(principal, action, resource);
            forbid(principal, action, resource) unless { principal.age > 30 };
            """)
        #expect(response == Response(decision: .deny, reasons: ["policy1"], errors: []))
    }

    @Test("all permits that apply are reasons, in the order of the set")
    func severalReasons() throws {
        let response = try decide(
            """
            permit(principal, action, resource == Report::"q3");
            permit(principal == User::"ada", action == Action::"read", resource);
            permit(principal, action in [Action::"read", Action::"all"], resource);
            permit(principal is Role, action, resource);
            permit(principal in Role::"everyone", action in Action::"all", resource is Report);
            """)
        #expect(
            response == Response(decision: .allow, reasons: ["policy0", "policy1", "policy2", "policy4"], errors: []))
    }

    @Test("a policy that fails is left out and reported with its place, and the others decide")
    func skipOnError() throws {
        let response = try decide(
            """
            permit(principal, action, resource);
            forbid(principal, action, resource)
            when { principal.age > 1 } when { context.secret == "s3cr3t" };
            """)
        #expect(response.decision == .allow)
        #expect(response.reasons == ["policy0"])
        let error = try #require(response.errors.first)
        #expect(response.errors.count == 1)
        #expect(error.policy == "policy1" && error.code == "cedar.no_attribute")
        #expect(error.position.line == 3 && error.position.column == 35)
        #expect(error.message == "there is no attribute `secret`")
    }

    @Test("a scope that does not match keeps a failing condition from being looked at")
    func scopeFirst() throws {
        #expect(try decide("permit(principal == User::\"bob\", action, resource) when { 1 };").errors.isEmpty)
        #expect(try decide("permit(principal, action, resource) when { false } when { 1 };").errors.isEmpty)
        #expect(try decide("permit(principal, action, resource) when { 1 } when { false };").errors.count == 1)
    }

    @Test("evaluation errors hold no value and no entity's id")
    func discreetErrors() throws {
        let conditions = [
            "principal.age + 9223372036854775807 == 0", "principal.boss.age == 1", "principal.name + 1 == 2",
            "decimal(principal.name) == 1", "principal.getTag(principal.name) == 1", "principal.name.x == 1",
            "ip(context.mail).isIpv4()",
        ]
        for condition in conditions {
            let response = try decide(
                "permit(principal, action, resource) when { \(condition) };", context: ["mail": "ada@example.org"])
            let message = try #require(response.errors.first).description
            for secret in ["36", "Ada", "ada", "ghost"] { #expect(!message.contains(secret), "\(message)") }
        }
    }

    @Test("ids come from the place among all files or from `@id`, and an id is taken once")
    func identifiers() throws {
        let files = [
            PolicyFile(
                name: "a", text: "@id(\"x\") permit(principal, action, resource); forbid(principal, action, resource);"),
            PolicyFile(name: "b", text: "@id(\"y\") @reveal(\"masked\") permit(principal, action, resource);"),
        ]
        #expect(try PolicySet(parsing: files).policies.map(\.id) == ["policy0", "policy1", "policy2"])
        let named = try PolicySet(parsing: files, naming: .annotation)
        #expect(named.policies.map(\.id) == ["x", "policy1", "y"])
        #expect(named["y"]?.annotations == ["id": "y", "reveal": "masked"])
        #expect(named["y"]?.position.description == "b:1:1")
        #expect(named["y"]?.text == files[1].text)
        let failure = #expect(throws: CedarErrors.self) { try PolicySet(merging: [named, named]) }
        #expect(failure?.errors.map(\.code) == Array(repeating: "cedar.duplicate_policy", count: 3))
        let other = try PolicySet(parsing: "@id(\"z\") permit(principal, action, resource);", naming: .annotation)
        #expect(try PolicySet(merging: [named, other]).policies.count == 4)
    }

    @Test("a template decides only through its links, under their ids")
    func templates() throws {
        let text = """
            @id("grant") permit(principal == ?principal, action, resource in ?resource);
            @id("ban") forbid(principal is User in ?principal, action, resource);
            """
        let templates = try PolicySet(parsing: text, naming: .annotation)
        #expect(templates.policies.isEmpty && templates.templates.count == 2)
        let linked = try templates.linking([
            TemplateLink(template: "grant", id: "grant-ada", principal: World.ada, resource: World.report)
        ])
        let response = linked.isAuthorized(World.request(), entities: try World.entities())
        #expect(response == Response(decision: .allow, reasons: ["grant-ada"], errors: []))
        #expect(linked["grant-ada"]?.template == "grant")
        let banned = try linked.linking([TemplateLink(template: "ban", id: "ban-staff", principal: World.everyone)])
        #expect(banned.isAuthorized(World.request(), entities: try World.entities()).reasons == ["ban-staff"])

        let wrong: [(TemplateLink, String)] = [
            (TemplateLink(template: "none", id: "a"), "cedar.unknown_template"),
            (TemplateLink(template: "grant", id: "a", principal: World.ada), "cedar.unfilled_slot"),
            (
                TemplateLink(template: "ban", id: "a", principal: World.ada, resource: World.report),
                "cedar.unknown_slot"
            ),
            (TemplateLink(template: "ban", id: "grant-ada", principal: World.ada), "cedar.duplicate_policy"),
        ]
        for (link, code) in wrong {
            #expect(throws: CedarErrors.self) { try linked.linking([link]) }
            do { _ = try linked.linking([link]) } catch { #expect(error.errors.map(\.code) == [code]) }
        }
    }

    @Test("the index finds exactly the policies that a look at every one finds")
    func indexAgreesWithScan() throws {
        let seed: UInt64 = 20_261_124
        var random = SplitMix(state: seed)
        func uid(_ type: String) -> EntityUID { EntityUID(type: type, id: String(random.below(5))) }
        for round in 0..<60 {
            func constraint(_ types: [String]) -> String {
                switch random.below(6) {
                case 0: " == \(uid(types[0]))"
                case 1: " in \(uid(types[1]))"
                case 2: " is \(types[random.below(2)])"
                case 3: " is \(types[0]) in \(uid(types[1]))"
                default: ""
                }
            }
            func action() -> String {
                switch random.below(4) {
                case 0: " == \(uid("Action"))"
                case 1: " in \(uid("Action"))"
                case 2: " in [\(uid("Action")), \(uid("Action")), \(uid("Action"))]"
                default: ""
                }
            }
            let text = (0..<40).map { _ in
                let effect = random.below(4) == 0 ? "forbid" : "permit"
                return
                    "\(effect)(principal\(constraint(["U", "G"])), action\(action()), resource\(constraint(["R", "F"])))"
                    + (random.below(5) == 0 ? " when { principal.missing };" : ";")
            }.joined(separator: "\n")
            let policies = try PolicySet(parsing: text)
            var all: [Entity] = []
            for (type, parent) in [("U", "G"), ("G", "H"), ("R", "F"), ("F", "E")] {
                for id in 0..<4 {
                    all.append(Entity(EntityUID(type: type, id: String(id)), parents: [uid(parent), uid(parent)]))
                }
            }
            for id in 1..<4 {
                let parent = EntityUID(type: "Action", id: String(random.below(id)))
                all.append(Entity(EntityUID(type: "Action", id: String(id)), parents: [parent]))
            }
            let entities = try Entities(all)
            for _ in 0..<20 {
                let request = Request(principal: uid("U"), action: uid("Action"), resource: uid("R"), context: [:])
                let response = policies.isAuthorized(request, entities: entities)
                let scanned = scan(policies, request, entities)
                #expect(response.decision == scanned.decision, "seed \(seed), round \(round)")
                #expect(response.reasons == scanned.reasons, "seed \(seed), round \(round)")
                #expect(response.errors.map(\.policy) == scanned.erred, "seed \(seed), round \(round)")
            }
        }
    }

    /// Decides by looking at every scope as it is written, without numbers and without an index.
    private func scan(
        _ policies: PolicySet, _ request: Request, _ entities: Entities
    ) -> (decision: Decision, reasons: [PolicyID], erred: [PolicyID]) {
        var found: [Effect: [PolicyID]] = [.permit: [], .forbid: []]
        var erred: [PolicyID] = []
        for policy in policies.policies where matches(policy.scope, request, entities) {
            // The only condition in these sets has no value.
            if policy.conditions.isEmpty {
                found[policy.effect, default: []].append(policy.id)
            } else {
                erred.append(policy.id)
            }
        }
        let forbids = found[.forbid] ?? []
        let permits = found[.permit] ?? []
        return (
            decision: forbids.isEmpty && !permits.isEmpty ? .allow : .deny,
            reasons: forbids.isEmpty ? permits : forbids, erred: erred
        )
    }

    private func matches(_ scope: Scope, _ request: Request, _ entities: Entities) -> Bool {
        func holds(_ constraint: Scope.Constraint, _ uid: EntityUID) -> Bool {
            func isReferred(_ reference: Scope.Reference, orBelow: Bool) -> Bool {
                guard case .entity(let named) = reference else { return false }
                return orBelow ? entities.isEntity(uid, in: named) : uid == named
            }
            switch constraint {
            case .any: return true
            case .equal(let reference): return isReferred(reference, orBelow: false)
            case .descendant(let reference): return isReferred(reference, orBelow: true)
            case .type(let type): return uid.type == type
            case .typeAndDescendant(let type, let reference):
                return uid.type == type && isReferred(reference, orBelow: true)
            }
        }
        let hasAction =
            switch scope.action {
            case .any: true
            case .equal(let action): request.action == action
            case .descendant(let actions): actions.contains { entities.isEntity(request.action, in: $0) }
            }
        return hasAction && holds(scope.principal, request.principal) && holds(scope.resource, request.resource)
    }
}
