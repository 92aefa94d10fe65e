import Accounts
import Core
import Gate
import Secrets
import Vault

extension CommandSpec {
    static let login = CommandSpec(
        "login", summary: "open a session with an operator's password",
        notes: [
            "The session ends after twelve hours, or after two without use. Its file is under "
                + "$XDG_STATE_HOME/profilevault/sessions unless $PROFILEVAULT_SESSION names another."
        ],
        options: [.operatorName, .passwordFile, .passwordDescriptor]
    ) { context in
        let file = try SessionFile(of: context.header().vault, environment: context.environment)
        return try context.withVault { vault in
            let gate = try vault.gate(to: vault.tenants.named(context.tenantName))
            let name = try Login.name(context.arguments, among: vault.accounts)
            let password = try SecretLine.password(context.arguments, askingFor: "password of \(name)")
            let session = try Login(vault: vault, gate: gate, client: context.client)
                .open(name, password: password, into: file)
            if context.json {
                context.output.json([
                    "operator": JSON(name), "roles": JSON(session.roles.map { JSON($0) }),
                    "expires": JSON(session.expires.description), "session": JSON(file.path),
                ])
            } else {
                context.output.line("Logged in as \(name) until \(session.expires)")
            }
            return .done
        }
    }

    static let logout = CommandSpec("logout", summary: "end the session") { context in
        let file = try SessionFile(of: context.header().vault, environment: context.environment)
        // The file goes whatever becomes of the rest: one that others may read must be got rid of.
        let token = Result { try file.read() }
        if case .failure(let error as AccountsError) = token, error.code == AccountsError.noSession { throw error }
        try file.remove()
        if case .success(let token) = token {
            try context.withVault { vault in
                let gate = try vault.gate(to: vault.tenants.named(context.tenantName))
                try gate.logOut(token, from: context.client, through: vault.accounts)
            }
        }
        if context.json {
            context.output.json(["session": JSON("closed")])
        } else {
            context.output.line("Logged out")
        }
        return .done
    }
}

/// The opening of a session whose token goes into a file.
struct Login {
    let vault: OpenVault
    let gate: Gate
    let client: Client

    /// The operator who logs in: the one that is named, or the only one there is.
    static func name(_ arguments: Arguments, among accounts: AccountRegister) throws -> String {
        if let name = arguments[.operatorName] { return name }
        let operators = try accounts.list()
        guard let only = operators.first, operators.count == 1 else {
            throw CommandError(
                CommandError.argumentMissing, "the option `--operator` is needed",
                remedy: "say who you are with --operator")
        }
        return only.name
    }

    @discardableResult
    func open(_ name: String, password: borrowing SecretBytes, into file: SessionFile) throws -> Session {
        let (token, session) = try gate.logIn(name, password: password, from: client, through: vault.accounts)
        try file.write(token)
        return session
    }
}
