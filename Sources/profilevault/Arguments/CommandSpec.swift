import Core

/// One command as the command line knows it: its words, what it takes, what it does.
struct CommandSpec: Sendable {
    /// `["consent", "grant"]`.
    let words: [String]
    /// The operands as the usage text shows them.
    let operands: String
    let operandCount: ClosedRange<Int>
    let summary: String
    /// What there is to know beyond the options; each a paragraph.
    let notes: [String]
    let options: [OptionSpec]
    let run: @Sendable (Context) throws -> ExitStatus

    init(
        _ words: String..., operands: String = "", count: ClosedRange<Int> = 0...0, summary: String,
        notes: [String] = [], options: [OptionSpec] = [], run: @escaping @Sendable (Context) throws -> ExitStatus
    ) {
        self.words = words
        self.operands = operands
        operandCount = count
        self.summary = summary
        self.notes = notes
        self.options = options
        self.run = run
    }

    var name: String { words.joined(separator: " ") }

    /// All options it accepts.
    var accepted: [OptionSpec] { options + OptionSpec.global }
}

extension CommandSpec {
    /// Every command, in the order in which `help` lists them.
    static let all: [CommandSpec] = {
        var all: [CommandSpec] = [initialise, login, logout, sample, importRows, get, put, timeline, erase, exportRows]
        all += [approve]
        all += operators
        all += services
        all += keys
        all += consentCommands
        all += policyCommands
        all += auditCommands
        all += [acceptLoss, stats, doctor, help, version]
        return all
    }()

    /// The first words of commands that have a second one.
    static let groups: Set<String> = Set(all.filter { $0.words.count > 1 }.map { $0.words[0] })

    /// The commands below a group's word.
    static func group(_ word: String) -> [CommandSpec] { all.filter { $0.words.count > 1 && $0.words[0] == word } }
}
