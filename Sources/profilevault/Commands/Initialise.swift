import Accounts
import Core
import Foundation
import Gate
import Secrets
import Vault

extension OptionSpec {
    fileprivate static let epochReplica = OptionSpec(
        "epoch-replica", value: "PATH", "where the second copy of the epoch key lies, outside the home")
    fileprivate static let policies = OptionSpec(
        "policies", value: "DIR", "the policy set to begin with (default: $PROFILEVAULT_POLICIES, else ./policies …)")
    fileprivate static let region = OptionSpec(
        "region", value: "CC", "where telephone numbers without a country are dialled: two letters, such as TW")
    fileprivate static let strict = OptionSpec(
        "strict", "acknowledge nothing before it is on the disk, reads included")
}

extension CommandSpec {
    static let initialise = CommandSpec(
        "init", summary: "make a vault: keys, stores, policies in force, the first operator",
        notes: [
            "Without options it makes an operator `owner` with a generated password, shows once what proves them (password, "
                + "secret of one-time codes, recovery codes), and leaves a session open, with a second factor for five minutes. "
                + "With --key-file or --passphrase-file the root key is kept there; else a key file is made "
                + "under $XDG_STATE_HOME/profilevault/keys.",
            "Keep the key file apart from backups of the home: whoever has both can read everything.",
        ],
        options: [.operatorName, .passwordFile, .passwordDescriptor] + OptionSpec.enrolment + OptionSpec.splitting
            + [.epochReplica, .policies, .region, .strict]
    ) { try Initialisation($0).run() }
}

/// The making of one vault.
private struct Initialisation {
    let context: Context
    let state: StateFolder
    let operatorName: String
    let enrolment: EnrolmentOutput
    let sharing: ShareOutput

    init(_ context: Context) throws {
        self.context = context
        state = try StateFolder(context.environment)
        operatorName = context.arguments[.operatorName] ?? "owner"
        enrolment = try EnrolmentOutput(context)
        sharing = try ShareOutput(context)
        try context.arguments.exclude(.keyFile, .passphraseFile)
    }

    func run() throws -> ExitStatus {
        let (policies, bundle, rules) = try proposal()
        let founding = try founding(bundle, rules)
        let generated = SecretLine.isPasswordGiven(context.arguments) ? nil : GeneratedPassword()
        let made = try make(founding, policies: policies, password: Self.password(context.arguments, generated))
        try report(made, generated)
        return .done
    }

    private func founding(_ bundle: PolicyBundle, _ rules: PolicyRules) throws -> Founding {
        let replica = context.arguments[.epochReplica].map(absolutePath)
        let state = state
        return Founding(
            root: try root(), epochReplica: { vault in replica ?? state.epochHolder(of: vault) }, policies: bundle,
            rules: rules, tenant: context.tenantName, region: try region(), operatorName: operatorName,
            strict: context.arguments.has(.strict), shares: sharing.group)
    }

    private func make(
        _ founding: Founding, policies: String, password: borrowing SecretBytes
    ) throws -> Made {
        var given: (enrolment: Enrolment, shares: [Share])?
        var isHanding = false
        let vault: OpenVault
        do {
            // What belongs into files is there before there is a vault that needs it.
            vault = try OpenVault.create(context.folder, from: founding, password: password) { made, shares in
                isHanding = true
                try enrolment.store(made)
                try sharing.store(shares)
                given = (made, shares)
            }
        } catch {
            // They are for a vault that there is not.
            if isHanding, !FileManager.default.fileExists(atPath: context.folder.header) {
                for path in enrolment.files + sharing.files { try? FileManager.default.removeItem(atPath: path) }
            }
            throw error
        }
        let gate = try vault.gate(to: vault.tenants.named(context.tenantName))
        // The vault is whole, and what proves its operator is shown this once: a session that fails is no failure of it.
        let session = Result { () throws -> String in
            let file = try SessionFile(of: vault.header.vault, environment: context.environment)
            try file.write(
                gate.logIn(enrolled: operatorName, from: context.client, through: vault.accounts).token)
            return file.path
        }
        try vault.close()
        return Made(
            header: vault.header, policies: policies, version: Int(gate.policies.version), session: session,
            given: given)
    }

    private static func password(
        _ arguments: Arguments, _ generated: GeneratedPassword?
    ) throws -> SecretBytes {
        guard let generated else { return try SecretLine.password(arguments, askingFor: "password") }
        return try SecretBytes(copying: Array(generated.text.utf8))
    }

    private func proposal() throws -> (folder: String, PolicyBundle, PolicyRules) {
        let proposal = try Proposal(context, folder: context.arguments[.policies])
        return (proposal.folder, proposal.bundle, try proposal.sound(on: context))
    }

    private func region() throws -> String {
        guard let region = context.arguments[OptionSpec.region] else { return "ZZ" }
        let upper = region.uppercased()
        guard CountryForm.isCode(upper) else {
            throw CommandError(
                CommandError.valueInvalid, "`--region` takes the two letters of a country that there is",
                remedy: "such as TW, DE or US (ISO 3166-1)")
        }
        return upper
    }

