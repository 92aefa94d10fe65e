import Cedar
import Consent
import Core
import Vault

/// What policies can speak of beyond the types and actions of the Cedar schema: names of fields, classes and purposes,
/// and annotations. A word that nothing answers to would allow and forbid nothing, and nobody would notice.
///
/// Roles, operators, services and tenants are free: a policy that names one makes it, or waits for it. Of roles and
/// tenants, those that look like slips of the pen are worth a warning.
struct PolicyWords {
    /// The known ids of the types of entity whose ids are known.
    private let known: [String: Set<String>]

    private static let annotations: Set<String> = ["id", "reveal"]

    /// Names of fields and purposes are not looked at where their files cannot be read.
    init(fields: [FieldDefinition]?, purposes: Purposes?) {
        var known: [String: Set<String>] = [:]
        known["Field"] = fields.map { Set($0.map(\.name)) }
        known["FieldClass"] = fields.map { Set($0.map(\.fieldClass)) }
        known["Purpose"] = purposes.map { Set($0.names) }
        self.known = known
    }

    /// What is wrong with the words of these policies; only what changes decisions where not `all` is looked at.
    func problems(of policies: [Policy], all: Bool) -> [PolicyProblem] {
        policies.flatMap { policy in
            var problems = annotations(of: policy, all: all)
            if all {
                problems += policy.mentions.compactMap { problem(with: $0, in: policy) }
                problems += policy.slots.map { slot in
                    PolicyProblem(
                        in: policy, at: slot.position,
                        "templates are not linked here, so this decides nothing: name an entity instead of `\(slot.name)`"
                    )
                }
                problems += bases(in: policy)
            }
            return problems
        }
    }

    private func annotations(of policy: Policy, all: Bool) -> [PolicyProblem] {
        func problem(_ name: String, _ message: String) -> PolicyProblem {
            PolicyProblem(
                in: policy, at: policy.position(ofAnnotation: name), "policy `\(policy.id)`: \(message)")
        }
        var problems: [PolicyProblem] = []
        if let reveal = policy.annotations["reveal"] {
            if reveal != "masked" {
                problems.append(problem("reveal", "the obligation @reveal must be \"masked\""))
            } else if all, policy.effect == .forbid {
                problems.append(problem("reveal", "@reveal is for permits: a forbid shows nothing"))
            }
        }
        for name in policy.annotations.keys.sorted() where all && !Self.annotations.contains(name) {
            problems.append(problem(name, "nothing obeys the annotation @\(name); there are @id and @reveal"))
        }
        return problems
    }

    private func problem(with mention: Policy.Mention, in policy: Policy) -> PolicyProblem? {
        guard let ids = known[mention.type], let id = mention.id, !ids.contains(id) else { return nil }
        return PolicyProblem(
            in: policy, at: mention.position,
            "there is no `\(mention.type)::\"\(id)\"`; there are \(ids.sorted().joined(separator: ", "))")
    }

    private func bases(in policy: Policy) -> [PolicyProblem] {
        policy.comparisons(ofContext: "basis").filter { LegalBasis(rawValue: $0.text) == nil }.map { comparison in
            let bases = LegalBasis.allCases.map(\.rawValue).joined(separator: ", ")
            return PolicyProblem(
                in: policy, at: comparison.position, "there is no legal basis `\(comparison.text)`; there are \(bases)")
        }
    }
}

extension PolicyWords {
    /// Free names that every vault begins with.
    private static let expected: [String: Set<String>] = ["Role": Set(Founding.firstRoles), "Tenant": ["default"]]

    /// Free names that only one policy uses, and that are nearly another one: they are likelier slips than new words.
    ///
    /// Words of three letters are left out: too many of them are near each other.
    func warnings(of policies: [Policy]) -> [PolicyProblem] {
        Self.expected.keys.sorted().flatMap { type in warnings(of: policies, aboutA: type) }
    }

    private func warnings(of policies: [Policy], aboutA type: String) -> [PolicyProblem] {
        var uses: [String: (count: Int, first: Policy.Mention, policy: Policy)] = [:]
        for policy in policies {
            var seen: Set<String> = []
            for mention in policy.mentions where mention.type == type {
                guard let id = mention.id, seen.insert(id).inserted else { continue }
                uses[id, default: (0, mention, policy)].count += 1
            }
        }
        let expected = Self.expected[type] ?? []
        let trusted = expected.union(uses.filter { $0.value.count > 1 }.keys)
        return uses.keys.sorted().compactMap { id in
            guard !trusted.contains(id), id.utf8.count > 3, let use = uses[id],
                let near = Spelling.closest(to: Text(id), among: trusted.map { Text($0) })
            else { return nil }
            return PolicyProblem(
                in: use.policy, at: use.first.position,
                "`\(type)::\"\(id)\"` is named in this policy alone; did you mean `\(near)`?")
        }
    }
}
