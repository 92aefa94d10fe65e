import Cedar
import Consent
import Core
import Testing
import Vault

@testable import Gate

@Suite("Explaining an answer of the policies")
struct PolicyExplanationTests {
    private let rules: PolicyRules

    init() throws { rules = try #require(try PolicyRules.read(PolicyBundle(folder: VaultFixture.policies)).rules) }

    private func explain(_ text: String) throws -> PolicyExplanation {
        try PolicyExplanation(
            PolicyQuestion(JSON(parsing: Array(text.utf8))), under: rules, tenant: "default")
    }

    private func refusal(_ text: String) throws -> String? {
        let json = try JSON(parsing: Array(text.utf8))
        return #expect(throws: JSONShapeError.self) { try PolicyQuestion(json) }?.message
    }

    @Test("answers as the gate does for every field, and names the policies that decided")
    func fields() throws {
        let explanation = try explain(#"{"roles": ["marketer"], "purpose": "personalization"}"#)
        #expect(explanation.closed == nil && explanation.allows)
        #expect(explanation.items.map(\.field) == rules.fields.map(\.name))
        let schema = ProfileSchema(
            fields: rules.fields.enumerated().map { .init(number: UInt16($0 + 1), definition: $1) }, version: 1)
        let purpose = try #require(rules.purposes["personalization"])
        let rulings = try Decider(cedar: rules.cedar, schema: schema)
            .fields(.read, by: explanation.question.caller, for: purpose, of: "default")
        #expect(explanation.items.map(\.ruling) == rulings.rulings)
        let email = try #require(explanation.items.first { $0.field == "email" })
        #expect(email.ruling == .masked)
        #expect(email.explanation.response.reasons == ["personalization.email-outline"])
    }

    @Test("says which role and which purpose would open a field")
    func opposite() throws {
        let item = try #require(
            explain(#"{"roles": ["marketer"], "purpose": "personalization", "field": "birth_date"}"#).items.first)
        guard case .all(let changes)? = item.explanation.opposite else { return #expect(Bool(false)) }
        let parts = changes.compactMap { change in if case .part(let part, true) = change { part.text } else { nil } }
        #expect(parts == [#"principal in Role::"agent""#, #"context.purpose == Purpose::"support""#])
    }

    /// The answer about one field under policies of its own.
    private func item(_ policies: String, _ question: String) throws -> PolicyExplanation.Item {
        var files = try PolicyBundle(folder: VaultFixture.policies).files
        for name in files.keys where name.hasSuffix(".cedar") { files[name] = nil }
        files["own.cedar"] = Array(policies.utf8)
        let own = try #require(PolicyRules.read(PolicyBundle(files: files)).rules)
        let question = try PolicyQuestion(JSON(parsing: Array(question.utf8)))
        return try #require(PolicyExplanation(question, under: own, tenant: "default").items.first)
    }

    @Test("offers no way that another policy closes")
    func closedWays() throws {
        let policies = """
            @id("p") permit (principal in Role::"marketer", action == Action::"read", resource == Field::"gender")
            when { context.purpose == Purpose::"analytics" };
            @id("f") forbid (principal, action == Action::"read", resource == Field::"gender")
            when { context.purpose == Purpose::"analytics" };
            permit (principal in Role::"administrator", action == Action::"policy.activate", resource);
            """
        for purpose in ["personalization", "analytics"] {
            let item = try item(
                policies, #"{"roles": ["marketer"], "purpose": "\#(purpose)", "field": "gender"}"#)
            #expect(item.ruling == .denied && item.explanation.opposite == nil && item.explanation.isWhole)
        }
    }

    @Test("offers what opens the gate, not what Cedar alone would allow, where a policy fails")
    func broken() throws {
        let policies = """
            permit (principal in Role::"agent", action == Action::"read", resource);
            @id("broken") forbid (principal, action == Action::"read", resource)
            when {
                context.purpose == Purpose::"support" &&
                (if principal.name == "" then 0 else 9223372036854775807) + 1 == 1
            };
            permit (principal in Role::"administrator", action == Action::"policy.activate", resource);
            """
        let item = try item(policies, #"{"roles": ["agent"], "purpose": "support", "field": "gender"}"#)
        #expect(item.ruling == .denied && item.explanation.response.decision == .allow)
        guard case .part(let part, holds: false)? = item.explanation.opposite else { return #expect(Bool(false)) }
        #expect(part.text == #"context.purpose == Purpose::"support""# && part.policy == "broken")
        let causes = item.explanation["broken"]?.causes.map(\.text) ?? []
        #expect(causes.count == 1 && causes[0].hasSuffix("9223372036854775807) + 1 == 1"))
    }

    @Test("takes a role that is named twice as one")
    func repeatedRole() throws {
        let question = #"{"roles": ["marketer", "marketer"], "purpose": "personalization", "field": "city"}"#
        #expect(try explain(question).question.caller.roles == ["marketer"])
        #expect(try explain(question).allows)
    }

    @Test("takes a policy test as it is, and says what the ledger closes before any policy")
    func consent() throws {
        let explanation = try explain(
            """
            {"name": "a", "roles": ["marketer"], "purpose": "personalization", "consent": "withdrawn", "clear": [],
             "masked": [], "reason": "consent_withdrawn", "field": "city"}
            """)
        #expect(explanation.closed == .consentWithdrawn && !explanation.allows)
        #expect(explanation.items.map(\.ruling) == [.clear])
        let open = try explain(
            #"{"roles": ["marketer"], "purpose": "personalization", "consent": "granted", "field": "city"}"#)
        #expect(open.closed == nil && open.allows)
        let unknown = try explain(#"{"roles": ["marketer"], "purpose": "spying", "field": "city"}"#)
        #expect(unknown.closed == .unknownPurpose && unknown.items.isEmpty && !unknown.allows)
    }

    @Test("explains actions on the tenant, of programs too")
    func actions() throws {
        let denied = try explain(#"{"roles": ["marketer"], "action": "import", "allowed": false}"#)
        #expect(denied.items.map(\.ruling) == [.denied] && denied.items[0].field == nil)
        let allowed = try explain(#"{"service": "profilevault", "action": "maintain"}"#)
        #expect(allowed.items.map(\.ruling) == [.clear])
        #expect(allowed.items[0].explanation.response.reasons == ["maintenance.itself"])
    }

    @Test("refuses a question that makes no sense, and a field that there is not")
    func nonsense() throws {
        #expect(try refusal(#"{"roles": []}"#)?.contains("purpose") == true)
        #expect(try refusal(#"{"action": "put", "field": "city"}"#)?.contains("field") == true)
        #expect(try refusal(#"{"action": "dance"}"#)?.contains("action") == true)
        #expect(try refusal(#"{"purpose": "support", "consent": "perhaps"}"#)?.contains("consent") == true)
        #expect(try refusal(#"{"purpose": "support", "colour": "red"}"#)?.contains("colour") == true)
        #expect(try refusal(#"{"purpose": "support", "mfa": 60}"#)?.contains("mfa") == true)
        #expect(try refusal(#"{"action": "erase", "mfa": -1}"#)?.contains("mfa") == true)
        #expect(try refusal(#"{"purpose": "support", "roles": "agent"}"#)?.contains("roles") == true)
        #expect(throws: VaultError.self) { try explain(#"{"purpose": "support", "field": "shoe_size"}"#) }
    }
}
