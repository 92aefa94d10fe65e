package import Audit
package import Core
package import Secrets
package import Storage

/// The requests that take two people, every row under the vault's own code.
///
/// A request is sealed in a box until it is over; then nothing is left of it but its digest and who asked and answered.
package final class ApprovalRegister: Sendable {
    package static let tables: [TableDeclaration] = [
        TableDeclaration(
            "approval", in: .data, .operational,
            purpose:
                "requests that take two people: who asked, who answered, in plain under a code; the request in a box "
                + "until it is over",
            clustered: true,
            definition: [
                """
                CREATE TABLE approval (
                    id BLOB NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, request BLOB NOT NULL,
                    requester TEXT NOT NULL, tenant INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
                    state INTEGER NOT NULL, approver TEXT, box BLOB NOT NULL, code BLOB NOT NULL)
                """
            ])
    ]

    private let database: any Database
    private let key: AuthenticationKey
    private let sealer: BoxSealer
    private let opener: BoxOpener
    private let changes: @Sendable (any Connection) throws -> UInt64

    /// `key` authenticates rows, `box` seals requests; `changes` says how often the log knows approvals to have changed, as
    /// of a connection's snapshot.
    package init(
        database: any Database, key: AuthenticationKey, box: BoxKey,
        changes: @escaping @Sendable (any Connection) throws -> UInt64
    ) {
        self.database = database
        self.key = key
        sealer = BoxSealer(box)
        opener = BoxOpener(box)
        self.changes = changes
    }

    /// The requests of a tenant that wait for an answer, or to be carried out, the oldest first.
    package func live(of tenant: TenantID, at time: Timestamp) throws -> [(approval: Approval, request: JSON)] {
        try rows().filter { $0.approval.tenant == tenant && $0.approval.isLive(at: time) }
            .sorted { ($0.approval.created, $0.approval.id.high) < ($1.approval.created, $1.approval.id.high) }
            .map { ($0.approval, try request(in: $0)) }
    }

    /// The request of somebody that is live and is this one.
    package func live(_ request: [UInt8], of requester: Principal, at time: Timestamp) throws -> Approval? {
        try rows().map(\.approval).last {
            $0.requester == requester && $0.isLive(at: time) && equalInConstantTime($0.request, request)
        }
    }

    /// Files a request; what is over by now is emptied on the way.
    package func file(_ request: JSON, digest: [UInt8], in mutation: Mutation) throws -> Approval {
        let authorization = mutation.authorization
        for row in try rows(on: mutation.connection)
        where !row.box.isEmpty && !row.approval.isLive(at: authorization.time) {
            try store(row.approval, box: [], in: mutation)
        }
        let id = UniqueID(at: authorization.time, random: Random.words())
        let approval = Approval(
            id: id, request: digest, requester: authorization.principal, tenant: authorization.tenant,
            created: authorization.time, expires: authorization.time.adding(seconds: Approval.lifetime))
        let box = sealer.seal(request.bytes(), label: Approval.label(id))
        let code = approval.code(box: box, key: key)
        try mutation.connection.run(
            """
            INSERT INTO approval
                (id, revision, request, requester, tenant, created, expires, state, approver, box, code)
            VALUES (?, 1, ?, ?, ?, ?, ?, 0, NULL, ?, ?)
            """,
            .blob(id.bytes), .blob(digest), .text(approval.requester.logName),
            .integer(Int64(approval.tenant.number)), .integer(approval.created.milliseconds),
            .integer(approval.expires.milliseconds), .blob(box), .blob(code))
        mutation.changed(approval.head(code: code))
        mutation.note("approval", JSON(id.description))
        return approval
    }

    /// Says yes or no to somebody else's request.
    ///
    /// - Throws: `approvalUnknown`, `approvalOver`, `approvalOwn`.
    @discardableResult
    package func answer(_ id: UniqueID, approving: Bool, in mutation: Mutation) throws -> Approval {
        let authorization = mutation.authorization
        guard var row = try rows(on: mutation.connection).first(where: { $0.approval.id == id }),
            row.approval.tenant == authorization.tenant
        else { throw AccountsError.approvalUnknown(id) }
        guard row.approval.state == .open, row.approval.isLive(at: authorization.time) else {
            throw AccountsError.approvalOver(id)
        }
        guard row.approval.requester != authorization.principal else { throw AccountsError.ownApproval }
        row.approval.state = approving ? .approved : .refused
        row.approval.approver = authorization.principal
        row.approval.expires = authorization.time.adding(seconds: Approval.grace)
        mutation.note("approval", JSON(id.description))
        mutation.note("requester", JSON(row.approval.requester.logName))
        mutation.note("approved", JSON(approving))
        return try store(row.approval, box: approving ? row.box : [], in: mutation)
    }

    /// Takes an approval that was given: the request is carried out now, and never again by it.
    ///
    /// - Throws: `approvalOver` when somebody took it before.
    package func use(_ id: UniqueID, in mutation: Mutation) throws {
        guard var approval = try rows(on: mutation.connection).first(where: { $0.approval.id == id })?.approval,
            approval.state == .approved, approval.isLive(at: mutation.authorization.time)
        else { throw AccountsError.approvalOver(id) }
        approval.state = .used
        mutation.note("approval", JSON(id.description))
        approval.approver.map { mutation.note("approver", JSON($0.logName)) }
        try store(approval, box: [], in: mutation)
    }

    /// Ends what somebody asked for, and what they said yes to, as far as it was not carried out.
    package func withdraw(of principal: Principal, in mutation: Mutation) throws {
        var count = 0
        for row in try rows(on: mutation.connection)
        where row.approval.isLive(at: mutation.authorization.time)
            && (row.approval.requester == principal || row.approval.approver == principal)
        {
            var approval = row.approval
            approval.state = .withdrawn
            try store(approval, box: [], in: mutation)
            count += 1
        }
        if count > 0 { mutation.note("requests_withdrawn", JSON(count)) }
    }

    /// Holds every row against what the log knows of it.
    package func verify(against heads: inout HeadMap) throws -> [AuditError] {
        let stored = try database.read { connection in
            try claims(on: connection).map { id in
                var head: HeadChange?
                do {
                    head = try row(id, on: connection).map { $0.approval.head(code: $0.code) }
                } catch is AccountsError {}
                return StoredRow(id: id, name: "approval \(id)", head: head)
            }
        }
        return heads.compare(.approval, stored) { "approval \($0)" }
    }

    // MARK: - Rows

    private struct Stored {
        var approval: Approval
        let box: [UInt8]
        let code: [UInt8]
    }

    private func request(in row: Stored) throws -> JSON {
        try JSON(parsing: opener.open(row.box, label: Approval.label(row.approval.id)))
    }

    @discardableResult
    private func store(_ changed: Approval, box: [UInt8], in mutation: Mutation) throws -> Approval {
        var approval = changed
        approval.revision += 1
        let code = approval.code(box: box, key: key)
        try mutation.connection.run(
            """
            UPDATE approval SET revision = ?, expires = ?, state = ?, approver = ?, box = ?, code = ? WHERE id = ?
            """,
            .integer(Int64(approval.revision)), .integer(approval.expires.milliseconds),
            .integer(Int64(approval.state.rawValue)), approval.approver.map { .text($0.logName) } ?? .null, .blob(box),
            .blob(code), .blob(approval.id.bytes))
        mutation.changed(approval.head(code: code))
        return approval
    }

    private func rows() throws -> [Stored] { try database.read { try rows(on: $0) } }

    /// All rows, checked one by one and against the log's count of their changes: one that was put back lacks some.
    private func rows(on connection: any Connection) throws -> [Stored] {
        let rows = try claims(on: connection).compactMap { try row($0, on: connection) }
        let stored = rows.reduce(0) { $0 + UInt64($1.approval.revision) }
        guard try stored == changes(connection) else { throw AccountsError.approvalsRolledBack }
        return rows
    }

    private func claims(on connection: any Connection) throws -> [UniqueID] {
        var ids: [UniqueID] = []
        try connection.query("SELECT id FROM approval ORDER BY id") { row in
            ids.append(UniqueID(bytes: try row.blob(at: 0)) ?? UniqueID(high: 0, low: 0))
        }
        return ids
    }

    private func row(_ id: UniqueID, on connection: any Connection) throws -> Stored? {
        let found = try connection.first(
            """
            SELECT revision, request, requester, tenant, created, expires, state, approver, box, code FROM approval
            WHERE id = ?
            """, .blob(id.bytes)
        ) { row -> Stored in
            guard let revision = UInt32(exactly: try row.int64(at: 0)),
                let requester = Principal(logName: try row.text(at: 2)),
                let tenant = UInt32(exactly: try row.int64(at: 3)),
                let state = UInt8(exactly: try row.int64(at: 6)).flatMap(Approval.State.init)
            else { throw AccountsError.alteredApproval(id) }
            var approval = Approval(
                id: id, request: try row.blob(at: 1), requester: requester, tenant: TenantID(tenant),
                created: Timestamp(milliseconds: try row.int64(at: 4)),
                expires: Timestamp(milliseconds: try row.int64(at: 5)))
            approval.state = state
            approval.approver = try row.optionalText(at: 7).flatMap { Principal(logName: $0) }
            approval.revision = revision
            return Stored(approval: approval, box: try row.blob(at: 8), code: try row.blob(at: 9))
        }
        guard let found else { throw AccountsError.alteredApproval(id) }
        guard equalInConstantTime(found.code, found.approval.code(box: found.box, key: key)) else {
            throw AccountsError.alteredApproval(id)
        }
        return found
    }
}
