package import Audit
package import Cedar
package import Consent
package import Core
import Secrets
package import Storage
package import Vault

/// The policy set in force: the signed copy in the vault, never the folder.
package struct ActivePolicies: Sendable {
    /// 1 for the first set a vault had.
    package let version: UInt16
    package let hash: [UInt8]
    package let activated: Timestamp
    package let bundle: PolicyBundle
    package let schema: ProfileSchema
    package let purposes: Purposes
    package let cedar: PolicySet
}

/// Every policy set the vault ever had, signed: any past decision can be explained by the set it names.
package struct PolicyArchive: Sendable {
    package static let tables = [
        TableDeclaration(
            "policy_set", in: .data, .operational,
            purpose: "every activated policy set, signed; shows purposes, fields and rules, nobody's data",
            definition: [
                """
                CREATE TABLE policy_set (
                    version INTEGER PRIMARY KEY, hash BLOB NOT NULL, bundle BLOB NOT NULL, activated INTEGER NOT NULL,
                    principal TEXT NOT NULL, signature BLOB NOT NULL)
                """
            ])
    ]

    private let vault: VaultID
    private let key: SigningKey
    private let numbers: FieldNumbers

    package init(tree: KeyTree) throws {
        vault = tree.vault
        key = tree.logSigningKey
        numbers = FieldNumbers(key: try tree.vaultRowKey())
    }

    /// Puts a set in force; it has been read and found sound.
    package func activate(_ bundle: PolicyBundle, _ rules: PolicyRules, in mutation: Mutation) throws -> ActivePolicies
    {
        let newest = try mutation.connection.first("SELECT max(version) FROM policy_set") {
            try $0.optionalInt64(at: 0)
        }
        guard let version = UInt16(exactly: ((newest ?? nil) ?? 0) + 1) else {
            throw GateError(
                GateError.policiesMalformed, "the vault has had 65535 policy sets, which is all it can have")
        }
        try numbers.assign(rules.fields.map(\.name), in: mutation)
        let time = mutation.authorization.time
        let principal = mutation.authorization.principal.description
        let hash = bundle.hash
        let signature = try key.sign(signed(version, hash, time, principal))
        try mutation.connection.run(
            """
            INSERT INTO policy_set (version, hash, bundle, activated, principal, signature)
            VALUES ($1, $2, $3, $4, $5, $6)
            """, .integer(Int64(version)), .blob(hash), .blob(bundle.encoded), .integer(time.milliseconds),
            .text(principal), .blob(signature))
        mutation.note("policy_set", JSON(hex(hash)))
        mutation.note("version", JSON(Int(version)))
        mutation.changed(Self.head(version, signature))
        return ActivePolicies(
            version: version, hash: hash, activated: time, bundle: bundle,
            schema: try numbers.schema(of: rules.fields, version: version, on: mutation.connection),
            purposes: rules.purposes, cedar: rules.cedar)
    }

    /// The newest set.
    ///
    /// - Throws: `policiesChanged` when it is not as it was signed, `policiesMissing` when there is none.
    package func newest(on connection: any Connection) throws -> ActivePolicies {
        let found = try connection.first(
            """
            SELECT version, hash, bundle, activated, principal, signature FROM policy_set ORDER BY version DESC LIMIT 1
            """
        ) { row -> (UInt16, [UInt8], PolicyBundle, Timestamp) in
            guard let version = UInt16(exactly: try row.int64(at: 0)),
                let bundle = PolicyBundle(decoding: try row.blob(at: 2))
            else { throw Self.changed }
            let hash = try row.blob(at: 1)
            let time = Timestamp(milliseconds: try row.int64(at: 3))
            let message = signed(version, hash, time, try row.text(at: 4))
            guard bundle.hash == hash, try key.verifyingKey.verifies(try row.blob(at: 5), of: message) else {
                throw Self.changed
            }
            return (version, hash, bundle, time)
        }
        guard let (version, hash, bundle, time) = found else {
            throw GateError(
                GateError.policiesMissing, "the vault has no active policy set",
                remedy: "activate one with `profilevault policy activate`")
        }
        let (rules, problems, _) = PolicyRules.read(bundle, checkingWords: false)
        guard let rules else {
            throw GateError(
                GateError.policiesMalformed,
                "the active policy set cannot be read by this program: \(problems.first?.description ?? "")",
                remedy: "use the release that activated it")
        }
        return ActivePolicies(
            version: version, hash: hash, activated: time, bundle: bundle,
            schema: try numbers.schema(of: rules.fields, version: version, on: connection),
            purposes: rules.purposes, cedar: rules.cedar)
    }

    /// - Throws: `vault.rows_rolled_back` when the log counts more policy sets or fields than are stored: then an older
    ///   set would be in force, or a number given again.
    package func requireNewest(_ counts: RowCounts, on connection: any Connection) throws {
        let sets = try connection.first("SELECT count(*) FROM policy_set") { UInt64(try $0.int(at: 0)) } ?? 0
        try Self.require(sets, of: counts[.policySet], "policy sets")
        try Self.require(try numbers.count(on: connection), of: counts[.field], "fields")
    }

    static func require(_ stored: UInt64, of logged: UInt64, _ what: String) throws(VaultError) {
        guard stored != logged else { return }
        throw VaultError(
            VaultError.rowsRolledBack, "the database has \(stored) \(what), the log knows \(logged)",
            remedy:
                "somebody changed the database: `profilevault audit verify` names what is missing; \(GateError.putBack)"
        )
    }

    /// Holds every policy set, and every field's number, against what the log knows of it.
    package func verify(on connection: any Connection, against heads: inout HeadMap) throws -> [AuditError] {
        var rows: [StoredRow] = []
        try connection.query(
            "SELECT version, hash, bundle, activated, principal, signature FROM policy_set ORDER BY version"
        ) { row in
            let version = UInt16(clamping: try row.int64(at: 0))
            let hash = try row.blob(at: 1)
            let signature = try row.blob(at: 5)
            let message = signed(
                version, hash, Timestamp(milliseconds: try row.int64(at: 3)), try row.text(at: 4))
            let isOurs =
                try BLAKE2b.digest(row.blob(at: 2)) == hash && key.verifyingKey.verifies(signature, of: message)
            rows.append(
                StoredRow(
                    id: UniqueID(high: 0, low: UInt64(version)), name: "policy set \(version)",
                    head: isOurs ? Self.head(version, signature) : nil))
        }
        return heads.compare(.policySet, rows) { id in "policy set \(id.low)" }
            + (try numbers.verify(on: connection, against: &heads))
    }

    private static func head(_ version: UInt16, _ signature: [UInt8]) -> HeadChange {
        .row(.policySet, UInt64(version), digest: BLAKE2b.digest(signature, length: HeadChange.digestLength))
    }

    private func signed(_ version: UInt16, _ hash: [UInt8], _ time: Timestamp, _ principal: String) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeCounted("profilevault policy set v1")
        writer.write(vault.bytes)
        writer.write(version)
        writer.write(hash)
        writer.write(time.milliseconds)
        writer.writeCounted(principal)
        return writer.bytes
    }

    private static let changed = GateError(
        GateError.policiesChanged, "the active policy set is not the one that was signed",
        remedy: "run `profilevault doctor`; \(GateError.putBack)")
}
