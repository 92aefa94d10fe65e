import Accounts
import Audit
package import Core
import Secrets
import Storage
package import Vault

/// New values for one profile, field by field.
package struct ProfileEdit: Sendable {
    /// A field and the value as it was typed; an empty one removes the field.
    package let values: [(field: String, value: String)]

    package init(values: [(field: String, value: String)]) { self.values = values }
}

/// What an edit came to.
package struct EditOutcome: Sendable {
    package let profile: ProfileID
    package let revision: UInt32
    /// Names of fields that have another value than before.
    package var changed: [String] = []
    package var removed: [String] = []
    /// Names of fields that stood so already.
    package var unchanged: [String] = []

    package var isChange: Bool { !changed.isEmpty || !removed.isEmpty }
}

extension Gate {
    /// Brings new values into standard form, seals them under the person's key and keeps the look-up index in step.
    ///
    /// The index first, as in an import: an entry that leads nowhere is harmless, a person whom no entry leads to is not.
    ///
    /// That a value stood so already confirms it, so the log says who gave which fields of whom also where nothing changes.
    ///
    /// - Throws: `denied`, `unknownSubject`, `unknownField`, `valueRefused`; nothing is changed then.
    package func edit(
        _ reference: SubjectReference, _ edit: ProfileEdit, by caller: Caller
    ) throws -> EditOutcome {
        let authorization = try authorize(.put, by: caller)
        if let scope = caller.scope, let value = edit.values.first(where: { !scope.allows(field: $0.field) }) {
            throw try refusal(
                of: .put, by: caller, because: "beyond_scope",
                GateError(
                    GateError.denied, "\(caller.principal) has nothing to do with the field `\(value.field)`",
                    remedy: "its key was made for other fields"))
        }
        let schema = schema
        let wanted = try standardised(edit, schema: schema, at: authorization.time)
        let found = try find(reference)
        let row = found.row
        let keys = try profiles.tree.keys(of: tenant.id)

        var outcome = EditOutcome(profile: row.subject.id, revision: row.revision)
        var fresh: [(field: ProfileSchema.Field, value: String)] = []
        // Whoever may put need not be one who maintains: the comparison is the program's own work.
        let replaced = try transform("compare edited fields", items: wanted.count, by: IndexRebuild.caller) {
            transform in
            for item in wanted {
                switch try transform.compare(row, found.key, with: [(field: item.field.number, value: item.value)])[0] {
                case .same: outcome.unchanged.append(item.field.name)
                case .absent where item.value.isEmpty: outcome.unchanged.append(item.field.name)
                default:
                    fresh.append(item)
                    if item.value.isEmpty {
                        outcome.removed.append(item.field.name)
                    } else {
                        outcome.changed.append(item.field.name)
                    }
                }
            }
            return try transform.lookupEntries(
                row, found.key, fields: fresh.map(\.field).filter(\.definition.isIdentifier), keys: keys)
        }
        guard outcome.isChange else {
            try record(authorization, .allowed, wanted, of: row)
            return outcome
        }
        let added = try fresh.filter { $0.field.definition.isIdentifier && !$0.value.isEmpty }.map { item in
            let form = item.field.definition.form.lookupForm(of: item.value)
            return LookupIndex.Entry(
                entry: try keys.index(ofField: item.field.number).entry(form), number: row.subject.number)
        }
        do {
            try requireWayToFind(row, after: fresh)
            try refuseSuppressed(fresh, at: authorization.time)
            try refuseTaken(fresh, added, of: row.subject)
        } catch {
            try record(authorization, .denied, wanted, of: row)
            throw error
        }

        let revision = row.revision + 1
        let record = Record.seal(
            fresh.map { (field: $0.field.number, value: $0.value) }, over: row.record, of: row.subject, with: found.key,
            revision: revision, schemaVersion: schema.version)
        let next = ProfileRow(
            subject: row.subject, revision: revision, created: row.created, updated: authorization.time, record: record,
            keys: keys)
        let change = try profiles.change() + 1
        let removed = replaced.filter { !added.contains($0) }
        try lookup.add(added, change: change, replacing: !removed.isEmpty)
        try audit.mutate(authorization) { mutation in
            try profiles.setChange(change, in: mutation)
            try profiles.update([next], in: mutation)
            mutation.setSubject(row.subject.id)
            mutation.note("fields", JSON((outcome.changed + outcome.removed).map { JSON($0) }))
            if !outcome.unchanged.isEmpty {
                mutation.note("unchanged", JSON(outcome.unchanged.map { JSON($0) }))
            }
            mutation.note("revision", JSON(Int(revision)))
        }
        try lookup.remove(removed, change: change)
        return EditOutcome(
            profile: outcome.profile, revision: revision, changed: outcome.changed, removed: outcome.removed,
            unchanged: outcome.unchanged)
    }

