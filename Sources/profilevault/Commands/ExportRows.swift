import Activation
import Core
import Gate
import Vault

extension CommandSpec {
    static let exportRows = CommandSpec(
        "export", summary: "send out everybody's data that may be used for a purpose now, as CSV or JSON lines",
        notes: [
            "Each person's own consents count, and each field is given as `get` would give it. The file gets its name when it "
                + "is whole and the export is in the log; who withdraws until then is taken out of it again. With `--out -` each "
                + "batch of 512 people is in the log before it leaves, and nothing is taken back.",
            "In CSV a text that a spreadsheet could take for a formula has an apostrophe before it; JSON lines have every value "
                + "as it is. `import` reads both. Exit status: 0 also when nobody may be in it, 3 when the policies do not let "
                + "you export for the purpose, or open no field asked for.",
        ],
        options: [.purpose, .fields, .out, .rowFormat, .force]
    ) { try ExportRun($0).run() }
}

/// One export from the command line.
private struct ExportRun {
    private let context: Context
    private let purpose: String
    private let out: RowOutput<ExportFormat>

    init(_ context: Context) throws {
        self.context = context
        purpose = try context.arguments.required(.purpose)
        out = try RowOutput(context, csv: .csv, lines: .jsonLines)
    }

    func run() throws -> ExitStatus {
        try context.withDoor { door in
            let request = ReadRequest(caller: door.caller, purpose: purpose, fields: context.arguments.fields)
            let exporter = Exporter(gate: door.gate)
            let progress = ProgressLine(context.output, "exporting", unit: "people")
            let outcome: Exporter.Outcome
            do {
                outcome =
                    out.isToOutput
                    ? try run(exporter, request, to: OutputDestination(context.output), door, progress)
                    : try run(
                        exporter, request, to: FileDestination(out.path, replacing: out.isReplacing), door,
                        progress)
            } catch {
                progress.finish()
                throw error
            }
            progress.finish()
            guard !outcome.stopped else {
                throw CommandError(
                    CommandError.interrupted,
                    out.isToOutput
                        ? "the export was stopped after \(grouped(outcome.people)) people"
                        : "the export was stopped, and no file was made",
                    remedy: "the log has it as failed; run it again for a whole one")
            }
            report(outcome, seconds: progress.seconds)
            return .done
        }
    }

    private func run(
        _ exporter: Exporter, _ request: ReadRequest, to destination: some Destination, _ door: Door,
        _ progress: ProgressLine
    ) throws -> Exporter.Outcome {
        let stop = Interruption()
        let total = Double(max(try door.vault.profiles.count(of: door.gate.tenant.id), 1))
        return try exporter.run(
            request, as: out.format, to: destination, shouldStop: { stop.wasAsked },
            progress: { progress.show($0, of: Double($0) / total) })
    }

    private func report(_ outcome: Exporter.Outcome, seconds: Double) {
        let reasons = WithheldReason.allCases.compactMap { reason in outcome.withheld[reason].map { (reason, $0) } }
        let output = context.output
        guard !context.json else {
            var withheld = JSONObject()
            for (reason, count) in reasons { withheld[reason.rawValue] = JSON(count) }
            return output.json([
                "people": JSON(outcome.people), "withheld": .object(withheld), "taken_out": JSON(outcome.takenOut),
                "fields": JSON(outcome.columns.map { JSON($0.name) }),
                "masked": JSON(outcome.columns.filter(\.masked).map { JSON($0.name) }),
                "denied": JSON(outcome.denied.map { JSON($0) }), "file": JSON(out.path),
                "format": JSON(out.format.rawValue), "decision": JSON(outcome.decision.description),
                "seconds": JSON((seconds * 1000).rounded() / 1000),
            ])
        }
        guard !out.isToOutput else { return }
        let rate = grouped(Int(Double(outcome.people) / max(seconds, 0.001)))
        output.line(
            "\(grouped(outcome.people)) people in \((seconds * 10).rounded() / 10) s (\(rate)/s): \(out.path)")
        output.line()
        var table = Table()
        for column in outcome.columns {
            table.add(Table.Cell(column.name, .bold), Table.Cell(column.masked ? "masked" : "", .yellow))
        }
        output.table(table)
        if !reasons.isEmpty {
            output.line()
            output.line("people not in it:")
            var table = Table(align: [.left, .right])
            for (reason, count) in reasons {
                table.add(Table.Cell(reason.words, .yellow), Table.Cell(grouped(count)))
            }
            output.table(table)
        }
        if !outcome.denied.isEmpty {
            output.line()
            output.line("fields not in it: \(outcome.denied.joined(separator: ", "))")
        }
        output.line()
        output.line(output.styled("decision \(outcome.decision)", .dim))
    }
}