    private func root() throws -> Founding.Root {
        if let path = context.arguments[.passphraseFile] {
            return .passphrase(try Passphrase(SecretLine.read(path: path)))
        }
        guard let path = context.arguments[.keyFile].map(absolutePath) else {
            let state = state
            return .keyFile { vault in state.key(of: vault) }
        }
        if FileManager.default.fileExists(atPath: path) { throw refusal(of: path) }
        return .keyFile { _ in path }
    }

    /// Why a file that is there already is not taken: each vault makes a key of its own.
    private func refusal(of path: String) -> any Error {
        do throws(SecretsError) {
            // A vault of this id does not exist, so nothing can come of it but the reason.
            let root = try RootKey.random()
            _ = try KeyFile(path: path).wrap(root, of: VaultID(high: 0, low: 0))
        } catch {
            if error.code != SecretsError.keyOfAnotherVault { return error }
        }
        return CommandError(
            CommandError.keyFileExists, "there is a key file at `\(path)` already, and it belongs to another vault",
            remedy: "name a path where there is no file: a new vault makes a key of its own")
    }

    /// What was made.
    private struct Made {
        let header: Header
        let policies: String
        let version: Int
        let session: Result<String, any Error>
        let given: (enrolment: Enrolment, shares: [Share])?

        var keyFile: String? { header.envelopes.first { $0.provider == KeyFile.kind }?.parameters["path"] }
        var replica: String? { header.epochHolders.last }
    }

    private func report(_ made: Made, _ generated: GeneratedPassword?) throws {
        let warnings = warnings(made)
        for warning in warnings { context.output.warn(warning) }
        guard !context.json else { return context.output.json(try json(made, generated, warnings)) }
        let output = context.output
        output.line("Made a vault in \(output.styled(context.folder.path, .bold))")
        output.line()
        var table = Table()
        table.add("vault", Table.Cell(made.header.vault.description))
        table.add("tenant", Table.Cell(context.tenantName))
        table.add("policies", Table.Cell("version \(made.version), from \(made.policies)"))
        table.add("root key", Table.Cell(made.keyFile ?? "opens with the passphrase"))
        table.add("epoch key", Table.Cell("\(context.folder.epochHolder) and \(made.replica ?? "nowhere else")"))
        table.add("operator", Table.Cell(operatorName))
        if let generated { table.add("password", Table.Cell(generated.text, .bold)) }
        if let session = try? made.session.get() { table.add("session", Table.Cell(session)) }
        output.table(table)
        output.line()
        if let given = made.given {
            try enrolment.write(given.enrolment, to: output)
            try sharing.write(given.shares, to: output)
        }
        if generated != nil { output.line("The password is not shown again: write it down now.") }
        if made.keyFile != nil {
            output.line("Without the root key nothing can be read. Keep it apart from backups of the home.")
        } else {
            output.line("Without the passphrase nothing can be read.")
        }
        output.line("Next: `profilevault import FILE`")
    }

    private func warnings(_ made: Made) -> [String] {
        let inside = [made.keyFile.map { ("the key file", $0) }, made.replica.map { ("the epoch replica", $0) }]
        return inside.compactMap { $0 }.filter { $0.1.hasPrefix(context.folder.path + "/") }.map { what, path in
            "\(what) `\(path)` lies in the home: a copy of the home is a copy of it"
        } + noSession(made)
    }

    private func noSession(_ made: Made) -> [String] {
        guard case .failure(let error) = made.session else { return [] }
        let why = (error as? any ReportableError)?.message ?? "its file could not be written"
        return ["there is no session: \(why); run `profilevault login`"]
    }

    private func json(_ made: Made, _ generated: GeneratedPassword?, _ warnings: [String]) throws -> JSON {
        var object = JSONObject()
        object["vault"] = JSON(made.header.vault.description)
        object["home"] = JSON(context.folder.path)
        object["tenant"] = JSON(context.tenantName)
        object["operator"] = JSON(operatorName)
        if let generated { object["password"] = JSON(generated.text) }
        if let given = made.given {
            enrolment.addJSON(given.enrolment, to: &object)
            try sharing.addJSON(given.shares, to: &object)
        }
        object["root_key"] = JSON(made.keyFile == nil ? Passphrase.kind : KeyFile.kind)
        if let keyFile = made.keyFile { object["key_file"] = JSON(keyFile) }
        object["epoch_holders"] = .array(
            made.header.epochHolders.map { JSON($0.hasPrefix("/") ? $0 : context.folder.path + "/" + $0) })
        object["policies"] = ["version": JSON(made.version), "folder": JSON(made.policies)]
        object["session"] = (try? made.session.get()).map { JSON($0) } ?? .null
        object["warnings"] = .array(warnings.map { JSON($0) })
        return .object(object)
    }
}
