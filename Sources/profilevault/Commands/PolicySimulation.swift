import Accounts
import Core
import Gate
import Vault

extension OptionSpec {
    fileprivate static let with = OptionSpec("with", value: "DIR", "the policy set that is tried")
    fileprivate static let examples = OptionSpec(
        "examples", value: "K", "how many people at most to name for each change (default: 5)")
}

extension CommandSpec {
    static let policySimulate = CommandSpec(
        "policy", "simulate",
        summary: "count whose data a proposal would open and close, to whom and for which purpose, changing nothing",
        notes: [
            "Everybody's own consents and legal bases count, and which fields they have; no value is opened. It is asked for each "
                + "role by itself, each operator with all their roles, and each program that either set names.",
            "Examples are named by pseudonyms of this one run, which lead nowhere. Needs `policy.simulate`; the log has it.",
        ],
        options: [.with, .examples]
    ) { context in
        let folder = try context.arguments.required(.with)
        let examples = try context.arguments.integer(.examples) ?? 5
        let proposal = try Proposal(context, folder: folder)
        let rules = try proposal.sound(on: context)
        return try context.withDoor { door in
            let operators = try door.vault.accounts.list().map { account in
                Caller(principal: Principal(.operator, account.name), roles: account.roles)
            }
            let progress = ProgressLine(context.output, "simulating", unit: "people")
            defer { progress.finish() }
            let stop = Interruption()
            let total = Double(max(try door.vault.profiles.count(of: door.gate.tenant.id), 1))
            let simulation = try door.gate.simulate(
                rules, hash: proposal.bundle.hash, operators: operators, examples: examples, by: door.caller,
                shouldStop: { stop.wasAsked }, progress: { progress.show($0, of: Double($0) / total) })
            progress.finish()
            guard simulation.isWhole else {
                throw CommandError(
                    CommandError.interrupted,
                    "the simulation was stopped after \(grouped(simulation.people)) people, and says nothing",
                    remedy: "nothing was changed; run it again")
            }
            let view = SimulationView(simulation, hash: hex(proposal.bundle.hash))
            if context.json {
                context.output.json(view.json(seconds: progress.seconds))
            } else {
                view.write(to: context.output, seconds: progress.seconds)
            }
            return .done
        }
    }
}

/// What a simulation found, for people and for scripts.
private struct SimulationView {
    let simulation: Simulation
    let hash: String

    init(_ simulation: Simulation, hash: String) {
        self.simulation = simulation
        self.hash = hash
    }

    func json(seconds: Double) -> JSON {
        [
            "people": JSON(simulation.people), "version": JSON(Int(simulation.version)), "proposal": JSON(hash),
            "changes": .array(
                simulation.effects.map { effect in
                    [
                        "who": JSON(effect.asker.name), "kind": JSON(effect.asker.kind.rawValue),
                        "purpose": JSON(effect.purpose), "change": JSON(effect.kind.rawValue),
                        "people": JSON(effect.people),
                        "fields": .array(
                            effect.fields.map { ["field": JSON($0.field), "people": JSON($0.people)] }),
                        "examples": JSON(effect.examples.map { JSON($0) }),
                    ]
                }),
            "actions": .array(
                simulation.actions.map { change in
                    [
                        "who": JSON(change.asker.name), "kind": JSON(change.asker.kind.rawValue),
                        "action": JSON(change.action.rawValue), "purpose": change.purpose.map { JSON($0) } ?? .null,
                        "change": JSON(change.kind.rawValue), "before": change.before.map { JSON($0.word) } ?? .null,
                        "after": change.after.map { JSON($0.word) } ?? .null,
                    ]
                }),
            "decision": JSON(simulation.decision.description), "seconds": JSON((seconds * 1000).rounded() / 1000),
        ]
    }

    func write(to output: Output, seconds: Double) {
        output.line(
            "\(grouped(simulation.people)) people in \((seconds * 10).rounded() / 10) s, compared with version "
                + "\(simulation.version), which is in force")
        if simulation.effects.isEmpty, simulation.actions.isEmpty {
            output.line("nothing would change for anybody")
        }
        for effect in simulation.effects {
            output.line()
            output.line(
                "\(output.styled(Self.words(effect.asker), .bold)) \(Self.words(effect.kind, output)) "
                    + "for `\(effect.purpose)`, \(grouped(effect.people)) \(effect.people == 1 ? "person" : "people")")
            var table = Table(align: [.left, .right])
            for count in effect.fields { table.add(Table.Cell(count.field), Table.Cell(grouped(count.people))) }
            output.table(table)
            if !effect.examples.isEmpty {
                output.line("  " + output.styled("such as \(effect.examples.joined(separator: ", "))", .dim))
            }
        }
        if !simulation.actions.isEmpty { output.line() }
        for change in simulation.actions {
            let purpose = change.purpose.map { " for `\($0)`" } ?? ""
            let act = "`\(change.action.rawValue)`\(purpose)"
            let words =
                switch (change.before, change.after) {
                case (nil, _): "\(output.styled("gains", .green)) \(act)"
                case (_, nil): "\(output.styled("loses", .red)) \(act)"
                case (_, .session?): "needs \(output.styled("a session only", .green)) for \(act)"
                case (_, .mfa?): "needs \(output.styled("a fresh second factor", .yellow)) for \(act)"
                case (_, .approval?): "needs \(output.styled("another operator's approval", .yellow)) for \(act)"
                }
            output.line("\(output.styled(Self.words(change.asker), .bold)) \(words)")
        }
        output.line()
        output.line(output.styled("decision \(simulation.decision)", .dim))
    }

    private static func words(_ asker: Asker) -> String {
        asker.isAnyOther ? "any other \(asker.kind.rawValue)" : "\(asker.kind.rawValue) \(asker.name)"
    }

    private static func words(_ kind: Simulation.Kind, _ output: Output) -> String {
        switch kind {
        case .gained: output.styled("gains", .green)
        case .lost: output.styled("loses", .red)
        case .unmasked: output.styled("sees whole what was outlined", .green)
        case .masked: output.styled("sees in outline what was whole", .yellow)
        }
    }
}
