extension OptionSpec {
    static let out = OptionSpec("out", value: "FILE|-", "where the people go; `-` is standard output")
    static let rowFormat = OptionSpec(
        "format", value: "csv|jsonl", "how rows are written (default: by the file's name, else csv)")
    static let force = OptionSpec("force", "replace a file that is there")
}

/// Where a command writes its rows and how, as `--out`, `--format` and `--force` say it.
struct RowOutput<Format: RawRepresentable<String>> {
    /// The file's absolute path, or `-` for standard output.
    let path: String
    let format: Format
    /// Whether a file that is there makes room.
    let isReplacing: Bool

    var isToOutput: Bool { path == "-" }

    /// - Parameters:
    ///   - context: the command's.
    ///   - csv: the format when nothing else is said.
    ///   - lines: the format of a file whose name ends with `.jsonl`.
    /// - Throws: `CommandError` when an option is missing or unusable, or the file must not be written over.
    init(_ context: Context, csv: Format, lines: Format) throws {
        let arguments = context.arguments
        let out = try arguments.required(.out)
        path = out == "-" ? "-" : absolutePath(out)
        isReplacing = arguments.has(.force)
        if let word = arguments[.rowFormat] {
            guard let named = Format(rawValue: word) else {
                throw CommandError(
                    CommandError.valueInvalid, "`--format` takes csv or jsonl",
                    remedy: "leave it out to go by the file's name")
            }
            format = named
        } else {
            format = out.hasSuffix(".jsonl") ? lines : csv
        }
        guard !isToOutput || !context.json else {
            throw CommandError(
                CommandError.conflict, "`--json` and `--out -` both want standard output",
                remedy: "write the people to a file, or leave out --json")
        }
        if !isToOutput { try ProtectedPlaces(context).refuse(path, option: "--out") }
    }
}
