package import Audit
package import Core
import Secrets
package import Storage
import Synchronization

/// The people of the vault, sealed.
package final class Profiles: Sendable {
    package static let tables = [
        TableDeclaration(
            "profile", in: .data, .sealedByProfileKey,
            purpose: "one row a person: sealed cells; shows how many people and when each was created and changed",
            definition: [
                """
                CREATE TABLE profile (
                    number INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id BLOB NOT NULL, revision INTEGER NOT NULL,
                    created INTEGER NOT NULL, updated INTEGER NOT NULL, record BLOB NOT NULL, mac BLOB NOT NULL)
                """,
                "CREATE UNIQUE INDEX profile_id ON profile (id)",
            ]),
        TableDeclaration(
            "profile_change", in: .data, .operational,
            purpose: "how often people's data has changed, to see whether the look-up index is whole",
            definition: ["CREATE TABLE profile_change (one INTEGER PRIMARY KEY, change INTEGER NOT NULL)"]),
        RowNumbers.table,
    ]

    package let tree: KeyTree
    package let keyring: ProfileKeyring
    /// Who is erased: whatever a store says, they are not there.
    package let denials: DenialLedger
    let database: any Database
    let numbers: RowNumbers
    private let nextNumber: Mutex<Int64>

    package init(tree: KeyTree, keyring: ProfileKeyring, denials: DenialLedger, database: any Database) throws {
        self.tree = tree
        self.keyring = keyring
        self.denials = denials
        self.database = database
        numbers = RowNumbers(key: try tree.vaultRowKey())
        // A key without a person has used its number, too.
        let highest = max(try Self.highestNumber(numbers, database), try keyring.highestNumber())
        nextNumber = Mutex(highest + 1)
    }

    /// The highest number that a person has or had.
    private static func highestNumber(_ numbers: RowNumbers, _ database: any Database) throws -> Int64 {
        try database.read { connection in
            let people = try connection.first("SELECT max(number) FROM profile") { try $0.optionalInt64(at: 0) }
            return max(try numbers.highest(on: connection), (people ?? nil) ?? 0)
        }
    }

    /// Ids and row numbers for people who are new.
    package func reserve(_ count: Int, for tenant: TenantID, at time: Timestamp) -> [Subject] {
        let first = nextNumber.withLock { next in
            defer { next += Int64(count) }
            return next
        }
        return Random.words(count).enumerated().map { offset, random in
            Subject(tenant: tenant, number: first + Int64(offset), id: ProfileID(at: time, random: random))
        }
    }

    /// The number of the newest change of people's data.
    package func change() throws -> Int64 {
        try database.read { connection in
            try connection.first("SELECT change FROM profile_change WHERE one = 1") { try $0.int64(at: 0) }
        } ?? 0
    }

    /// Counts this mutation as change `change`.
    package func setChange(_ change: Int64, in mutation: Mutation) throws {
        try mutation.connection.run(
            """
            INSERT INTO profile_change (one, change) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET change = excluded.change
            """, .integer(change))
    }

    /// Counts this mutation as a change that the look-up index does not know: it has to be made again.
    package func raiseChange(in mutation: Mutation) throws {
        try mutation.connection.run(
            """
            INSERT INTO profile_change (one, change) VALUES (1, 1) ON CONFLICT (one) DO UPDATE SET change = change + 1
            """)
    }

    /// Stores new people, whose keys are durable already.
    package func insert(_ rows: [ProfileRow], in mutation: Mutation) throws {
        let insert = try mutation.connection.prepared(
            """
            INSERT INTO profile (number, tenant, id, revision, created, updated, record, mac)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """)
        for row in rows {
            try insert.bind(row.subject.number, at: 1)
            try insert.bind(Int64(row.subject.tenant.number), at: 2)
            try insert.bind(row.subject.id.bytes, at: 3)
            try insert.bind(Int64(row.revision), at: 4)
            try insert.bind(row.created.milliseconds, at: 5)
            try insert.bind(row.updated.milliseconds, at: 6)
            try insert.bind(row.record.bytes, at: 7)
            try insert.bind(row.code, at: 8)
            try insert.run()
            mutation.changed(row.head)
        }
        if let highest = rows.map(\.subject.number).max() { try numbers.raise(to: highest, in: mutation) }
    }

    /// Replaces people's rows by their next revisions.
    ///
    /// - Throws: `profileConflict` when a row is not at the revision before, because another change came first.
    package func update(_ rows: [ProfileRow], in mutation: Mutation) throws {
        let update = try mutation.connection.prepared(
            "UPDATE profile SET revision = $1, updated = $2, record = $3, mac = $4 WHERE number = $5 AND revision = $6")
        for row in rows {
            try update.bind(Int64(row.revision), at: 1)
            try update.bind(row.updated.milliseconds, at: 2)
            try update.bind(row.record.bytes, at: 3)
            try update.bind(row.code, at: 4)
            try update.bind(row.subject.number, at: 5)
            try update.bind(Int64(row.revision) - 1, at: 6)
            guard try update.run() == 1 else { throw VaultError.conflict(row.subject.id) }
            mutation.changed(row.head)
        }
    }

    /// The row of a number; `nil` when there is none, it is another tenant's, or the person is erased.
    package func row(_ number: Int64, of tenant: TenantID, on connection: any Connection) throws -> ProfileRow? {
        let select = try connection.prepared(
            "SELECT number, tenant, id, revision, created, updated, record, mac FROM profile WHERE number = $1")
        try select.bind(number, at: 1)
        return try select.first { try self.decode($0, of: tenant) } ?? nil
    }

    /// The row of an id; `nil` when there is none or it is another tenant's.
    package func row(_ id: ProfileID, of tenant: TenantID, on connection: any Connection) throws -> ProfileRow? {
        try uncheckedRow(id, of: tenant, on: connection).map { try checked($0) }
    }

    /// The row of an id before its code is checked, so that many are checked on all cores; `nil` as with `row`.
    package func uncheckedRow(
        _ id: ProfileID, of tenant: TenantID, on connection: any Connection
    ) throws -> UncheckedProfileRow? {
        let select = try connection.prepared(
            "SELECT number, tenant, id, revision, created, updated, record, mac FROM profile WHERE id = $1")
        try select.bind(id.bytes, at: 1)
        let row = try select.first { try UncheckedProfileRow($0, of: tenant) } ?? nil
        return row.flatMap { denials.isErased($0.subject.number) ? nil : $0 }
    }

    /// The row, once it has proved to be as the vault wrote it.
    package func checked(_ row: UncheckedProfileRow) throws -> ProfileRow {
        try row.checked(tree.keys(of: row.subject.tenant))
    }

    /// Lends the rows after `number` in order, at most `limit` of them, and returns the last number seen.
    package func rows(
        after number: Int64, of tenant: TenantID, limit: Int, on connection: any Connection,
        _ body: (ProfileRow) throws -> Void
    ) throws -> Int64? {
        try uncheckedRows(after: number, of: tenant, limit: limit, on: connection) { try body(checked($0)) }
    }

    /// As `rows`, before the codes are checked, so that many are checked on all cores.
    package func uncheckedRows(
        after number: Int64, of tenant: TenantID, limit: Int, on connection: any Connection,
        _ body: (UncheckedProfileRow) throws -> Void
    ) throws -> Int64? {
        var last: Int64?
        try connection.query(
            """
            SELECT number, tenant, id, revision, created, updated, record, mac FROM profile
            WHERE number > $1 ORDER BY number LIMIT $2
            """, .integer(number), .integer(limit)
        ) { row in
            last = try row.int64(at: 0)
            if let unchecked = try UncheckedProfileRow(row, of: tenant) { try body(unchecked) }
        }
        return last
    }

    /// Which people of any tenant there are with ids in a range: the index alone answers, no row is read.
    package func ids(in range: ClosedRange<ProfileID>, on connection: any Connection) throws -> Set<ProfileID> {
        var ids: Set<ProfileID> = []
        try connection.query(
            "SELECT id FROM profile WHERE id >= $1 AND id <= $2", .blob(range.lowerBound.bytes),
            .blob(range.upperBound.bytes)
        ) { row in
            if let id = try row.withBytes(at: 0, { ProfileID($0) }) { ids.insert(id) }
        }
        return ids
    }

    /// How many people the tenant has.
    package func count(of tenant: TenantID) throws -> Int {
        try database.read { connection in
            try connection.first("SELECT count(*) FROM profile WHERE tenant = $1", .integer(tenant.number)) {
                try $0.int(at: 0)
            } ?? 0
        }
    }

    private func decode(_ row: borrowing Row, of tenant: TenantID) throws -> ProfileRow? {
        guard let row = try UncheckedProfileRow(row, of: tenant), !denials.isErased(row.subject.number) else {
            return nil
        }
        return try checked(row)
    }
}

extension ProfileRow {
    /// How the log knows this state of the row.
    package var head: HeadChange {
        HeadChange(
            kind: .profile, tenant: subject.tenant, profile: subject.id, sequence: UInt64(revision), digest: code)
    }
}
