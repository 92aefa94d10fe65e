import Accounts
import Core
import Foundation
import Gate
import Secrets
import Storage
import Vault

/// What a command works with: what it was given, where it speaks, and the way to the vault.
struct Context: Sendable {
    let arguments: Arguments
    let environment: [String: String]
    let output: Output

    var json: Bool { arguments.has(.json) }

    var folder: HomeFolder {
        let named = environment["PROFILEVAULT_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return HomeFolder(path: absolutePath(arguments[.home] ?? named ?? "vault"))
    }

    var tenantName: String { arguments[.tenant] ?? "default" }

    /// Who runs the command, on which machine: a session opened by one is no other's, and guesses are counted by user.
    var client: Client {
        let user = String(getuid())
        // A machine without the file has sessions that only the user binds.
        let machine = (try? FileSystem.local.readFile("/etc/machine-id", checkingOwnerOnly: false, limit: 256)).map {
            String(decoding: $0, as: UTF8.self)
        }
        return Client(address: "user \(user)", properties: ["cli", user, machine ?? ""])
    }

    /// What the options bring to open the root key.
    var unlock: RootUnlock {
        let file = arguments[.passphraseFile]
        return RootUnlock(keyFile: arguments[.keyFile].map(absolutePath)) {
            if let file { return try Passphrase(SecretLine.read(path: file)) }
            return try Passphrase(
                Prompt.secret(
                    "passphrase of the root key", otherwise: "name a file with the passphrase: --passphrase-file"))
        }
    }

    /// The vault's header, which needs no key.
    func header() throws -> Header {
        try folder.requireVault()
        return try Header(decoding: FileSystem.local.readFile(folder.header))
    }

    /// Opens the vault for `body`, with nobody's session; by what the options bring unless `unlock` is given.
    func withVault<R>(unlock: RootUnlock? = nil, _ body: (OpenVault) throws -> R) throws -> R {
        defer { output.progress(nil) }
        let vault = try OpenVault(folder, unlock: unlock ?? self.unlock) { holder in
            output.progress("waiting for \(holder.map { "process \($0)" } ?? "another process"), which uses this vault")
        }
        output.progress(nil)
        let result: R
        do {
            result = try body(vault)
        } catch {
            // What `body` met is what matters; what is still in the spool is folded at the next opening.
            try? vault.close()
            throw error
        }
        try vault.close()
        return result
    }

    /// Opens the vault for `body` as the operator who is logged in, or as the service whose key is given.
    ///
    /// - Throws: `no_session` before any key is asked for.
    func withDoor<R>(mendingIndex: Bool = true, _ body: (Door) throws -> R) throws -> R {
        if let path = arguments[.serviceKeyFile] {
            guard let key = ServiceKey(try text(ofSecret: absolutePath(path))) else {
                throw CommandError(CommandError.valueInvalid, "the first line of the file is no key of a service")
            }
            return try withVault { vault in
                let gate = try vault.gate(to: vault.tenants.named(tenantName))
                let caller = try gate.caller(with: key, through: vault.accounts)
                if mendingIndex { try mendIndex(of: vault) }
                return try body(Door(vault: vault, gate: gate, caller: caller))
            }
        }
        let token = try SessionFile(of: header().vault, environment: environment).read()
        return try withVault { vault in
            let gate = try vault.gate(to: vault.tenants.named(tenantName))
            let caller = try gate.caller(with: token, from: client, through: vault.accounts).caller
            if mendingIndex { try mendIndex(of: vault) }
            return try body(Door(vault: vault, gate: gate, caller: caller))
        }
    }

    private func text(ofSecret path: String) throws -> String {
        try SecretLine.read(path: path).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The subject of a command; `-` is the first line of standard input.
    func subject(_ operand: String) throws -> SubjectReference {
        guard operand == "-" else { return try SubjectReference(operand) }
        guard let line = try InputLine.read(), !line.isEmpty else {
            throw CommandError(
                CommandError.argumentMissing, "there is no subject on standard input",
                remedy: "write one there, as in `echo email:… | profilevault get - …`")
        }
        return try SubjectReference(line)
    }

    /// The index is made anew where a crash, a restore, an upgrade or a policy set left it behind the data.
    func mendIndex(of vault: OpenVault) throws {
        let rebuild = IndexRebuild(vault)
        guard try rebuild.isNeeded() else { return }
        let progress = ProgressLine(output, "making the look-up index again", unit: "people")
        try rebuild.run { progress.show($0, of: nil) }
        progress.finish()
    }
}

/// The vault as one caller meets it.
struct Door {
    let vault: OpenVault
    let gate: Gate
    let caller: Caller
}
