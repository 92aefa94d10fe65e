import Core
import Foundation
import Gate
import Ingest
import Synchronization
import Vault

extension OptionSpec {
    fileprivate static let source = OptionSpec(
        "source", value: "NAME",
        "what the source is called in the log and in events (default: the map's, else the file's name)")
    fileprivate static let map = OptionSpec("map", value: "FILE", "what the columns mean; see docs/import.md")
    fileprivate static let format = OptionSpec(
        "format", value: "csv|jsonl", "how rows are written (default: by the first byte)")
    fileprivate static let delimiter = OptionSpec(
        "delimiter", value: "C",
        "what stands between fields: one character, or `tab` (default: found in the first line)")
    fileprivate static let encoding = OptionSpec("encoding", value: "NAME", "how the text is written (default: UTF-8)")
    fileprivate static let rejects = OptionSpec(
        "rejects", value: "PATH", "where rows that were not taken are listed (default: FILE.rejects.jsonl)")
}

extension CommandSpec {
    static let importRows = CommandSpec(
        "import", operands: "FILE|-", count: 1...1,
        summary: "bring in customers and what they did, from CSV or JSON lines",
        notes: [
            "Columns are fields of the same name; `consent_PURPOSE` with yes, no or blank is a consent. A row that cannot be "
                + "taken is listed with its line, column and reason, never with its values. Files may be gzipped.",
            "Where rows of one person differ, the last one holds. An import that was cut short is run again and ends as it "
                + "would have; rows of one person that differ may be counted as updated again.",
        ],
        options: [.source, .map, .format, .delimiter, .encoding, .rejects]
    ) { try ImportRun($0).run() }
}

/// One import from the command line.
private struct ImportRun {
    let context: Context
    let path: String
    let map: MapFile
    let source: String
    let rejects: String

    init(_ context: Context) throws {
        self.context = context
        let operand = context.arguments.operands[0]
        let isInput = operand == "-"
        path = isInput ? "-" : absolutePath(operand)
        map = try Self.map(context)
        let name = isInput ? "standard input" : String(operand.split(separator: "/").last ?? "file")
        source = context.arguments[.source] ?? map.source ?? name
        rejects =
            context.arguments[.rejects].map(absolutePath) ?? (isInput ? absolutePath("import") : path)
            + ".rejects.jsonl"
        if context.arguments[.rejects] != nil, FileManager.default.fileExists(atPath: rejects) {
            throw CommandError(
                CommandError.conflict, "there is a file at `\(rejects)` already", remedy: "name another with --rejects")
        }
        try ProtectedPlaces(context).refuse(rejects, option: "--rejects")
    }

    func run() throws -> ExitStatus {
        let input = path
        let map = map
        // Opened here once, so that a file that is not there is said before the vault is; what a pipe gives comes once.
        if input != "-", !Self.isPipe(input) { _ = try ByteSource(path: input, encoding: map.encoding) }
        return try context.withDoor { door in
            let progress = ProgressLine(context.output, "importing", unit: "rows")
            let stop = Interruption()
            let importer = Importer(vault: door.vault, gate: door.gate, caller: door.caller)
            let region = door.gate.tenant.region
            let committed = Mutex<Importer.Progress?>(nil)
            let outcome: Importer.Outcome
            do {
                outcome = try importer.run(
                    source: source, rejectsPath: rejects,
                    open: {
                        try MappedInput(ByteSource(path: input, encoding: map.encoding), map: map, region: region)
                    },
                    shouldStop: { stop.wasAsked },
                    progress: { state in
                        committed.withLock { $0 = state }
                        progress.show(
                            state.counts.read,
                            of: state.bytesTotal.map { Double(state.bytesWritten) / Double(max($0, 1)) })
                    })
            } catch {
                progress.finish()
                // What was committed before the failure stays, so it is said.
                if let state = committed.withLock({ $0 }) {
                    report(state.counts, rejects: state.rejects, seconds: progress.seconds)
                }
                throw error
            }
            progress.finish()
            report(outcome.counts, rejects: outcome.rejects, seconds: progress.seconds)
            if outcome.notUTF8 > 0 {
                context.output.warn(
                    "rows that are not UTF-8: \(grouped(outcome.notUTF8)); if the file is in another encoding, name it with "
                        + "--encoding, such as windows-1252, Big5 or Shift_JIS")
            }
            guard !outcome.stopped else {
                throw CommandError(
                    CommandError.interrupted, "the import was stopped; what is counted is in",
                    remedy: "run the same command again: it goes through the file anew and ends as it would have")
            }
            return .done
        }
    }

