package import Audit
import Core
import Secrets
package import Storage

/// What a walk over all heads and records found.
package struct ConsentVerification: Sendable {
    package private(set) var people = 0
    package private(set) var records = 0
    package private(set) var findings: [ConsentError] = []

    fileprivate mutating func count(records: Int) { self.records += records }
    fileprivate mutating func countPerson() { people += 1 }
    fileprivate mutating func find(_ error: ConsentError) { findings.append(error) }
}

extension ConsentLedger {
    private static let batch = 500

    /// Checks every head, every record and, against the newest change that the log knows of each person, that nobody put
    /// older rows back.
    ///
    /// The heads of consents are taken out of `heads`, which come from `AuditLog.heads`; nothing may write meanwhile.
    /// Everybody with something wrong is one finding; only a store that cannot be read throws. `erased` says of a row number
    /// whether its person is erased.
    package func verify(
        _ database: any Database, erased: (Int64) -> Bool, against heads: inout HeadMap
    ) throws -> ConsentVerification {
        var result = ConsentVerification()
        var last = Int64.min
        var atEnd = false
        while !atEnd {
            // Short reads, so that an erasure that truncates the log never waits for the walk.
            try database.read { connection in
                let rows = try self.heads(after: last, on: connection)
                for row in rows {
                    try check(
                        row.head, number: row.number, erased: erased(row.number), against: &heads, on: connection,
                        into: &result)
                    last = row.number
                }
                atEnd = rows.count < Self.batch
            }
        }
        try database.read { connection in
            try connection.query(
                """
                SELECT DISTINCT subject FROM consent_record
                WHERE NOT EXISTS (SELECT 1 FROM consent_head WHERE consent_head.subject = consent_record.subject)
                """
            ) { row in
                result.find(
                    ConsentError(
                        ConsentError.headMissing, "row \(try row.int64(at: 0)) has consent records and no head",
                        remedy: ConsentError.doctor))
            }
        }
        heads.forEach { left in
            guard left.kind == .consent, !left.isRemoval else { return }
            result.find(.headMissing(of: left.profile))
        }
        return result
    }

    private func heads(
        after last: Int64, on connection: any Connection
    ) throws -> [(number: Int64, head: [UInt8])] {
        var rows: [(number: Int64, head: [UInt8])] = []
        try connection.query(
            "SELECT subject, head FROM consent_head WHERE subject > ? ORDER BY subject LIMIT 500", .integer(last)
        ) { row in rows.append((try row.int64(at: 0), try row.blob(at: 1))) }
        return rows
    }

    private func check(
        _ row: [UInt8], number: Int64, erased: Bool, against heads: inout HeadMap, on connection: any Connection,
        into result: inout ConsentVerification
    ) throws {
        result.countPerson()
        guard let owner = row.withUnsafeBytes(ConsentHead.claimedOwner) else {
            result.find(.headCut(number))
            return
        }
        let newest = heads.take(.consent, of: owner.profile, tenant: owner.tenant)
        let subject = Subject(tenant: owner.tenant, number: number, id: owner.profile)
        let key: AuthenticationKey
        do {
            key = try self.key(of: owner.tenant)
        } catch {
            // Most likely the row was made to name a tenant that is not there: that must not end the walk.
            result.find(.headChanged(of: subject.id, "names tenant \(owner.tenant), whose key cannot be had"))
            return
        }
        do {
            let head = try row.withUnsafeBytes { try ConsentHead(row: $0, of: subject, key: key) }
            result.count(records: try records(of: subject, under: head, erased: erased, on: connection).count)
            guard let newest else { throw ConsentError.headChanged(of: subject.id, "is not known to the log") }
            guard !newest.isRemoval else { throw ConsentError.headChanged(of: subject.id, "was removed, says the log") }
            if head.sequence < newest.sequence {
                throw ConsentError.rolledBack(subject.id, to: head.sequence, from: newest.sequence)
            }
            guard head.sequence == newest.sequence, head.digest == newest.digest else {
                throw ConsentError.headChanged(of: subject.id, "is another than the log knows")
            }
        } catch let error as ConsentError {
            result.find(error)
        }
    }
}
