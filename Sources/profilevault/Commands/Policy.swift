import Cedar
import Consent
import Core
import Gate

extension CommandSpec {
    private static let folderNote =
        "DIR is the proposal (default: $PROFILEVAULT_POLICIES, else ./policies, else what was installed). What is in force "
        + "is the signed copy in the vault, never the folder."

    static let policyCommands: [CommandSpec] = [
        CommandSpec(
            "policy", "check", operands: "[DIR]", count: 0...1,
            summary: "check a policy set and name all that is wrong with it",
            notes: [folderNote]
        ) { context in
            let proposal = try Proposal(context)
            guard proposal.rules != nil else {
                throw PolicyReport(folder: proposal.folder, proposal.problems).refusal(on: context)
            }
            proposal.report(to: context)
            return .done
        },
        CommandSpec(
            "policy", "test", operands: "[DIR]", count: 0...1,
            summary: "run the tests in DIR/tests through what decides in earnest",
            notes: [folderNote, "A test is described in policies/README.md. It fails with 1 when any test does."],
            run: PolicyTesting.run),
        CommandSpec(
            "policy", "activate", operands: "[DIR]", count: 0...1,
            summary: "put a policy set in force: checked whole, or refused whole", notes: [folderNote],
            run: PolicyActivation.run),
        CommandSpec(
            "policy", "show", operands: "[DIR]", count: 0...1,
            summary: "show the set in force, and how the folder differs",
            notes: [folderNote], run: PolicyStatus.show),
    ]
}

/// The policy set in a folder, read.
struct Proposal {
    let folder: String
    let bundle: PolicyBundle
    let rules: PolicyRules?
    let problems: [PolicyProblem]

    init(_ context: Context) throws {
        folder = try PoliciesFolder.find(context.arguments.operands.first, environment: context.environment)
        bundle = try PolicyBundle(folder: folder)
        (rules, problems) = PolicyRules.read(bundle)
    }

    /// The rules, or the report of what is wrong with them.
    func sound(on context: Context) throws -> PolicyRules {
        guard let rules else { throw PolicyReport(folder: folder, problems).refusal(on: context) }
        return rules
    }

    func report(to context: Context) {
        guard let rules else { return }
        let policies = rules.cedar.policies.count
        guard !context.json else {
            context.output.json([
                "folder": JSON(folder), "problems": [], "hash": JSON(hex(bundle.hash)),
                "fields": JSON(rules.fields.count), "purposes": JSON(rules.purposes.definitions.count),
                "policies": JSON(policies),
            ])
            return
        }
        context.output.line(
            "\(folder) is sound: \(rules.fields.count) fields, \(rules.purposes.definitions.count) purposes, "
                + "\(policies) policies")
        context.output.line(context.output.styled("hash \(hex(bundle.hash))", .dim))
    }
}

/// Everything that is wrong with a policy set.
struct PolicyReport {
    let folder: String
    let problems: [PolicyProblem]

    init(folder: String, _ problems: [PolicyProblem]) {
        self.folder = folder
        self.problems = problems
    }

    /// Writes the problems where results go and gives the error that ends the command.
    func refusal(on context: Context) -> CommandError {
        if context.json {
            context.output.json(["folder": JSON(folder), "problems": .array(problems.map(\.json))])
        } else {
            for problem in problems { context.output.line(DisplayText.lines(problem.description)) }
        }
        return CommandError(
            CommandError.policiesUnsound,
            "the policies in `\(folder)` have \(problems.count) \(problems.count == 1 ? "problem" : "problems")",
            remedy: "mend what is named, then check again with `profilevault policy check`")
    }
}
