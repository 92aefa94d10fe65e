/// The validation of one policy or template.
struct PolicyCheck {
    private struct Place: Hashable {
        let offset: Int
        let code: String
        let message: String
    }

    /// What a policy's conditions may cost, in parts looked at for all kinds of request together.
    static let maximumSteps = 10_000_000

    private let policy: Policy
    private let schema: Schema
    private let maximumSteps: Int
    private var findings: [ValidationFinding] = []
    private var noted: Set<Place> = []

    init(_ policy: Policy, _ schema: Schema, maximumSteps: Int = PolicyCheck.maximumSteps) {
        self.policy = policy
        self.schema = schema
        self.maximumSteps = maximumSteps
    }

    /// Names first, then whether any action applies, then the types of all that the conditions say.
    mutating func run() -> [ValidationFinding] {
        if policy.template == nil {
            checkMentions()
        } else {
            checkSlots()
        }
        checkApplication()
        // A link's conditions are its template's, which was checked for every type that could fill the slots.
        if policy.template == nil { checkTypes() }
        return findings
    }

    /// More findings than there are tell nobody anything.
    private var isFull: Bool { findings.count >= Parser.maximumErrors }

    private mutating func note(_ problem: Judging.Problem) {
        note(.error, problem.code, problem.message, at: problem.offset)
    }

    private mutating func note(
        _ severity: ValidationFinding.Severity, _ code: String, _ message: String, at offset: Int
    ) {
        // The same thing is found again for every kind of request.
        guard !isFull, noted.insert(Place(offset: offset, code: code, message: message)).inserted
        else { return }
        findings.append(
            ValidationFinding(
                severity: severity, policy: policy.id,
                problem: CedarError(code, message, in: policy.source, at: offset)))
    }

    // MARK: - Names

    private mutating func checkMentions() {
        for mention in policy.mentions where !isFull {
            let uid = mention.id.map { EntityUID(type: mention.type, id: $0) }
            check(Text(mention.type), uid, at: mention.position.offset)
        }
        if case .descendant(let actions) = policy.scope.action {
            if actions.isEmpty {
                note(.error, "empty_set", "an empty list has no action in it", at: policy.position.offset)
            }
            if Set(actions.map(\.type)).count > 1 {
                note(
                    .error, "incompatible_types", "the actions of one list have to be of one type",
                    at: policy.position.offset)
            }
        }
    }

    private mutating func checkSlots() {
        for reference in [policy.scope.principal.reference, policy.scope.resource.reference] {
            if case .entity(let uid)? = reference { check(uid.type, uid, at: policy.position.offset) }
        }
    }

    private mutating func check(_ type: Text, _ uid: EntityUID?, at offset: Int) {
        if type.isActionType {
            guard let uid, schema.action(uid) == nil else { return }
            let closest = Spelling.hint(
                for: uid.id, among: schema.actions.lazy.filter { $0.uid.type == type }.map(\.uid.id))
            note(.error, "unknown_action", "the schema has no action `\(uid)`\(closest)", at: offset)
        } else if let known = schema.entityType(type) {
            guard let uid, let choices = known.choices, !choices.contains(uid.id) else { return }
            let closest = Spelling.hint(for: uid.id, among: choices)
            note(.error, "unknown_choice", "`\(type)` is an enumeration without `\(uid.id)`\(closest)", at: offset)
        } else {
            let closest = Spelling.hint(for: type, among: schema.entityTypes.lazy.map(\.name))
            note(.error, "unknown_type", "the schema has no entity type `\(type)`\(closest)", at: offset)
        }
    }

    // MARK: - Scope

    private mutating func checkApplication() {
        if !schema.actions.contains(where: applies) {
            note(
                .error, "no_application", "the schema has no action for such a principal and resource",
                at: policy.position.offset)
        }
    }

    /// Whether the scope lets some request for an action through.
    func applies(to action: Schema.Action) -> Bool {
        isNamed(action)
            && action.principals.contains { fits($0, policy.scope.principal) }
            && action.resources.contains { fits($0, policy.scope.resource) }
    }

    /// Whether the scope names the action, or a group that it is in; none where it names an unknown one.
    private func isNamed(_ action: Schema.Action) -> Bool {
        switch policy.scope.action {
        case .any: true
        case .equal(let uid): uid == action.uid
        case .descendant(let uids):
            uids.contains { $0 == action.uid || action.ancestors.contains($0) }
                && uids.allSatisfy { schema.action($0) != nil }
        }
    }

    /// Whether an entity of the type may fulfil a part of the scope; a slot is filled with one that makes it possible.
    private func fits(_ type: Text, _ constraint: Scope.Constraint) -> Bool {
        switch constraint {
        case .any, .equal(.slot), .descendant(of: .slot): true
        case .equal(.entity(let uid)): uid.type == type
        case .descendant(of: .entity(let uid)): schema.isType(type, in: uid.type)
        case .type(let wanted), .typeAndDescendant(let wanted, of: .slot): wanted == type
        case .typeAndDescendant(let wanted, of: .entity(let uid)):
            wanted == type && schema.isType(type, in: uid.type)
        }
    }

    // MARK: - Types

    /// Judges the conditions once for each combination of types that the scope lets through.
    private mutating func checkTypes() {
        // Without conditions, what the scope lets through is all there is.
        guard !policy.conditions.isEmpty else { return }
        var canApply = false
        var steps = 0
        for environment in environments {
            var judging = Judging(schema, environment, policy.source)
            let outcome = judging.conjunction(policy.conditions.count) { judging, index, known in
                let condition = policy.conditions[index]
                let judgement = judging.judge(condition.body, known, as: .bool)
                return condition.isUnless ? judgement.negated : judgement
            }
            for problem in judging.problems { note(problem) }
            if outcome.type != .truth(false) { canApply = true }
            steps += judging.steps
            guard steps <= maximumSteps else {
                note(
                    .error, "too_large", "too much to validate: more than \(maximumSteps) parts for all requests",
                    at: policy.position.offset)
                return
            }
        }
        guard findings.isEmpty else { return }
        if !canApply {
            note(.warning, "impossible_policy", "this policy can never apply", at: policy.position.offset)
        } else {
            checkValues()
        }
    }

    /// Looks for conditions that fail, or exclude each other, whatever the request is.
    private mutating func checkValues() {
        var constants = ConstantParts()
        for condition in policy.conditions { constants.look(into: condition.body) }
        for failure in constants.failures {
            note(
                .warning, "always_fails", "this fails whenever it is looked at: \(failure.reason)", at: failure.offset)
        }
        if let contradiction = Demands.contradiction(in: policy) {
            note(
                .warning, "impossible_policy", "this policy can never apply: \(contradiction.message)",
                at: contradiction.offset)
        }
    }

    /// The kinds of request that the scope lets through.
    private var environments: some Sequence<Environment> {
        schema.actions.lazy.filter(isNamed).flatMap { action in
            action.principals.lazy.filter { fits($0, policy.scope.principal) }.flatMap { principal in
                action.resources.lazy.filter { fits($0, policy.scope.resource) }.map { resource in
                    Environment(principal: principal, action: action, resource: resource)
                }
            }
        }
    }
}
