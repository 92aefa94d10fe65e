import Audit
import Core
import Secrets
import Storage

/// The row of an operator: the account in the open, and what proves them in a sealed box.
struct OperatorRow {
    var account: OperatorAccount
    /// `Credentials`, sealed.
    var box: [UInt8]

    static let table = TableDeclaration(
        "operator", in: .data, .operational,
        purpose: "who works here: names and roles in plain under a code, what proves them sealed in boxes",
        clustered: true,
        definition: [
            """
            CREATE TABLE operator (
                name TEXT NOT NULL PRIMARY KEY, id BLOB NOT NULL, revision INTEGER NOT NULL, roles TEXT NOT NULL,
                credentials BLOB NOT NULL, created INTEGER NOT NULL, disabled INTEGER, code BLOB NOT NULL,
                tenant INTEGER, generation INTEGER NOT NULL DEFAULT 0)
            """
        ])

    /// How the log knows this state of the row.
    func head(key: AuthenticationKey) -> HeadChange {
        .row(.account, account.id, sequence: UInt64(account.revision), digest: code(key: key))
    }

    /// Code of the row: BLAKE2b-128 keyed over `"profilevault operator v1"`, revision 4, id 16, name, roles and box (each a
    /// length of 4 and its bytes), created 8, disabled 1 (0 or 1) and 8; then tenant 4 (0: all) and generation 4, unless
    /// both are 0, so that rows from before there were these keep their code.
    func code(key: AuthenticationKey) -> [UInt8] {
        var writer = ByteWriter(capacity: 1536)
        writer.write(account.revision)
        writer.write(account.id.high)
        writer.write(account.id.low)
        writer.writeCounted(account.name)
        writer.writeCounted(account.roles.joined(separator: " "))
        writer.writeCounted(box)
        writer.write(account.created.milliseconds)
        writer.write(account.disabled == nil ? 0 : 1 as UInt8)
        writer.write(account.disabled?.milliseconds ?? 0)
        if account.tenant != nil || account.generation > 0 {
            writer.write(account.tenant?.number ?? 0)
            writer.write(account.generation)
        }
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("profilevault operator v1")
        hash.update(writer.bytes)
        return hash.finish()
    }

    /// The operator's row, checked; `nil` when there is none.
    static func find(
        _ name: String, on connection: any Connection, key: AuthenticationKey
    ) throws -> OperatorRow? {
        try connection.first(
            """
            SELECT name, id, revision, roles, credentials, created, disabled, code, tenant, generation
            FROM operator WHERE name = ?
            """, .text(name)
        ) { try OperatorRow(checking: $0, key: key) }
    }

    /// All operators by name, each row checked.
    static func all(on connection: any Connection, key: AuthenticationKey) throws -> [OperatorRow] {
        var rows: [OperatorRow] = []
        try connection.query(
            """
            SELECT name, id, revision, roles, credentials, created, disabled, code, tenant, generation
            FROM operator ORDER BY name
            """
        ) { rows.append(try OperatorRow(checking: $0, key: key)) }
        return rows
    }

    func insert(on connection: any Connection, key: AuthenticationKey) throws {
        try connection.run(
            """
            INSERT INTO operator (name, id, revision, roles, credentials, created, disabled, code, tenant, generation)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .text(account.name), .blob(account.id.bytes), .integer(account.revision),
            .text(account.roles.joined(separator: " ")), .blob(box), .integer(account.created.milliseconds),
            SQLValue(account.disabled?.milliseconds), .blob(code(key: key)),
            SQLValue(account.tenant.map { Int64($0.number) }), .integer(account.generation))
    }

    /// Writes what may change.
    func update(on connection: any Connection, key: AuthenticationKey) throws {
        try connection.run(
            """
            UPDATE operator SET revision = ?, roles = ?, credentials = ?, disabled = ?, code = ?, generation = ?
            WHERE name = ?
            """,
            .integer(account.revision), .text(account.roles.joined(separator: " ")), .blob(box),
            SQLValue(account.disabled?.milliseconds), .blob(code(key: key)), .integer(account.generation),
            .text(account.name))
    }
}

extension OperatorRow {
    /// Reads a row in the order of the columns.
    ///
    /// - Throws: `accounts.operator_changed` when it does not carry its code.
    fileprivate init(checking row: borrowing Row, key: AuthenticationKey) throws {
        let name = try row.text(at: 0)
        guard let id = UniqueID(bytes: try row.blob(at: 1)), let revision = UInt32(exactly: try row.int64(at: 2)),
            let generation = UInt32(exactly: try row.int64(at: 9))
        else { throw AccountsError.operatorChanged(name) }
        var tenant: TenantID?
        if let number = try row.optionalInt64(at: 8) {
            // 0 stands for all tenants in the code: where it stood in the row, two rows would have one code.
            guard let number = UInt32(exactly: number), number > 0 else { throw AccountsError.operatorChanged(name) }
            tenant = TenantID(number)
        }
        let account = OperatorAccount(
            revision: revision, id: id, name: name,
            roles: try row.text(at: 3).split(separator: " ", omittingEmptySubsequences: false).map(String.init),
            tenant: tenant, created: Timestamp(milliseconds: try row.int64(at: 5)),
            disabled: try row.optionalInt64(at: 6).map(Timestamp.init(milliseconds:)), generation: generation)
        self.init(account: account, box: try row.blob(at: 4))
        guard equalInConstantTime(try row.blob(at: 7), code(key: key)) else {
            throw AccountsError.operatorChanged(name)
        }
    }
}
