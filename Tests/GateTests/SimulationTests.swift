import Audit
import Consent
import Core
import Foundation
import Testing
import Vault

@testable import Gate

@Suite("Simulating a proposal")
struct SimulationTests {
    private static let owner = Caller(principal: Principal(.operator, "owner"), roles: ["administrator"], proof: .shown)

    /// The set in force with something changed in one of its files.
    private func proposal(
        _ fixture: VaultFixture, _ changes: [String: (String) -> String]
    ) throws -> (rules: PolicyRules, hash: [UInt8]) {
        var files = fixture.gate.policies.bundle.files
        for (name, change) in changes {
            files[name] = Array(change(String(decoding: files[name] ?? [], as: UTF8.self)).utf8)
        }
        let bundle = PolicyBundle(files: files)
        let (rules, problems, _) = PolicyRules.read(bundle)
        return (try #require(rules, "\(problems)"), bundle.hash)
    }

    private func simulate(
        _ fixture: VaultFixture, operators: [Caller] = [], examples: Int = 5,
        shouldStop: () -> Bool = { false }, _ changes: [String: (String) -> String]
    ) throws -> Simulation {
        let (rules, hash) = try proposal(fixture, changes)
        return try fixture.gate.simulate(
            rules, hash: hash, operators: operators, examples: examples, by: VaultFixture.officer,
            shouldStop: shouldStop)
    }

    /// Each effect in a line.
    private func lines(_ simulation: Simulation) -> [String] {
        simulation.effects.map { effect in
            let fields = effect.fields.map { "\($0.field) \($0.people)" }.joined(separator: ", ")
            return
                "\(effect.asker.kind) \(effect.asker.name) \(effect.kind) \(effect.purpose) \(effect.people): \(fields)"
        }
    }

    private func adding(_ policy: String) -> [String: (String) -> String] { ["extra.cedar": { _ in policy }] }

    @Test("counts people by their own consents and by the fields they have")
    func gains() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada, granting: ["personalization"])
        let bob = try fixture.add(["customer_id": "7", "last_name": "Babbage"], granting: ["personalization"])
        try fixture.add(["customer_id": "8", "last_name": "Hopper"])
        let eve = try fixture.add(["customer_id": "9", "last_name": "Ash"], granting: ["personalization"])
        try fixture.record(.record(.withdrawn, fixture.purpose("personalization")), of: eve)
        let simulation = try simulate(
            fixture,
            adding(
                """
                permit (principal in Role::"marketer", action == Action::"read", resource)
                when { context.purpose == Purpose::"personalization" &&
                    [Field::"last_name", Field::"phone", Field::"city"].contains(resource) };
                """))
        #expect(lines(simulation) == ["role marketer gained personalization 2: phone 1, last_name 2"])
        #expect(simulation.people == 4 && simulation.isWhole && simulation.version == 1 && simulation.actions == [])
        let examples = try #require(simulation.effects.first).examples
        #expect(examples.count == 2 && Set(examples).count == 2 && examples == examples.sorted())
        #expect(examples.allSatisfy { $0.hasPrefix("person-") && !$0.contains(bob.id.description.prefix(8)) })
    }

    @Test("finds nothing where nothing changes")
    func nothing() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada, granting: ["personalization"])
        let simulation = try simulate(fixture, ["default.cedar": { "// the same\n" + $0 }])
        #expect(simulation.effects == [] && simulation.actions == [])
    }

    @Test("counts what is lost, what is outlined and what is not any more, under each role")
    func otherKinds() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada, granting: ["personalization", "marketing_email"])
        let simulation = try simulate(
            fixture,
            [
                "default.cedar": { text in
                    text.replacing(
                        "@reveal(\"masked\")\npermit (\n    principal in Role::\"marketer\"",
                        with: "permit (\n    principal in Role::\"marketer\""
                    )
                    .replacing("[Field::\"email\", Field::\"first_name\"]", with: "[Field::\"email\"]")
                    .replacing("@id(\"service.delivery\")", with: "@id(\"service.delivery\") @reveal(\"masked\")")
                }
            ])
        #expect(
            lines(simulation) == [
                "role agent masked service 1: email 1, phone 1, first_name 1, last_name 1, city 1, country 1",
                "role marketer unmasked personalization 1: email 1",
                "role marketer lost marketing_email 1: first_name 1",
            ])
    }

    @Test("counts by the legal bases as each set has them, also of purposes that come and go")
    func bases() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        try fixture.add(["customer_id": "7", "first_name": "Bob"], granting: ["marketing_email"])
        // Who was never asked is written to, and nobody gets support any more.
        let simulation = try simulate(
            fixture,
            [
                "purposes.json": { text in
                    text.replacing(
                        #""iri": "https://w3id.org/dpv#DirectMarketing",\#n      "basis": "consent""#,
                        with: #""iri": "https://w3id.org/dpv#DirectMarketing",\#n      "basis": "contract""#
                    ).replacing(#""name": "support""#, with: #""name": "helping""#)
                },
                "default.cedar": { $0.replacing("Purpose::\"support\"", with: "Purpose::\"helping\"") },
                "administration.cedar": { $0.replacing("Purpose::\"support\"", with: "Purpose::\"helping\"") },
            ])
        let found = lines(simulation)
        #expect(found.contains("role marketer gained marketing_email 1: email 1, first_name 1"), "\(found)")
        #expect(found.contains { $0.hasPrefix("role agent lost support 2: customer_id 2") })
        #expect(found.contains { $0.hasPrefix("role agent gained helping 2: customer_id 2") })
        #expect(found.count == 3)
    }

    @Test("looks at fields that people can have, not at those that only one of the sets has")
    func fields() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        let simulation = try simulate(
            fixture,
            ["schema.json": { $0.replacing("\"name\": \"city\"", with: "\"name\": \"town\"") }].merging([
                "default.cedar": { $0.replacing("Field::\"city\"", with: "Field::\"town\"") }
            ]) { $1 })
        #expect(
            lines(simulation) == ["role agent lost support 1: city 1", "role agent lost service 1: city 1"])
    }

    @Test("asks for operators with all their roles, and for programs that are named")
    func askers() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        let both = Caller(principal: Principal(.operator, "max"), roles: ["agent", "marketer"])
        let simulation = try simulate(
            fixture, operators: [both],
            adding(
                """
                permit (principal == Service::"nightly", action in [Action::"import", Action::"read"], resource)
                when { context has purpose && context.purpose == Purpose::"service" };
                forbid (principal in Role::"agent", action == Action::"read", resource == Field::"phone")
                when { principal in Role::"marketer" };
                """))
        let found = lines(simulation)
        #expect(found.contains("operator max lost support 1: phone 1"), "\(found)")
        #expect(found.contains("operator max lost service 1: phone 1"))
        #expect(found.contains { $0.hasPrefix("service nightly gained service 1: ") })
        #expect(found.count == 3)
        #expect(
            simulation.actions == [
                Simulation.ActionChange(
                    asker: Asker(service: "nightly"), action: .import, purpose: "service", before: nil,
                    after: .session)
            ])
    }

    @Test("asks for those whom a set knows by name only, and for anybody else")
    func strangers() throws {
        let fixture = try VaultFixture()
        let simulation = try simulate(
            fixture,
            adding(
                """
                permit (principal, action == Action::"import", resource) when { principal.name == "mallory" };
                permit (principal == Operator::"trudy", action == Action::"timeline", resource);
                permit (principal is Service, action == Action::"put", resource) unless { principal == Service::"a" };
                permit (principal is Operator, action == Action::"maintain", resource)
                unless { principal in Role::"dpo" };
                """))
        let found = Set(
            simulation.actions.map { "\($0.asker.kind) \($0.asker.name) \($0.action.rawValue) \($0.before == nil)" })
        #expect(found.contains("operator mallory import true") && found.contains("service mallory import true"))
        #expect(found.contains("operator trudy timeline true") && !found.contains("operator * timeline true"))
        #expect(found.contains("service * put true") && !found.contains("service a put true"))
        #expect(found.contains("operator * maintain true") && !found.contains("role dpo maintain true"))
        #expect(Set(simulation.actions.map(\.asker)).filter(\.isAnyOther).count == 2)
    }

    @Test("names actions that are gained and lost, once where the purpose makes no difference")
    func actions() throws {
        let fixture = try VaultFixture()
        let simulation = try simulate(
            fixture,
            [
                "administration.cedar": {
                    $0.replacing(
                        "Action::\"consent.view\", Action::\"audit.view\"",
                        with: "Action::\"export\", Action::\"audit.view\""
                    )
                    .replacing(
                        "[Purpose::\"personalization\", Purpose::\"marketing_email\"]",
                        with: "[Purpose::\"personalization\"]")
                }
            ])
        let found = simulation.actions.map {
            "\($0.asker.name) \($0.action.rawValue) \($0.kind) \($0.purpose ?? "-") "
                + "\($0.before?.word ?? "-") \($0.after?.word ?? "-")"
        }
        #expect(
            Set(found)
                == [
                    "dpo export gained - - mfa", "dpo consent.view lost - session -",
                    "marketer export lost marketing_email mfa -",
                ])
        #expect(found.count == 3)
    }

    @Test("names actions that would take more or less of somebody than they do")
    func levels() throws {
        let fixture = try VaultFixture()
        let simulation = try simulate(
            fixture,
            [
                "administration.cedar": {
                    $0.replacing(
                        "Action::\"export\", Action::\"erase\", Action::\"policy.activate\"", with: "Action::\"put\""
                    )
                    .replacing("context.people > 100000", with: "context has mfa")
                }
            ])
        let found = Set(
            simulation.actions.map {
                "\($0.asker.name) \($0.action.rawValue) \($0.kind) \($0.before?.word ?? "-") \($0.after?.word ?? "-")"
            })
        #expect(found.isSuperset(of: ["dpo erase eased mfa session", "agent put raised session mfa"]), "\(found)")
    }

    @Test("names no more examples than it is asked for, by names that differ from run to run")
    func examples() throws {
        let fixture = try VaultFixture()
        for number in 0..<7 { try fixture.add(["customer_id": "\(number)", "city": "Oslo"]) }
        let policy =
            #"permit (principal in Role::"dpo", action == Action::"read", resource == Field::"city") when { context.purpose == Purpose::"support" };"#
        let first = try simulate(fixture, examples: 3, adding(policy))
        #expect(lines(first) == ["role dpo gained support 7: city 7"])
        #expect(first.effects.first?.examples.count == 3)
        #expect(try simulate(fixture, examples: 0, adding(policy)).effects.first?.examples == [])
        let second = try simulate(fixture, examples: 7, adding(policy))
        #expect(Set(first.effects[0].examples).isDisjoint(with: second.effects[0].examples))
    }

    @Test("is in the log with both sets before anybody is looked at, and refused to who may not")
    func gated() throws {
        let fixture = try VaultFixture()
        let (rules, hash) = try proposal(fixture, adding("// nothing"))
        let error = #expect(throws: GateError.self) {
            try fixture.gate.simulate(rules, hash: hash, operators: [], examples: 5, by: VaultFixture.marketer)
        }
        #expect(error?.code == GateError.denied)
        _ = try fixture.gate.simulate(rules, hash: hash, operators: [], examples: 5, by: Self.owner)
        var filter = AuditFilter()
        filter.action = Action.simulatePolicy.rawValue
        let entries = try fixture.vault.audit.show(filter, limit: 5)
        #expect(entries.map(\.outcome) == [.allowed, .denied])
        for entry in entries {
            #expect(entry.facts["proposal"]?.string == hex(hash))
            #expect(entry.facts["policy_set"]?.string == hex(fixture.gate.policies.hash))
        }
    }

    @Test("ends between batches when it is asked to, says how far it is, and changes nothing")
    func interruption() throws {
        let fixture = try VaultFixture()
        _ = try fixture.addMany(Export.batchSize + 1)
        let (rules, hash) = try proposal(fixture, adding("// nothing"))
        var shown: [Int] = []
        var asked = 0
        let simulation = try fixture.gate.simulate(
            rules, hash: hash, operators: [], examples: 5, by: Self.owner,
            shouldStop: {
                asked += 1
                return asked > 1
            }, progress: { shown.append($0) })
        #expect(!simulation.isWhole && simulation.people == Export.batchSize && shown == [Export.batchSize])
        #expect(
            try fixture.gate.policies.version == 1
                && fixture.vault.profiles.count(of: fixture.gate.tenant.id) == Export.batchSize + 1)
    }

    @Test("stops at a person whose consents are not as they were written")
    func tampered() throws {
        let fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada)
        try fixture.tamper(.data, "UPDATE consent_head SET head = zeroblob(length(head))")
        try fixture.open()
        let (rules, hash) = try proposal(fixture, adding("// nothing"))
        #expect(throws: (any Error).self) {
            try fixture.gate.simulate(rules, hash: hash, operators: [], examples: 5, by: Self.owner)
        }
    }
}
