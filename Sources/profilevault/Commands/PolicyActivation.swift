import Cedar
import Consent
import Core
import Gate
import Vault

/// `policy activate`: puts a proposal in force.
enum PolicyActivation {
    @Sendable static func run(_ context: Context) throws -> ExitStatus {
        let proposal = try Proposal(context)
        let rules = try proposal.sound(on: context)
        try PolicyTesting.requirePassing(proposal, rules, on: context)
        // The index is mended afterwards: the set in force may be what keeps it from being mended.
        return try context.withDoor(mendingIndex: false) { door in
            let activation = try door.gate.activate(
                proposal.bundle, rules, in: door.vault.archive, by: door.caller)
            try context.mendIndex(of: door.vault)
            if context.json {
                context.output.json(json(activation))
            } else {
                write(activation, proposal, to: context.output)
            }
            return .done
        }
    }

    private static func json(_ activation: Gate.Activation) -> JSON {
        var object = JSONObject()
        object["changed"] = JSON(activation.changes != nil)
        object["version"] = JSON(Int(activation.policies.version))
        object["hash"] = JSON(hex(activation.policies.hash))
        if let changes = activation.changes {
            object["fields"] = changes.fields.json
            object["purposes"] = changes.purposes.json
            object["policies"] = changes.policies.json
        }
        return .object(object)
    }

    private static func write(_ activation: Gate.Activation, _ proposal: Proposal, to output: Output) {
        guard let changes = activation.changes else {
            output.line("nothing changed: version \(activation.policies.version) is this very set")
            return
        }
        output.line("version \(activation.policies.version) is in force, from \(proposal.folder)")
        let kinds = [("field", changes.fields), ("purpose", changes.purposes), ("policy", changes.policies)]
        for (kind, names) in kinds {
            for name in names.added { output.line("  \(output.styled("added", .green)) \(kind) \(name)") }
            for name in names.removed { output.line("  \(output.styled("removed", .red)) \(kind) \(name)") }
            for name in names.changed { output.line("  \(output.styled("changed", .yellow)) \(kind) \(name)") }
        }
        if changes.isEmpty { output.line("  only comments and layout are other than before") }
    }
}

/// `policy show`: the set in force.
enum PolicyStatus {
    @Sendable static func show(_ context: Context) throws -> ExitStatus {
        try context.withDoor { door in
            let active = door.gate.policies
            // Where there is no folder there is nothing to compare with, unless one was named.
            let proposal = Result { try Proposal(context) }
            if case .failure(let error) = proposal, context.arguments.operands.first != nil { throw error }
            let found = try? proposal.get()
            let drift = found.map { active.bundle.drift(of: $0.bundle) }
            if context.json {
                context.output.json(json(active, folder: found?.folder, drift))
            } else {
                write(active, found, drift, named: context.arguments.operands.first, to: context.output)
            }
            return .done
        }
    }

    private static func json(_ active: ActivePolicies, folder: String?, _ drift: PolicyChanges.Names?) -> JSON {
        var object = JSONObject()
        object["version"] = JSON(Int(active.version))
        object["hash"] = JSON(hex(active.hash))
        object["activated"] = JSON(active.activated.description)
        object["fields"] = .array(active.schema.fields.map { JSON($0.name) })
        object["purposes"] = .array(active.purposes.names.map { JSON($0) })
        object["policies"] = .array(active.cedar.policies.map { JSON($0.id.description) })
        object["files"] = .array(active.bundle.files.keys.sorted().map { JSON($0) })
        object["folder"] = folder.map { JSON($0) } ?? .null
        object["drift"] = drift.map { $0.json } ?? .null
        return .object(object)
    }

    private static func write(
        _ active: ActivePolicies, _ found: Proposal?, _ drift: PolicyChanges.Names?, named operand: String?,
        to output: Output
    ) {
        output.line("version \(active.version), in force since \(active.activated)")
        output.line()
        var table = Table()
        table.add("fields", Table.Cell(active.schema.fields.map(\.name).joined(separator: ", ")))
        table.add("purposes", Table.Cell(active.purposes.names.joined(separator: ", ")))
        table.add("policies", Table.Cell(active.cedar.policies.map(\.id.description).joined(separator: ", ")))
        table.add("files", Table.Cell(active.bundle.files.keys.sorted().joined(separator: ", ")))
        table.add("hash", Table.Cell(hex(active.hash)))
        output.table(table)
        output.line()
        guard let found, let drift else { return output.line("there is no folder to compare with") }
        guard !drift.isEmpty else { return output.line("\(found.folder) is the same") }
        output.line(output.styled("\(found.folder) differs; what is in force does not:", .yellow))
        for name in drift.added { output.line("  only in the folder: \(name)") }
        for name in drift.removed { output.line("  only in force: \(name)") }
        for name in drift.changed { output.line("  other content: \(name)") }
        let operand = operand.map { " '\($0)'" } ?? ""
        output.line(
            found.rules == nil
                ? "it cannot be put in force: `profilevault policy check\(operand)` names what is wrong with it"
                : "`profilevault policy activate\(operand)` would put the folder in force")
    }
}
