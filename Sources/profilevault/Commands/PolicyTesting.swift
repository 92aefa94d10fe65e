import Core
import Gate

/// `policy test`: the tests of a policy set.
enum PolicyTesting {
    @Sendable static func run(_ context: Context) throws -> ExitStatus {
        let proposal = try Proposal(context)
        let rules = try proposal.sound(on: context)
        let result = try PolicyTestRun(PolicyTestRun.tests(in: proposal.folder), against: rules)
        if context.json { context.output.json(json(result)) } else { write(result, to: context.output) }
        guard result.failures.isEmpty else {
            throw CommandError(
                CommandError.policyTestsFailed,
                "\(result.failures.count) of \(result.passed + result.failures.count) policy tests failed",
                remedy: "mend the policies or the tests; nothing was activated")
        }
        return .done
    }

    private static func json(_ result: PolicyTestRun) -> JSON {
        [
            "passed": JSON(result.passed), "failed": JSON(result.failures.count),
            "failures": .array(
                result.failures.map { failure in
                    [
                        "file": JSON(failure.file), "test": JSON(failure.test),
                        "differences": JSON(failure.differences.map { JSON($0) }),
                    ]
                }),
            "untested_policies": JSON(result.untestedPolicies.map { JSON($0) }),
            "untested_actions": JSON(result.untestedActions.map { JSON($0) }),
        ]
    }

    private static func write(_ result: PolicyTestRun, to output: Output) {
        for failure in result.failures {
            output.line("\(output.styled("failed", .red)) \(failure.file): \(failure.test)")
            for difference in failure.differences { output.line("  \(difference)") }
        }
        output.line("\(result.passed) passed, \(result.failures.count) failed")
        for (what, names) in [("policies", result.untestedPolicies), ("actions", result.untestedActions)]
        where !names.isEmpty {
            output.line(output.styled("no test asks for these \(what): \(names.joined(separator: ", "))", .yellow))
        }
    }
}
