import Core

/// Reads the words of a command line; global options may stand before or after the command.
struct ArgumentParser {
    /// What the words ask for.
    enum Request {
        case command(CommandSpec, Arguments)
        /// Help about everything, a group or a command.
        case help([String])
        case version
    }

    private var words: ArraySlice<String>
    private var arguments = Arguments()

    private init(_ words: [String]) { self.words = words[...] }

    static func parse(_ words: [String]) throws(CommandError) -> Request {
        var parser = ArgumentParser(words)
        return try parser.request()
    }

    private mutating func request() throws(CommandError) -> Request {
        var path: [String] = []
        while let word = words.popFirst() {
            if word == "-h" { return .help(path) }
            if word == "--version", path.isEmpty { return .version }
            if word.hasPrefix("-"), word != "-" {
                try take(word, among: OptionSpec.global, of: nil)
                continue
            }
            path.append(word)
            if let command = CommandSpec.all.first(where: { $0.words == path }) {
                return try operands(of: command)
            }
            guard path.count == 1, CommandSpec.groups.contains(word) else { throw Self.unknown(path) }
        }
        guard !arguments.has(.help), let group = path.first else { return .help(path) }
        throw CommandError(
            CommandError.argumentMissing, "`\(group)` needs a second word",
            remedy: "one of \(CommandSpec.group(group).map { "`\($0.words[1])`" }.joined(separator: ", "))")
    }

    private mutating func operands(of command: CommandSpec) throws(CommandError) -> Request {
        var optionsEnded = false
        while let word = words.popFirst() {
            if optionsEnded || word == "-" || !word.hasPrefix("-") {
                arguments.operands.append(word)
            } else if word == "--" {
                optionsEnded = true
            } else if word == "-h" {
                return .help(command.words)
            } else {
                try take(word, among: command.accepted, of: command)
            }
        }
        if arguments.has(.help) { return .help(command.words) }
        let count = arguments.operands.count
        guard count >= command.operandCount.lowerBound else {
            throw CommandError(
                CommandError.argumentMissing, "`\(command.name)` needs \(command.operands)",
                remedy: "see `profilevault \(command.name) --help`")
        }
        guard count <= command.operandCount.upperBound else {
            // What is too much is not quoted: it may be somebody's name after a missing quote.
            throw CommandError(
                CommandError.argumentSurplus, "`\(command.name)` was given more than it takes",
                remedy: "see `profilevault \(command.name) --help`; put a value with spaces in quotes")
        }
        return .command(command, arguments)
    }

    private mutating func take(
        _ word: String, among options: [OptionSpec], of command: CommandSpec?
    ) throws(CommandError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts[0].hasPrefix("--"), let option = options.first(where: { "--" + $0.name == parts[0] }) else {
            throw Self.unknownOption(parts[0], among: options, of: command)
        }
        guard option.value != nil else {
            guard parts.count == 1 else {
                throw CommandError(
                    CommandError.valueInvalid, "the option `--\(option.name)` takes no value",
                    remedy: "write `--\(option.name)` alone")
            }
            return try arguments.set(option, "")
        }
        guard let value = parts.count == 2 ? parts[1] : words.popFirst(), !value.isEmpty else {
            throw CommandError(
                CommandError.valueMissing, "the option `--\(option.name)` needs a value",
                remedy: "write `\(option.usage)`")
        }
        try arguments.set(option, value)
    }

    private static func unknownOption(
        _ word: String, among options: [OptionSpec], of command: CommandSpec?
    ) -> CommandError {
        let owner = command.map { "`\($0.name)` has" } ?? "there is"
        let help = command.map { "`profilevault \($0.name) --help`" } ?? "`profilevault help`"
        if command == nil,
            let elsewhere = CommandSpec.all.first(where: { $0.options.contains { "--" + $0.name == word } })
        {
            return CommandError(
                CommandError.unknownOption, "the option `\(word)` belongs to a command",
                remedy: "write it after the command, as in `profilevault \(elsewhere.name) … \(word)`")
        }
        let near = Suggestion.nearest(to: word, among: options.map { "--" + $0.name })
        return CommandError(
            CommandError.unknownOption, "\(owner) no option `\(word)`",
            remedy: near.map { "did you mean `\($0)`?" } ?? "\(help) lists the options")
    }

    private static func unknown(_ path: [String]) -> CommandError {
        let candidates =
            path.count == 1
            ? Array(Set(CommandSpec.all.map { $0.words[0] })).sorted() : CommandSpec.group(path[0]).map { $0.words[1] }
        let near = Suggestion.nearest(to: path[path.count - 1], among: candidates)
        let name = path.joined(separator: " ")
        let suggestion = near.map { (path.dropLast() + [$0]).joined(separator: " ") }
        return CommandError(
            CommandError.unknownCommand, "there is no command `\(name)`",
            remedy: suggestion.map { "did you mean `profilevault \($0)`?" }
                ?? (path.count == 1
                    ? "`profilevault help` lists the commands"
                    : "`profilevault \(path[0])` goes with \(candidates.joined(separator: ", "))"))
    }
}
