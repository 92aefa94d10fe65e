import Cedar
import Core

/// What the Cedar schema shows about single policies.
struct PolicyValidation {
    private let validator: Validator

    init(_ schema: Schema) { validator = Validator(schema) }

    /// What is wrong with a policy, and what is allowed, but hardly meant.
    ///
    /// A condition that always fails is wrong here: the gate refuses whatever such a policy is about.
    func findings(in policy: Policy) -> (problems: [PolicyProblem], warnings: [PolicyProblem]) {
        let findings = validator.validate([policy])
        let codes = Set(findings.map(\.problem.code))
        // An unknown word applies to nothing, which need not be said as well.
        let isMisspelt = !codes.isDisjoint(with: ["cedar.unknown_action", "cedar.unknown_type"])
        var problems: [PolicyProblem] = []
        var warnings: [PolicyProblem] = []
        for finding in findings where !isMisspelt || finding.problem.code != "cedar.no_application" {
            let problem = PolicyProblem(cedar: finding.problem)
            let isWarning = finding.severity == .warning && finding.problem.code != "cedar.always_fails"
            if isWarning { warnings.append(problem) } else { problems.append(problem) }
        }
        if problems.isEmpty, policy.effect == .permit, policy.annotations["reveal"] != nil,
            !validator.mayApply(policy, to: EntityModel.uid(.read))
        {
            problems.append(
                PolicyProblem(
                    in: policy, at: policy.position(ofAnnotation: "reveal"),
                    "policy `\(policy.id)`: @reveal is about how a field is read, and this policy is about none"))
        }
        return (problems, warnings)
    }
}
