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
        #expect(try refusal(#"{"purpose": "support", "roles": "agent"}"#)?.contains("roles") == true)
        #expect(throws: VaultError.self) { try explain(#"{"purpose": "support", "field": "shoe_size"}"#) }
    }
}
