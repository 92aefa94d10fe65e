import Core
import Gate
import Secrets

extension OptionSpec {
    fileprivate static let repair = OptionSpec("repair", "mend what can be mended without losing or hiding anything")
}

extension CommandSpec {
    static let doctor = CommandSpec(
        "doctor", summary: "examine the vault: files, keys, databases, every row, the log; say what to do",
        notes: [
            "Needs the vault's keys but no session. Exit status: 0 when nothing is wrong, 5 when something stored is not "
                + "what was written, else 1. Warnings do not count.",
            "--repair closes the vault's own files to others than their owner, puts a lost epoch holder back from the "
                + "one that is left, and makes the look-up index again when entries are missing. Each is an entry in the "
                + "log. Nothing else is touched.",
        ],
        options: [.repair]
    ) { context in
        let report = Examination(context, repairs: context.arguments.has(.repair)).run()
        if context.json { context.output.json(report.json) } else { report.write(to: context.output) }
        guard let worst = report.worst else { return .done }
        throw worst
    }
}

/// What one check came to.
struct CheckResult: Sendable {
    /// How it stands.
    enum State: String, Sendable {
        case ok
        /// It was wrong, and `--repair` has mended it.
        case repaired
        case warning
        case error
    }

    let name: String
    let state: State
    let detail: String
    let remedy: String?
    /// How the command ends because of it.
    let exit: ExitStatus

    static func ok(_ name: String, _ detail: String) -> CheckResult {
        CheckResult(name: name, state: .ok, detail: detail, remedy: nil, exit: .done)
    }

    static func repaired(_ name: String, _ detail: String, remedy: String? = nil) -> CheckResult {
        CheckResult(name: name, state: .repaired, detail: detail, remedy: remedy, exit: .done)
    }

    static func warning(_ name: String, _ detail: String, remedy: String?) -> CheckResult {
        CheckResult(name: name, state: .warning, detail: detail, remedy: remedy, exit: .done)
    }

    static func error(_ name: String, _ detail: String, remedy: String?, exit: ExitStatus = .failed) -> CheckResult {
        CheckResult(name: name, state: .error, detail: detail, remedy: remedy, exit: exit)
    }

    /// The check failed with an error; one of no room keeps its words to itself.
    static func error(_ name: String, _ error: any Error) -> CheckResult {
        guard let error = error as? any ReportableError else {
            return .error(name, "the check itself failed (`\(type(of: error))`)", remedy: "please report this as a bug")
        }
        let exit: ExitStatus = error.code.exit == .integrity ? .integrity : .failed
        return .error(name, error.message, remedy: error.remedy, exit: exit)
    }
}

/// All checks of one examination.
struct Checkup: Sendable {
    private(set) var results: [CheckResult] = []

    mutating func add(_ result: CheckResult) { results.append(result) }

    /// Notes what `body` finds; an error it throws is a finding, too.
    mutating func check(_ name: String, _ body: () throws -> CheckResult) {
        do { add(try body()) } catch { add(.error(name, error)) }
    }

    /// Forgets what was found under this name, which has been mended or is looked at again.
    mutating func forget(_ name: String) { results.removeAll { $0.name == name } }

    /// What ends the command: the worst of the errors.
    var worst: CommandError? {
        let errors = results.filter { $0.state == .error }
        guard let exit = errors.map(\.exit).max(by: { $0.rawValue < $1.rawValue }) else { return nil }
        let first = errors.first { $0.exit == exit }
        return CommandError(
            ErrorCode(CommandError.checkFailed.name, exit: exit),
            "\(errors.count) \(errors.count == 1 ? "check" : "checks") failed, first `\(first?.name ?? "")`",
            remedy: first?.remedy)
    }

    var json: JSON {
        let state: CheckResult.State =
            worst != nil ? .error : results.contains { $0.state == .warning } ? .warning : .ok
        return [
            "state": JSON(state.rawValue),
            "checks": .array(
                results.map { result in
                    [
                        "name": JSON(result.name), "state": JSON(result.state.rawValue), "detail": JSON(result.detail),
                        "remedy": result.remedy.map { JSON($0) } ?? .null,
                    ]
                }),
        ]
    }

    func write(to output: Output) {
        let width = results.map(\.name.count).max() ?? 0
        for result in results {
            let style: Style =
                switch result.state {
                case .ok: .green
                case .repaired: .cyan
                case .warning: .yellow
                case .error: .red
                }
            let word = result.state.rawValue.padding(to: 8)
            output.line(
                "\(output.styled(word, style))  \(result.name.padding(to: width))  \(DisplayText.harmless(result.detail))"
            )
            if let remedy = result.remedy {
                output.line(
                    String(repeating: " ", count: width + 12)
                        + output.styled("-> \(DisplayText.harmless(remedy))", .cyan))
            }
        }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
