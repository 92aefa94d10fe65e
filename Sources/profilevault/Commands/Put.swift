import Core
import Gate
import Vault

extension CommandSpec {
    static let put = CommandSpec(
        "put", operands: "SUBJECT FIELD=VALUE …", count: 2...1000, summary: "change fields of one person's profile",
        notes: [
            "Values are brought into standard form as an import does; `FIELD=` removes a field. A value of `FIELD=-` is "
                + "read from standard input, one line a field, which keeps it out of the list of processes."
        ]
    ) { context in
        let subject = try context.subject(context.arguments.operands[0])
        let values = try context.arguments.operands.dropFirst().map { operand -> (field: String, value: String) in
            let parts = operand.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw CommandError(
                    CommandError.valueInvalid, "a field is written FIELD=VALUE", remedy: "as in `city=Taipei`")
            }
            guard parts[1] == "-" else { return (parts[0], parts[1]) }
            guard let line = try InputLine.read() else {
                throw CommandError(
                    CommandError.argumentMissing, "there is no line on standard input for `\(parts[0])`",
                    remedy: "write one line for each `FIELD=-`, in their order")
            }
            return (parts[0], line)
        }
        return try context.withDoor { door in
            let outcome = try door.gate.edit(subject, ProfileEdit(values: values), by: door.caller)
            guard !context.json else {
                context.output.json([
                    "profile": JSON(outcome.profile.description), "revision": JSON(outcome.revision),
                    "changed": JSON(outcome.changed.map { JSON($0) }),
                    "removed": JSON(outcome.removed.map { JSON($0) }),
                    "unchanged": JSON(outcome.unchanged.map { JSON($0) }),
                ])
                return .done
            }
            context.output.line("profile \(outcome.profile)")
            if !outcome.changed.isEmpty { context.output.line("changed \(outcome.changed.joined(separator: ", "))") }
            if !outcome.removed.isEmpty { context.output.line("removed \(outcome.removed.joined(separator: ", "))") }
            if !outcome.isChange { context.output.line("nothing changed: it stood so already") }
            return .done
        }
    }
}
