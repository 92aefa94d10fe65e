import Core
import Secrets
import Storage

/// One wrapped key in `vault_key`, bound to its vault, name, tenant and version.
struct StoredKey {
    static let logSigning = "log-signing"
    static let snapshotSigning = "snapshot-signing"
    static let derivation = "derivation"
    static let wrap = "wrap"
    /// The key of the epoch that is taking the place of the one before, under whose key it lies.
    static let epoch = "epoch"
    static let counterpart = "counterpart"

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

    /// - Throws: `keyMissing` when it is not there.
    func load<Role: KeyRole>(under wrapping: WrappingKey, from database: any Database) throws -> Key<Role> {
        guard let key: Key<Role> = try find(under: wrapping, from: database) else {
            throw VaultError(
                VaultError.keyMissing,
                "the key `\(name)` version \(version) of tenant \(tenant) is not in the key store",
                remedy: VaultError.restoreKeys)
        }
        return key
    }

    func find<Role: KeyRole>(under wrapping: WrappingKey, from database: any Database) throws -> Key<Role>? {
        let found = try database.read { connection in
            try connection.first(
                "SELECT wrapped, commitment FROM vault_key WHERE name = $1 AND tenant = $2 AND version = $3",
                .text(name), .integer(tenant.number), .integer(version)
            ) { row in try WrappedKey(bytes: row.blob(at: 0), commitment: row.blob(at: 1)) }
        }
        return try found.map { try KeyUnwrapper(wrapping).unwrap($0, binding: binding) }
    }
}
