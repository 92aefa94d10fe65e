package import Audit
package import Core
import Storage

extension AccountRegister {
    /// Holds every operator and service against what the log knows of them.
    ///
    /// `name` says what an account that is gone was called.
    package func verify(
        against heads: inout HeadMap, name: (HeadChange.Kind, UniqueID) throws -> String
    ) throws -> [AuditError] {
        let (operators, services) = try database.read { connection in
            (
                try claims("operator", on: connection) { name in
                    try OperatorRow.find(name, on: connection, key: key)?.head(key: key)
                },
                try claims("service", on: connection) { name in
                    try ServiceRow.find(name, on: connection, key: key)?.head(key: key)
                }
            )
        }
        return try heads.compare(.account, operators) { try name(.account, $0) }
            + heads.compare(.service, services) { try name(.service, $0) }
    }

    /// The rows of one table as they say who they are; without a head where a row does not carry its code.
    private func claims(
        _ kind: String, on connection: any Connection, head: (String) throws -> HeadChange?
    ) throws -> [StoredRow] {
        let sql: StaticString =
            kind == "service"
            ? "SELECT id, name FROM service ORDER BY name" : "SELECT id, name FROM operator ORDER BY name"
        var claims: [(id: UniqueID, name: String)] = []
        try connection.query(sql) { row in
            claims.append((UniqueID(bytes: try row.blob(at: 0)) ?? UniqueID(high: 0, low: 0), try row.text(at: 1)))
        }
        return try claims.map { claim in
            var found: HeadChange?
            do { found = try head(claim.name) } catch is AccountsError {}
            return StoredRow(id: claim.id, name: "\(kind) `\(claim.name)`", head: found)
        }
    }
}
