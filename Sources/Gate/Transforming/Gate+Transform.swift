import Audit
package import Core
package import Secrets
import Storage
package import Vault

/// Work that needs plaintext inside and lets none out: closed functions from sealed cells to answers.
///
/// The action is `maintain`; each batch leaves one entry in the log.
package struct Transform {
    private let gate: Gate

    fileprivate init(gate: Gate) { self.gate = gate }

    /// How a stored profile's field stands to a new value.
    package enum Comparison: Sendable {
        case same
        case different
        /// The profile has no such value yet.
        case absent
    }

    /// Compares new values with what is stored, field by field.
    package func compare(
        _ row: ProfileRow, _ key: ProfileKeyring.Entry, with values: [(field: UInt16, value: String)]
    ) throws(SecretsError) -> [Comparison] {
        let opener = Opener(key.key)
        var result: [Comparison] = []
        result.reserveCapacity(values.count)
        for (field, value) in values {
            guard let cell = row.record.cell(field) else {
                result.append(.absent)
                continue
            }
            var value = value
            let same = try opener.withOpened(
                row.record.sealed(cell), binding: row.record.binding(of: cell, in: row.subject)
            ) { opened in
                value.withUTF8 { unsafe opened.elementsEqual(UnsafeRawBufferPointer($0)) }
            }
            result.append(same ? .same : .different)
        }
        return result
    }

    /// Whether a profile has this identifier: an entry of the index is only a hint.
    package func confirms(
        _ row: ProfileRow, _ key: ProfileKeyring.Entry, field: ProfileSchema.Field, lookupForm: String
    ) throws(SecretsError) -> Bool {
        try gate.confirms(row, key, field: field, lookupForm: lookupForm)
    }

    /// The entries that the look-up index should have of a profile.
    package func lookupEntries(
        _ row: ProfileRow, _ key: ProfileKeyring.Entry, fields: [ProfileSchema.Field], keys: TenantKeys
    ) throws(SecretsError) -> [LookupIndex.Entry] {
        let opener = Opener(key.key)
        var entries: [LookupIndex.Entry] = []
        for field in fields {
            guard let cell = row.record.cell(field.number) else { continue }
            let value = try opener.open(
                row.record.sealed(cell), binding: row.record.binding(of: cell, in: row.subject))
            let form = field.definition.form.lookupForm(of: value.text)
            entries.append(
                LookupIndex.Entry(
                    entry: try keys.index(ofField: field.number).entry(form), number: row.subject.number))
        }
        return entries
    }

    /// The digest by which a stored event is known when it comes again.
    package func digest(
        of event: Events.Stored, subject: Subject, key: ProfileKeyring.Entry, keys: TenantKeys
    ) throws(SecretsError) -> EventDigest {
        try EventDigest(of: Opener(key.key).event(event, of: subject), subject: subject, keys: keys)
    }
}

extension Gate {
    /// Runs one batch of `maintain` work and records it; the record is made before the work.
    package func transform<R>(
        _ what: String, items: Int, by caller: Caller, _ body: (Transform) throws -> R
    ) throws -> R {
        _ = try authorize(
            .maintain, by: caller, viewing: true, facts: [("work", JSON(what)), ("items", JSON(items))])
        return try body(Transform(gate: self))
    }
}
