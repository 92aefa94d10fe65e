package import Core

/// Who asks for what, in the words of a policy test.
///
/// ```json
/// { "roles": ["marketer"], "purpose": "personalization", "field": "email", "consent": "granted" }
/// { "service": "nightly", "action": "import" }
/// { "custodian": true, "action": "operator.recover" }
/// { "roles": ["marketer"], "action": "export", "purpose": "marketing_email", "mfa": 60, "people": 2000000,
///   "approvals": ["second"] }
/// ```
///
/// `mfa` is how many seconds ago a one-time code was shown, `approvals` names the operators who said yes to the request,
/// `people` of how many data may leave, `changes` what a policy set changes: `basis`, `field_class`, `levels`.
package struct PolicyQuestion: Sendable {
    package let caller: Caller
    package let action: Action
    package let purpose: String?
    /// Which field to read; all where there is none.
    package let field: String?
    /// What the person said before; where it is left out, the purpose's legal basis is taken to hold.
    package let consent: PolicyTest.ConsentGiven?
    let circumstances: Circumstances

    /// What policies may know of a request to a tenant besides who asks for what.
    struct Circumstances: Sendable {
        var mfa: TenantQuestion.Mfa?
        var approvals: [Principal] = []
        var people: Int?
        var changes: [String]?

        var isEmpty: Bool { mfa == nil && approvals.isEmpty && people == nil && changes == nil }
    }

    /// - Throws: where a field is to be read for no purpose.
    init(
        caller: Caller, action: Action, purpose: String? = nil, field: String? = nil,
        consent: PolicyTest.ConsentGiven? = nil, circumstances: Circumstances = Circumstances()
    ) throws(JSONShapeError) {
        if action.isAboutFields, purpose == nil { throw JSONShapeError(path: "purpose", reason: "is missing") }
        if !action.isAboutFields, field != nil {
            throw JSONShapeError(path: "field", reason: "has no meaning for an action on the tenant as a whole")
        }
        if action.isAboutFields, !circumstances.isEmpty {
            throw JSONShapeError(path: "mfa", reason: "and its like have no meaning where fields are read")
        }
        self.circumstances = circumstances
        self.caller = caller
        self.action = action
        self.purpose = purpose
        self.field = field
        self.consent = consent
    }

    /// Reads a question; what a policy test expects may stand beside it.
    package init(_ json: JSON) throws(JSONShapeError) {
        var fields = try JSONFields(json, at: "")
        let caller = try Self.caller(&fields)
        let action = try Self.action(&fields)
        let purpose = try fields.optionalString("purpose")
        let field = try fields.optionalString("field")
        let consent = try Self.consent(&fields)
        let circumstances = try Self.circumstances(&fields)
        for name in ["name", "clear", "masked", "reason", "allowed"] { _ = fields.optional(name) }
        try fields.finish()
        try self.init(
            caller: caller, action: action, purpose: purpose, field: field, consent: consent,
            circumstances: circumstances)
    }

    /// The question about a tenant as a whole.
    func aboutTenant(_ tenant: String) -> TenantQuestion {
        Self.question(action, by: caller, for: purpose, on: tenant, circumstances)
    }

    static func question(
        _ action: Action, by caller: Caller, for purpose: String?, on tenant: String, _ circumstances: Circumstances
    ) -> TenantQuestion {
        var question = TenantQuestion(action, by: caller, for: purpose, on: tenant)
        question.mfa = circumstances.mfa
        question.approvals = circumstances.approvals
        question.people = circumstances.people
        question.changes = circumstances.changes
        return question
    }

    /// `mfa`, `approvals`, `people` and `changes`.
    static func circumstances(_ fields: inout JSONFields) throws(JSONShapeError) -> Circumstances {
        func count(_ name: String) throws(JSONShapeError) -> Int? {
            guard let value = fields.optional(name) else { return nil }
            guard let count = value.integer.flatMap({ Int(exactly: $0) }), count >= 0 else {
                throw fields.error(name, "must be a whole number of at least 0")
            }
            return count
        }
        var found = Circumstances()
        found.mfa = try count("mfa").map { TenantQuestion.Mfa(method: "otp", age: Int64($0)) }
        found.people = try count("people")
        found.approvals = try strings("approvals", &fields).map { Principal(.operator, $0) }
        let changes = try strings("changes", &fields)
        found.changes = changes.isEmpty ? nil : changes
        return found
    }

    /// `roles`, `service` and `custodian`: one caller who has all the roles.
    static func caller(_ fields: inout JSONFields) throws(JSONShapeError) -> Caller {
        let roles = try strings("roles", &fields)
        let service = try fields.optionalString("service")
        if let isCustodian = fields.optional("custodian") {
            guard isCustodian == true, roles.isEmpty, service == nil else {
                throw fields.error("custodian", "must be true, and goes with neither roles nor a service")
            }
            return .custodian
        }
        return Caller(principal: Principal(service == nil ? .operator : .service, service ?? "tester"), roles: roles)
    }

    static func action(_ fields: inout JSONFields) throws(JSONShapeError) -> Action {
        let word = try fields.optionalString("action") ?? Action.read.rawValue
        guard let action = Action(rawValue: word) else {
            throw fields.error("action", "must be one of \(Action.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return action
    }

    static func consent(_ fields: inout JSONFields) throws(JSONShapeError) -> PolicyTest.ConsentGiven? {
        guard let said = try fields.optionalString("consent") else { return nil }
        guard let consent = PolicyTest.ConsentGiven(rawValue: said) else {
            let known = PolicyTest.ConsentGiven.allCases.map(\.rawValue).joined(separator: ", ")
            throw fields.error("consent", "must be one of \(known)")
        }
        return consent
    }

    static func strings(_ name: String, _ fields: inout JSONFields) throws(JSONShapeError) -> [String] {
        guard let value = fields.optional(name) else { return [] }
        var result: [String] = []
        for element in value.array ?? [.null] {
            guard let text = element.string else { throw fields.error(name, "must be a list of strings") }
            result.append(text)
        }
        return result
    }
}
