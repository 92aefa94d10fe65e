package import Core

/// Who asks for what, in the words of a policy test.
///
/// ```json
/// { "roles": ["marketer"], "purpose": "personalization", "field": "email", "consent": "granted" }
/// { "service": "nightly", "action": "import" }
/// ```
package struct PolicyQuestion: Sendable {
    package let caller: Caller
    package let action: Action
    package let purpose: String?
    /// Which field to read; all where there is none.
    package let field: String?
    /// What the person said before; where it is left out, the purpose's legal basis is taken to hold.
    package let consent: PolicyTest.ConsentGiven?

    /// - Throws: where a field is to be read for no purpose.
    package init(
        caller: Caller, action: Action, purpose: String? = nil, field: String? = nil,
        consent: PolicyTest.ConsentGiven? = nil
    ) throws(JSONShapeError) {
        if action == .read, purpose == nil { throw JSONShapeError(path: "purpose", reason: "is missing") }
        if action != .read, field != nil {
            throw JSONShapeError(path: "field", reason: "has no meaning for an action on the tenant as a whole")
        }
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
        for name in ["name", "clear", "masked", "reason", "allowed"] { _ = fields.optional(name) }
        try fields.finish()
        try self.init(caller: caller, action: action, purpose: purpose, field: field, consent: consent)
    }

    /// `roles` and `service`: one caller who has all the roles.
    static func caller(_ fields: inout JSONFields) throws(JSONShapeError) -> Caller {
        let roles = try strings("roles", &fields)
        let service = try fields.optionalString("service")
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
