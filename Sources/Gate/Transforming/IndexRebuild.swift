import Accounts
import Core
import Secrets
import Storage
import Vault

/// Makes the look-up index again from the sealed data: what `index.db` is for can always be made anew.
package struct IndexRebuild {
    /// The program itself, which needs nobody's session to mend its index.
    package static let caller = Caller(principal: Principal(.service, ServiceAccount.ourselves), roles: [])
    private static let batch = 2000

    private let vault: OpenVault

    package init(_ vault: OpenVault) { self.vault = vault }

    /// Whether the index lacks entries of committed changes; what was claimed for changes that never came is forgotten.
    ///
    /// `counting` goes through the whole index, to find also that some of its entries are gone.
    package func isNeeded(counting: Bool = false) throws -> Bool {
        if try vault.lookup.reconcile(with: vault.profiles.change()) == .behind { return true }
        return try counting && !vault.lookup.hasEveryEntry()
    }

    /// Empties the index and fills it from every tenant's people; `progress` hears how many are done.
    ///
    /// - Throws: `denied` when the policies do not let the program maintain a tenant; the index stays as it is then.
    package func run(progress: (Int) -> Void = { _ in }) throws {
        let gates = try vault.tenants.all().map { try vault.gate(to: $0) }
        for gate in gates { _ = try gate.authorize(.maintain, by: Self.caller) }
        try vault.lookup.clear()
        var done = 0
        for gate in gates {
            let tenant = gate.tenant
            let keys = try vault.tree.keys(of: tenant.id)
            var last: Int64 = 0
            while true {
                var rows: [ProfileRow] = []
                let reached = try vault.stores.data.read { connection in
                    try vault.profiles.rows(after: last, of: tenant.id, limit: Self.batch, on: connection) {
                        rows.append($0)
                    }
                }
                guard let reached else { break }
                last = reached
                let entries = try gate.transform("rebuild the look-up index", items: rows.count, by: Self.caller) {
                    transform in
                    let held = try vault.profiles.keyring.entries(of: rows.map(\.subject))
                    return try zip(rows, held).flatMap { row, key in
                        try transform.lookupEntries(row, key, fields: gate.schema.identifiers, keys: keys)
                    }
                }
                try vault.lookup.add(entries, change: 0)
                done += rows.count
                progress(done)
            }
            try rebuildEvents(of: tenant, gate, keys)
        }
        try vault.lookup.setChange(vault.profiles.change())
    }

    /// Notes the digest of every stored event, equal ones as often as they are stored.
    private func rebuildEvents(of tenant: Tenant, _ gate: Gate, _ keys: TenantKeys) throws {
        var last: Int64 = 0
        while true {
            var stored: [Events.Stored] = []
            var subjects: [Subject] = []
            let reached = try vault.stores.data.read { connection in
                let reached = try vault.events.rows(after: last, of: tenant.id, limit: Self.batch, on: connection) {
                    stored.append($0)
                }
                for number in Set(stored.map(\.profile)) {
                    guard let row = try vault.profiles.row(number, of: tenant.id, on: connection) else { continue }
                    subjects.append(row.subject)
                }
                return reached
            }
            guard let reached else { break }
            last = reached
            let digests = try gate.transform("rebuild the event index", items: stored.count, by: Self.caller) {
                transform in
                let held = try vault.profiles.keyring.entries(of: subjects)
                let people = Dictionary(uniqueKeysWithValues: zip(subjects, held).map { ($0.number, ($0, $1)) })
                return try stored.compactMap { event -> EventDigest? in
                    guard let (subject, key) = people[event.profile] else { return nil }
                    return try transform.digest(of: event, subject: subject, key: key, keys: keys)
                }
            }
            // One run for all batches, so that equal events take a place each.
            _ = try vault.lookup.claim(digests, run: 0, change: 0)
        }
    }
}
