import Core
import Gate

/// `policy test`: the tests of a policy set.
enum PolicyTesting {
    @Sendable static func run(_ context: Context) throws -> ExitStatus {
        let proposal = try Proposal(context)
        let rules = try proposal.sound(on: context)
        let result = try PolicyTestRun(
            sound(PolicyTestRun.tests(in: proposal.folder), proposal, context), against: rules)
        report(result, on: context)
        if let refusal = refusal(result) { throw refusal }
        return .done
    }

    /// Refuses a proposal whose own tests do not pass; one without tests is put in force with a warning.
    static func requirePassing(_ proposal: Proposal, _ rules: PolicyRules, on context: Context) throws {
        guard let read = try proposal.tests() else {
            return context.output.warn("the set has no tests: there is no `\(proposal.folder)/tests`")
        }
        let result = try PolicyTestRun(sound(read, proposal, context), against: rules)
        guard let refusal = refusal(result) else { return }
        report(result, on: context)
        throw refusal
    }

    /// The tests, or the report of what is wrong with them.
    private static func sound(
        _ read: (tests: [PolicyTest], problems: [PolicyProblem]), _ proposal: Proposal, _ context: Context
    ) throws -> [PolicyTest] {
        guard read.problems.isEmpty else { throw proposal.report(read.problems).refusal(on: context) }
        return read.tests
    }

    private static func report(_ result: PolicyTestRun, on context: Context) {
        if context.json { context.output.json(json(result)) } else { write(result, to: context.output) }
    }

    private static func refusal(_ result: PolicyTestRun) -> CommandError? {
        guard !result.failures.isEmpty else { return nil }
        return CommandError(
            CommandError.policyTestsFailed,
            "\(result.failures.count) of \(result.passed + result.failures.count) policy tests failed",
            remedy: "mend the policies or the tests; nothing was activated")
    }

    private static func json(_ result: PolicyTestRun) -> JSON {
        [
            "passed": JSON(result.passed), "failed": JSON(result.failures.count),
            "failures": .array(
                result.failures.map { failure in
                    [
                        "file": JSON(failure.file), "line": JSON(failure.line), "test": JSON(failure.test),
                        "differences": JSON(failure.differences.map { JSON($0) }),
                    ]
                }),
            "untested_policies": JSON(result.untestedPolicies.map { JSON($0) }),
            "untested_actions": JSON(result.untestedActions.map { JSON($0) }),
        ]
    }

    private static func write(_ result: PolicyTestRun, to output: Output) {
        for failure in result.failures {
            output.line("\(output.styled("failed", .red)) \(failure.file):\(failure.line): \(failure.test)")
            for difference in failure.differences { output.line("  \(difference)") }
        }
        output.line("\(result.passed) passed, \(result.failures.count) failed")
        for (what, names) in [("policies", result.untestedPolicies), ("actions", result.untestedActions)]
        where !names.isEmpty {
            output.line(output.styled("no test asks for these \(what): \(names.joined(separator: ", "))", .yellow))
        }
    }
}
