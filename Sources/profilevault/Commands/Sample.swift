import Core
import Samples

extension OptionSpec {
    fileprivate static let profiles = OptionSpec(
        "profiles", value: "N", "how many people (default: 20000); second rows of some come on top")
    fileprivate static let seed = OptionSpec(
        "seed", value: "S", "a whole number: the same one gives the same file everywhere (default: 1)")
    fileprivate static let out = OptionSpec("out", value: "FILE|-", "where the customers go; `-` is standard output")
    fileprivate static let events = OptionSpec(
        "events", value: "FILE", "where what they looked at, bought and gave back goes (default: nowhere)")
    fileprivate static let format = OptionSpec(
        "format", value: "csv|jsonl", "how rows are written (default: by the file's name, else csv)")
    fileprivate static let force = OptionSpec("force", "replace files that are there")
}

extension CommandSpec {
    static let sample = CommandSpec(
        "sample", summary: "write made-up customers to try things with",
        notes: [
            "People of fourteen countries in four scripts, as they type themselves in. 8 % of the rows are second rows of "
                + "somebody, and some are dirty; a few of those cannot be taken by an import. The columns bear the names of "
                + "fields, so `import` needs no map file; for --events use --map docs/examples/sample-events.map.json.",
            "Addresses for e-mail are under example.com, example.org and example.net, and telephone numbers in the ranges "
                + "kept for fiction where a country has some. A smaller sample is the beginning of a larger one.",
        ],
        options: [.profiles, .seed, .out, .events, .format, .force]
    ) { try SampleRun($0).run() }
}

/// The writing of one sample.
private struct SampleRun {
    /// What was written.
    private struct Counts {
        var rows = 0
        var duplicates = 0
        var dirty = 0
        var events = 0
    }

    private let context: Context
    private let profiles: Int
    private let seed: Int
    private let out: String
    private let events: String?
    private let format: SampleFormat

    private var isToOutput: Bool { out == "-" }

    init(_ context: Context) throws {
        self.context = context
        let arguments = context.arguments
        profiles = try arguments.integer(.profiles, least: 1) ?? 20_000
        guard profiles <= SampleRows.mostProfiles else {
            throw CommandError(
                CommandError.valueInvalid, "`--profiles` takes a whole number of at most \(SampleRows.mostProfiles)")
        }
        seed = try arguments.integer(.seed) ?? 1
        let out = try arguments.required(.out)
        self.out = out == "-" ? "-" : absolutePath(out)
        events = arguments[.events].map(absolutePath)
        format = try Self.format(arguments[.format], out)
        guard arguments[.events] != "-" else {
            throw CommandError(CommandError.valueInvalid, "`--events` takes a file")
        }
        guard events != self.out else {
            throw CommandError(
                CommandError.conflict, "`--out` and `--events` name the same file", remedy: "give each its own")
        }
        guard !isToOutput || !context.json else {
            throw CommandError(
                CommandError.conflict, "`--json` and `--out -` both want standard output",
                remedy: "write the customers to a file, or leave out --json")
        }
    }

    func run() throws -> ExitStatus {
        let replacing = context.arguments.has(.force)
        let file = isToOutput ? nil : try NewFile(out, replacing: replacing)
        let eventsFile = try events.map { try NewFile($0, replacing: replacing) }
        let progress = ProgressLine(context.output, "making customers up", unit: "people")
        let counts = try write(to: file, eventsFile, progress)
        try eventsFile?.finish()
        try file?.finish()
        progress.finish()
        report(counts, seconds: progress.seconds)
        return .done
    }

    private func write(to file: NewFile?, _ eventsFile: NewFile?, _ progress: ProgressLine) throws -> Counts {
        let stop = Interruption()
        var counts = Counts()
        var bytes: [UInt8] = []
        var eventBytes: [UInt8] = []
        format.writeHeader(Column.names, into: &bytes)
        format.writeHeader(SampleEvent.columns, into: &eventBytes)
        for row in SampleRows(profiles: profiles, seed: UInt64(seed)) {
            format.write(row.values, of: Column.names, into: &bytes)
            counts.rows += 1
            if row.isDuplicate { counts.duplicates += 1 }
            if row.dirt != nil { counts.dirty += 1 }
            if let eventsFile {
                for event in row.events { format.write(event.values, of: SampleEvent.columns, into: &eventBytes) }
                counts.events += row.events.count
                try eventsFile.write(eventBytes)
                eventBytes.removeAll(keepingCapacity: true)
            }
            // Events are whole even when nobody reads the customers to their end.
            guard try deliver(&bytes, to: file) || eventsFile != nil else { break }
            if counts.rows.isMultiple(of: 1000) {
                guard !stop.wasAsked else {
                    progress.finish()
                    throw CommandError(CommandError.interrupted, "the sample was stopped, and no file was made")
                }
                progress.show(counts.rows - counts.duplicates, of: Double(row.person + 1) / Double(profiles))
            }
        }
        return counts
    }

    /// Whether somebody still wants more.
    private func deliver(_ bytes: inout [UInt8], to file: NewFile?) throws -> Bool {
        defer { bytes.removeAll(keepingCapacity: true) }
        guard let file else { return context.output.piece(bytes) }
        try file.write(bytes)
        return true
    }

    private func report(_ counts: Counts, seconds: Double) {
        let output = context.output
        guard !context.json else {
            return output.json([
                "profiles": JSON(profiles), "rows": JSON(counts.rows), "duplicates": JSON(counts.duplicates),
                "dirty": JSON(counts.dirty), "events": JSON(counts.events), "seed": JSON(seed), "file": JSON(out),
                "seconds": JSON((seconds * 1000).rounded() / 1000),
            ])
        }
        guard !isToOutput else { return }
        output.line(
            "\(grouped(counts.rows)) rows about \(grouped(profiles)) people in \((seconds * 10).rounded() / 10) s: \(out)"
        )
        output.line()
        var table = Table(align: [.left, .right])
        table.add(Table.Cell("duplicates", .bold), Table.Cell(grouped(counts.duplicates)), "second rows of somebody")
        table.add(Table.Cell("dirty", .bold), Table.Cell(grouped(counts.dirty)), "with something wrong in them")
        if let events {
            table.add(Table.Cell("events", .bold), Table.Cell(grouped(counts.events)), Table.Cell(events, .dim))
        }
        output.table(table)
        output.line("Next: `profilevault import \(out)`")
    }

    private static func format(_ word: String?, _ path: String) throws(CommandError) -> SampleFormat {
        guard let word else { return path.hasSuffix(".jsonl") ? .jsonLines : .csv }
        guard let format = SampleFormat(rawValue: word) else {
            throw CommandError(
                CommandError.valueInvalid, "`--format` takes csv or jsonl",
                remedy: "leave it out to go by the file's name")
        }
        return format
    }
}
