import Core

/// What `help` and `--help` say about everything, a group of commands or one command.
struct Help {
    private let words: [String]

    /// - Throws: `unknownCommand` when there is no such command or group.
    init(_ words: [String]) throws(CommandError) {
        self.words = words
        guard !words.isEmpty else { return }
        let isKnown =
            CommandSpec.all.contains { $0.words == words }
            || (words.count == 1 && CommandSpec.groups.contains(words[0]))
        guard isKnown else {
            let name = words.joined(separator: " ")
            let near = Suggestion.nearest(to: name, among: CommandSpec.all.map(\.name))
            throw CommandError(
                CommandError.unknownCommand, "there is no command `\(name)`",
                remedy: near.map { "did you mean `profilevault help \($0)`?" }
                    ?? "`profilevault help` lists the commands")
        }
    }

    func write(to output: Output) {
        if let command = CommandSpec.all.first(where: { $0.words == words }) {
            write(command, to: output)
        } else if words.isEmpty {
            writeOverview(to: output)
        } else {
            output.line("usage: profilevault \(words[0]) COMMAND …")
            output.line()
            list(CommandSpec.group(words[0]), to: output)
        }
    }

    private func writeOverview(to output: Output) {
        output.line("ProfileVault keeps customers' profiles sealed, and every read of them has a reason.")
        output.line()
        output.line("usage: profilevault COMMAND … [--home DIR] [--tenant NAME] [--json]")
        output.line()
        list(CommandSpec.all, to: output)
        output.line()
        output.line("A subject is `email:ada@example.org`, `phone:+886912345678`, `customer_id:42`, `profile:UUID`,")
        output.line("or `-` for the first line of standard input, which keeps it out of the list of processes.")
        output.line()
        output.line("Exit status: 0 done, 1 failed, 2 usage, 3 refused by the gate, 4 not found, 5 integrity broken.")
        output.line("`profilevault help COMMAND` says more about one of them.")
    }

    private func list(_ commands: [CommandSpec], to output: Output) {
        var table = Table()
        for command in commands { table.add(Table.Cell(command.name, .bold), Table.Cell(command.summary)) }
        output.table(table)
    }

    private func write(_ command: CommandSpec, to output: Output) {
        let operands = command.operands.isEmpty ? "" : " " + command.operands
        output.line("usage: profilevault \(command.name)\(operands)\(command.options.isEmpty ? "" : " [OPTION …]")")
        output.line()
        output.line(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".")
        for note in command.notes {
            output.line()
            output.line(note)
        }
        for (title, options) in [("options:", command.options), ("everywhere:", OptionSpec.global)]
        where !options.isEmpty {
            output.line()
            output.line(title)
            var table = Table()
            for option in options { table.add(Table.Cell(option.usage, .bold), Table.Cell(option.summary)) }
            output.table(table)
        }
    }
}
