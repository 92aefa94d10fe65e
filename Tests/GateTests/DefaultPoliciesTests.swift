import Cedar
import Consent
import Core
import Foundation
import Testing
import Vault

@testable import Gate

/// The policy set that a new vault begins with, held against its own README and its own tests.
@Suite("The default policies")
struct DefaultPoliciesTests {
    private static let roles = ["administrator", "agent", "analyst", "auditor", "dpo", "engineer", "marketer"]

    private let rules: PolicyRules

    init() throws {
        let (rules, problems, _) = PolicyRules.read(try PolicyBundle(folder: VaultFixture.policies))
        self.rules = try #require(rules, "\(problems)")
    }

    @Test("pass their own tests, which leave no policy and no action out")
    func ownTests() throws {
        let run = try PolicyTestRun(PolicyTestRun.tests(in: VaultFixture.policies).tests, against: rules)
        #expect(run.failures == [])
        #expect(run.passed > 100)
        #expect(run.untestedPolicies == [])
        #expect(run.untestedActions == [])
    }

    @Test("are laid out as `policy format` does it, and validate without a warning")
    func layout() throws {
        let bundle = try PolicyBundle(folder: VaultFixture.policies)
        for (name, content) in bundle.files where name.hasSuffix(".cedar") {
            let text = String(decoding: content, as: UTF8.self)
            #expect(try PolicyFile(name: name, text: text).formatted() == text)
        }
        #expect(PolicyRules.read(bundle).warnings == [])
    }

    @Test("are tested for every purpose and every role alone")
    func coverage() throws {
        var missing = Set(rules.purposes.names.flatMap { purpose in Self.roles.map { "\(purpose) for \($0)" } })
        for test in try PolicyTestRun.tests(in: VaultFixture.policies).tests {
            guard case .fields(let purpose, _, _, _, let reason) = test.expectation, reason == .policyDenied,
                test.caller.roles.count == 1
            else { continue }
            missing.remove("\(purpose) for \(test.caller.roles[0])")
        }
        #expect(missing == [])
    }

    @Test("allow what the table of policies/README.md says, and nothing else")
    func readingTable() throws {
        let rows = try Self.table(under: "## What is allowed by default", columns: 2 + Self.roles.count)
        let heading = try #require(rows.first)
        #expect(Set(heading.dropFirst(2)) == Set(Self.roles))
        #expect(rows.dropFirst().map { $0[0] } == rules.purposes.names.map { "`\($0)`" })
        let schema = ProfileSchema(
            fields: rules.fields.enumerated().map { .init(number: UInt16($0 + 1), definition: $1) }, version: 1)
        let decider = Decider(cedar: rules.cedar, schema: schema)
        for (row, purpose) in zip(rows.dropFirst(), rules.purposes.definitions) {
            #expect(row[1] == purpose.basis.rawValue)
            for (role, cell) in zip(heading, row).dropFirst(2) {
                let caller = Caller(principal: Principal(.operator, "tester"), roles: [role])
                let rulings = try decider.fields(.read, by: caller, for: purpose, of: "default")
                let given = zip(schema.fields, rulings.rulings).filter { $1.allows }
                    .map { $1 == .masked ? "*\($0.name)*" : $0.name }
                #expect(Set(given) == Set(cell.split(separator: " ").map(String.init)), "\(purpose.name) for \(role)")
            }
        }
    }

    @Test("let each role do to a tenant what policies/README.md says, and nothing else")
    func actionTable() throws {
        let rows = try Self.table(under: "## What is allowed by default", columns: 2).dropFirst()
            .filter { Self.roles.contains(String($0[0].dropFirst().dropLast())) }
        #expect(Set(rows.map { $0[0] }) == Set(Self.roles.map { "`\($0)`" }))
        let decider = Decider(cedar: rules.cedar, schema: ProfileSchema(fields: [], version: 1))
        for row in rows {
            let role = String(row[0].dropFirst().dropLast())
            let caller = Caller(principal: Principal(.operator, "tester"), roles: [role])
            let allowed = try Action.allCases.filter { action in
                try ([nil] + rules.purposes.names).contains { purpose in
                    try decider.level(of: TenantQuestion(action, by: caller, for: purpose, on: "default")) != nil
                }
            }
            let said = row[1] == "none" ? [] : row[1].split(separator: " ").map(String.init)
            #expect(Set(allowed.map { "`\($0.rawValue)`" }) == Set(said), "\(role)")
        }
    }

    @Test("let export for the purposes that policies/README.md says, and for no other")
    func exportTable() throws {
        let rows = try Self.table(under: "## What is allowed by default", columns: 2)
            .filter { row in rules.purposes.names.contains { "`\($0)`" == row[0] } }
        let said = Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1].split(separator: " ").map(String.init)) })
        let decider = Decider(cedar: rules.cedar, schema: ProfileSchema(fields: [], version: 1))
        for purpose in rules.purposes.names {
            let allowed = try Self.roles.filter { role in
                let caller = Caller(principal: Principal(.operator, "tester"), roles: [role])
                let question = TenantQuestion(.export, by: caller, for: purpose, on: "default")
                return try decider.level(of: question) != nil
            }
            #expect(allowed.map { "`\($0)`" } == said["`\(purpose)`"] ?? [], "\(purpose)")
        }
    }

    @Test("know no other words than policies/README.md explains")
    func words() throws {
        let readme = try Self.readme()
        let words =
            StandardForm.allCases.map(\.rawValue) + Mask.allCases.map(\.rawValue)
            + LegalBasis.allCases.map(\.rawValue) + Action.allCases.map(\.rawValue)
            + WithheldReason.allCases.map(\.rawValue) + PolicyTest.ConsentGiven.allCases.map(\.rawValue)
        for word in words { #expect(readme.contains("`\(word)`") || readme.contains("\"\(word)\""), "\(word)") }
    }

    private static func readme() throws -> String {
        try String(contentsOf: URL(filePath: VaultFixture.policies).appending(path: "README.md"), encoding: .utf8)
    }

    /// The rows of the first table of so many columns under a heading, the dashes left out.
    private static func table(under heading: String, columns: Int) throws -> [[String]] {
        let lines = try readme().split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0 == heading })
        let rows = lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }.filter { $0.hasPrefix("|") }
            .map { $0.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false) }
            .map { $0.map { $0.trimmingCharacters(in: .whitespaces) } }
        return rows.filter { $0.count == columns && !$0[0].hasPrefix("---") }
    }
}
