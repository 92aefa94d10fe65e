import Core
import Gate
import Secrets
import Vault

extension CommandSpec {
    static let keys: [CommandSpec] = [
        CommandSpec("key", "status", summary: "show which keys there are, how old they are and where they are held") {
            context in
            try context.withDoor { door in
                _ = try door.gate.authorize(.viewKeys, by: door.caller, viewing: true)
                let status = try KeyStatus(door)
                if context.json { context.output.json(status.json) } else { status.write(to: context.output) }
                return .done
            }
        },
        CommandSpec(
            "key", "rotate", operands: "epoch", count: 1...1,
            summary: "put everybody's key under new ones and destroy those of the epoch before",
            notes: [
                "After it nothing that is left anywhere of a key that was destroyed before, such as an erased person's, opens "
                    + "anything. Do it every day, and after erasures. It can be interrupted, and goes on when it is run again.",
                "Needs `key.rotate_epoch` and a second factor that was shown less than five minutes ago; a program needs the action "
                    + "alone.",
            ]
        ) { context in
            guard context.arguments.operands == ["epoch"] else {
                throw CommandError(
                    CommandError.valueInvalid, "`key rotate` takes what is to turn: `epoch`",
                    remedy: "such as `profilevault key rotate epoch`")
            }
            return try context.withDoor { door in
                let progress = ProgressLine(context.output, "turning the epoch", unit: "keys")
                let stop = Interruption()
                let outcome = try door.gate.turnEpoch(of: door.vault, by: door.caller) { count in
                    progress.show(count, of: nil)
                    return !stop.wasAsked
                }
                progress.finish()
                guard let outcome else {
                    throw CommandError(
                        CommandError.interrupted, "the epoch has not turned yet; everything can be read as before",
                        remedy: "run the command again: it goes on where it was")
                }
                for failure in outcome.failures {
                    context.output.warn(
                        "the holder \(failure.name) was left as it is, and opens nothing any more: \(failure.error.message)"
                    )
                }
                let seconds = progress.seconds
                guard !context.json else {
                    context.output.json([
                        "epoch": JSON(Int(outcome.epoch)), "rewrapped": JSON(outcome.rewrapped),
                        "holders_left": JSON(outcome.failures.map { JSON($0.name) }), "seconds": JSON(seconds),
                    ])
                    return .done
                }
                context.output.line(
                    "Epoch \(outcome.epoch) holds: \(grouped(outcome.rewrapped)) keys are under new ones, and those of epoch "
                        + "\(outcome.epoch - 1) are destroyed")
                return .done
            }
        },
    ]
}

/// What keys a vault has.
private struct KeyStatus {
    let rootVersion: UInt32
    let providers: [String]
    let epoch: UInt32
    let goal: UInt32?
    let holders: [(name: String, epoch: Result<UInt32, SecretsError>)]
    let ages: [KeyAge]
    let people: Int

    init(_ door: Door) throws {
        let vault = door.vault
        rootVersion = vault.header.rootVersion
        providers = vault.header.envelopes.map(\.provider)
        epoch = vault.epoch
        goal = vault.epochGoal
        holders = try vault.epochs.states().map { ($0.holder.name, $0.epoch) }
        ages = try vault.tree.ages()
        people = try vault.profiles.keyring.count()
    }

    private static func oldest(_ ages: [KeyAge]) -> Timestamp? { ages.map(\.created).min() }

    private var tenants: [KeyAge] { ages.filter { $0.name == "derivation" && $0.tenant != TenantID(0) } }
    private var wraps: [KeyAge] { ages.filter { $0.name == "wrap" && $0.version == epoch } }

    func write(to output: Output) {
        var table = Table(["key", "version", "since", "where"])
        func row(_ name: String, _ version: String, _ since: Timestamp?, _ place: String) {
            table.add(
                Table.Cell(name, .bold), Table.Cell(version), Table.Cell(since?.description ?? "-"), Table.Cell(place))
        }
        row("root", String(rootVersion), nil, providers.joined(separator: ", "))
        for name in ["log-signing", "snapshot-signing"] {
            for age in ages where age.name == name { row(name, String(age.version), age.created, "under the root") }
        }
        row("tenants", "\(tenants.count) keys", Self.oldest(tenants), "under the root")
        row("epoch", String(epoch), Self.oldest(wraps), "\(holders.count) holders")
        row("profiles", "\(grouped(people)) keys", nil, "under the epoch")
        output.table(table)
        output.line()
        for (name, epoch) in holders {
            switch epoch {
            case .success(let number): output.line("  holder \(name): epoch \(number)")
            case .failure(let error): output.line("  holder \(name): \(output.styled(error.message, .yellow))")
            }
        }
        if let goal {
            output.warn("a turn to epoch \(goal) was cut short: `profilevault key rotate epoch` goes on with it")
        }
    }

    var json: JSON {
        [
            "root": ["version": JSON(Int(rootVersion)), "providers": JSON(providers.map { JSON($0) })],
            "epoch": [
                "number": JSON(Int(epoch)), "since": Self.oldest(wraps).map { JSON($0.description) } ?? .null,
                "turning_to": goal.map { JSON(Int($0)) } ?? .null,
                "holders": .array(
                    holders.map { name, epoch in
                        switch epoch {
                        case .success(let number): ["holder": JSON(name), "epoch": JSON(Int(number)), "problem": .null]
                        case .failure(let error):
                            ["holder": JSON(name), "epoch": .null, "problem": JSON(error.message)]
                        }
                    }),
            ],
            "keys": .array(
                ages.map { age in
                    [
                        "key": JSON(age.name), "tenant": JSON(Int(age.tenant.number)),
                        "version": JSON(Int(age.version)),
                        "since": JSON(age.created.description),
                    ]
                }),
            "profile_keys": JSON(people),
        ]
    }
}
