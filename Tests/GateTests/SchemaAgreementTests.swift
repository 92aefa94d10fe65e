import Cedar
import Consent
import Core
import Testing
import Vault

@testable import Gate

@Suite("The Cedar schema of the policies")
struct SchemaAgreementTests {
    private let sound: PolicyBundle
    private let text: String

    init() throws {
        sound = try PolicyBundle(folder: VaultFixture.policies)
        text = String(decoding: try #require(sound.files["schema.cedarschema"]), as: UTF8.self)
    }

    @Test("takes every request and every entity that the gate asks with")
    func reality() throws {
        let schema = try Schema(parsing: text)
        let rules = try #require(PolicyRules.read(sound).rules)
        for kind in Principal.Kind.allCases {
            let principal = Principal(kind, "eve")
            for purpose in rules.purposes.definitions where Action.read.principals.contains(kind) {
                for field in rules.fields {
                    try schema.validate(
                        request: EntityModel.request(.read, of: field.name, by: principal, for: purpose, of: "default"))
                }
            }
            for action in Action.allCases where !action.isAboutFields && action.principals.contains(kind) {
                for purpose in [nil] + rules.purposes.names {
                    let caller = Caller(principal: principal, roles: [])
                    let question = TenantQuestion(action, by: caller, for: purpose, on: "default")
                    try schema.validate(request: EntityModel.request(question))
                    try schema.validate(request: EntityModel.request(question.withFreshMfa().withApproval()))
                }
            }
            for roles in kind == .custodian ? [[]] : [[], ["dpo", "agent"]] {
                try schema.validate(
                    entities: Entities(
                        EntityModel.entities(of: Caller(principal: principal, roles: roles), rules.fields)))
            }
        }
        #expect(schema.actions.count == Action.allCases.count)
    }

    @Test(
        "that says less or more than the program asks is a problem, so that validation means something",
        arguments: [
            ("entity Role;", "entity Role; entity User;", "nothing is of the type `User`"),
            ("{ name: String }", "{ name: String, shift?: String }", "no `Operator` has an attribute `shift`"),
            ("{ name: String }", "{ name: Long }", "the program has entities that do not fit"),
            ("{ name: String }", "{ name: String } tags String", "no `Operator` has tags"),
            ("in [Role]", "in [Role, Tenant]", "no `Operator` is in a `Tenant`"),
            ("in [Role]", "", "the program has entities that do not fit"),
            ("{ identifier: Bool }", "{}", "the program has entities that do not fit"),
            ("entity Role;", "entity Role enum [\"dpo\"];", "the program has entities that do not fit"),
            (
                "entity Purpose;", "entity Purpose enum [\"support\"];",
                "the program asks for `read`, but "
            ),
            ("put, import,", "put, import, dance,", "there is no `Action::\"dance\"`"),
            ("put, import,", "import,", "the program asks for `put`, but the schema has no such action"),
            (
                "action read, \"break_glass.read\" ",
                "action read, \"break_glass.read\" in [Action::\"put\"] ",
                "`Action::\"read\"` is in no group"
            ),
            (
                "resource: Field", "resource: [Field, Tenant]",
                "`Action::\"read\"` is done to a `Field`, never to a `Tenant`"
            ),
            (
                "principal: [Operator, Service],\n    resource: Field",
                "principal: [Operator, Role],\n    resource: Field",
                "`Action::\"read\"` is done by an `Operator` or a `Service`, never by a `Role`"
            ),
            (
                "principal: [Operator, Service],\n    resource: Tenant", "principal: Operator,\n    resource: Tenant",
                "the program asks for `put`, but "
            ),
            ("basis: String", "basis: Long", "the program asks for `read`, but "),
            ("basis: String", "basis: String, hour?: Long", "the context of `Action::\"read\"` never has `hour`"),
            ("purpose?: Purpose", "purpose: Purpose", "the program asks for `put`, but "),
        ] as [(String, String, String)])
    func difference(_ part: String, _ other: String, _ message: String) throws {
        let changed = text.replacing(part, with: other)
        #expect(changed != text)
        var files = sound.files
        files["schema.cedarschema"] = Array(changed.utf8)
        let (rules, problems, _) = PolicyRules.read(PolicyBundle(files: files))
        #expect(rules == nil)
        #expect(
            problems.contains { $0.file == "schema.cedarschema" && $0.message.hasPrefix(message) }, "\(problems)")
        #expect(problems.allSatisfy { $0.file == "schema.cedarschema" })
        #expect(Set(problems.map(\.message)).count == problems.count)
    }

    @Test(
        "differs in one place, and that is told once and shown",
        arguments: [
            ("{ name: String }", "{ nmae: String }", "Operator, Service in"),
            ("purpose?: Purpose", "purpse?: Purpose", "put, import"),
            ("purpose?: Purpose", "purpose: Purpose", "put, import"),
            ("{ identifier: Bool }", "{}", "Field in"), ("put, import,", "put, import, dance,", "put, import, dance"),
        ] as [(String, String, String)])
    func once(_ part: String, _ other: String, _ line: String) throws {
        var files = sound.files
        files["schema.cedarschema"] = Array(text.replacing(part, with: other).utf8)
        let problems = PolicyRules.read(PolicyBundle(files: files)).problems
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.allSatisfy { $0.source?.contains(line) == true && $0.column != nil }, "\(problems)")
    }

    @Test("is held against what can be read of the set where other files are broken")
    func broken() throws {
        var files = sound.files
        files["schema.json"] = Array("{".utf8)
        files["purposes.json"] = Array("{".utf8)
        #expect(
            PolicyRules.read(PolicyBundle(files: files)).problems.map(\.file) == ["purposes.json", "schema.json"])
    }

    @Test("is needed by no vault whose set is older: it opens, and puts another set in force")
    func olderVault() throws {
        let fixture = try VaultFixture()
        let owner = VaultFixture.administrator
        var files = fixture.gate.policies.bundle.files
        files["schema.cedarschema"] = nil
        let older = PolicyBundle(files: files)
        // As it was activated before there was a schema.
        let read = PolicyRules.read(older, checkingWords: false)
        _ = try fixture.gate.activate(older, try #require(read.rules), in: fixture.vault.archive, by: owner)
        try fixture.reopen()
        #expect(fixture.gate.policies.version == 2)
        #expect(fixture.gate.policies.bundle.drift(of: sound).added == ["schema.cedarschema"])
        let rules = try #require(PolicyRules.read(sound).rules)
        let activation = try fixture.gate.activate(sound, rules, in: fixture.vault.archive, by: owner)
        #expect(activation.policies.version == 3 && activation.changes?.isEmpty == true)
    }
}
