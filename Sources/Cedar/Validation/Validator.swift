/// Checks policies against a schema, strictly: what passes cannot fail for a request that fits the schema, but for
/// arithmetic that overflows and entities that are not there.
public struct Validator: Sendable {
    private let schema: Schema

    public init(_ schema: Schema) { self.schema = schema }

    /// Everything found in the set's templates and policies, in their order; no errors among it means that they are valid.
    public func validate(_ policies: PolicySet) -> [ValidationFinding] {
        (policies.templates + policies.policies).flatMap { policy in
            var check = PolicyCheck(policy, schema)
            return check.run()
        }
    }
}
