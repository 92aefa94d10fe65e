package import Cedar
import Consent
package import Core
import Vault

/// Why a policy set answers a question as it does.
package struct PolicyExplanation: Sendable {
    /// The answer about one field, or about the tenant.
    package struct Item: Sendable {
        /// `nil` where the question is about the tenant.
        package let field: String?
        package let ruling: FieldRuling
        package let explanation: Explanation
    }

    package let question: PolicyQuestion
    /// What closes the purpose before any policy is asked: then the policies do not matter.
    package let closed: WithheldReason?
    package let items: [Item]

    /// Whether anything is allowed.
    package var allows: Bool { closed == nil && items.contains { $0.ruling.allows } }

    /// - Throws: `unknownField`.
    package init(_ question: PolicyQuestion, under rules: PolicyRules, tenant: String) throws {
        self.question = question
        let fields = rules.fields.enumerated().map { ProfileSchema.Field(number: UInt16($0 + 1), definition: $1) }
        let schema = ProfileSchema(fields: fields, version: 1)
        let decider = Decider(cedar: rules.cedar, schema: schema)
        guard question.action.isAboutFields else {
            let explanation = try decider.explain(question.aboutTenant(tenant))
            closed = nil
            items = [Item(field: nil, ruling: decider.ruling(explanation.response), explanation: explanation)]
            return
        }
        let asked = try question.field.map { [try schema.require($0)] } ?? fields
        guard let purpose = rules.purposes[question.purpose ?? ""] else {
            closed = .unknownPurpose
            items = []
            return
        }
        let standing = try question.consent.map { try PolicyTestRun.standing(after: $0, for: purpose) }
        closed = if case .closed(let reason)? = standing { reason } else { nil }
        items = try asked.map { field in
            let explanation = try decider.explain(
                question.action, of: field.name, by: question.caller, for: purpose, of: tenant)
            return Item(field: field.name, ruling: decider.ruling(explanation.response), explanation: explanation)
        }
    }
}
