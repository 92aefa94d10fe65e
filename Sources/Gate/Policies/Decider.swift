import Accounts
package import Cedar
package import Consent
package import Core
import Synchronization
package import Vault

/// What the policies say about one field.
package enum FieldRuling: Sendable, Hashable {
    case clear
    /// Allowed in outline only: the obligation `@reveal("masked")` of a policy that decided.
    case masked
    case denied

    package var allows: Bool { self != .denied }
}

/// What the policies say about every field of the schema, in its order.
package struct FieldRulings: Sendable {
    package let rulings: [FieldRuling]
    /// For each field the policies that could not be evaluated, which closed it; empty when all could be, for all.
    package let broken: [[String]]

    package subscript(place: Int) -> FieldRuling { rulings[place] }

    /// The policies that closed the field at `place` because they could not be evaluated.
    package func broken(at place: Int) -> [String] { broken.isEmpty ? [] : broken[place] }
}

/// What the policies say about an action on the tenant as a whole.
package struct TenantRuling: Sendable {
    package let allowed: Bool
    /// The policies that decided.
    package let policies: [String]
    /// The policies that could not be evaluated: any of them closes.
    package let broken: [String]

    /// The ids as the log has them.
    var facts: [(name: String, value: JSON)] {
        [("policies", JSON(policies.map { JSON($0) }))] + Judgement.facts(broken: broken)
    }
}

/// Asks the Cedar policies, each distinct question once.
///
/// Cedar leaves a policy out whose condition has no value, so a `forbid` that fails would forbid nothing: here any
/// policy that fails denies.
package final class Decider: Sendable {
    private struct Question: Hashable {
        let caller: Caller
        let action: Action
        let purpose: String
        let tenant: String
    }

    let cedar: PolicySet
    private let schema: ProfileSchema
    private let answers = Mutex<[Question: FieldRulings]>([:])
    /// Questions are few (callers × actions × purposes); beyond this the answers are forgotten at once.
    private static let capacity = 4096

    package init(cedar: PolicySet, schema: ProfileSchema) {
        self.cedar = cedar
        self.schema = schema
    }

    /// The ruling on every field of the schema, in its order.
    package func fields(
        _ action: Action, by caller: Caller, for purpose: PurposeDefinition, of tenant: String
    ) throws -> FieldRulings {
        let question = Question(caller: caller, action: action, purpose: purpose.name, tenant: tenant)
        if let known = answers.withLock({ $0[question] }) { return known }
        let entities = try entities(for: caller)
        let responses = schema.fields.map { field in
            ask(action, of: field.name, by: caller, for: purpose, of: tenant, entities)
        }
        let broken = responses.map(Self.broken)
        let isReached = caller.reaches(action, for: purpose.name)
        let rulings = FieldRulings(
            rulings: zip(schema.fields, responses).map { field, response in
                isReached && caller.scope?.allows(field: field.name) ?? true ? ruling(response) : .denied
            }, broken: broken.allSatisfy(\.isEmpty) ? [] : broken)
        answers.withLock { answers in
            if answers.count >= Self.capacity { answers.removeAll() }
            answers[question] = rulings
        }
        return rulings
    }

    func ruling(_ response: Response) -> FieldRuling {
        guard response.decision == .allow, response.errors.isEmpty else { return .denied }
        // Every policy that decided is obeyed: one that masks makes the answer masked.
        let masked = response.reasons.contains { cedar[$0]?.annotations["reveal"] == "masked" }
        return masked ? .masked : .clear
    }

    private static func broken(_ response: Response) -> [String] { response.errors.map(\.policy.description) }

    /// The policies that decide about one field; none where nothing allows or forbids it.
    package func deciding(
        _ action: Action, by caller: Caller, for purpose: PurposeDefinition, of tenant: String, field: String
    ) throws -> [String] {
        ask(action, of: field, by: caller, for: purpose, of: tenant, try entities(for: caller)).reasons
            .map(\.description)
    }

    private func ask(
        _ action: Action, of field: String, by caller: Caller, for purpose: PurposeDefinition, of tenant: String,
        _ entities: Entities
    ) -> Response {
        cedar.isAuthorized(
            EntityModel.request(action, of: field, by: caller.principal, for: purpose, of: tenant), entities: entities)
    }

    /// Whether the caller may do something to the tenant as a whole.
    package func allows(_ question: TenantQuestion) throws -> TenantRuling {
        let response = cedar.isAuthorized(
            EntityModel.request(question), entities: try entities(for: question.caller))
        return TenantRuling(
            allowed: response.decision == .allow && response.errors.isEmpty
                && question.caller.reaches(question.action, for: question.purpose),
            policies: response.reasons.map(\.description), broken: Self.broken(response))
    }

    func entities(for caller: Caller) throws -> Entities {
        try Entities(EntityModel.entities(of: caller, schema.fields.map(\.definition)))
    }
}
