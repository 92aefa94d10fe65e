/// The policies of a set, ready to be decided: conditions as one program, scopes in an index.
final class CompiledPolicies: Sendable {
    /// A condition's node, and whether it has to be false.
    struct Condition: Sendable {
        let node: Int32
        let isUnless: Bool
    }

    struct Entry: Sendable {
        let effect: Effect
        let scope: Scope
        let conditions: [Condition]
    }

    let entries: [Entry]
    let program: Program
    let index: ScopeIndex

    init(_ policies: [Policy]) {
        var compiler = Compiler()
        var index = ScopeIndex()
        entries = policies.enumerated().map { number, policy in
            index.insert(policy.scope, Int32(number))
            return Entry(
                effect: policy.effect, scope: policy.scope,
                conditions: policy.conditions.map {
                    Condition(node: compiler.compile($0.body), isUnless: $0.isUnless)
                })
        }
        program = compiler.program
        self.index = index
    }

    /// Whether a policy applies to the evaluator's request.
    ///
    /// - Throws: when one of its conditions has no value.
    func applies(_ entry: Entry, _ evaluator: Evaluator) throws(EvaluationFailure) -> Bool {
        let request = evaluator.request
        guard matches(entry.scope.action, request.action, evaluator.action),
            matches(entry.scope.principal, request.principal, evaluator.principal),
            matches(entry.scope.resource, request.resource, evaluator.resource)
        else { return false }
        for condition in entry.conditions where try evaluator.truth(condition.node) == condition.isUnless {
            return false
        }
        return true
    }

    private func matches(_ constraint: Scope.Constraint, _ uid: EntityUID, _ node: Entities.Node?) -> Bool {
        switch constraint {
        case .any: true
        case .equal(let reference): reference == .entity(uid)
        case .type(let type): uid.type == type
        case .descendant(let reference): isEntity(uid, node, in: reference)
        case .typeAndDescendant(let type, let reference): uid.type == type && isEntity(uid, node, in: reference)
        }
    }

    private func isEntity(_ uid: EntityUID, _ node: Entities.Node?, in reference: Scope.Reference) -> Bool {
        // A slot stands in templates only, and those are not compiled.
        guard case .entity(let ancestor) = reference else { return false }
        return uid == ancestor || node?.ancestors.contains(ancestor) == true
    }

    private func matches(_ constraint: Scope.ActionConstraint, _ uid: EntityUID, _ node: Entities.Node?) -> Bool {
        switch constraint {
        case .any: true
        case .equal(let action): uid == action
        case .descendant(let actions):
            actions.contains { uid == $0 || node?.ancestors.contains($0) == true }
        }
    }
}
