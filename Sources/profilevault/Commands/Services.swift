import Accounts
import Core
import Gate
import Secrets

extension OptionSpec {
    fileprivate static let forPurpose = OptionSpec(
        "purpose", value: "PURPOSE", isRepeatable: true, "the purposes it may name (default: any)")
    fileprivate static let action = OptionSpec(
        "action", value: "ACTION", isRepeatable: true, "the actions it may ask for (default: any)")
    fileprivate static let field = OptionSpec(
        "field", value: "FIELD", isRepeatable: true, "the fields it may read (default: any)")
    fileprivate static let days = OptionSpec("days", value: "N", "when the key runs out (default: in 90 days)")
    fileprivate static let keyOut = OptionSpec(
        "key-out", value: "FILE", "a new file (mode 0600) for the key; it is not shown then")
    fileprivate static let overlap = OptionSpec(
        "overlap-hours", value: "N", "how long older keys still work (default: 24)")
    fileprivate static let key = OptionSpec("key", value: "NAME", "one key, by the name that `service list` shows")
}

extension CommandSpec {
    static let services: [CommandSpec] = [
        CommandSpec(
            "service", "add", operands: "NAME", count: 1...1,
            summary: "add a program that works with the vault, and make its first key",
            notes: [
                "The policies decide by its roles; --purpose, --action and --field only narrow that. A program gives its key "
                    + "with the option --service-key-file of every command."
            ],
            options: [.role, .forPurpose, .action, .field, .onlyTenant, .days, .keyOut]
        ) { context in
            let arguments = context.arguments
            let name = arguments.operands[0]
            func list(_ option: OptionSpec) -> [String]? { arguments.has(option) ? arguments.all(option) : nil }
            let actions = try list(.action)?.map { word throws(CommandError) in
                guard let action = Action(rawValue: word) else {
                    throw CommandError(
                        CommandError.valueInvalid, "there is no action `\(word)`",
                        remedy: "there are \(Action.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return action
            }
            let output = try KeyOutput(context)
            return try context.withDoor { door in
                _ = try door.gate.addService(
                    name, roles: arguments.all(.role),
                    scope: ServiceScope(purposes: list(.forPurpose), actions: actions, fields: list(.field)),
                    confined: arguments.has(.onlyTenant), expires: expiry(arguments, door), by: door.caller,
                    through: door.vault.accounts, handing: { try output.give($0, of: name) })
                door.gate.policies.unknownWords(
                    roles: arguments.all(.role), purposes: arguments.all(.forPurpose), fields: arguments.all(.field)
                ).forEach(context.output.warn)
                return output.over("Added service \(name)")
            }
        },
        CommandSpec("service", "list", summary: "list the programs, their keys and when each was used last") {
            context in
            try context.withDoor { door in
                let services = try door.gate.services(for: door.caller, through: door.vault.accounts)
                for (service, used) in services { write(service, used, to: context) }
                if services.isEmpty, !context.json { context.output.line("no program has a key") }
                return .done
            }
        },
        CommandSpec(
            "service", "rotate", operands: "NAME", count: 1...1,
            summary: "make a program another key; older ones end a while later",
            options: [.overlap, .days, .keyOut]
        ) { context in
            let name = context.arguments.operands[0]
            let hours = try context.arguments.integer(.overlap, least: 0) ?? 24
            guard hours <= 8760 else {
                throw CommandError(CommandError.valueInvalid, "`--overlap-hours` takes at most 8760, a year")
            }
            let output = try KeyOutput(context)
            return try context.withDoor { door in
                _ = try door.gate.rotateKey(
                    of: name, expires: expiry(context.arguments, door), overlap: Int64(hours) * 3600, by: door.caller,
                    through: door.vault.accounts, handing: { try output.give($0, of: name) })
                return output.over("Made service \(name) another key; older ones end in \(hours) h")
            }
        },
        CommandSpec(
            "service", "revoke", operands: "NAME", count: 1...1,
            summary: "end a program's access at once and for ever, or that of one of its keys", options: [.key]
        ) { context in
            let name = context.arguments.operands[0]
            return try context.withDoor { door in
                try door.gate.revokeService(
                    name, key: context.arguments[.key], by: door.caller, through: door.vault.accounts)
                if context.json {
                    context.output.json([
                        "service": JSON(name), "key": context.arguments[.key].map { JSON($0) } ?? .null,
                        "revoked": true,
                    ])
                } else {
                    context.output.line(
                        "Revoked \(context.arguments[.key].map { "key \($0) of " } ?? "")service \(name)")
                }
                return .done
            }
        },
    ]

    private static func expiry(_ arguments: Arguments, _ door: Door) throws -> Timestamp {
        let days = try arguments.integer(.days, least: 1) ?? 90
        guard days <= 36_500 else {
            throw CommandError(CommandError.valueInvalid, "`--days` takes at most 36500")
        }
        return try door.gate.now().adding(seconds: Int64(days) * 86_400)
    }

    private static func write(_ service: ServiceAccount, _ used: [Timestamp?], to context: Context) {
        func words(_ list: [String]?) -> JSON { list.map { JSON($0.map { JSON($0) }) } ?? .null }
        let actions = service.scope.actions?.map(\.rawValue)
        guard !context.json else {
            context.output.jsonLine([
                "service": JSON(service.name), "roles": JSON(service.roles.map { JSON($0) }),
                "only_tenant": JSON(service.tenant != nil), "purposes": words(service.scope.purposes),
                "actions": words(actions), "fields": words(service.scope.fields),
                "created": JSON(service.created.description),
                "disabled": service.disabled.map { JSON($0.description) } ?? .null,
                "keys": .array(
                    zip(service.keys, used).map { key, used in
                        [
                            "key": JSON(key.name), "created": JSON(key.created.description),
                            "expires": JSON(key.expires.description),
                            "used": used.map { JSON($0.description) } ?? .null,
                        ]
                    }),
            ])
            return
        }
        let output = context.output
        let state = service.disabled.map { output.styled(" revoked \($0)", .red) } ?? ""
        output.line("\(output.styled(service.name, .bold)) \(service.roles.joined(separator: " "))\(state)")
        var table = Table()
        for (name, list) in [
            ("purposes", service.scope.purposes), ("actions", actions), ("fields", service.scope.fields),
        ] {
            if let list { table.add(Table.Cell(name, .dim), Table.Cell(list.joined(separator: " "))) }
        }
        for (key, used) in zip(service.keys, used) {
            table.add(
                Table.Cell("key \(key.name)", .dim),
                Table.Cell("until \(key.expires), " + (used.map { "used \($0)" } ?? "never used")))
        }
        output.table(table)
        output.line()
    }
}

/// Where a key goes that is shown once.
private struct KeyOutput {
    let context: Context
    let file: String?

    init(_ context: Context) throws {
        self.context = context
        file = try SecretOutput.path(.keyOut, context)
    }

    /// Gives the key of a service, before there is one that needs it.
    func give(_ key: ServiceKey, of name: String) throws {
        if let file { try OwnerOnlyFile.put(file, Array((key.text + "\n").utf8)) }
        guard !context.json else {
            var object = JSONObject()
            object["service"] = JSON(name)
            object[file == nil ? "service_key" : "key_file"] = JSON(file ?? key.text)
            return try context.output.deliver(.object(object))
        }
        if let file {
            context.output.line("The key is in \(file)")
        } else {
            context.output.line("The key, which is not shown again: \(context.output.styled(key.text, .bold))")
        }
        try context.output.deliver()
    }

    func over(_ done: String) -> ExitStatus {
        if !context.json { context.output.line(done) }
        return .done
    }
}
