import Consent
import Core
import Gate
import Vault

/// `consent show`: where a person stands now, purpose by purpose.
enum ConsentStanding {
    @Sendable static func show(_ context: Context) throws -> ExitStatus {
        let subject = try context.subject(context.arguments.operands[0])
        return try context.withDoor { door in
            let purposes =
                try context.arguments[.purpose].map { [try door.gate.purpose($0)] }
                ?? door.gate.policies.purposes.definitions
            let view = try door.gate.consents(of: subject, by: door.caller)
            if context.json {
                context.output.json([
                    "profile": JSON(view.profile.description),
                    "purposes": .array(purposes.map { json($0, view) }),
                ])
            } else {
                write(purposes, view, to: context.output)
            }
            return .done
        }
    }

    private static func json(_ purpose: PurposeDefinition, _ view: ConsentView) -> JSON {
        let standing = view.head.standing(for: purpose, at: view.time)
        var object = JSONObject()
        object["purpose"] = JSON(purpose.name)
        object["basis"] = JSON(purpose.basis.rawValue)
        object["holds"] = JSON(standing.holds)
        if case .closed(let reason) = standing { object["reason"] = JSON(reason.rawValue) }
        if let (record, change) = view.answer(for: purpose.name) {
            object["answer"] = JSON(change.state.description)
            object["recorded"] = JSON(record.recorded.description)
            object["effective"] = record.effective.map { JSON($0.description) } ?? .null
            object["expires"] = change.expires.map { JSON($0.description) } ?? .null
            object["notice"] = change.notice.map { JSON("\($0.id)@\($0.version)") } ?? .null
            object["source"] = JSON(record.source)
        }
        return .object(object)
    }

    private static func write(_ purposes: [PurposeDefinition], _ view: ConsentView, to output: Output) {
        output.line("profile \(view.profile)")
        output.line()
        var table = Table(["purpose", "now", "answer", "recorded", "expires", "notice"])
        for purpose in purposes {
            let standing = view.head.standing(for: purpose, at: view.time)
            let answer = view.answer(for: purpose.name)
            table.add(
                Table.Cell(purpose.name, .bold), Table.Cell(standing.words, standing.holds ? .green : .yellow),
                Table.Cell(answer?.change.state.description ?? "-"),
                Table.Cell(answer.map { $0.record.recorded.description } ?? "-"),
                Table.Cell(answer?.change.expires?.description ?? "-"),
                Table.Cell((answer?.change.notice).map { "\($0.id)@\($0.version)" } ?? "-"))
        }
        output.table(table)
    }
}

/// `consent history`: every record of a person's chain.
enum ConsentHistory {
    @Sendable static func show(_ context: Context) throws -> ExitStatus {
        let subject = try context.subject(context.arguments.operands[0])
        return try context.withDoor { door in
            let purpose = try context.arguments[.purpose].map { try door.gate.purpose($0).name }
            let view = try door.gate.consents(of: subject, by: door.caller)
            let records = view.records.filter { record in
                purpose.map { name in record.changes.contains { $0.purpose == name || $0.purpose == "*" } } ?? true
            }
            if context.json {
                for record in records { context.output.jsonLine(json(record, of: view)) }
            } else {
                write(records, view, to: context.output)
            }
            return .done
        }
    }

    private static func json(_ record: ConsentRecord, of view: ConsentView) -> JSON {
        var object = JSONObject()
        object["profile"] = JSON(view.profile.description)
        object["sequence"] = JSON(record.sequence)
        object["recorded"] = JSON(record.recorded.description)
        object["effective"] = record.effective.map { JSON($0.description) } ?? .null
        object["actor"] = JSON(record.actor.logName)
        object["source"] = JSON(record.source)
        object["decision"] = JSON(record.decision.description)
        object["evidence"] = JSON(record.hasEvidence)
        object["changes"] = .array(record.changes.map(\.json))
        return .object(object)
    }

    private static func write(_ records: [ConsentRecord], _ view: ConsentView, to output: Output) {
        output.line("profile \(view.profile)")
        guard !records.isEmpty else { return output.line("nothing is on record") }
        output.line()
        var table = Table(["no.", "recorded", "given", "what", "purpose", "notice", "by", "source"], align: [.right])
        for record in records {
            for (place, change) in record.changes.enumerated() {
                let isFirst = place == 0
                table.add(
                    Table.Cell(isFirst ? String(record.sequence) : ""),
                    Table.Cell(isFirst ? record.recorded.description : ""), Table.Cell(isFirst ? record.given : ""),
                    Table.Cell(change.state.words + (change.expires.map { " until \($0)" } ?? "")),
                    Table.Cell(change.purpose == "*" ? "all purposes" : change.purpose),
                    Table.Cell(change.notice.map { "\($0.id)@\($0.version)" } ?? "-"),
                    Table.Cell(isFirst ? record.actor.name : ""),
                    Table.Cell(isFirst ? record.source + (record.hasEvidence ? " (evidence)" : "") : ""))
            }
        }
        output.table(table)
        output.line()
        output.line(output.styled("the chain of \(view.records.count) records leads to the head", .dim))
    }
}

extension ConsentRecord {
    /// When it was said, where that is another time than when it was recorded.
    var given: String {
        guard let effective else { return "unknown" }
        return effective == recorded ? "then" : effective.description
    }
}

extension RecordedChange {
    /// The members of one change.
    var json: JSON {
        [
            "purpose": JSON(purpose), "state": JSON(state.description),
            "basis": basis.map { JSON($0.rawValue) } ?? .null,
            "expires": expires.map { JSON($0.description) } ?? .null,
            "notice": notice.map { JSON("\($0.id)@\($0.version)") } ?? .null,
        ]
    }
}
