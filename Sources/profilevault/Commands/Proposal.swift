import Cedar
import Consent
import Core
import Foundation
import Gate

/// The policy set in a folder, read.
struct Proposal {
    let folder: String
    let bundle: PolicyBundle
    let rules: PolicyRules?
    let problems: [PolicyProblem]
    let warnings: [PolicyProblem]

    /// The folder that a command's operand names, or the one that is found without.
    init(_ context: Context) throws { try self.init(context, folder: context.arguments.operands.first) }

    init(_ context: Context, folder: String?) throws {
        self.folder = try PoliciesFolder.find(folder, environment: context.environment)
        bundle = try PolicyBundle(folder: self.folder)
        let strays = try PolicyBundle.strays(in: self.folder)
        let read = PolicyRules.read(bundle)
        problems = strays.problems + read.problems
        warnings = strays.warnings + read.warnings
        rules = problems.isEmpty ? read.rules : nil
    }

    /// The rules, or the report of what is wrong with them.
    func sound(on context: Context) throws -> PolicyRules {
        guard let rules else { throw report(problems).refusal(on: context) }
        for warning in warnings { context.output.warn(warning.place) }
        return rules
    }

    /// The tests that belong to the set; `nil` where there is no folder of them.
    func tests() throws(GateError) -> (tests: [PolicyTest], problems: [PolicyProblem])? {
        guard FileManager.default.fileExists(atPath: folder + "/tests") else { return nil }
        return try PolicyTestRun.tests(in: folder)
    }

    func report(_ problems: [PolicyProblem]) -> PolicyReport {
        PolicyReport(folder: folder, problems: problems, warnings: warnings)
    }

    func report(to context: Context) {
        guard let rules else { return }
        let policies = rules.cedar.policies.count
        guard !context.json else {
            context.output.json([
                "folder": JSON(folder), "problems": [], "warnings": .array(warnings.map(\.json)),
                "hash": JSON(hex(bundle.hash)), "fields": JSON(rules.fields.count),
                "purposes": JSON(rules.purposes.definitions.count), "policies": JSON(policies),
            ])
            return
        }
        report([]).write(to: context.output)
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
    let warnings: [PolicyProblem]

    /// Writes the problems where results go and gives the error that ends the command.
    func refusal(on context: Context) -> CommandError {
        if context.json {
            context.output.json([
                "folder": JSON(folder), "problems": .array(problems.map(\.json)),
                "warnings": .array(warnings.map(\.json)),
            ])
        } else {
            write(to: context.output)
        }
        return CommandError(
            CommandError.policiesUnsound,
            "the policies in `\(folder)` have \(problems.count) \(problems.count == 1 ? "problem" : "problems")",
            remedy: "mend what is named, then check again with `profilevault policy check`")
    }

    func write(to output: Output) {
        for problem in problems { output.line(DisplayText.lines(problem.description)) }
        for warning in warnings {
            output.line("\(output.styled("warning", .yellow)): \(DisplayText.lines(warning.description))")
        }
    }
}
