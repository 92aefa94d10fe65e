import Audit
import Core
import Gate

extension CommandSpec {
    static let auditReleased = CommandSpec(
        "audit", "released", operands: "DECISION", count: 1...1,
        summary: "list whose data one export, or another decision about many people, let out",
        notes: [
            "The ids are sealed beside the entry and held against the root in it. `audit show --action export` lists the "
                + "exports; a stream that was cut short is listed up to the last batch that may have left."
        ]
    ) { context in
        guard let decision = UniqueID(context.arguments.operands[0]) else {
            throw CommandError(
                CommandError.valueInvalid, "`audit released` takes the id of a decision",
                remedy: "`profilevault audit show --action export --json` lists them")
        }
        return try context.withDoor { door in
            _ = try door.gate.authorize(.viewAudit, by: door.caller, viewing: true)
            let release = try door.vault.audit.released(by: decision)
            guard !context.json else {
                for person in release.people { context.output.json(["profile": JSON(person.description)]) }
                return .done
            }
            for person in release.people { context.output.line("profile:\(person)") }
            let ending =
                switch release.outcome {
                case nil: "it never came to its end"
                case .failed?: "it failed"
                case .allowed?, .denied?, .done?: "it came to its end"
                }
            context.output.note("\(grouped(release.people.count)) people; \(ending) (entry \(release.entry))")
            return .done
        }
    }
}
