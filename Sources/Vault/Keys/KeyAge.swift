package import Core
import Storage

/// A key of the vault's tree: which it is, and since when.
package struct KeyAge: Sendable, Equatable {
    /// As `vault_key` names it: `log-signing`, `snapshot-signing`, `derivation`, `wrap`.
    package let name: String
    /// 0 for the vault's own.
    package let tenant: TenantID
    /// For a tenant's wrap key the epoch.
    package let version: UInt32
    package let created: Timestamp
}

extension KeyTree {
    /// Every key that is in use, by name, tenant and version.
    package func ages() throws -> [KeyAge] {
        var ages: [KeyAge] = []
        try database.read { connection in
            try connection.query(
                "SELECT name, tenant, version, created FROM vault_key ORDER BY name, tenant, version"
            ) { row in
                ages.append(
                    KeyAge(
                        name: try row.text(at: 0), tenant: TenantID(UInt32(clamping: try row.int64(at: 1))),
                        version: UInt32(clamping: try row.int64(at: 2)),
                        created: Timestamp(milliseconds: try row.int64(at: 3))))
            }
        }
        return ages
    }
}
