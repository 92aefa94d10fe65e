import Accounts
import Core
import Gate
import Secrets
import Vault

extension OptionSpec {
    fileprivate static let passwordOnly = OptionSpec(
        "password-only", "another password alone; one-time codes, recovery codes and passkeys stay")
    static let onlyTenant = OptionSpec("only-tenant", "works for this tenant alone, not for all")
}

extension CommandSpec {
    static let operators: [CommandSpec] = [
        CommandSpec(
            "operator", "add", operands: "NAME", count: 1...1,
            summary: "add somebody who works with the vault, and show once what proves them",
            notes: [
                "Without --password-file or --password-fd a password is made and shown. One-time codes and recovery codes are "
                    + "enrolled at once; the QR code is drawn on a terminal. Whoever is added runs `operator renew` for their own.",
                "A role that no policy names opens nothing but what is open to everybody; the command warns of it.",
            ],
            options: [.role, .onlyTenant, .passwordFile, .passwordDescriptor] + OptionSpec.enrolment
        ) { context in
            let name = context.arguments.operands[0]
            let roles = context.arguments.all(.role)
            let handing = try Handing(context, to: name)
            return try context.withDoor { door in
                _ = try door.gate.addOperator(
                    name, roles: roles, confined: context.arguments.has(.onlyTenant), password: handing.password(),
                    by: door.caller, through: door.vault.accounts, handing: handing.give)
                door.gate.policies.unknownWords(roles: roles).forEach(context.output.warn)
                return handing.over("Added operator \(name)")
            }
        },
        CommandSpec("operator", "list", summary: "list who works here, and what proves them") { context in
            try context.withDoor { door in
                let operators = try door.gate.operators(for: door.caller, through: door.vault.accounts)
                write(operators, to: context, tenants: door)
                return .done
            }
        },
        CommandSpec(
            "operator", "disable", operands: "NAME", count: 1...1,
            summary: "keep somebody out from now on, for ever; their sessions end"
        ) { context in
            let name = context.arguments.operands[0]
            return try context.withDoor { door in
                try door.gate.disableOperator(name, by: door.caller, through: door.vault.accounts)
                if context.json {
                    context.output.json(["operator": JSON(name), "disabled": true])
                } else {
                    context.output.line("Disabled operator \(name); every session of theirs has ended")
                }
                return .done
            }
        },
        CommandSpec(
            "operator", "reset", operands: "NAME", count: 1...1,
            summary: "give somebody who lost theirs a new password and new factors; their sessions end",
            options: [.passwordFile, .passwordDescriptor] + OptionSpec.enrolment
        ) { context in
            let name = context.arguments.operands[0]
            let handing = try Handing(context, to: name)
            return try context.withDoor { door in
                _ = try door.gate.resetOperator(
                    name, password: handing.password(), by: door.caller, through: door.vault.accounts,
                    handing: handing.give)
                return handing.over("Reset operator \(name); every session of theirs has ended")
            }
        },
        CommandSpec(
            "operator", "renew",
            summary: "give yourself a new password and new factors; your sessions end",
            notes: [
                "Whoever added you has seen what proves you: after this nobody but you has. Without --password-file or --password-fd "
                    + "a password is made and shown.",
                "Needs a second factor that was shown less than five minutes ago.",
            ],
            options: [.passwordOnly, .passwordFile, .passwordDescriptor] + OptionSpec.enrolment
        ) { context in
            for option in OptionSpec.enrolment { try context.arguments.exclude(.passwordOnly, option) }
            return try context.withDoor { door in
                let name = door.caller.principal.name
                let handing = try Handing(context, to: name)
                guard !context.arguments.has(.passwordOnly) else {
                    try door.gate.changePassword(
                        to: handing.password(), by: door.caller, through: door.vault.accounts
                    ) { try handing.give(nil) }
                    return handing.over("Changed the password of \(name); every session of yours has ended")
                }
                _ = try door.gate.renewOperator(
                    password: handing.password(), by: door.caller, through: door.vault.accounts,
                    handing: handing.give)
                return handing.over("Renewed operator \(name); every session of yours has ended")
            }
        },
        CommandSpec(
            "operator", "recover", operands: "NAME", count: 1...1,
            summary: "the same by a quorum of the root key's shares, where nobody is left who could",
            notes: [
                "It needs no session: whoever brings enough shares together holds the root key. The log has it, and everybody who may "
                    + "read the log is told when they log in. Without --share-file the shares are asked for on the terminal."
            ],
            options: [.shareFile, .passwordFile, .passwordDescriptor] + OptionSpec.enrolment
        ) { context in
            let name = context.arguments.operands[0]
            let handing = try Handing(context, to: name)
            let shares = try ShareInput.shares(context.arguments)
            return try context.withVault(unlock: RootUnlock { shares }) { vault in
                let gate = try vault.gate(to: vault.tenants.named(context.tenantName))
                _ = try gate.recoverOperator(
                    name, password: handing.password(), through: vault.accounts, handing: handing.give)
                return handing.over("Recovered operator \(name); every session of theirs has ended")
            }
        },
    ]

