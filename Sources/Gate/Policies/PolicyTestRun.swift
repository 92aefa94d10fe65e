import Cedar
import Consent
import Core
import Foundation
import Secrets
import Vault

/// Runs policy tests through what decides in earnest: consent heads and the `Decider`.
package struct PolicyTestRun: Sendable {
    /// A test that came out otherwise than it says.
    package struct Failure: Sendable, Equatable {
        package let file: String
        package let line: Int
        package let test: String
        /// Each difference in a sentence.
        package let differences: [String]
    }

    package private(set) var passed = 0
    package private(set) var failures: [Failure] = []
    /// Permits that no test made decide.
    package private(set) var untestedPolicies: [String] = []
    /// Actions that no test asks about.
    package private(set) var untestedActions: [String] = []

    private let schema: ProfileSchema
    private let purposes: Purposes
    private let decider: Decider
    private var decided: Set<String> = []

    private static let now = Timestamp(milliseconds: 1_795_491_900_000)
    private static let tenant = "default"

    /// - Parameters:
    ///   - tests: the cases.
    ///   - rules: the set under test.
    /// - Throws: when a test cannot be run at all.
    package init(_ tests: [PolicyTest], against rules: PolicyRules) throws {
        let fields = rules.fields.enumerated().map { place, definition in
            ProfileSchema.Field(number: UInt16(place + 1), definition: definition)
        }
        schema = ProfileSchema(fields: fields, version: 1)
        purposes = rules.purposes
        decider = Decider(cedar: rules.cedar, schema: schema)
        for test in tests {
            let differences: [String]
            do {
                differences = try self.differences(of: test)
            } catch let error as ConsentError {
                // Nobody can have said this about this purpose.
                differences = [error.message]
            }
            if differences.isEmpty {
                passed += 1
            } else {
                failures.append(Failure(file: test.file, line: test.line, test: test.name, differences: differences))
            }
        }
        untestedPolicies = rules.cedar.policies.map(\.id.description).filter { !decided.contains($0) }
        let asked = Set(tests.map(\.action))
        untestedActions = Action.allCases.filter { !asked.contains($0) }.map(\.rawValue)
    }

    /// Reads every `*.json` of the folder's `tests`, in order of their names.
    ///
    /// - Returns: the tests that can be read, and all that is wrong with the others.
    package static func tests(
        in folder: String
    ) throws(GateError) -> (tests: [PolicyTest], problems: [PolicyProblem]) {
        let path = folder + "/tests"
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".json") }.sorted()
        } catch {
            throw GateError(
                GateError.policiesMissing, "the folder of policy tests `\(path)` cannot be read",
                remedy: "policies/README.md says what a policy test looks like")
        }
        var all: (tests: [PolicyTest], problems: [PolicyProblem]) = ([], [])
        for name in names {
            guard let content = FileManager.default.contents(atPath: path + "/" + name) else {
                throw GateError(GateError.policiesMissing, "the policy test `\(path)/\(name)` cannot be read")
            }
            let read = PolicyTest.parse(Array(content), file: name)
            all.tests += read.tests
            all.problems += read.problems
        }
        return all
    }

    private mutating func differences(of test: PolicyTest) throws -> [String] {
        switch test.expectation {
        case .tenant(let purpose, let circumstances, let allowed):
            let answer = try decider.allows(
                PolicyQuestion.question(test.action, by: test.caller, for: purpose, on: Self.tenant, circumstances))
            decided.formUnion(answer.policies)
            // A set with a policy that cannot be evaluated passes no test that meets it, whatever it expects.
            if !answer.broken.isEmpty { return answer.broken.map(Self.unevaluated) }
            if answer.allowed == allowed { return [] }
            return [allowed ? "`\(test.action.rawValue)` is denied" : "`\(test.action.rawValue)` is allowed"]
        case .fields(let purpose, let consent, let clear, let masked, let reason):
            var differences: [String] = []
            for name in clear.union(masked).sorted() where schema[name] == nil {
                differences.append("there is no field `\(name)`")
            }
            let (outcomes, broken) = try outcomes(of: test, for: purpose, after: consent)
            differences += broken.map(Self.unevaluated)
            for (field, outcome) in zip(schema.fields, outcomes) {
                let expected: Outcome =
                    clear.contains(field.name) ? .clear : masked.contains(field.name) ? .masked : .withheld(reason)
                if outcome != expected {
                    differences.append("`\(field.name)` is \(outcome), expected \(expected)")
                }
            }
            return differences
        }
    }

    private static func unevaluated(_ policy: String) -> String {
        "policy `\(policy)` cannot be evaluated, which closes the gate"
    }

    private enum Outcome: Equatable, CustomStringConvertible {
        case clear
        case masked
        case withheld(WithheldReason)

        var description: String {
            switch self {
            case .clear: "given"
            case .masked: "given masked"
            case .withheld(let reason): "withheld (\(reason.rawValue))"
            }
        }
    }

    private mutating func outcomes(
        of test: PolicyTest, for purpose: String, after consent: PolicyTest.ConsentGiven
    ) throws -> (outcomes: [Outcome], broken: [String]) {
        guard let purpose = purposes[purpose] else {
            return (schema.fields.map { _ in .withheld(.unknownPurpose) }, [])
        }
        if case .closed(let reason) = try Self.standing(after: consent, for: purpose) {
            return (schema.fields.map { _ in .withheld(reason) }, [])
        }
        let rulings = try decider.fields(test.action, by: test.caller, for: purpose, of: Self.tenant)
        for field in schema.fields {
            decided.formUnion(
                try decider.deciding(test.action, by: test.caller, for: purpose, of: Self.tenant, field: field.name))
        }
        let outcomes = rulings.rulings.map { ruling -> Outcome in
            ruling == .clear ? .clear : ruling == .masked ? .masked : .withheld(.policyDenied)
        }
        return (outcomes, Set(rulings.broken.joined()).sorted())
    }

    /// Where the purpose stands for somebody who said this.
    static func standing(after consent: PolicyTest.ConsentGiven, for purpose: PurposeDefinition) throws -> Standing {
        // Half a day on, so that a consent that was to end has ended.
        try head(after: consent, to: purpose).standing(for: purpose, at: now.adding(seconds: 43_200))
    }

    /// A head as the ledger would write it, under a key that is thrown away.
    private static func head(after consent: PolicyTest.ConsentGiven, to purpose: PurposeDefinition) throws
        -> ConsentHead
    {
        let key = try AuthenticationKey.random()
        let ledger = ConsentLedger { _ in key }
        let subject = Subject(tenant: TenantID(1), number: 1, id: ProfileID(high: 1, low: 1))
        let authorization = Authorization(
            principal: Principal(.operator, "tester"), action: .recordConsent, tenant: TenantID(1), purpose: nil,
            decision: UniqueID(high: 0, low: 1), time: now)
        let changes: [ConsentChange] =
            switch consent {
            case .none: []
            case .granted: [.grant(purpose, lifetime: .unlimited)]
            case .refused: [.record(.refused, purpose)]
            case .withdrawn: [.grant(purpose, lifetime: .unlimited), .record(.withdrawn, purpose)]
            case .expired: [.grant(purpose, lifetime: .until(now.adding(seconds: 3600)))]
            case .restricted: granted(purpose) + [.record(.restricted, purpose)]
            case .objected: granted(purpose) + [.record(.objected, purpose)]
            }
        return try ledger.draft(
            of: subject, recording: changes, from: ConsentOrigin(source: "policy test", effective: now),
            under: authorization
        ).head
    }

    private static func granted(_ purpose: PurposeDefinition) -> [ConsentChange] {
        purpose.basis == .consent ? [.grant(purpose, lifetime: .unlimited)] : []
    }
}
