/// Asks what one part of a policy alone would be for a request.
struct Probe {
    private let policy: Policy
    private let request: Request
    private let entities: Entities

    init(_ policy: Policy, _ request: Request, _ entities: Entities) {
        self.policy = policy
        self.request = request
        self.entities = entities
    }

    func state(of scope: Scope) -> Explanation.Part.State { state(scope, []) }

    func state(of expression: Expression) -> Explanation.Part.State {
        state(Scope(), [Policy.Condition(isUnless: false, body: expression)])
    }

    /// A permit of this part alone, decided: so a part means here what it means in earnest.
    private func state(_ scope: Scope, _ conditions: [Policy.Condition]) -> Explanation.Part.State {
        let part = Policy(
            id: policy.id, effect: .permit, annotations: [:], position: policy.position, text: "", mentions: [],
            scope: scope, conditions: conditions, source: policy.source)
        guard let set = try? PolicySet(checking: [part]) else { return .doesNotHold }
        let response = set.isAuthorized(request, entities: entities)
        if let error = response.errors.first { return .fails(error.message) }
        return response.decision == .allow ? .holds : .doesNotHold
    }
}
