package import Cedar
package import Consent
package import Core

extension Decider {
    /// Why one field is given or not; what would have to be otherwise is for the gate's ruling, which a policy that
    /// fails closes.
    package func explain(
        _ action: Action, of field: String, by caller: Caller, for purpose: PurposeDefinition, of tenant: String
    ) throws -> Explanation {
        cedar.explain(
            EntityModel.request(action, of: field, by: caller.principal, for: purpose, of: tenant),
            entities: try entities(for: caller), closingOnFailure: true)
    }

    /// Why something may be done to the tenant as a whole, or not.
    package func explain(
        _ action: Action, by caller: Caller, for purpose: String?, on tenant: String
    ) throws -> Explanation {
        cedar.explain(
            EntityModel.request(action, by: caller.principal, for: purpose, on: tenant),
            entities: try entities(for: caller), closingOnFailure: true)
    }
}
