/// The policies of a set, ready to be decided: conditions as one program, scopes as numbers and in an index.
final class CompiledPolicies: Sendable {
    /// A scope's question about one of the three entities, in numbers so that reading it copies no references.
    struct Test: Sendable {
        enum Kind: UInt8, Sendable { case any, equal, descendant, type, typeAndDescendant, descendantOfAny }

        var kind: Kind = .any
        /// Places in `uids`.
        var uids: Range<Int32> = 0..<0
        /// A place in the program's names.
        var type: Int32 = 0
    }

    struct Entry: Sendable {
        let effect: Effect
        let principal: Test
        let action: Test
        let resource: Test
        /// Places in `conditions`.
        let conditions: Range<Int32>
    }

    /// A condition's node, and what it has to be.
    struct Condition: Sendable {
        let node: Int32
        let wanted: Bool
    }

    let entries: [Entry]
    let conditions: [Condition]
    let uids: [EntityUID]
    let program: Program
    let index: ScopeIndex

    init(_ policies: [Policy]) {
        var compiler = Compiler()
        var conditions: [Condition] = []
        var uids: [EntityUID] = []
        entries = policies.map { policy in
            let first = Int32(conditions.count)
            conditions += policy.conditions.map {
                Condition(node: compiler.compile($0.body), wanted: !$0.isUnless)
            }
            return Entry(
                effect: policy.effect,
                principal: Self.test(policy.scope.principal, &uids, &compiler),
                action: Self.test(policy.scope.action, &uids),
                resource: Self.test(policy.scope.resource, &uids, &compiler),
                conditions: first..<Int32(conditions.count))
        }
        self.conditions = conditions
        self.uids = uids
        program = compiler.program
        index = ScopeIndex(policies.map(\.scope))
    }

    private static func test(
        _ constraint: Scope.Constraint, _ uids: inout [EntityUID], _ compiler: inout Compiler
    ) -> Test {
        var test = Test()
        // A slot stands in templates only, and those are not compiled.
        if case .entity(let uid)? = constraint.reference {
            test.uids = Int32(uids.count)..<Int32(uids.count + 1)
            uids.append(uid)
        }
        switch constraint {
        case .any: break
        case .equal: test.kind = .equal
        case .descendant: test.kind = .descendant
        case .type(let type):
            test.kind = .type
            test.type = compiler.name(type)
        case .typeAndDescendant(let type, _):
            test.kind = .typeAndDescendant
            test.type = compiler.name(type)
        }
        return test
    }

    private static func test(_ constraint: Scope.ActionConstraint, _ uids: inout [EntityUID]) -> Test {
        let first = Int32(uids.count)
        switch constraint {
        case .any: return Test()
        case .equal(let action):
            uids.append(action)
            return Test(kind: .equal, uids: first..<(first + 1))
        case .descendant(let actions):
            uids += actions
            return Test(kind: .descendantOfAny, uids: first..<Int32(uids.count))
        }
    }

    /// Whether a policy applies to the evaluator's request.
    ///
    /// - Throws: when one of its conditions has no value.
    func applies(_ entry: Entry, _ evaluator: Evaluator) throws(EvaluationFailure) -> Bool {
        guard passes(entry.action, evaluator.request.action, evaluator.action),
            passes(entry.principal, evaluator.request.principal, evaluator.principal),
            passes(entry.resource, evaluator.request.resource, evaluator.resource)
        else { return false }
        for place in entry.conditions {
            let condition = conditions[Int(place)]
            guard try evaluator.truth(condition.node) == condition.wanted else { return false }
        }
        return true
    }

    @inline(__always)
    private func passes(_ test: Test, _ uid: EntityUID, _ node: Entities.Node?) -> Bool {
        switch test.kind {
        case .any: true
        case .equal: uid == uids[Int(test.uids.lowerBound)]
        case .type: uid.type == program.names[Int(test.type)]
        case .descendant, .descendantOfAny: isEntity(uid, node, inAny: test.uids)
        case .typeAndDescendant:
            uid.type == program.names[Int(test.type)] && isEntity(uid, node, inAny: test.uids)
        }
    }

    private func isEntity(_ uid: EntityUID, _ node: Entities.Node?, inAny places: Range<Int32>) -> Bool {
        for place in places {
            let ancestor = uids[Int(place)]
            if uid == ancestor || node?.ancestors.contains(ancestor) == true { return true }
        }
        return false
    }
}
