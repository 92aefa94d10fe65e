import Core
import Gate
import Vault

extension OptionSpec {
    fileprivate static let reason = OptionSpec(
        "reason", value: "REASON",
        "the ground, one of \(ErasureReason.allCases.map(\.description).joined(separator: ", ")) (default: request)")
    fileprivate static let suppressDays = OptionSpec(
        "suppress-days", value: "N",
        "how long imports may not bring their identifiers back; 0 for not at all (default: for ever)")
}

extension CommandSpec {
    static let erase = CommandSpec(
        "erase", operands: "SUBJECT", count: 1...1, summary: "erase one person, for good, and say what remains",
        notes: [
            "There is no way back: the key is destroyed, then the data. When the command ends with 0, no byte of the "
                + "person's key, data or look-up entries is left in the home. Cut short, it is completed by the next command.",
            "What remains is listed: what was agreed and what was done, under the random id, as proof. Backups and copies "
                + "that were made before are pending: what becomes of them is not known here.",
        ],
        options: [.reason, .suppressDays]
    ) { context in
        let reason = try EraseRun.reason(context.arguments)
        let term = try EraseRun.term(context.arguments)
        let subject = try context.subject(context.arguments.operands[0])
        return try context.withDoor { door in
            let progress = ProgressLine(context.output, "erasing", unit: "people")
            let record = try door.gate.erase(
                subject, reason: reason, suppressing: term, by: door.caller, through: door.vault.erasure)
            let view = ErasureView(record)
            if context.json {
                context.output.json(view.json(seconds: progress.seconds))
            } else {
                view.write(to: context.output)
            }
            return .done
        }
    }
}

/// What `erase` was given.
private enum EraseRun {
    static func reason(_ arguments: Arguments) throws(CommandError) -> ErasureReason {
        guard let text = arguments[.reason] else { return .request }
        guard let reason = ErasureReason(text) else {
            throw CommandError(
                CommandError.valueInvalid, "`--reason` takes one of the grounds it knows",
                remedy: "one of \(ErasureReason.allCases.map(\.description).joined(separator: ", "))")
        }
        return reason
    }

    static func term(_ arguments: Arguments) throws(CommandError) -> SuppressionTerm {
        guard let days = try arguments.integer(.suppressDays) else { return .forever }
        guard days <= 36_525 else {
            throw CommandError(
                CommandError.valueInvalid, "`--suppress-days` takes at most 36525", remedy: "leave it out for ever")
        }
        return days == 0 ? .never : .days(days)
    }
}

/// The record of an erasure, for people and for scripts.
struct ErasureView {
    private let record: ErasureRecord

    init(_ record: ErasureRecord) { self.record = record }

    private var order: ErasureOrder { record.order }
    private var stores: [StoreReport] { record.outcome?.stores ?? [] }
    private var kept: [StoreReport] { stores.filter { $0.act == .kept && $0.items != 0 } }

    /// Why a store keeps something.
    private func why(_ report: StoreReport) -> String {
        switch report.store {
        case "consent_head", "consent_record":
            "what was agreed and when, under the random id: proof that use was lawful"
        case "audit_entry": "what was done, under the random id; sealed details were under the key that is destroyed"
        case "denial": "this record, which keeps an older copy of a store from bringing them back"
        case "suppression":
            "keyed digests of the identifiers, so that no import brings them back"
                + (order.suppression.expires.map { "; until \($0)" } ?? "")
        default: "kept"
        }
    }

    /// How long identifiers are refused; without it, no end could mean either.
    private var suppression: String {
        guard order.suppression.count > 0 else { return "none" }
        return order.suppression.expires == nil ? "forever" : "until"
    }

    private var common: JSONObject {
        var object = JSONObject()
        object["profile"] = JSON(order.subject.id.description)
        object["request"] = JSON(order.request.description)
        object["kind"] = "erasure"
        object["received"] = JSON(order.received.description)
        object["finished"] = record.outcome.map { JSON($0.finished.description) } ?? .null
        object["by"] = JSON(order.principal.logName)
        object["reason"] = JSON(order.reason.description)
        object["decision"] = JSON(order.decision.description)
        object["stores"] = .array(stores.map(\.json))
        object["suppressed"] = JSON(order.suppression.count)
        object["suppression"] = JSON(suppression)
        object["suppressed_until"] = order.suppression.expires.map { JSON($0.description) } ?? .null
        object["remains"] = .array(kept.map { ["store": JSON($0.store), "why": JSON(why($0))] })
        object["pending"] = ["backups"]
        return object
    }

    /// The record as it is on file.
    var json: JSON { .object(common) }

    /// The record with how long it took.
    func json(seconds: Double) -> JSON {
        var object = common
        object["seconds"] = JSON((seconds * 1000).rounded() / 1000)
        return .object(object)
    }

    func write(to output: Output) {
        output.line("profile \(order.subject.id)")
        output.line("erased: done here, backups pending")
        output.line()
        var table = Table(["store", "class", "what", "items"], align: [.left, .left, .left, .right])
        for report in stores {
            table.add(
                Table.Cell(report.store), Table.Cell(report.tableClass.rawValue),
                Table.Cell(report.act.description, report.act == .kept ? .yellow : nil),
                Table.Cell(report.items.map(grouped) ?? "-"))
        }
        output.table(table)
        output.line()
        output.line("what remains:")
        var remains = Table()
        for report in kept { remains.add(Table.Cell(report.store, .bold), Table.Cell(why(report))) }
        output.table(remains)
        output.line()
        output.line(output.styled("request \(order.request), received \(order.received)", .dim))
    }
}

extension StoreReport {
    /// The members of a store's report.
    var json: JSON {
        [
            "store": JSON(store), "class": JSON(tableClass.rawValue), "done": JSON(act.description),
            "count": items.map { JSON($0) } ?? .null,
        ]
    }
}
