import Consent
package import Core
import Secrets

/// One case of `policies/tests/*.json`: who asks for what, and what must come of it.
///
/// ```json
/// { "name": "…", "roles": ["marketer"], "purpose": "personalization", "consent": "granted",
///   "clear": ["first_name"], "masked": ["email"], "reason": "policy_denied" }
/// { "name": "…", "roles": ["engineer"], "action": "import", "allowed": true }
/// ```
///
/// With `purpose` it is about reading fields: every field that is neither in `clear` nor in `masked` must be withheld
/// for `reason` (`policy_denied` where it is left out). With `allowed` it is about an action on the tenant.
package struct PolicyTest: Sendable {
    /// What the person said before the read; made into a real consent head.
    package enum ConsentGiven: String, Sendable, CaseIterable {
        case none
        case granted
        case refused
        case withdrawn
        case expired
        case restricted
        case objected
    }

    enum Expectation: Sendable {
        case fields(purpose: String, ConsentGiven, clear: Set<String>, masked: Set<String>, reason: WithheldReason)
        case tenant(purpose: String?, allowed: Bool)
    }

    package let file: String
    package let name: String
    let caller: Caller
    package let action: Action
    let expectation: Expectation

    /// Reads a file of tests.
    package static func parse(_ content: [UInt8], file: String) throws -> [PolicyTest] {
        var top = try JSONFields(JSON(parsing: content), at: "")
        let tests = try top.array("tests").enumerated().map { index, json in
            try PolicyTest(json, at: "tests[\(index)]", file: file)
        }
        try top.finish()
        return tests
    }

    private init(_ json: JSON, at path: String, file: String) throws(JSONShapeError) {
        var fields = try JSONFields(json, at: path)
        self.file = file
        name = try fields.string("name")
        let roles = try Self.strings("roles", &fields)
        let service = try fields.optionalString("service")
        caller = Caller(principal: Principal(service == nil ? .operator : .service, service ?? "tester"), roles: roles)
        let word = try fields.optionalString("action") ?? Action.read.rawValue
        guard let action = Action(rawValue: word) else {
            throw fields.error("action", "must be one of \(Action.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.action = action
        let purpose = try fields.optionalString("purpose")
        if let allowed = fields.optional("allowed") {
            guard let allowed = allowed.bool else { throw fields.error("allowed", "must be true or false") }
            expectation = .tenant(purpose: purpose, allowed: allowed)
        } else {
            guard let purpose else { throw fields.error("purpose", "is missing, or else `allowed`") }
            let said = try fields.optionalString("consent") ?? ConsentGiven.none.rawValue
            guard let consent = ConsentGiven(rawValue: said) else {
                let known = ConsentGiven.allCases.map(\.rawValue).joined(separator: ", ")
                throw fields.error("consent", "must be one of \(known)")
            }
            let why = try fields.optionalString("reason") ?? WithheldReason.policyDenied.rawValue
            guard let reason = WithheldReason(rawValue: why) else {
                let known = WithheldReason.allCases.map(\.rawValue).joined(separator: ", ")
                throw fields.error("reason", "must be one of \(known)")
            }
            expectation = .fields(
                purpose: purpose, consent, clear: Set(try Self.strings("clear", &fields)),
                masked: Set(try Self.strings("masked", &fields)), reason: reason)
        }
        try fields.finish()
    }

    private static func strings(_ name: String, _ fields: inout JSONFields) throws(JSONShapeError) -> [String] {
        guard let value = fields.optional(name) else { return [] }
        var result: [String] = []
        for element in value.array ?? [.null] {
            guard let text = element.string else { throw fields.error(name, "must be a list of strings") }
            result.append(text)
        }
        return result
    }
}