    /// Whether what is read there is gone once it was read: a pipe, as `<(…)` of the shell makes one.
    private static func isPipe(_ path: String) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        let type = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
        return type != .typeRegular && type != .typeDirectory
    }

    private func report(_ counts: ImportCounts, rejects: String?, seconds: Double) {
        let output = context.output
        guard !context.json else {
            var object = counts.json
            object["seconds"] = JSON((seconds * 1000).rounded() / 1000)
            return output.json(.object(object))
        }
        let rate = Int(Double(counts.read) / max(seconds, 0.001))
        output.line("\(grouped(counts.read)) rows in \((seconds * 10).rounded() / 10) s (\(grouped(rate))/s)")
        output.line()
        var table = Table(align: [.left, .right])
        let rows: [(String, Int, String)] = [
            ("created", counts.created, "new profiles"),
            ("updated", counts.updated, "fields or consents of a known person are new"),
            ("merged", counts.merged, "brought a known person a new identifier"),
            ("unchanged", counts.unchanged, "nothing was new"),
            ("appended", counts.appended, "only an event was new"),
            ("quarantined", counts.quarantined, "held back for somebody to decide"),
            ("rejected", counts.rejected, rejects.map { "listed in \($0)" } ?? "could not be taken, nor be listed"),
        ]
        for (word, count, meaning) in rows where count > 0 {
            table.add(Table.Cell(word, .bold), Table.Cell(grouped(count)), Table.Cell(meaning, .dim))
        }
        if counts.events > 0 { table.add(Table.Cell("events"), Table.Cell(grouped(counts.events)), "") }
        output.table(table)
    }

    private static func map(_ context: Context) throws -> MapFile {
        var map = MapFile()
        if let path = context.arguments[.map].map(absolutePath) {
            guard let content = FileManager.default.contents(atPath: path) else {
                throw CommandError(
                    CommandError.fileUnreadable, "the map file `\(path)` could not be read",
                    remedy: "check the path and who may read it")
            }
            map = try MapFile(parsing: Array(content))
        }
        if let word = context.arguments[.format] {
            guard let format = MapFile.Format(rawValue: word) else {
                throw CommandError(
                    CommandError.valueInvalid, "`--format` takes csv or jsonl",
                    remedy: "leave it out: the first byte tells")
            }
            map.format = format
        }
        if let text = context.arguments[.delimiter] { map.delimiter = try delimiter(text) }
        if let name = context.arguments[.encoding] {
            guard let encoding = TextEncoding(name) else {
                throw CommandError(
                    CommandError.valueInvalid, "`--encoding` takes the name of an encoding",
                    remedy: "such as Big5, Shift_JIS or windows-1252; `iconv -l` lists them")
            }
            map.encoding = encoding
        }
        return map
    }

    private static func delimiter(_ text: String) throws -> UInt8 {
        if text == "tab" || text == "\\t" { return 0x09 }
        guard text.utf8.count == 1, let byte = text.utf8.first, !["\"", "\n", "\r"].contains(text) else {
            throw CommandError(
                CommandError.valueInvalid, "`--delimiter` takes one character, or `tab`",
                remedy: "leave it out: the header tells")
        }
        return byte
    }
}
