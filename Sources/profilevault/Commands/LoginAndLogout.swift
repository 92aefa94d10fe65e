import Accounts
import Core
import Gate
import Secrets
import Vault

extension OptionSpec {
    static let otp = OptionSpec("otp", value: "CODE", "the one-time code that the authenticator app shows now")
    static let recoveryFile = OptionSpec(
        "recovery-file", value: "FILE",
        "a file (mode 0600) whose first line is a recovery code, in the place of a one-time code")
    fileprivate static let whose = OptionSpec(
        "operator", value: "NAME", "end every session of somebody else, wherever it is")
    fileprivate static let everywhere = OptionSpec("everywhere", "end every session of yours, wherever it is")

    static let proving: [OptionSpec] = [.operatorName, .passwordFile, .passwordDescriptor, .otp, .recoveryFile]
}

extension CommandSpec {
    static let login = CommandSpec(
        "login", summary: "open a session with a password, and with a one-time code for what weighs more",
        notes: [
            "What changes who may do what, ends data or lets much out takes a code that was shown less than five minutes ago: log in "
                + "again for it. A code opens one session. On a terminal the code is asked for; return leaves it out.",
            "The session ends after twelve hours, or after two without use, and works for this user on this machine alone. Its "
                + "file is under $XDG_STATE_HOME/profilevault/sessions unless $PROFILEVAULT_SESSION names another.",
        ],
        options: OptionSpec.proving
    ) { context in
        let file = try SessionFile(of: context.header().vault, environment: context.environment)
        try file.requireSessionOrNothing()
        // Nobody else can use the vault while it is open, and whoever is asked may take their time.
        let name = try context.arguments[.operatorName] ?? context.withVault { try Proving.onlyOperator($0.accounts) }
        let password = try SecretLine.password(context.arguments, askingFor: "password of \(name)")
        let factor = try Proving.factor(context)
        return try context.withVault { vault in
            let gate = try vault.gate(to: vault.tenants.named(context.tenantName))
            let (token, session) = try gate.logIn(
                name, password: password, factor: factor, from: context.client, through: vault.accounts)
            // The session from before ends last: ended earlier, a crash in between would leave none.
            let earlier = try? file.readToEnd()
            try file.write(token)
            if let earlier { try gate.logOut(earlier, from: context.client, through: vault.accounts) }
            let told = try gate.emergencies(tell: Caller(session))
            if context.json {
                context.output.json([
                    "operator": JSON(name), "roles": JSON(session.roles.map { JSON($0) }),
                    "factor": session.proof.map { JSON($0.method.name) } ?? .null,
                    "expires": JSON(session.expires.description), "session": JSON(file.path),
                    "broken_glass": JSON(told.brokenGlass), "recovered_operators": JSON(told.recoveries),
                    "strayed_sessions": JSON(told.strayedSessions),
                ])
            } else {
                let factor = session.proof == nil ? ", by the password alone" : ""
                context.output.line("Logged in as \(name) until \(session.expires)\(factor)")
                let since = told.since == nil ? "so far" : "since you logged in last"
                for (count, what, action) in [
                    (told.brokenGlass, "the glass was broken", Action.breakGlass),
                    (told.recoveries, "an operator was recovered by shares of the root key", .recoverOperator),
                    (
                        told.strayedSessions,
                        "a session came to another user or machine than it was opened by, and was ended,", .login
                    ),
                ] where count > 0 {
                    context.output.warn(
                        "\(what) \(count) \(count == 1 ? "time" : "times") \(since): "
                            + "`profilevault audit show --action \(action.rawValue)`")
                }
            }
            return .done
        }
    }

    static let logout = CommandSpec(
        "logout", summary: "end the session, or every session of yours or somebody else's",
        options: [.everywhere, .whose]
    ) { context in
        try context.arguments.exclude(.everywhere, .whose)
        if let name = context.arguments[.whose] {
            return try context.withDoor { door in
                try door.gate.endSessions(of: name, by: door.caller, through: door.vault.accounts)
                if context.json {
                    context.output.json(["operator": JSON(name), "sessions": JSON("closed")])
                } else {
                    context.output.line("Every session of \(name) has ended")
                }
                return .done
            }
        }
        try context.arguments.refuse(.serviceKeyFile, because: "a program has no session")
        let file = try SessionFile(of: context.header().vault, environment: context.environment)
        let token = try file.readToEnd()
        // The file goes last: as long as the session lives, whoever has it needs the token to end it.
        try context.withVault { vault in
            let gate = try vault.gate(to: vault.tenants.named(context.tenantName))
            try gate.logOut(
                token, everywhere: context.arguments.has(.everywhere), from: context.client, through: vault.accounts)
        }
        try file.remove()
        if context.json {
            context.output.json(["session": JSON("closed")])
        } else {
            context.output.line("Logged out")
        }
        return .done
    }
}

/// How an operator says who they are.
enum Proving {
    /// Who is meant where nobody is named.
    static func onlyOperator(_ accounts: AccountRegister) throws -> String {
        let operators = try accounts.list()
        guard let only = operators.first, operators.count == 1 else {
            throw CommandError(
                CommandError.argumentMissing, "the option `--operator` is needed",
                remedy: "say who you are with --operator")
        }
        return only.name
    }

    /// The second factor: from the options; else from the terminal, where somebody typed the password there.
    static func factor(_ context: Context) throws -> Factor? {
        let arguments = context.arguments
        try arguments.exclude(.otp, .recoveryFile)
        if let code = arguments[.otp] { return .oneTimeCode(code) }
        if let path = arguments[.recoveryFile].map(absolutePath) {
            let line = try SecretLine.read(path: path)
            return .recoveryCode(line.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
        }
        guard !SecretLine.isPasswordGiven(arguments) else { return nil }
        guard let code = Prompt.line("one-time code (return for none)"), !code.isEmpty else { return nil }
        return .oneTimeCode(code)
    }
}
