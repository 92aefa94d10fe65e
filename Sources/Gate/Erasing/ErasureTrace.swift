import Core
import Secrets
import Storage
import Vault

/// What leads to one person in the look-up index and what is to be suppressed, worked out while their key is there.
struct ErasureTrace {
    private(set) var entries: [LookupIndex.Entry] = []
    private(set) var suppressions: Set<SuppressionEntry> = []
    private(set) var events: [EventDigest] = []
    /// Something could not be opened, so more may lead to the person than this.
    private(set) var isPartial = false

    /// Traces nobody: the key is gone, and with it all that this could find.
    init() { isPartial = true }

    /// - Throws: when the profile's own cells do not open; a broken event only makes the trace partial.
    init(
        of row: ProfileRow, _ key: ProfileKeyring.Entry, identifiers: [ProfileSchema.Field], events stored: Events,
        keys: TenantKeys
    ) throws {
        let opener = Opener(key.key)
        for field in identifiers {
            guard let cell = row.record.cell(field.number) else { continue }
            let value = try opener.open(row.record.sealed(cell), binding: row.record.binding(of: cell, in: row.subject))
            let form = field.definition.form.lookupForm(of: value.text)
            entries.append(
                LookupIndex.Entry(
                    entry: try keys.index(ofField: field.number).entry(form), number: row.subject.number))
            suppressions.insert(try SuppressionEntry(form, field: field.number, keys: keys))
        }
        try trace(stored, of: row.subject, opener, keys)
    }

    private static let batch = 1000

    private mutating func trace(
        _ stored: Events, of person: Subject, _ opener: Opener, _ keys: TenantKeys
    ) throws {
        var last: Int64 = 0
        var sealed: [Events.Stored] = []
        while let reached = try stored.rows(of: person, after: last, limit: Self.batch, { sealed.append($0) }) {
            last = reached
            for event in sealed {
                guard let opened = try? opener.event(event, of: person) else {
                    isPartial = true
                    continue
                }
                events.append(try EventDigest(of: opened, subject: person, keys: keys))
            }
            sealed.removeAll(keepingCapacity: true)
        }
    }
}