    /// Logs an edit that changes nothing, before anybody learns why.
    private func record(
        _ authorization: Authorization, _ outcome: AuditEntry.Outcome,
        _ wanted: [(field: ProfileSchema.Field, value: String)], of row: ProfileRow
    ) throws {
        try audit.record(
            AuditEntry(
                time: authorization.time, principal: authorization.principal, action: authorization.action.rawValue,
                tenant: tenant.id, subject: row.subject.id, outcome: outcome, decision: authorization.decision,
                facts: AuditFacts([
                    ("fields", JSON(wanted.map { JSON($0.field.name) })), ("changed", false),
                    ("revision", JSON(Int(row.revision))),
                ])))
    }

    private func standardised(
        _ edit: ProfileEdit, schema: ProfileSchema, at time: Timestamp
    ) throws -> [(field: ProfileSchema.Field, value: String)] {
        var wanted: [(field: ProfileSchema.Field, value: String)] = []
        for (name, value) in edit.values {
            let field = try schema.require(name)
            guard !wanted.contains(where: { $0.field.number == field.number }) else {
                throw VaultError(VaultError.valueRefused, "the field `\(name)` is given twice", remedy: "give it once")
            }
            guard !value.isEmpty else {
                wanted.append((field, ""))
                continue
            }
            wanted.append((field, try standardised(value, field: field, at: time)))
        }
        return wanted
    }

    private func standardised(
        _ value: String, field: ProfileSchema.Field, at time: Timestamp
    ) throws(VaultError) -> String {
        var options = StandardForm.Options(region: tenant.region)
        if field.definition.pastOnly { options.latest = CalendarDate(String(time.description.prefix(10))) }
        let canonical: String?
        do throws(StandardFormError) {
            canonical = try field.definition.form.standardise(value, options)
        } catch {
            throw VaultError(
                VaultError.valueRefused, "the field `\(field.name)` was not taken: \(error.message)",
                remedy: error.remedy ?? "check it for typing errors; docs/import.md says what each form reads")
        }
        guard let canonical else {
            throw VaultError(
                VaultError.valueRefused, "what is given for `\(field.name)` says that there is no value",
                remedy: "to remove the field write `\(field.name)=`")
        }
        return canonical
    }

    /// Somebody without an identifier could be found by the profile's id only, which nobody knows.
    private func requireWayToFind(
        _ row: ProfileRow, after fresh: [(field: ProfileSchema.Field, value: String)]
    ) throws(VaultError) {
        let removed = fresh.filter { $0.field.definition.isIdentifier && $0.value.isEmpty }
        guard !removed.isEmpty else { return }
        let isFound = schema.identifiers.contains { identifier in
            fresh.first { $0.field.number == identifier.number }.map { !$0.value.isEmpty }
                ?? (row.record.cell(identifier.number) != nil)
        }
        guard !isFound else { return }
        throw VaultError(
            VaultError.valueRefused,
            "without \(removed.map { "`\($0.field.name)`" }.joined(separator: " and ")) nobody could look the person up",
            remedy:
                "leave one of \(schema.identifiers.map(\.name).joined(separator: ", ")), or give another value for one")
    }

    /// What an erased person was known by is given to nobody; why it is not is for a privacy officer to see.
    private func refuseSuppressed(
        _ fresh: [(field: ProfileSchema.Field, value: String)], at time: Timestamp
    ) throws {
        for item in fresh where item.field.definition.isIdentifier && !item.value.isEmpty {
            let form = item.field.definition.form.lookupForm(of: item.value)
            guard try profiles.denials.suppresses(form, field: item.field.number, of: tenant.id, at: time) else {
                continue
            }
            throw VaultError(
                VaultError.valueRefused, "the value given for `\(item.field.name)` is not accepted",
                remedy: "a privacy officer can see why: `profilevault timeline`")
        }
    }

    /// The identifier of the first rank names one person: nobody is given one that somebody else has.
    ///
    /// Those of lower rank may be shared, as in an import: whoever has one in common with others is found by another.
    private func refuseTaken(
        _ fresh: [(field: ProfileSchema.Field, value: String)], _ entries: [LookupIndex.Entry], of subject: Subject
    ) throws {
        guard let best = schema.identifiers.first,
            let item = fresh.first(where: { $0.field.number == best.number && !$0.value.isEmpty })
        else { return }
        let form = best.definition.form.lookupForm(of: item.value)
        let entry = try profiles.tree.keys(of: tenant.id).index(ofField: best.number).entry(form)
        let others = try lookup.numbers(entry).filter { $0 != subject.number }
        let rows = try data.read { connection in
            try others.compactMap { try profiles.row($0, of: tenant.id, on: connection) }
        }
        let isTaken = try rows.contains { row in
            try confirms(row, profiles.keyring.entry(of: row.subject), field: best, lookupForm: form)
        }
        guard !isTaken else {
            throw VaultError(
                VaultError.valueRefused, "another profile has this `\(best.name)` already",
                remedy: "check whether they are the same person")
        }
    }
}
