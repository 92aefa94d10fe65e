import Audit
import Consent
import Core
import Gate
import Vault

extension CommandSpec {
    static let timeline = CommandSpec(
        "timeline", operands: "SUBJECT", count: 1...1,
        summary: "show what one person did and said, and what was read and changed",
        notes: [
            "No values: `get` reads them. What a person did is shown while the purpose holds for them.",
            "An erased person is shown by `profile:UUID`, or by an identifier that imports may not bring back: what was "
                + "agreed, what was done, and the record of the erasure.",
        ],
        options: [.purpose]
    ) { context in
        let purpose = try context.arguments.required(.purpose)
        let subject = try context.subject(context.arguments.operands[0])
        return try context.withDoor { door in
            let timeline = try door.gate.timeline(
                of: subject, for: purpose, by: door.caller, events: door.vault.events, through: door.vault.erasure)
            if context.json {
                context.output.json(timeline.json)
            } else {
                timeline.write(to: context.output)
            }
            return .done
        }
    }
}

extension Timeline {
    fileprivate var json: JSON {
        var object = JSONObject()
        object["profile"] = JSON(profile.description)
        object["erasure"] = erasure.map { ErasureView($0).json } ?? .null
        object["events_withheld"] = eventsWithheld.map { JSON($0.rawValue) } ?? .null
        object["stores"] = .array(stores.map(\.json))
        object["timeline"] = .array(items.map(\.json))
        return .object(object)
    }

    fileprivate func write(to output: Output) {
        output.line("profile \(profile)")
        if let eventsWithheld { output.line("what they did is withheld: \(eventsWithheld.words)") }
        output.line()
        var table = Table(["time", "kind", "what", "purpose", "by", "source"])
        for item in items {
            let cells = item.cells
            table.add(
                Table.Cell(item.time.description), Table.Cell(cells.kind), Table.Cell(cells.what, .bold),
                Table.Cell(cells.purpose), Table.Cell(cells.actor), Table.Cell(cells.source))
        }
        output.table(table)
        guard let erasure else { return }
        output.line()
        ErasureView(erasure).write(to: output)
    }
}

extension Timeline.Item {
    fileprivate var json: JSON {
        var object = JSONObject()
        object["time"] = JSON(time.description)
        switch content {
        case .event(let type, let source, let received):
            object["kind"] = "event"
            object["type"] = JSON(type)
            object["source"] = JSON(source)
            if received { object["received"] = true }
        case .consent(let record, let change):
            object["kind"] = "consent"
            object["sequence"] = JSON(record.sequence)
            for member in change.json.object?.members ?? [] { object[member.key] = member.value }
            object["effective"] = record.effective.map { JSON($0.description) } ?? .null
            object["actor"] = JSON(record.actor.logName)
            object["source"] = JSON(record.source)
            object["evidence"] = JSON(record.hasEvidence)
            object["decision"] = JSON(record.decision.description)
        case .entry(let entry):
            object["kind"] = "log"
            object["number"] = JSON(entry.number)
            for name in ["action", "outcome", "principal", "purpose", "decision", "facts"] {
                if let value = entry.content[name] { object[name] = value }
            }
        }
        return .object(object)
    }

    /// What was said, with what belongs to it: when, until when, after reading what.
    private static func words(_ record: ConsentRecord, _ change: RecordedChange) -> String {
        var details: [String] = []
        let given = record.given
        if given != "then" { details.append("given \(given)") }
        if let expires = change.expires { details.append("until \(expires)") }
        if let notice = change.notice { details.append("notice \(notice.id)@\(notice.version)") }
        return change.state.words + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
    }

    fileprivate var cells: (kind: String, what: String, purpose: String, actor: String, source: String) {
        switch content {
        case .event(let type, let source, let received):
            ("did", type + (received ? " (received)" : ""), "-", "-", source)
        case .consent(let record, let change):
            (
                "said", Self.words(record, change), change.purpose == "*" ? "all purposes" : change.purpose,
                record.actor.logName, record.source
            )
        case .entry(let entry):
            (
                "log \(entry.number)", "\(entry.action ?? "-") \(entry.outcome?.rawValue ?? "")", entry.purpose ?? "-",
                entry.principal ?? "the program", "-"
            )
        }
    }
}
