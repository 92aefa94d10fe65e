package import Accounts
import Audit
package import Core
import Glibc
package import Secrets
import Storage
package import Vault

/// What a new vault is made from.
package struct Founding: Sendable {
    /// Where the root key's wrapping comes from.
    package enum Root: Sendable {
        /// A key file made at the path that the new vault's id leads to.
        case keyFile(@Sendable (VaultID) -> String)
        case passphrase(Passphrase)
    }

    package let root: Root
    /// A second place for the epoch key, outside the home.
    package let epochReplica: @Sendable (VaultID) -> String
    package let policies: PolicyBundle
    package let rules: PolicyRules
    package let tenant: String
    /// ISO 3166-1 alpha-2: where numbers without a country are dialled; `ZZ` for nowhere in particular.
    package let region: String
    package let operatorName: String
    package let strict: Bool
    /// Into how many shares the root key is split, and how many of them it takes; `nil` for none.
    package let shares: ShareGroup?

    package init(
        root: Root, epochReplica: @escaping @Sendable (VaultID) -> String, policies: PolicyBundle, rules: PolicyRules,
        tenant: String, region: String, operatorName: String, strict: Bool, shares: ShareGroup? = nil
    ) {
        self.root = root
        self.shares = shares
        self.epochReplica = epochReplica
        self.policies = policies
        self.rules = rules
        self.tenant = tenant
        self.region = region
        self.operatorName = operatorName
        self.strict = strict
    }

    /// The first operator does everything until there are others.
    package static let firstRoles = ["administrator", "agent", "analyst", "auditor", "dpo", "engineer", "marketer"]
}

extension OpenVault {
    /// Makes a vault: keys, stores, policies in force, the first tenant and the first operator.
    ///
    /// `vault.json` is written last, so a folder in which this was cut short holds no vault; the next call takes away what
    /// is left there. What was made before an error is removed.
    ///
    /// - Parameters:
    ///   - folder: where.
    ///   - founding: what it is made of.
    ///   - password: the first operator's.
    ///   - clock: the gate's.
    ///   - handingOver: takes what else proves the first operator, and the shares of the root key, while there is no vault yet.
    /// - Returns: the vault, open.
    /// - Throws: what kept it from being made; then nothing is left of it.
    package static func create(
        _ folder: HomeFolder, from founding: Founding, password: borrowing SecretBytes, clock: Clock = .system,
        handingOver: (Enrolment, [Share]) throws -> Void = { _, _ in }
    ) throws -> OpenVault {
        try folder.create()
        let lock = try HomeLock(path: folder.lock)
        // Asked again: whoever had the lock a moment ago may have finished.
        try folder.create()
        try UnfinishedFounding.clear(folder)
        do {
            return try found(folder, lock, founding, password, clock, handingOver)
        } catch {
            // Best effort: the error that is thrown says what went wrong, and the next call takes away what is left.
            try? UnfinishedFounding.clear(folder)
            for path in [folder.lock, folder.path] { _ = path.withCString { unsafe remove($0) } }
            throw error
        }
    }

    private static func found(
        _ folder: HomeFolder, _ lock: consuming HomeLock, _ founding: Founding, _ password: borrowing SecretBytes,
        _ clock: Clock, _ handingOver: (Enrolment, [Share]) throws -> Void
    ) throws -> OpenVault {
        let now = clock.now()
        let vault = VaultID(at: now, random: Random.words())
        let replica = founding.epochReplica(vault)
        var keyFile: String?
        if case .keyFile(let place) = founding.root { keyFile = place(vault) }
        try UnfinishedFounding(vault: vault, keyFile: keyFile, epochReplica: replica).write(to: folder)
        let root = try RootKey.random()
        let envelope: RootEnvelope
        switch founding.root {
        case .keyFile(let place):
            let path = place(vault)
            try OwnerOnlyFolder.make(for: path)
            let file = try KeyFile.create(at: path, for: vault)
            envelope = try file.wrap(root, of: vault)
        case .passphrase(let passphrase):
            envelope = try passphrase.wrap(root, of: vault)
        }
        let header = Header(
            vault: vault, created: now, envelopes: [envelope], epochHolders: ["epoch.holder", replica],
            strict: founding.strict)
        let epochs = RootUnlock.epochStore(of: header, folder: folder, root: root)
        let epoch = try epochs.found()
        let stores = try Stores(folder, strict: founding.strict, founding: true)
        try KeyTree.plant(vault: vault, root: root, at: now, in: stores.keys)
        let tree = try KeyTree(vault: vault, root: root, epoch: epoch, database: stores.keys)
        let open = try OpenVault(
            folder: folder, header: header, lock: lock, stores: stores, tree: tree, epochs: epochs, clock: clock)
        do {
            let shares = try founding.shares.map { try Shares.split(root, groups: [$0], groupThreshold: 1)[0] } ?? []
            try handingOver(open.furnish(founding, password, shares, at: now), shares)
            // A vault that is not strict forces nothing else to the disk; without its first entries it would be none.
            for store in Store.allCases { _ = try open.stores[store].checkpoint(.truncate) }
            try FileSystem.local.atomicWrite(header.encoded, to: folder.header)
            try FileSystem.local.remove(folder.unfinished)
        } catch {
            try? open.close()
            throw error
        }
        return open
    }

    /// The first tenant, policies and operator: allowed by nobody but the act of founding, which the log tells.
    private func furnish(
        _ founding: Founding, _ password: borrowing SecretBytes, _ shares: [Share], at now: Timestamp
    ) throws -> Enrolment {
        let founder = Principal(.operator, founding.operatorName)
        try founding.rules.requireWayBack(
            for: Caller(principal: founder, roles: Founding.firstRoles), tenant: founding.tenant)
        func authorization(_ action: Action) -> Authorization {
            Authorization(
                principal: founder, action: action, tenant: TenantID(1), purpose: nil,
                decision: UniqueID(at: now, random: Random.words()), time: now)
        }
        _ = try audit.mutate(authorization(.foundVault)) { mutation in
            if let share = shares.first {
                mutation.note("shares", JSON("\(share.memberThreshold) of \(shares.count)"))
                mutation.note("share_set", JSON(Int(share.parameters.identifier)))
            }
            return try tenants.add(founding.tenant, region: founding.region, in: mutation)
        }
        _ = try audit.mutate(authorization(.activatePolicy)) { mutation in
            try archive.activate(founding.policies, founding.rules, in: mutation)
        }
        return try audit.mutate(authorization(.addOperator)) { mutation in
            try accounts.createOperator(
                founding.operatorName, roles: Founding.firstRoles, password: password, in: mutation)
            return try accounts.enrol(founding.operatorName, in: mutation).enrolment
        }
    }
}
