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
    package let epoch: UInt32
    package let logSigningKey: SigningKey
    package let snapshotSigningKey: SigningKey

    private let root: RootKey
    private let rootWrapping: WrappingKey
    private let epochKey: WrappingKey
    private let database: any Database
    private let tenants = Mutex<[TenantID: TenantKeys]>([:])

    /// Opens the tree of a vault that has been made.
    package init(vault: VaultID, root: RootKey, epoch: UInt32, epochKey: WrappingKey, database: any Database) throws {
        self.vault = vault
        self.root = root
        self.epoch = epoch
        self.epochKey = epochKey
        self.database = database
        let rootWrapping: WrappingKey = try root.derive("wrap")
        self.rootWrapping = rootWrapping
        func load<Role: KeyRole>(_ name: String) throws -> Key<Role> {
            let stored = StoredKey(vault: vault, name: name, tenant: TenantID(0), version: 1)
            return try stored.load(under: rootWrapping, from: database)
        }
        logSigningKey = try load("log-signing")
        snapshotSigningKey = try load("snapshot-signing")
    }

    /// Makes and stores the keys that a new vault has before its first tenant.
    package static func plant(vault: VaultID, root: RootKey, at time: Timestamp, in database: any Database) throws {
        let wrapping: WrappingKey = try root.derive("wrap")
        try database.write { connection in
            for name in ["log-signing", "snapshot-signing"] {
                let stored = StoredKey(vault: vault, name: name, tenant: TenantID(0), version: 1)
                try stored.store(SigningKey.random(), under: wrapping, at: time, on: connection)
            }
        }
    }

    /// Makes and stores a new tenant's keys.
    package func plant(_ tenant: TenantID, at time: Timestamp) throws {
        try database.write { connection in
            try StoredKey(vault: vault, name: "derivation", tenant: tenant, version: 1)
                .store(DerivationKey.random(), under: rootWrapping, at: time, on: connection)
            try StoredKey(vault: vault, name: "wrap", tenant: tenant, version: epoch)
                .store(WrappingKey.random(), under: epochKey, at: time, on: connection)
        }
    }

    /// The keys of one tenant, unwrapped once and kept in the arena.
    package func keys(of tenant: TenantID) throws -> TenantKeys {
        if let known = tenants.withLock({ $0[tenant] }) { return known }
        let derivation: DerivationKey = try StoredKey(vault: vault, name: "derivation", tenant: tenant, version: 1)
            .load(under: rootWrapping, from: database)
        let wrapping: WrappingKey = try StoredKey(vault: vault, name: "wrap", tenant: tenant, version: epoch)
            .load(under: epochKey, from: database)
        let keys = try TenantKeys(tenant: tenant, derivation: derivation, wrapping: wrapping, epoch: epoch)
        tenants.withLock { $0[tenant] = keys }
        return keys
    }

    /// Seals what the audit log keeps beside its leaves.
    package func auditBoxKey() throws(SecretsError) -> BoxKey { try root.derive("audit box") }

    /// Chains the entries of the audit spool.
    package func auditSpoolKey() throws(SecretsError) -> AuthenticationKey { try root.derive("audit spool") }

    /// Seals the secrets of accounts.
    package func accountBoxKey() throws(SecretsError) -> BoxKey { try root.derive("account box") }

    /// Authenticates the rows of accounts and sessions.
    package func accountRowKey() throws(SecretsError) -> AuthenticationKey { try root.derive("account row") }

    /// Chains the denial ledger.
    package func denialKey() throws(SecretsError) -> AuthenticationKey { try root.derive("denial ledger") }

    /// Authenticates rows that describe the whole vault: field numbers, tenants, the active policy set.
    package func vaultRowKey() throws(SecretsError) -> AuthenticationKey { try root.derive("vault row") }
}

/// One wrapped key in `vault_key`, bound to its vault, name, tenant and version.
struct StoredKey {
    let vault: VaultID
    let name: String
    let tenant: TenantID
    let version: UInt32

    private var binding: [UInt8] {
        var writer = ByteWriter()
        writer.writeCounted("profilevault key v1")
        writer.writeCounted(name)
        writer.write(vault.bytes)
        writer.write(tenant.number)
        writer.write(version)
        return writer.bytes
    }

    func store<Role>(
        _ key: Key<Role>, under wrapping: WrappingKey, at time: Timestamp, on connection: any Connection
    ) throws {
        let wrapped = KeyWrapper(wrapping).wrap(key, binding: binding)
        try connection.run(
            "INSERT INTO vault_key (name, tenant, version, wrapped, commitment, created) VALUES ($1,$2,$3,$4,$5,$6)",
            .text(name), .integer(tenant.number), .integer(version), .blob(wrapped.bytes),
            .blob(wrapped.commitment), .integer(time.milliseconds))
    }

    func load<Role: KeyRole>(under wrapping: WrappingKey, from database: any Database) throws -> Key<Role> {
        let found = try database.read { connection in
            try connection.first(
                "SELECT wrapped, commitment FROM vault_key WHERE name = $1 AND tenant = $2 AND version = $3",
                .text(name), .integer(tenant.number), .integer(version)
            ) { row in try WrappedKey(bytes: row.blob(at: 0), commitment: row.blob(at: 1)) }
        }
        guard let found else {
            throw VaultError(
                VaultError.keyMissing,
                "the key `\(name)` version \(version) of tenant \(tenant) is not in the key store",
                remedy: VaultError.restoreKeys)
        }
        return try KeyUnwrapper(wrapping).unwrap(found, binding: binding)
    }
}