    private static func write(
        _ operators: [(account: OperatorAccount, factors: EnrolledFactors, sessions: Int)], to context: Context,
        tenants door: Door
    ) {
        guard !context.json else {
            for (account, factors, sessions) in operators {
                context.output.jsonLine([
                    "operator": JSON(account.name), "roles": JSON(account.roles.map { JSON($0) }),
                    "only_tenant": JSON(account.tenant != nil), "otp": JSON(factors.oneTimeCodes),
                    "recovery_codes": JSON(factors.recoveryCodes), "passkeys": JSON(factors.passkeys.count),
                    "sessions": JSON(sessions), "created": JSON(account.created.description),
                    "disabled": account.disabled.map { JSON($0.description) } ?? .null,
                ])
            }
            return
        }
        var table = Table(["operator", "roles", "proved by", "sessions", "since"])
        for (account, factors, sessions) in operators {
            let proofs =
                ["password"] + (factors.oneTimeCodes ? ["one-time codes"] : [])
                + (factors.recoveryCodes > 0 ? ["\(factors.recoveryCodes) recovery codes"] : [])
                + (factors.passkeys.isEmpty ? [] : ["\(factors.passkeys.count) passkeys"])
            let state =
                account.disabled.map { Table.Cell("disabled \($0)", .red) } ?? Table.Cell(account.created.description)
            table.add(
                Table.Cell(account.name, .bold),
                Table.Cell(account.roles.joined(separator: " ") + (account.tenant == nil ? "" : " (this tenant)")),
                Table.Cell(proofs.joined(separator: ", ")), Table.Cell(String(sessions)), state)
        }
        context.output.table(table)
    }
}

/// What somebody else is given: a password that was named or made, and what else proves them.
private struct Handing {
    let context: Context
    let name: String
    let output: EnrolmentOutput
    let generated: GeneratedPassword?

    init(_ context: Context, to name: String) throws {
        self.context = context
        self.name = name
        output = try EnrolmentOutput(context)
        generated = SecretLine.isPasswordGiven(context.arguments) ? nil : GeneratedPassword()
    }

    func password() throws -> SecretBytes {
        guard let generated else { return try SecretLine.password(context.arguments, askingFor: "password of \(name)") }
        return try SecretBytes(copying: Array(generated.text.utf8))
    }

    /// Gives it, before anything is changed: a change whose password reached nobody would keep everybody out.
    func give(_ enrolment: Enrolment?) throws {
        if let enrolment { try output.store(enrolment) }
        guard !context.json else {
            var object = JSONObject()
            object["operator"] = JSON(name)
            if let generated { object["password"] = JSON(generated.text) }
            if let enrolment { output.addJSON(enrolment, to: &object) }
            return try context.output.deliver(.object(object))
        }
        if let generated {
            context.output.line("Password: \(context.output.styled(generated.text, .bold))")
            context.output.line()
        }
        if let enrolment { try output.write(enrolment, to: context.output) }
        try context.output.deliver()
    }

    func over(_ done: String) -> ExitStatus {
        if !context.json { context.output.line(done) }
        return .done
    }
}
