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
/// for `reason` (`policy_denied` where it is left out). With `allowed` it is about an action on the tenant; there `mfa`,
/// `approvals`, `people` and `changes` say what else the policies see, as in a `PolicyQuestion`.
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
        case tenant(purpose: String?, PolicyQuestion.Circumstances, allowed: Bool)
    }

    package let file: String
    /// Where it stands in its file.
    package let line: Int
    package let name: String
    let caller: Caller
    package let action: Action
    let expectation: Expectation

    /// Reads a file of tests; `file` is its name in the folder `tests`.
    ///
    /// - Returns: the tests that can be read, and all that is wrong: at most one thing a test.
    package static func parse(
        _ content: [UInt8], file: String
    ) -> (tests: [PolicyTest], problems: [PolicyProblem]) {
        let path = "tests/" + file
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: content)
        } catch {
            return ([], [PolicyProblem(file: path, content, error)])
        }
        var tests: [PolicyTest] = []
        var wrong: [JSONShapeError] = []
        let places = JSONPlaces(of: content)
        do throws(JSONShapeError) {
            var top = try JSONFields(json, at: "")
            for (index, json) in try top.array("tests").enumerated() {
                let place = "tests[\(index)]"
                do throws(JSONShapeError) {
                    tests.append(try PolicyTest(json, at: place, file: file, line: places[place].line))
                } catch {
                    wrong.append(error)
                }
            }
            try top.finish()
        } catch {
            wrong.append(error)
        }
        return (tests, PolicyProblem.all(wrong, in: content, file: path))
    }

    private init(_ json: JSON, at path: String, file: String, line: Int) throws(JSONShapeError) {
        var fields = try JSONFields(json, at: path)
        self.file = file
        self.line = line
        name = try fields.string("name")
        caller = try PolicyQuestion.caller(&fields)
        action = try PolicyQuestion.action(&fields)
        let purpose = try fields.optionalString("purpose")
        if let allowed = fields.optional("allowed") {
            guard let allowed = allowed.bool else { throw fields.error("allowed", "must be true or false") }
            expectation = .tenant(purpose: purpose, try PolicyQuestion.circumstances(&fields), allowed: allowed)
        } else {
            guard let purpose else { throw fields.error("purpose", "is missing, or else `allowed`") }
            let consent = try PolicyQuestion.consent(&fields) ?? ConsentGiven.none
            let why = try fields.optionalString("reason") ?? WithheldReason.policyDenied.rawValue
            guard let reason = WithheldReason(rawValue: why) else {
                let known = WithheldReason.allCases.map(\.rawValue).joined(separator: ", ")
                throw fields.error("reason", "must be one of \(known)")
            }
            expectation = .fields(
                purpose: purpose, consent, clear: Set(try PolicyQuestion.strings("clear", &fields)),
                masked: Set(try PolicyQuestion.strings("masked", &fields)), reason: reason)
        }
        try fields.finish()
    }
}
