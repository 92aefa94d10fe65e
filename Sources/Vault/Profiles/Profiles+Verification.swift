package import Audit
import Core
import Storage

/// What a walk over all profiles, their keys and their events found.
package struct ProfileVerification: Sendable {
    package fileprivate(set) var people = 0
    /// Entries that the look-up index should have.
    package fileprivate(set) var identifiers = 0
    package fileprivate(set) var findings: [VaultError] = []
    /// Keys that belong to nobody: left by a crash, harmless, deleted at the next opening where they are the newest.
    package fileprivate(set) var orphanKeys = 0
    /// What is wrong with the mark above all numbers.
    package fileprivate(set) var numbers: [AuditError] = []
    /// Events of nobody.
    package fileprivate(set) var orphanEvents = 0
}

extension Profiles {
    private static let batch = 500

    /// Checks the code of every row, that its key is there, and that it is the row which the log knows.
    ///
    /// The heads of profiles are taken out of `heads`, which come from `AuditLog.heads`; nothing may write meanwhile.
    /// Each person with something wrong is one finding; only a store that cannot be read throws. `identifiers` are the
    /// numbers of the fields that the look-up index has.
    package func verify(identifiers: [UInt16], against heads: inout HeadMap) throws -> ProfileVerification {
        var result = ProfileVerification()
        var last: Int64 = 0
        while true {
            let rows = try claims(after: last)
            guard let highest = rows.last?.number else { break }
            let keyed = try keyring.numbers(in: (last + 1)...highest)
            try database.read { connection in
                for row in rows {
                    do {
                        try check(row, identifiers, &heads, on: connection, into: &result)
                        guard keyed.contains(row.number) else { throw VaultError.keyless(row.id) }
                    } catch let error as VaultError {
                        result.findings.append(error)
                    }
                }
            }
            result.people += rows.count
            count(orphanKeys: keyed.subtracting(rows.map(\.number)), into: &result)
            last = highest
        }
        count(orphanKeys: try keyring.numbers(in: (last + 1)...Int64.max), into: &result)
        try database.read { connection in
            try connection.query(
                """
                SELECT profile, count(*) FROM event
                WHERE NOT EXISTS (SELECT 1 FROM profile WHERE profile.number = event.profile) GROUP BY profile
                """
            ) { row in
                if let id = denials.erased(try row.int64(at: 0)) {
                    result.findings.append(VaultError.returned(id, "events"))
                } else {
                    result.orphanEvents += try row.int(at: 1)
                }
            }
        }
        result.numbers = try database.read { try numbers.verify(on: $0, against: &heads) }
        heads.forEach { left in
            guard left.kind == .profile, !left.isRemoval else { return }
            result.findings.append(VaultError.missing(left.profile))
        }
        return result
    }

    /// A key of nobody is harmless, one of an erased person is not.
    private func count(orphanKeys numbers: Set<Int64>, into result: inout ProfileVerification) {
        for number in numbers.sorted() {
            if let id = denials.erased(number) {
                result.findings.append(VaultError.returned(id, "the key"))
            } else {
                result.orphanKeys += 1
            }
        }
    }

    /// A row as it says it is, before anything is checked.
    private struct Claim {
        let number: Int64
        let tenant: TenantID
        let id: ProfileID
    }

    private func claims(after number: Int64) throws -> [Claim] {
        var rows: [Claim] = []
        try database.read { connection in
            try connection.query(
                "SELECT number, tenant, id FROM profile WHERE number > $1 ORDER BY number LIMIT $2", .integer(number),
                .integer(Self.batch)
            ) { row in
                rows.append(
                    Claim(
                        number: try row.int64(at: 0), tenant: TenantID(UInt32(clamping: try row.int64(at: 1))),
                        id: ProfileID(bytes: try row.blob(at: 2)) ?? ProfileID(high: 0, low: 0)))
            }
        }
        return rows
    }

    private func check(
        _ claim: Claim, _ identifiers: [UInt16], _ heads: inout HeadMap,
        on connection: any Connection, into result: inout ProfileVerification
    ) throws {
        // Asked first, so that a row which is not whole is not taken for one that is gone.
        let newest = heads.take(.profile, of: claim.id, tenant: claim.tenant)
        if newest?.isRemoval == true || denials.isErased(claim.number) {
            throw VaultError.returned(claim.id, "the row")
        }
        guard let row = try row(claim.number, of: claim.tenant, on: connection) else { return }
        result.identifiers += identifiers.filter { row.record.cell($0) != nil }.count
        guard let newest else { throw VaultError.unlogged(claim.id) }
        if UInt64(row.revision) < newest.sequence {
            throw VaultError.rolledBack(claim.id, to: UInt64(row.revision), from: newest.sequence)
        }
        guard UInt64(row.revision) == newest.sequence, row.code == newest.digest else {
            throw VaultError.changed(claim.id)
        }
    }
}

extension ProfileKeyring {
    /// The row numbers in a range that have a key.
    func numbers(in range: ClosedRange<Int64>) throws -> Set<Int64> {
        var found: Set<Int64> = []
        try database.read { connection in
            try connection.query(
                "SELECT number FROM profile_key WHERE number >= $1 AND number <= $2", .integer(range.lowerBound),
                .integer(range.upperBound)
            ) { found.insert(try $0.int64(at: 0)) }
        }
        return found
    }
}

extension VaultError {
    fileprivate static func rolledBack(_ id: ProfileID, to revision: UInt64, from logged: UInt64) -> VaultError {
        VaultError(
            profileRolledBack, "the row of profile \(id) is revision \(revision), the log knows revision \(logged)",
            remedy: restore)
    }

    fileprivate static func unlogged(_ id: ProfileID) -> VaultError {
        VaultError(profileChanged, "the row of profile \(id) is not known to the log", remedy: restore)
    }

    fileprivate static func returned(_ id: ProfileID, _ what: String) -> VaultError {
        VaultError(
            erasedReturned, "profile \(id) was erased, but \(what) of theirs stands in a store again",
            remedy: "nothing of it is read, and a key is destroyed again; see who changed the files. \(newerDatabase)")
    }

    fileprivate static func keyless(_ id: ProfileID) -> VaultError {
        VaultError(keyMissing, "profile \(id) has no key in the key store", remedy: restoreKeys)
    }

    fileprivate static func missing(_ id: ProfileID) -> VaultError {
        VaultError(profileMissing, "the row of profile \(id) is gone, though the log knows it", remedy: restore)
    }
}
