import Audit
import Core
import Foundation
import Gate
import Secrets
import Storage
import TestSupport
import Vault

/// A home and what lies outside of it, in one folder, as a process meets it: until it ends, whatever way.
// One thread works with it at a time; an import tells of its batches on a thread of its own, while the first one waits.
final class World: @unchecked Sendable {
    let root: String
    let isStrict: Bool
    let home: HomeFolder
    let clock = Clock { Timestamp(milliseconds: 1_795_491_900_000) }
    private(set) var open: OpenVault?
    /// How much of its step the vault has said to be done.
    private(set) var acknowledged = 0
    /// Told of each thing that is acknowledged.
    private let witness: ((World) throws -> Void)?
    private var failure: (any Error)?

    static let password = "correct horse battery"
    private static let policies = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "policies").path(percentEncoded: false)

    init(_ root: String, isStrict: Bool, witness: ((World) throws -> Void)? = nil) {
        self.root = root
        self.isStrict = isStrict
        self.witness = witness
        home = HomeFolder(path: root + "/vault")
    }

    var vault: OpenVault {
        get throws {
            guard let open else { throw StepFailure("the vault is not open") }
            return open
        }
    }

    var gate: Gate { get throws { try vault.gate(to: vault.tenants.named("default")) } }

    static func proposal() throws -> PolicyBundle { try PolicyBundle(folder: policies) }

    static func rules(_ bundle: PolicyBundle) throws -> PolicyRules {
        let (rules, problems, _) = PolicyRules.read(bundle)
        guard let rules else { throw StepFailure("\(problems)") }
        return rules
    }

    func found() throws {
        let root = root
        let bundle = try Self.proposal()
        let founding = Founding(
            root: .keyFile { _ in root + "/state/keys/root.key" },
            epochReplica: { _ in root + "/state/epochs/replica.holder" }, policies: bundle,
            rules: try Self.rules(bundle), tenant: "default", region: "TW", operatorName: "owner", strict: isStrict)
        open = try OpenVault.create(
            home, from: founding, password: SecretBytes(copying: Array(Self.password.utf8)), clock: clock)
    }

    /// Opens the vault as a command with a session does: with an index that is up to date.
    func enter() throws {
        let vault = try OpenVault(home, unlock: RootUnlock(), clock: clock)
        open = vault
        let rebuild = IndexRebuild(vault)
        if try rebuild.isNeeded() { try rebuild.run() }
    }

    func close() throws {
        try vault.close()
        open = nil
    }

    /// Lets go of the vault, in whatever state it is.
    func leave() throws {
        weak let vault = open
        // What it meets does not matter any more: it is closed so that no thread of it works on.
        try? open?.close()
        open = nil
        guard vault == nil else { throw StepFailure("a vault that was closed is still held") }
    }

    /// Says that the vault has said: this part of the step is done.
    func acknowledge() {
        acknowledged += 1
        do { try witness?(self) } catch { failure = failure ?? error }
    }

    /// What the witness met, if it did.
    func testimony() throws { if let failure { throw failure } }
}

struct StepFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
