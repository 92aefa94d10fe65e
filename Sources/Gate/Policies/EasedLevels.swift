import Cedar
import Consent
import Core
import Vault

/// Whether one policy set may ask less of somebody than another did, for what took more than a session.
///
/// No request can show that: a condition may look at anything. So whatever a set says of such an action counts: each
/// policy that forbids it has to be there again, word for word whatever its layout and name, and none that permits it may be
/// new. What an action takes is found by asking for every role, operator and program that the set names, with numbers of
/// people from a thousand on; one that the set is about and opens to nobody takes more than a session, too.
struct EasedLevels {
    private let old: PolicyRules
    private let new: PolicyRules
    private let decider: Decider
    private let askers: [Asker]

    private static let tenant = "default"
    private static let people: [Int?] = [nil, 1_001, 10_001, 100_001, 1_000_001, Int.max]
    /// What a set may change that weighs more than the rest.
    private static let weights: [[String]?] = [[], ["basis"], ["field_class"], ["levels"]]
    private static let uids = Dictionary(
        uniqueKeysWithValues: Action.allCases.map { ($0, EntityUID(type: "Action", id: $0.rawValue)) })
    private static let actions = Set(uids.values)

    init(from old: PolicyRules, to new: PolicyRules) {
        self.old = old
        self.new = new
        decider = Decider(cedar: old.cedar, schema: ProfileSchema(fields: [], version: 1))
        askers = Asker.all(in: [old], operators: [])
    }

    func exist() throws -> Bool {
        for action in Action.allCases where !action.isAboutFields {
            let (was, becomes) = (substances(of: action, in: old), substances(of: action, in: new))
            let isEased = !was.forbids.isSubset(of: becomes.forbids) || !becomes.permits.isSubset(of: was.permits)
            if try isEased && takesMore(action) { return true }
        }
        return false
    }

    private typealias Substances = (permits: Set<Policy.Substance>, forbids: Set<Policy.Substance>)

    private func substances(of action: Action, in rules: PolicyRules) -> Substances {
        guard let uid = Self.uids[action] else { return ([], []) }
        let policies = rules.cedar.policies.filter { $0.mayConcern(uid, among: Self.actions) }
        func substances(_ effect: Effect) -> Set<Policy.Substance> {
            Set(policies.filter { $0.effect == effect }.map(\.substance))
        }
        return (substances(.permit), substances(.forbid))
    }

    /// Whether the set asked more of anybody for the action than a session.
    private func takesMore(_ action: Action) throws -> Bool {
        // Also a purpose that nobody has: a policy may speak of all but some.
        let purposes: [String?] = [nil] + old.purposes.names
        var isOpen = false
        for purpose in purposes {
            for people in action == .export ? Self.people : [nil] {
                for changes in action == .activatePolicy ? Self.weights : [nil] {
                    for asker in askers where action.principals.contains(asker.caller.principal.kind) {
                        var question = TenantQuestion(action, by: asker.caller, for: purpose, on: Self.tenant)
                        question.people = people
                        question.changes = changes
                        guard let level = try decider.level(of: question) else { continue }
                        if level > .session { return true }
                        isOpen = true
                    }
                }
            }
        }
        return !isOpen
            && old.cedar.policies.contains { policy in
                policy.mentions.contains { $0.type == "Action" && $0.id == action.rawValue }
            }
    }
}
