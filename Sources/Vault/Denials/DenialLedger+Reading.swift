package import Audit
package import Core
import Secrets
import Storage
import Synchronization

/// What the ledger has of one erasure.
package struct ErasureRecord: Sendable {
    package let order: ErasureOrder
    /// `nil` while it is under way.
    package let outcome: ErasureOutcome?

    package init(order: ErasureOrder, outcome: ErasureOutcome?) {
        self.order = order
        self.outcome = outcome
    }
}

extension DenialLedger {
    /// The erasure of one person of the tenant.
    package func record(of profile: ProfileID, tenant: TenantID) throws -> ErasureRecord? {
        var order: ErasureOrder?
        var outcome: ErasureOutcome?
        try database.read { connection in
            try connection.query("SELECT body FROM denial WHERE profile = $1 ORDER BY number", .blob(profile.bytes)) {
                switch DenialRecord(try $0.blob(at: 0)) {
                case .erasure(let found) where found.subject.tenant == tenant: order = found
                case .erased(let found): outcome = found
                default: break
                }
            }
        }
        return order.map { ErasureRecord(order: $0, outcome: outcome) }
    }

    /// Whether an identifier's look-up form may not be brought in.
    package func suppresses(
        _ lookupForm: String, field: UInt16, of tenant: TenantID, at time: Timestamp
    ) throws -> Bool {
        try suppressed.withLock { known in
            if known == nil { known = try loadSuppressed() }
            guard known?.isEmpty == false else { return false }
            let entry = try SuppressionEntry(lookupForm, field: field, keys: tree.keys(of: tenant))
            return known?[SuppressionKey(tenant: tenant, entry: entry)].map { $0 > time.milliseconds } ?? false
        }
    }

    /// The newest erasure that an identifier's look-up form is suppressed by.
    package func record(
        suppressing lookupForm: String, field: UInt16, of tenant: TenantID, at time: Timestamp
    ) throws -> ErasureRecord? {
        let wanted = try SuppressionEntry(lookupForm, field: field, keys: tree.keys(of: tenant))
        let profile = try database.read { connection in
            try connection.first(
                """
                SELECT denial.profile FROM suppression JOIN denial ON denial.number = suppression.denial
                WHERE suppression.entry = $1 AND suppression.check_entry = $2 AND suppression.expires > $3
                ORDER BY suppression.denial DESC LIMIT 1
                """, .integer(wanted.entry), .integer(wanted.check), .integer(time.milliseconds)
            ) { ProfileID(bytes: try $0.blob(at: 0)) } ?? nil
        }
        return try profile.flatMap { try record(of: $0, tenant: tenant) }
    }

    private func loadSuppressed() throws -> [SuppressionKey: Int64] {
        var entries: [SuppressionKey: Int64] = [:]
        try database.read { connection in
            try connection.query("SELECT tenant, field, entry, check_entry, expires FROM suppression") { row in
                let key = SuppressionKey(
                    tenant: TenantID(UInt32(clamping: try row.int64(at: 0))), entry: try .init(row))
                entries[key] = max(entries[key] ?? 0, try row.int64(at: 4))
            }
        }
        return entries
    }

    /// Holds the ledger against what the log knows of it, and the suppressed entries against the ledger.
    package func verify(
        at time: Timestamp, against heads: inout HeadMap
    ) throws -> (ledger: [AuditError], suppressions: [VaultError]) {
        let (problem, newest) = memory.withLock { ($0.problem, $0.newest) }
        let head = problem == nil ? Self.head(newest.number, newest.chain) : nil
        let rows = newest.number == 0 && problem == nil ? [] : [StoredRow(id: Self.id, name: Self.name, head: head)]
        let ledger = heads.compare(.denial, rows) { _ in Self.name }
        var findings: [VaultError] = []
        try database.read { connection in
            try connection.query("SELECT number, body FROM denial ORDER BY number") { row in
                guard case .erasure(let order) = DenialRecord(try row.blob(at: 1)) else { return }
                var entries: [SuppressionEntry] = []
                var fits = true
                let expires = order.suppression.expires?.milliseconds ?? Int64.max
                try connection.query(
                    "SELECT tenant, field, entry, check_entry, expires, version FROM suppression WHERE denial = $1",
                    .integer(try row.int64(at: 0))
                ) { row in
                    entries.append(try .init(row))
                    let (tenant, end, version) = (try row.int64(at: 0), try row.int64(at: 4), try row.int64(at: 5))
                    fits =
                        fits && tenant == Int64(order.subject.tenant.number) && end == expires
                        && version == Int64(SuppressionEntry.version)
                }
                if entries.isEmpty, order.suppression.hasEnded(at: time) { return }
                guard !fits || !order.suppression.seals(entries) else { return }
                findings.append(
                    Self.changed(
                        "suppresses other identifiers of erased profile \(order.subject.id) than it was told to"))
            }
            let strays = try connection.first(
                "SELECT count(*) FROM suppression WHERE NOT EXISTS (SELECT 1 FROM denial WHERE number = denial)"
            ) { try $0.int(at: 0) }
            if let strays, strays > 0 {
                findings.append(Self.changed("has \(strays) suppressed identifiers of nobody"))
            }
        }
        return (ledger, findings)
    }

    private static let id = UniqueID(high: 0, low: 0)
    private static let name = "the denial ledger"
}

extension SuppressionEntry {
    /// Reads `field, entry, check_entry` from the second column on.
    fileprivate init(_ row: borrowing Row) throws {
        self.init(
            field: UInt16(clamping: try row.int64(at: 1)), entry: try row.int64(at: 2), check: try row.int64(at: 3))
    }
}
