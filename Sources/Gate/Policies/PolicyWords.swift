import Cedar
import Consent
import Core
import Vault

/// What policies can speak of beyond the types and actions of the Cedar schema: names of fields, classes and purposes,
/// and annotations. A word that nothing answers to would allow and forbid nothing, and nobody would notice.
///
/// Roles, operators, services and tenants are free: a policy that names one makes it, or waits for it.
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

    /// What is wrong with the words of these policies; of annotations only where not `all` are looked at.
    func problems(of policies: [Policy], all: Bool) -> [PolicyProblem] {
        policies.flatMap { policy in
            var problems = annotations(of: policy, all: all)
            if all { problems += policy.mentions.compactMap { problem(with: $0, in: policy) } }
            return problems
        }
    }

    private func annotations(of policy: Policy, all: Bool) -> [PolicyProblem] {
        var messages: [String] = []
        if let reveal = policy.annotations["reveal"], reveal != "masked" {
            messages.append("policy `\(policy.id)`: the obligation @reveal must be \"masked\"")
        }
        for name in policy.annotations.keys.sorted() where all && !Self.annotations.contains(name) {
            messages.append("policy `\(policy.id)`: nothing obeys the annotation @\(name); there are @id and @reveal")
        }
        return messages.map { message in
            PolicyProblem(
                file: policy.position.file, line: policy.position.line, column: policy.position.column, message: message
            )
        }
    }

    private func problem(with mention: Policy.Mention, in policy: Policy) -> PolicyProblem? {
        guard let ids = known[mention.type], let id = mention.id, !ids.contains(id) else { return nil }
        let message = "there is no `\(mention.type)::\"\(id)\"`; there are \(ids.sorted().joined(separator: ", "))"
        return PolicyProblem(
            file: mention.position.file, line: mention.position.line, column: mention.position.column, message: message,
            source: policy.line(at: mention.position))
    }
}
