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
            summary: "check a policy set and its tests, and name all that is wrong",
            notes: [
                folderNote,
                "Every policy is validated strictly against schema.cedarschema, and that against what the program asks. A "
                    + "policy that can never apply is a warning.",
            ]
        ) { context in
            let proposal = try Proposal(context)
            let problems = proposal.problems + (try proposal.tests()?.problems ?? [])
            guard problems.isEmpty else { throw proposal.report(problems).refusal(on: context) }
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
        policyExplain, policySimulate, policyFormat,
    ]
}
