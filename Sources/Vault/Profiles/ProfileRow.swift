package import Core
import Secrets
import Storage

/// One person's row as it is stored: sealed cells and the code that proves the row is as the vault wrote it.
package struct ProfileRow: Sendable {
    package let subject: Subject
    /// 1 when created, one more with every change.
    package let revision: UInt32
    package let created: Timestamp
    package let updated: Timestamp
    package let record: Record
    /// Keyed BLAKE2b-128 over everything above; also what the log knows the row by.
    package let code: [UInt8]

    /// A row to be written.
    package init(
        subject: Subject, revision: UInt32, created: Timestamp, updated: Timestamp, record: Record, keys: TenantKeys
    ) {
        self.subject = subject
        self.revision = revision
        self.created = created
        self.updated = updated
        self.record = record
        code = Self.code(subject, revision, created, updated, record.bytes, keys)
    }

    /// A row that was read.
    ///
    /// - Throws: `profileChanged` when it is not as the vault wrote it.
    init(
        reading subject: Subject, revision: UInt32, created: Timestamp, updated: Timestamp, record: [UInt8],
        code: [UInt8], keys: TenantKeys
    ) throws(VaultError) {
        guard equalInConstantTime(Self.code(subject, revision, created, updated, record, keys), code) else {
            throw VaultError.changed(subject.id)
        }
        self.subject = subject
        self.revision = revision
        self.created = created
        self.updated = updated
        self.record = try Record(decoding: record)
        self.code = code
    }

    private static func code(
        _ subject: Subject, _ revision: UInt32, _ created: Timestamp, _ updated: Timestamp, _ record: [UInt8],
        _ keys: TenantKeys
    ) -> [UInt8] {
        let hash = BLAKE2b(key: keys.profileRow, length: 16)
        hash.update("profile row v1")
        hash.update(subject.tenant.number)
        hash.update(subject.number)
        hash.update(subject.id.high)
        hash.update(subject.id.low)
        hash.update(revision)
        hash.update(created.milliseconds)
        hash.update(updated.milliseconds)
        hash.update(record)
        return hash.finish()
    }
}

/// A row as it lies in the store: nothing of it counts before its code is checked.
package struct UncheckedProfileRow: Sendable {
    package let subject: Subject
    private let revision: UInt32
    private let created: Timestamp
    private let updated: Timestamp
    private let record: [UInt8]
    private let code: [UInt8]

    /// `nil` when the row is another tenant's.
    init?(_ row: borrowing Row, of tenant: TenantID) throws {
        guard let owner = UInt32(exactly: try row.int64(at: 1)), let id = try row.withBytes(at: 2, { ProfileID($0) }),
            let revision = UInt32(exactly: try row.int64(at: 3))
        else {
            throw VaultError(VaultError.recordMalformed, "a profile's row is not in a known format")
        }
        guard owner == tenant.number else { return nil }
        subject = Subject(tenant: tenant, number: try row.int64(at: 0), id: id)
        self.revision = revision
        created = Timestamp(milliseconds: try row.int64(at: 4))
        updated = Timestamp(milliseconds: try row.int64(at: 5))
        record = try row.blob(at: 6)
        code = try row.blob(at: 7)
    }

    func checked(_ keys: TenantKeys) throws(VaultError) -> ProfileRow {
        try ProfileRow(
            reading: subject, revision: revision, created: created, updated: updated, record: record, code: code,
            keys: keys)
    }
}
