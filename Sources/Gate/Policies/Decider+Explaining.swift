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
    package func explain(_ question: TenantQuestion) throws -> Explanation {
        cedar.explain(
            EntityModel.request(question), entities: try entities(for: question.caller), closingOnFailure: true)
    }
}
