package import Core
package import Secrets
package import Storage
import Synchronization

/// The keys of one vault from the root down to the tenants; profile keys are in `ProfileKeyring`.
///
/// ```
/// root ─┬ log signing key · snapshot signing key         random, wrapped under the root
///       ├ audit box key · audit spool key                derived
///       ├ tenant derivation key ─ index, MAC, box keys   random, wrapped under the root
///       └ epoch key E_n ─ tenant wrap key                random each epoch, wrapped under E_n
/// ```
package final class KeyTree: Sendable {
    package static let tables = [
        TableDeclaration(
            "vault_key", in: .keys, .keys,
            purpose: "the vault's and the tenants' keys, each wrapped; shows how many tenants and epochs there are",
            clustered: true,
            definition: [
                """
                CREATE TABLE vault_key (
                    name TEXT NOT NULL, tenant INTEGER NOT NULL, version INTEGER NOT NULL, wrapped BLOB NOT NULL,
                    commitment BLOB NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (name, tenant, version))
                """
            ])
    ]

    package let vault: VaultID
    package let logSigningKey: SigningKey
    package let snapshotSigningKey: SigningKey

    let rootWrapping: WrappingKey
    let database: any Database
    let epochs: Mutex<Epochs>
    /// What the vault's own keys are derived from: random; in vaults from before root keys turned, the root key.
    private let derivation: DerivationKey
    private let tenants = Mutex<[TenantID: TenantKeys]>([:])
    private let wrappings = Mutex<[TenantEpoch: WrappingKey]>([:])

    /// The epoch that holds, and the one that is taking its place.
    struct Epochs {
        var current: EpochKey
        var next: (key: EpochKey, counterpart: EpochCounterpart)?
    }

    private struct TenantEpoch: Hashable {
        let tenant: TenantID
        let epoch: UInt32
    }

    /// Opens the tree of a vault that has been made; a turn of the epoch that was cut short can go on.
    package init(vault: VaultID, root: RootKey, epoch: EpochKey, database: any Database) throws {
        self.vault = vault
        self.database = database
        let rootWrapping: WrappingKey = try root.derive("wrap")
        self.rootWrapping = rootWrapping
        func stored(_ name: String, _ version: UInt32 = 1) -> StoredKey {
            StoredKey(vault: vault, name: name, tenant: TenantID(0), version: version)
        }
        logSigningKey = try stored(StoredKey.logSigning).load(under: rootWrapping, from: database)
        snapshotSigningKey = try stored(StoredKey.snapshotSigning).load(under: rootWrapping, from: database)
        derivation = try stored(StoredKey.derivation).find(under: rootWrapping, from: database) ?? root
        var epochs = Epochs(current: epoch)
        let number = epoch.number + 1
        if let key: WrappingKey = try stored(StoredKey.epoch, number).find(under: epoch.key, from: database) {
            let counterpart: EpochCounterpart = try stored(StoredKey.counterpart, number)
                .load(under: epoch.key, from: database)
            epochs.next = (EpochKey(number: number, key: key), counterpart)
        }
        self.epochs = Mutex(epochs)
    }

    /// Makes and stores the keys that a new vault has before its first tenant.
    package static func plant(vault: VaultID, root: RootKey, at time: Timestamp, in database: any Database) throws {
        let wrapping: WrappingKey = try root.derive("wrap")
        func stored(_ name: String) -> StoredKey {
            StoredKey(vault: vault, name: name, tenant: TenantID(0), version: 1)
        }
        try database.write { connection in
            for name in [StoredKey.logSigning, StoredKey.snapshotSigning] {
                try stored(name).store(SigningKey.random(), under: wrapping, at: time, on: connection)
            }
            try stored(StoredKey.derivation).store(DerivationKey.random(), under: wrapping, at: time, on: connection)
        }
    }

    /// Makes and stores a new tenant's keys.
    package func plant(_ tenant: TenantID, at time: Timestamp) throws {
        try database.write { connection in
            try StoredKey(vault: vault, name: StoredKey.derivation, tenant: tenant, version: 1)
                .store(DerivationKey.random(), under: rootWrapping, at: time, on: connection)
            let newest = newest
            try StoredKey(vault: vault, name: StoredKey.wrap, tenant: tenant, version: newest.number)
                .store(WrappingKey.random(), under: newest.key, at: time, on: connection)
        }
    }

    /// The keys of one tenant, unwrapped once and kept in the arena.
    package func keys(of tenant: TenantID) throws -> TenantKeys {
        if let known = tenants.withLock({ $0[tenant] }) { return known }
        let derivation: DerivationKey = try StoredKey(
            vault: vault, name: StoredKey.derivation, tenant: tenant, version: 1
        ).load(under: rootWrapping, from: database)
        let keys = try TenantKeys(tenant: tenant, derivation: derivation)
        tenants.withLock { $0[tenant] = keys }
        return keys
    }

    /// The epoch whose keys wrap what is made from now on.
    package var epoch: UInt32 { newest.number }

    private var newest: EpochKey { epochs.withLock { $0.next?.key ?? $0.current } }

    /// What wraps a tenant's profile keys in an epoch, unwrapped once and kept in the arena.
    ///
    /// - Throws: `keyMissing` in an epoch that has ended.
    func wrapping(of tenant: TenantID, in epoch: UInt32) throws -> WrappingKey {
        let place = TenantEpoch(tenant: tenant, epoch: epoch)
        if let known = wrappings.withLock({ $0[place] }) { return known }
        let keys = epochs.withLock { [$0.current, $0.next?.key].compactMap(\.self) }
        guard let key = keys.first(where: { $0.number == epoch })?.key else {
            throw VaultError(
                VaultError.keyMissing, "there is no key of epoch \(epoch), which a wrapped key says it is of",
                remedy: VaultError.restoreKeys)
        }
        let wrapping: WrappingKey = try StoredKey(vault: vault, name: StoredKey.wrap, tenant: tenant, version: epoch)
            .load(under: key, from: database)
        wrappings.withLock { $0[place] = wrapping }
        return wrapping
    }

    /// Lets go of every key of epochs before this one.
    func forgetWrappings(before epoch: UInt32) {
        wrappings.withLock { $0 = $0.filter { $0.key.epoch >= epoch } }
    }

    /// Seals what the audit log keeps beside its leaves.
    package func auditBoxKey() throws(SecretsError) -> BoxKey { try derivation.derive("audit box") }

    /// Chains the entries of the audit spool.
    package func auditSpoolKey() throws(SecretsError) -> AuthenticationKey { try derivation.derive("audit spool") }

    /// Seals the secrets of accounts.
    package func accountBoxKey() throws(SecretsError) -> BoxKey { try derivation.derive("account box") }

    /// Authenticates the rows of accounts and sessions.
    package func accountRowKey() throws(SecretsError) -> AuthenticationKey { try derivation.derive("account row") }

    /// Chains the denial ledger.
    package func denialKey() throws(SecretsError) -> AuthenticationKey { try derivation.derive("denial ledger") }

    /// Authenticates rows that describe the whole vault: field numbers, tenants, the active policy set.
    package func vaultRowKey() throws(SecretsError) -> AuthenticationKey { try derivation.derive("vault row") }
}
