extension Policy {
    /// What a policy says besides its name, its annotations and the actions it is about: two that have the same substance say
    /// the same of an action that both are about.
    public struct Substance: Hashable, Sendable {
        let effect: Effect
        let principal: Scope.Constraint
        let resource: Scope.Constraint
        let conditions: [Clause]

        struct Clause: Hashable, Sendable {
            let isUnless: Bool
            /// In one form, whatever the layout.
            let body: Text
        }
    }

    public var substance: Substance {
        Substance(
            effect: effect, principal: scope.principal, resource: scope.resource,
            conditions: conditions.map { .init(isUnless: $0.isUnless, body: CanonicalForm.of($0.body)) })
    }

    /// Whether the scope may let the policy apply to one of some actions, none of which is a group: any other action that is
    /// named may be a group of it.
    public func mayConcern(_ action: EntityUID, among actions: Set<EntityUID>) -> Bool {
        switch scope.action {
        case .any: true
        case .equal(let named): named == action
        case .descendant(let named): named.contains { $0 == action || !actions.contains($0) }
        }
    }
}
