package import Audit
package import Core
package import Secrets
package import Storage

/// One tenant: a company, brand or country whose people are sealed under keys of their own.
package struct Tenant: Sendable, Equatable {
    package let id: TenantID
    package let name: String
    /// Where numbers without a country are dialled: ISO 3166-1 alpha-2, `ZZ` when there is no such country.
    package let region: String
}

/// The tenants of a vault.
package final class Tenants: Sendable {
    package static let tables = [
        TableDeclaration(
            "tenant", in: .data, .operational, purpose: "the tenants' names and regions; shows them",
            definition: [
                """
                CREATE TABLE tenant (
                    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, region TEXT NOT NULL,
                    created INTEGER NOT NULL, mac BLOB NOT NULL)
                """
            ])
    ]

    private let database: any Database
    private let tree: KeyTree
    private let key: AuthenticationKey

    package init(tree: KeyTree, database: any Database) throws(SecretsError) {
        self.tree = tree
        self.database = database
        key = try tree.vaultRowKey()
    }

    /// Makes a tenant and its keys.
    package func add(_ name: String, region: String, in mutation: Mutation) throws -> Tenant {
        let number = try mutation.connection.first("SELECT max(number) FROM tenant") { try $0.optionalInt64(at: 0) }
        let tenant = Tenant(id: TenantID(UInt32((number ?? nil) ?? 0) + 1), name: name, region: region)
        let time = mutation.authorization.time
        try tree.plant(tenant.id, at: time)
        try mutation.connection.run(
            "INSERT INTO tenant (number, name, region, created, mac) VALUES ($1, $2, $3, $4, $5)",
            .integer(tenant.id.number), .text(name), .text(region), .integer(time.milliseconds),
            .blob(mac(tenant)))
        mutation.changed(Self.head(of: tenant, mac: mac(tenant)))
        return tenant
    }

    /// How many tenants are stored.
    package func count(on connection: any Connection) throws -> UInt64 {
        try connection.first("SELECT count(*) FROM tenant") { UInt64(try $0.int(at: 0)) } ?? 0
    }

    /// Holds every tenant's row against what the log knows of it.
    package func verify(against heads: inout HeadMap) throws -> [AuditError] {
        let rows = try database.read { connection in
            var rows: [StoredRow] = []
            try connection.query("SELECT number, name, region, mac FROM tenant ORDER BY number") { row in
                let tenant = try Self.tenant(row)
                let stored = try row.blob(at: 3)
                let isOurs = equalInConstantTime(stored, mac(tenant))
                rows.append(
                    StoredRow(
                        id: UniqueID(high: 0, low: UInt64(tenant.id.number)), name: "tenant `\(tenant.name)`",
                        head: isOurs ? Self.head(of: tenant, mac: stored) : nil))
            }
            return rows
        }
        return heads.compare(.tenant, rows) { id in "tenant number \(id.low)" }
    }

    private static func head(of tenant: Tenant, mac: [UInt8]) -> HeadChange {
        .row(.tenant, UInt64(tenant.id.number), digest: mac)
    }

    private static func tenant(_ row: borrowing Row) throws -> Tenant {
        Tenant(
            id: TenantID(UInt32(clamping: try row.int64(at: 0))), name: try row.text(at: 1), region: try row.text(at: 2)
        )
    }

    /// - Throws: `unknownTenant`.
    package func named(_ name: String) throws -> Tenant {
        guard let tenant = try all().first(where: { $0.name == name }) else {
            throw VaultError(
                VaultError.unknownTenant, "there is no tenant `\(name)`", remedy: "name one with --tenant")
        }
        return tenant
    }

    package func all() throws -> [Tenant] {
        try database.read { connection in
            var tenants: [Tenant] = []
            try connection.query("SELECT number, name, region, mac FROM tenant ORDER BY number") { row in
                let tenant = try Self.tenant(row)
                guard equalInConstantTime(try row.blob(at: 3), mac(tenant)) else {
                    throw VaultError(
                        VaultError.headerMalformed, "the row of tenant \(tenant.id) is not as the vault wrote it",
                        remedy: VaultError.doctor)
                }
                tenants.append(tenant)
            }
            return tenants
        }
    }

    private func mac(_ tenant: Tenant) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("tenant v1")
        hash.update(tenant.id.number)
        hash.update(UInt32(tenant.name.utf8.count))
        hash.update(Array(tenant.name.utf8))
        hash.update(Array(tenant.region.utf8))
        return hash.finish()
    }
}
