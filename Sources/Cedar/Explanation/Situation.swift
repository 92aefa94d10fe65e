/// A request as it would be if some things were otherwise, and what each leaf would then be.
struct Situation {
    typealias State = Explanation.Part.State

    private(set) var request: Request
    private(set) var entities: Entities
    /// The request that it began with, and what it asked about.
    private let original: Request
    private let everybody: [Entity]
    /// What was given another value.
    private(set) var changed: Set<Term> = []
    /// Leaves that no value could be found for: taken at their word.
    private(set) var supposed: [Int: Bool] = [:]
    private var supposedReads: Set<Term> = []

    init(_ request: Request, _ entities: Entities) {
        self.request = request
        self.entities = entities
        original = request
        var everybody: [Entity] = []
        entities.forEachNode { everybody.append($0.entity) }
        self.everybody = everybody
    }

    /// How much there is to look at besides the leaves.
    var size: Int { everybody.count }

    func states(of leaves: CompiledPolicies) -> [State] {
        var states = leaves.states(for: request, entities)
        for (number, holds) in supposed { states[number] = .holds(holds) }
        return states
    }

    /// The value of an expression, where it has one.
    func value(of expression: Expression, in policy: Policy) -> Value? {
        if case .literal(let value) = expression.form { return value }
        let compiled = CompiledPolicies([Policy(permitting: expression, like: policy)])
        var result: Value?
        compiled.withEvaluator(of: request, entities) { evaluator in
            do throws(EvaluationFailure) {
                result = try evaluator.value(compiled.conditions[0].node)
            } catch {
                result = nil
            }
        }
        return result
    }

    private var principal: Entity { entities[request.principal] ?? Entity(request.principal) }

    // MARK: - Changes

    /// The situation with one thing otherwise; `nil` where that cannot be.
    func applying(_ edit: Edit) -> Situation? {
        var result = self
        let isDone =
            switch edit {
            case .set(let term, let value): result.set(term, to: value)
            case .join(let group): result.join(group)
            case .leave(let group): result.leave(group)
            case .become(let type): result.set(Term(root: .principal), to: .entity(principal.uid.of(type)))
            case .suppose(let wish): result.suppose(wish)
            }
        return isDone ? result : nil
    }

    private mutating func set(_ term: Term, to value: Value?) -> Bool {
        // What was taken at its word may not hold for this value.
        guard !supposedReads.contains(where: term.overlaps) else { return false }
        changed.insert(term)
        switch (term.root, term.path.isEmpty) {
        case (.context, true): return false
        case (.context, false):
            guard let context = request.context.setting(term.path[...], to: value) else { return false }
            request = Request(
                principal: request.principal, action: request.action, resource: request.resource, context: context)
            return true
        case (.principal, true):
            guard case .entity(let uid)? = value else { return false }
            let known = everybody.first { $0.uid == uid }
            // Of somebody unknown only the name is another.
            let other =
                known
                ?? Entity(uid, attributes: principal.attributes, parents: principal.parents, tags: principal.tags)
            request = Request(
                principal: uid, action: request.action, resource: request.resource, context: request.context)
            return replacePrincipal(by: other)
        case (.principal, false):
            guard let attributes = principal.attributes.setting(term.path[...], to: value) else { return false }
            return replacePrincipal(
                by: Entity(
                    principal.uid, attributes: attributes, parents: principal.parents, tags: principal.tags))
        }
    }

    private mutating func join(_ group: EntityUID) -> Bool {
        replacePrincipal(
            by: Entity(
                principal.uid, attributes: principal.attributes, parents: principal.parents + [group],
                tags: principal.tags))
    }

    private mutating func leave(_ group: EntityUID) -> Bool {
        guard principal.uid != group else { return false }
        let parents = principal.parents.filter { !entities.isEntity($0, in: group) }
        return replacePrincipal(
            by: Entity(principal.uid, attributes: principal.attributes, parents: parents, tags: principal.tags))
    }

    private mutating func replacePrincipal(by principal: Entity) -> Bool {
        let others = everybody.filter { $0.uid != principal.uid }
        do throws(CedarError) {
            entities = try Entities(others + [principal])
            return true
        } catch {
            // Nobody is above themselves.
            return false
        }
    }

    private mutating func suppose(_ wish: Wish) -> Bool {
        if !wish.isPresence {
            let known = changed.union(supposedReads)
            guard !wish.leaf.reads.contains(where: { read in known.contains(where: read.overlaps) }) else {
                return false
            }
            supposedReads.formUnion(wish.leaf.reads)
        }
        supposed[wish.leaf.number] = wish.holds
        return true
    }

    // MARK: - What is not known of a situation

    /// The situation with a leaf the other way that something taken at its word may decide.
    func doubting(_ leaf: Leaf, being holds: Bool) -> Situation {
        var result = self
        result.supposed[leaf.number] = holds
        return result
    }
}

extension EntityUID {
    /// The same id of another type.
    fileprivate func of(_ type: Text) -> EntityUID { EntityUID(type: type, id: id) }
}
