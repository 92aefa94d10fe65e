/// The policies of a set, ready to be decided: conditions as one program, scopes as numbers and in an index.
final class CompiledPolicies: Sendable {
    struct Entry: Sendable {
        let effect: Effect
        let scope: CompiledScope
        /// Places in `conditions`.
        let conditions: Range<Int32>
    }

    /// A condition's node, and what it has to be.
    struct Condition: Sendable {
        let node: Int32
        let wanted: Bool
    }

    let entries: [Entry]
    /// The id of each policy, as the list that a decision by it alone gives as its reasons.
    let ids: [[PolicyID]]
    let conditions: [Condition]
    /// Numbers of actions, where a scope names several.
    let several: [Int32]
    let numbers: EntityNumbers
    let program: Program
    let index: ScopeIndex

    init(_ policies: [Policy]) {
        var compiler = Compiler()
        var conditions: [Condition] = []
        var several: [Int32] = []
        entries = policies.map { policy in
            let first = Int32(conditions.count)
            conditions += policy.conditions.map {
                Condition(node: compiler.compile($0.body), wanted: !$0.isUnless)
            }
            return Entry(
                effect: policy.effect, scope: CompiledScope(policy.scope, &compiler.numbers, &several),
                conditions: first..<Int32(conditions.count))
        }
        ids = policies.map { [$0.id] }
        self.conditions = conditions
        self.several = several
        numbers = compiler.numbers
        program = compiler.program
        index = ScopeIndex(entries.map(\.scope), several)
    }

    /// No policies, only what was compiled.
    init(_ compiler: Compiler) {
        (entries, ids, conditions, several) = ([], [], [], [])
        numbers = compiler.numbers
        program = compiler.program
        index = ScopeIndex([], [])
    }

    @inline(__always)
    func isPermit(_ place: Int32) -> Bool { entries[Int(place)].effect == .permit }

    /// Whether a policy applies to the evaluator's request.
    ///
    /// - Throws: when one of its conditions has no value.
    @inline(__always)
    func applies(_ place: Int32, _ evaluator: Evaluator) throws(EvaluationFailure) -> Bool {
        let entry = entries[Int(place)]
        guard entry.scope.matches(evaluator.scene.pointee.subjects, several) else { return false }
        for place in entry.conditions {
            let condition = conditions[Int(place)]
            guard try evaluator.truth(condition.node) == condition.wanted else { return false }
        }
        return true
    }
}
