/// One policy, taken apart.
struct Explainer {
    typealias State = Explanation.Part.State

    let policy: Policy
    /// The parts of the scope that ask for anything.
    private let scope: [Leaf]
    private let conditions: [(truth: Truth, wanted: Bool)]

    init(_ policy: Policy, _ leaves: inout Leaves) {
        self.policy = policy
        scope = policy.scope.parts.map { leaves.leaf($0, of: policy) }
        conditions = policy.conditions.map { (Truth($0.body, of: policy, &leaves), !$0.isUnless) }
    }

    /// Whether it applies, where each leaf is what `states` says.
    func state(_ states: [State]) -> State {
        guard scope.allSatisfy({ states[$0.number] == .holds }) else { return .doesNotHold }
        for (truth, wanted) in conditions {
            let state = truth.state(states)
            if state != .holds(wanted) { return state.isFailure ? state : .doesNotHold }
        }
        return .holds
    }

    /// Whether it is about the action and the resource that are asked for.
    func isRelated(_ states: [State]) -> Bool {
        scope.allSatisfy { $0.place == .principal || states[$0.number] == .holds }
    }

    func account(_ states: [State], isLeftOut errors: [EvaluationError]) -> Explanation.Account {
        let mismatches = scope.filter { states[$0.number] != .holds }
        // Where the scope does not match, the conditions were not looked at.
        let failed = mismatches.isEmpty ? conditions.first { $0.truth.state(states) != .holds($0.wanted) } : nil
        let causes = failed.map { $0.truth.causes(being: !$0.wanted, states) } ?? []
        let error = errors.first { $0.policy == policy.id }
        return Explanation.Account(
            policy: policy.id, effect: policy.effect, position: policy.position,
            outcome: error.map { .fails($0) } ?? (state(states) == .holds ? .applies : .doesNotApply),
            mismatches: mismatches.map { $0.part(states[$0.number]) },
            causes: causes.map { $0.part(states[$0.number]) })
    }

    /// What could be changed next so that it applies: without one of these it never does.
    func stepsToApply(_ states: [State]) -> [Wish] {
        if let missing = scope.first(where: { states[$0.number] != .holds }) {
            // The action and the resource are the question.
            return missing.place == .principal ? [Wish(leaf: missing, holds: true)] : []
        }
        return conditions.first { $0.truth.state(states) != .holds($0.wanted) }.map {
            $0.truth.steps(to: $0.wanted, states)
        } ?? []
    }

    /// What could be changed next so that it does not apply, and does not fail.
    func stepsToStop(_ states: [State]) -> [Wish] {
        var steps = scope.filter { $0.place == .principal }.map { Wish(leaf: $0, holds: false) }
        for (truth, wanted) in conditions {
            if truth.state(states).isFailure { return steps + truth.stepsToSettle(states) }
            steps += truth.steps(to: !wanted, states)
        }
        return steps
    }
}
