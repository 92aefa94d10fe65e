import Accounts
import Core
import Gate

extension OptionSpec {
    fileprivate static let refuse = OptionSpec("refuse", "say no")
}

extension CommandSpec {
    static let approve = CommandSpec(
        "approve", operands: "[REQUEST]", count: 0...1,
        summary: "list what waits for a second operator, or say yes to one request of somebody else",
        notes: [
            "A request is exactly what was asked for: an approval is good for that alone, for one hour, once, and never for "
                + "one's own. Requests wait for a day.",
            "Needs `approve` and a second factor that was shown less than five minutes ago.",
        ],
        options: [.refuse]
    ) { context in
        try context.withDoor { door in
            guard let word = context.arguments.operands.first else {
                try context.arguments.refuse(.refuse, because: "no request is named")
                try list(context, door)
                return .done
            }
            guard let id = UniqueID(word) else {
                throw CommandError(
                    CommandError.valueInvalid, "`approve` takes the id of a request",
                    remedy: "`profilevault approve` lists what waits")
            }
            let isYes = !context.arguments.has(.refuse)
            let approval = try door.gate.answer(id, approving: isYes, by: door.caller)
            guard !context.json else {
                context.output.json([
                    "request": JSON(id.description), "approved": JSON(isYes),
                    "requester": JSON(approval.requester.logName), "expires": JSON(approval.expires.description),
                ])
                return .done
            }
            context.output.line(
                isYes
                    ? "Approved: \(approval.requester.logName) can do it once until \(approval.expires)" : "Refused")
            return .done
        }
    }

    private static func list(_ context: Context, _ door: Door) throws {
        let requests = try door.gate.requests(for: door.caller)
        guard !context.json else {
            for (approval, request) in requests {
                context.output.jsonLine([
                    "id": JSON(approval.id.description), "state": JSON(approval.state == .open ? "open" : "approved"),
                    "created": JSON(approval.created.description), "expires": JSON(approval.expires.description),
                    "request": request,
                ])
            }
            return
        }
        guard !requests.isEmpty else { return context.output.line("nothing waits for an answer") }
        for (approval, request) in requests {
            context.output.line(
                "\(context.output.styled(approval.id.description, .bold)) "
                    + (approval.state == .open ? "" : "approved, ") + "until \(approval.expires)")
            var table = Table()
            for member in request.object?.members ?? [] {
                let text = member.value.string ?? String(decoding: member.value.bytes(), as: UTF8.self)
                table.add(Table.Cell(member.key, .dim), Table.Cell(text))
            }
            context.output.table(table)
            context.output.line()
        }
    }
}
