/// Checks policies against a schema, strictly: what passes cannot fail for a request that fits the schema, but for
/// arithmetic that overflows and entities that are not there.
public struct Validator: Sendable {
    private let schema: Schema

    public init(_ schema: Schema) { self.schema = schema }

    /// Everything found in the set's templates and policies, in their order; no errors among it means that they are valid.
    public func validate(_ policies: PolicySet) -> [ValidationFinding] {
        validate(policies.templates + policies.policies)
    }

    /// Everything found in these, in their order, also where they are no set yet.
    public func validate(_ policies: [Policy]) -> [ValidationFinding] {
        policies.flatMap { policy in
            var check = PolicyCheck(policy, schema)
            return check.run()
        }
    }

    /// Whether the scope of a policy lets any request for an action through; none for one that the schema does not have.
    public func mayApply(_ policy: Policy, to action: EntityUID) -> Bool {
        schema.action(action).map { PolicyCheck(policy, schema).applies(to: $0) } ?? false
    }
}
