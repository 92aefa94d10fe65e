import Activation
import Core
import Gate
import Secrets
import Vault

extension OptionSpec {
    fileprivate static let breakGlass = OptionSpec(
        "break-glass", value: "REASON",
        "an emergency: see beyond your role, with another operator's approval; the reason stays in the log, so name no customer"
    )
}

extension CommandSpec {
    static let get = CommandSpec(
        "get", operands: "SUBJECT", count: 1...1, summary: "read what one person's data may be used for now",
        notes: [
            "Each field is given when the consent ledger and the policies both say yes; what is withheld comes with the "
                + "reason. The decision is in the log before a value is shown.",
            "Exit status: 0 when any field is allowed, 3 when none is, 4 when nobody is known so.",
        ],
        options: [.purpose, .fields, .breakGlass]
    ) { context in
        let reason = try context.arguments[.breakGlass].map {
            try context.arguments.sentence($0, of: .breakGlass)
        }
        let purpose = try context.arguments.required(.purpose)
        let fields = context.arguments.fields
        let subject = try context.subject(context.arguments.operands[0])
        return try context.withDoor { door in
            let request = ReadRequest(caller: door.caller, purpose: purpose, fields: fields)
            let view = try ProfileView(request, of: subject, breakingGlass: reason, through: door.gate)
            if context.json { context.output.json(view.json) } else { view.write(to: context.output) }
            return view.verdict.allows ? .done : .refused
        }
    }
}

/// A verdict and what it let out, for people and for scripts.
private struct ProfileView {
    let verdict: Verdict
    let readings: [Reading]

    init(_ request: ReadRequest, of subject: SubjectReference, breakingGlass reason: String?, through gate: Gate) throws
    {
        var answer =
            if let reason {
                try gate.breakGlass(request, subject: subject, reason: reason)
            } else {
                try gate.permit(request, subject: subject)
            }
        verdict = answer.verdict
        if let permit = answer.permit.take() {
            readings = try gate.read(with: permit)
        } else {
            readings = []
        }
    }

    var json: JSON {
        var fields = JSONObject()
        for reading in readings { fields[reading.field] = JSON(reading) }
        return [
            "profile": JSON(verdict.profile.description),
            "fields": .object(fields),
            "withheld": .array(
                verdict.withheld.map { ["field": JSON($0.field), "reason": JSON($0.reason.rawValue)] }),
            "decision": JSON(verdict.decision.description),
        ]
    }

    func write(to output: Output) {
        output.line("profile \(verdict.profile)")
        if !readings.isEmpty {
            output.line()
            var table = Table()
            for reading in readings {
                var cells = [Table.Cell(reading.field, .bold), Table.Cell(reading.value.text)]
                if reading.masked { cells.append(Table.Cell("masked", .yellow)) }
                table.add(cells)
            }
            output.table(table)
        }
        if !verdict.withheld.isEmpty {
            output.line()
            output.line("withheld:")
            var table = Table()
            for reason in WithheldReason.allCases {
                let fields = verdict.withheld.filter { $0.reason == reason }.map(\.field)
                if !fields.isEmpty {
                    table.add(Table.Cell(reason.words, .yellow), Table.Cell(fields.joined(separator: ", ")))
                }
            }
            output.table(table)
        }
        output.line()
        output.line(output.styled("decision \(verdict.decision)", .dim))
    }
}

extension WithheldReason {
    /// The reason in words.
    var words: String {
        switch self {
        case .noConsent: "no consent was given for this purpose"
        case .consentWithdrawn: "the consent was withdrawn"
        case .consentExpired: "the consent has expired"
        case .unknownPurpose: "nobody defined this purpose"
        case .policyDenied: "no policy allows it"
        case .restricted: "processing is restricted"
        case .objected: "the person objected"
        case .absent: "there is no value"
        }
    }
}
