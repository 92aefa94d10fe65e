import Core
import Vault

/// Whether one policy set asks less of somebody than another did, for what took more than a session.
///
/// Every role, operator and program that either set names is asked about, with numbers of people from a thousand on, so that it
/// does not matter how the policies are written.
struct EasedLevels {
    private let before: Decider
    private let after: Decider
    private let askers: [Asker]

    private static let tenant = "default"
    private static let people: [Int?] = [nil, 1_001, 10_001, 100_001, 1_000_001, Int.max]
    /// What a set may change that weighs more than the rest.
    private static let weights: [[String]?] = [[], ["basis"], ["field_class"], ["levels"]]
    /// The actions that are asked for a purpose.
    private static let purposeful: Set<Action> = [.export, .breakGlass, .timeline]

    init(from old: PolicyRules, to new: PolicyRules) {
        let schema = ProfileSchema(fields: [], version: 1)
        before = Decider(cedar: old.cedar, schema: schema)
        after = Decider(cedar: new.cedar, schema: schema)
        askers = Asker.all(in: [old, new], operators: [])
    }

    func exist(for purposes: [String]) throws -> Bool {
        for action in Action.allCases where !action.isAboutFields {
            let named: [String?] = Self.purposeful.contains(action) ? purposes : [nil]
            for purpose in named {
                for people in action == .export ? Self.people : [nil] {
                    for changes in action == .activatePolicy ? Self.weights : [nil] {
                        if try isEased(action, for: purpose, people, changes) { return true }
                    }
                }
            }
        }
        return false
    }

    private func isEased(_ action: Action, for purpose: String?, _ people: Int?, _ changes: [String]?) throws -> Bool {
        let asked = try askers.filter { action.principals.contains($0.caller.principal.kind) }.map { asker in
            var question = TenantQuestion(action, by: asker.caller, for: purpose, on: Self.tenant)
            question.people = people
            question.changes = changes
            return (question, was: try before.level(of: question))
        }
        // What takes a session of everybody who may do it weighs no more when others may, too.
        guard asked.contains(where: { $0.was.map { $0 > .session } ?? false }) else { return false }
        return try asked.contains { question, was in
            guard let becomes = try after.level(of: question) else { return false }
            return was.map { becomes < $0 } ?? true
        }
    }
}
