import Core
import Foundation
import Samples

extension OptionSpec {
    fileprivate static let profiles = OptionSpec(
        "profiles", value: "N", "how many people (default: 20000); second rows of some come on top")
    fileprivate static let seed = OptionSpec(
        "seed", value: "S", "a whole number: the same one gives the same file everywhere (default: 1)")
    fileprivate static let events = OptionSpec(
        "events", value: "FILE", "where what they looked at, bought and gave back goes (default: nowhere)")
    fileprivate static let consents = OptionSpec(
        "consents", value: "FILE", "where what they agreed to over time goes (default: nowhere)")
}

extension CommandSpec {
    static let sample = CommandSpec(
        "sample", summary: "write made-up customers to try things with",
        notes: [
            "People of fourteen countries in four scripts, as they type themselves in. 8 % of the rows are second rows of "
                + "somebody, and some are dirty; a few of those cannot be taken by an import. The columns bear the names of "
                + "fields, so `import` needs no map file; the one that events need comes with the program, and is named at the "
                + "end.",
            "--consents has every answer with its time, from sign-up on: withdrawals, and consents given again. The "
                + "customers have the newest answers, so it makes no difference which file is imported first.",
            "Addresses for e-mail are under example.com, example.org and example.net, and telephone numbers in the ranges "
                + "kept for fiction where a country has some. A smaller sample is the beginning of a larger one.",
        ],
        options: [.profiles, .seed, .out, .events, .consents, .rowFormat, .force]
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
        var consents = 0
    }

    /// One file beside the customers', if it was asked for.
    private struct Beside {
        let file: NewFile?
        let columns: [String]
        private var bytes: [UInt8] = []

        init(_ file: NewFile?, _ columns: [String], _ format: SampleFormat) {
            self.file = file
            self.columns = columns
            format.writeHeader(columns, into: &bytes)
        }

        /// Writes rows, and the header before the first.
        mutating func write(_ rows: [[String]], _ format: SampleFormat) throws -> Int {
            guard let file else { return 0 }
            for row in rows { format.write(row, of: columns, into: &bytes) }
            try file.write(bytes)
            bytes.removeAll(keepingCapacity: true)
            return rows.count
        }
    }

    private let context: Context
    private let profiles: Int
    private let seed: Int
    private let out: RowOutput<SampleFormat>
    private let events: String?
    private let consents: String?

    private var format: SampleFormat { out.format }

    init(_ context: Context) throws {
        self.context = context
        let arguments = context.arguments
        profiles = try arguments.integer(.profiles, least: 1) ?? 20_000
        guard profiles <= SampleRows.mostProfiles else {
            throw CommandError(
                CommandError.valueInvalid, "`--profiles` takes a whole number of at most \(SampleRows.mostProfiles)")
        }
        seed = try arguments.integer(.seed) ?? 1
        out = try RowOutput(context, csv: .csv, lines: .jsonLines)
        events = arguments[.events].map(absolutePath)
        consents = arguments[.consents].map(absolutePath)
        for option in [OptionSpec.events, .consents] where arguments[option] == "-" {
            throw CommandError(
                CommandError.valueInvalid, "`--\(option.name)` takes a file",
                remedy: "only the customers can go to standard output, with `--out -`")
        }
        let files = [out.path, events, consents].compactMap(\.self)
        guard Set(files).count == files.count else {
            throw CommandError(
                CommandError.conflict, "two of `--out`, `--events` and `--consents` name the same file",
                remedy: "give each its own")
        }
        let protected = ProtectedPlaces(context)
        if let events { try protected.refuse(events, option: "--events") }
        if let consents { try protected.refuse(consents, option: "--consents") }
    }

    func run() throws -> ExitStatus {
        let replacing = out.isReplacing
        let file = out.isToOutput ? nil : try NewFile(out.path, replacing: replacing)
        let eventsFile = try events.map { try NewFile($0, replacing: replacing) }
        let consentsFile = try consents.map { try NewFile($0, replacing: replacing) }
        let progress = ProgressLine(context.output, "making customers up", unit: "people")
        let counts = try write(
            to: file, Beside(eventsFile, SampleEvent.columns, format),
            Beside(consentsFile, SampleConsent.columns, format), progress)
        try eventsFile?.finish()
        try consentsFile?.finish()
        try file?.finish()
        progress.finish()
        report(counts, seconds: progress.seconds)
        return .done
    }

    private func write(
        to file: NewFile?, _ eventsFile: Beside, _ consentsFile: Beside, _ progress: ProgressLine
    ) throws -> Counts {
        let stop = Interruption()
        var events = eventsFile
        var consents = consentsFile
        var counts = Counts()
        var bytes: [UInt8] = []
        format.writeHeader(Column.names, into: &bytes)
        for row in SampleRows(profiles: profiles, seed: UInt64(seed)) {
            format.write(row.values, of: Column.names, into: &bytes)
            counts.rows += 1
            if row.isDuplicate { counts.duplicates += 1 }
            if row.dirt != nil { counts.dirty += 1 }
            counts.events += try events.write(row.events.map(\.values), format)
            counts.consents += try consents.write(row.consents.map(\.values), format)
            // The other files are whole even when nobody reads the customers to their end.
            guard try deliver(&bytes, to: file) || events.file != nil || consents.file != nil else { break }
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
                "dirty": JSON(counts.dirty), "events": JSON(counts.events), "consents": JSON(counts.consents),
                "seed": JSON(seed), "file": JSON(out.path), "seconds": JSON((seconds * 1000).rounded() / 1000),
            ])
        }
        guard !out.isToOutput else { return }
        output.line(
            "\(grouped(counts.rows)) rows about \(grouped(profiles)) people in \((seconds * 10).rounded() / 10) s: \(out.path)"
        )
        output.line()
        var table = Table(align: [.left, .right])
        table.add(Table.Cell("duplicates", .bold), Table.Cell(grouped(counts.duplicates)), "second rows of somebody")
        table.add(Table.Cell("dirty", .bold), Table.Cell(grouped(counts.dirty)), "with something wrong in them")
        for (name, count, file) in [("events", counts.events, events), ("consents", counts.consents, consents)] {
            guard let file else { continue }
            table.add(Table.Cell(name, .bold), Table.Cell(grouped(count)), Table.Cell(file, .dim))
        }
        output.table(table)
        output.line("Next: `profilevault import \(out.path)`")
        if let consents { output.line("      `profilevault import \(consents)`") }
        if let events { output.line("      `profilevault import \(events) --map \(Self.eventsMap)`") }
    }

    /// What the columns of events mean, where it lies on this machine.
    private static var eventsMap: String {
        let path = "docs/examples/sample-events.map.json"
        return BesideProgram.places(inSource: path, installed: "examples/sample-events.map.json")
            .first { FileManager.default.isReadableFile(atPath: $0) } ?? path
    }
}
