import Audit
import Core
import Secrets
import Storage

/// The row of a service with its keys: digests alone, so nothing in it is secret.
struct ServiceRow {
    var account: ServiceAccount

    /// The most keys of one service that have not run out.
    static let mostKeys = 16

    static let table = TableDeclaration(
        "service", in: .data, .operational,
        purpose: "which programs work here, at what and until when: digests of keys, so that a thief cannot use them",
        clustered: true,
        definition: [
            """
            CREATE TABLE service (
                name TEXT NOT NULL PRIMARY KEY, id BLOB NOT NULL, revision INTEGER NOT NULL, roles TEXT NOT NULL,
                tenant INTEGER, purposes TEXT, actions TEXT, fields TEXT, created INTEGER NOT NULL, disabled INTEGER,
                keys BLOB NOT NULL, code BLOB NOT NULL)
            """
        ])

    /// How the log knows this state of the row.
    func head(key: AuthenticationKey) -> HeadChange {
        .row(.service, account.id, sequence: UInt64(account.revision), digest: code(key: key))
    }

    /// For each key its digest 32, created 8, expires 8.
    private var keyList: [UInt8] {
        var writer = ByteWriter(capacity: 48 * account.keys.count)
        for key in account.keys {
            writer.write(key.digest)
            writer.write(key.created.milliseconds)
            writer.write(key.expires.milliseconds)
        }
        return writer.bytes
    }

    private static func keys(_ list: [UInt8]) -> [ServiceAccount.Key]? {
        var reader = ByteReader(list)
        var keys: [ServiceAccount.Key] = []
        while !reader.atEnd {
            guard let digest = reader.read(count: 32), let created = reader.read(Int64.self),
                let expires = reader.read(Int64.self)
            else { return nil }
            keys.append(
                ServiceAccount.Key(
                    digest: Array(digest), created: Timestamp(milliseconds: created),
                    expires: Timestamp(milliseconds: expires)))
        }
        return keys
    }

    /// The three lists of the scope as the columns have them.
    private var limits: [String?] {
        [account.scope.purposes, account.scope.actions?.map(\.rawValue), account.scope.fields]
            .map { $0?.joined(separator: " ") }
    }

    /// Code of the row: BLAKE2b-128 keyed over `"profilevault service v1"`, revision 4, id 16, name and roles (counted),
    /// tenant 4 (0: all), purposes, actions and fields (each 0, or 1 and counted), created 8, disabled 1 (0 or 1) and 8,
    /// keys (counted).
    func code(key: AuthenticationKey) -> [UInt8] {
        var writer = ByteWriter(capacity: 512)
        writer.write(account.revision)
        writer.write(account.id.high)
        writer.write(account.id.low)
        writer.writeCounted(account.name)
        writer.writeCounted(account.roles.joined(separator: " "))
        writer.write(account.tenant?.number ?? 0)
        for limit in limits {
            writer.write(limit == nil ? 0 : 1 as UInt8)
            if let limit { writer.writeCounted(limit) }
        }
        writer.write(account.created.milliseconds)
        writer.write(account.disabled == nil ? 0 : 1 as UInt8)
        writer.write(account.disabled?.milliseconds ?? 0)
        writer.writeCounted(keyList)
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("profilevault service v1")
        hash.update(writer.bytes)
        return hash.finish()
    }

    /// The service's row, checked; `nil` when there is none.
    static func find(_ name: String, on connection: any Connection, key: AuthenticationKey) throws -> ServiceRow? {
        try connection.first(
            """
            SELECT name, id, revision, roles, tenant, purposes, actions, fields, created, disabled, keys, code
            FROM service WHERE name = ?
            """, .text(name)
        ) { try ServiceRow(checking: $0, key: key) }
    }

    /// All services by name, each row checked.
    static func all(on connection: any Connection, key: AuthenticationKey) throws -> [ServiceRow] {
        var rows: [ServiceRow] = []
        try connection.query(
            """
            SELECT name, id, revision, roles, tenant, purposes, actions, fields, created, disabled, keys, code
            FROM service ORDER BY name
            """
        ) { rows.append(try ServiceRow(checking: $0, key: key)) }
        return rows
    }

    func insert(on connection: any Connection, key: AuthenticationKey) throws {
        try connection.run(
            """
            INSERT INTO service (name, id, revision, roles, tenant, purposes, actions, fields, created, disabled, keys, code)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .text(account.name), .blob(account.id.bytes), .integer(account.revision),
            .text(account.roles.joined(separator: " ")), SQLValue(account.tenant.map { Int64($0.number) }),
            SQLValue(limits[0]), SQLValue(limits[1]), SQLValue(limits[2]), .integer(account.created.milliseconds),
            SQLValue(account.disabled?.milliseconds), .blob(keyList), .blob(code(key: key)))
    }

    /// Writes what may change.
    func update(on connection: any Connection, key: AuthenticationKey) throws {
        try connection.run(
            "UPDATE service SET revision = ?, disabled = ?, keys = ?, code = ? WHERE name = ?",
            .integer(account.revision), SQLValue(account.disabled?.milliseconds), .blob(keyList),
            .blob(code(key: key)), .text(account.name))
    }
}

extension ServiceRow {
    /// Reads a row in the order of the columns.
    ///
    /// - Throws: `accounts.service_changed` when it does not carry its code.
    fileprivate init(checking row: borrowing Row, key: AuthenticationKey) throws {
        let name = try row.text(at: 0)
        func words(_ text: String?) -> [String]? { text.map { $0.split(separator: " ").map(String.init) } }
        let limits = [try row.optionalText(at: 5), try row.optionalText(at: 6), try row.optionalText(at: 7)]
        let tenant = try row.optionalInt64(at: 4)
        guard let id = UniqueID(bytes: try row.blob(at: 1)), let revision = UInt32(exactly: try row.int64(at: 2)),
            let keys = Self.keys(try row.blob(at: 10)), tenant.map({ (1...Int64(UInt32.max)).contains($0) }) ?? true
        else { throw AccountsError.serviceChanged(name) }
        let account = ServiceAccount(
            revision: revision, id: id, name: name,
            roles: try row.text(at: 3).split(separator: " ", omittingEmptySubsequences: false).map(String.init),
            tenant: tenant.map { TenantID(UInt32($0)) },
            scope: ServiceScope(
                purposes: words(limits[0]), actions: words(limits[1])?.compactMap(Action.init),
                fields: words(limits[2])),
            created: Timestamp(milliseconds: try row.int64(at: 8)),
            disabled: try row.optionalInt64(at: 9).map(Timestamp.init(milliseconds:)), keys: keys)
        self.init(account: account)
        // An action that this program does not know would be left out, and the code would be right without it.
        guard self.limits == limits, equalInConstantTime(try row.blob(at: 11), code(key: key)) else {
            throw AccountsError.serviceChanged(name)
        }
    }
}
