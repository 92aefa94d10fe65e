import Core
import Gate
import Secrets
import Storage
import Vault

/// Finds out whom each row of a batch speaks of, and what it changes.
///
/// Identifiers are tried in the order of their rank. A profile found by a lower one is somebody else when it has
/// another value for a higher one that the row names, too: two people may share an e-mail address, but not a customer
/// number. A row that fits several people all the same is nobody's.
struct Resolver {
    let gate: Gate
    let profiles: Profiles
    let lookup: LookupIndex
    let data: any Database
    let tenant: Tenant
    let keys: TenantKeys
    let caller: Caller

    /// People and entries of batches that are resolved but not committed yet.
    private(set) var pending: [Pending] = []

    struct Pending {
        let change: Int64
        var entries: [Int64: [Int64]] = [:]
        var people: [Int64: (row: ProfileRow, key: ProfileKeyring.Entry)] = [:]
    }

    init(
        gate: Gate, profiles: Profiles, lookup: LookupIndex, data: any Database, keys: TenantKeys, caller: Caller
    ) {
        self.gate = gate
        self.profiles = profiles
        self.lookup = lookup
        self.data = data
        self.tenant = gate.tenant
        self.keys = keys
        self.caller = caller
    }

    /// A batch whose rows know whom they speak of.
    struct Resolved {
        var drafts: [Draft] = []
        /// One for each row.
        var outcomes: [RowOutcome] = []
        /// Rows that fit several people, or that an erased person would come back with.
        var rejections: [Rejection] = []

        /// The position of the row that comes next.
        var position: Int { outcomes.count }

        fileprivate mutating func meet(_ draft: Draft) {
            if !draft.isMet { drafts.append(draft) }
            draft.isMet = true
        }
    }

    /// What is committed is found in the stores from now on.
    mutating func forget(upTo change: Int64) { pending.removeAll { $0.change <= change } }

    mutating func remember(_ batch: Pending) { pending.append(batch) }

    func resolve(_ batch: RowBatch, at time: Timestamp) throws -> Resolved {
        var table = try candidates(of: batch)
        return try gate.transform("compare imported rows", items: batch.rows.count, by: caller) { transform in
            var resolved = Resolved()
            resolved.outcomes.reserveCapacity(batch.rows.count)
            var fresh = Reservation(profiles: profiles, tenant: tenant.id, time: time)
            for row in batch.rows {
                let position = resolved.position
                let draft: Draft
                let outcome: RowOutcome
                let known = try match(row, in: table, transform)
                guard known.count < 2 else {
                    reject(row, known, in: &resolved)
                    continue
                }
                guard try !isSuppressed(row, of: known.first, at: time, transform) else {
                    resolved.rejections.append(Rejection(line: row.line, .notAccepted))
                    resolved.outcomes.append(.rejected)
                    continue
                }
                if let person = known.first {
                    draft = person
                    outcome = try apply(row, at: position, to: draft, &table, transform)
                } else {
                    draft = Draft(new: fresh.next())
                    table.people[draft.subject.number] = draft
                    for value in row.values { draft.set(value.field.number, value.value, row: position) }
                    for identifier in row.identifiers { table.add(identifier, to: draft) }
                    outcome = .created
                }
                resolved.meet(draft)
                if !row.consents.isEmpty {
                    draft.consents.append(
                        ConsentRow(row: position, time: row.consentTime, answers: row.consents))
                }
                if let event = row.event { draft.events.append((position, event)) }
                resolved.outcomes.append(outcome)
            }
            forgetOvertaken(in: &resolved)
            return resolved
        }
    }

    /// Takes nothing from a row that fits several people but its "no": one of them said it, so it closes for all.
    private func reject(_ row: StandardRow, _ people: [Draft], in resolved: inout Resolved) {
        let refusals = row.consents.filter { !$0.granted }
        if !refusals.isEmpty {
            for draft in people {
                resolved.meet(draft)
                draft.consents.append(
                    ConsentRow(row: resolved.position, time: row.consentTime, answers: refusals))
            }
        }
        resolved.rejections.append(Rejection(line: row.line, .identifierAmbiguous))
        resolved.outcomes.append(.rejected)
    }

    /// A row whose new values were all overtaken by later rows of the batch has changed nothing in the end.
    private func forgetOvertaken(in resolved: inout Resolved) {
        for draft in resolved.drafts where !draft.isNew {
            for position in draft.updates where !draft.values.contains(where: { $0.row == position }) {
                resolved.outcomes[position] = .unchanged
            }
        }
    }

    /// Everybody whom the identifiers of a batch may mean.
    private struct Table {
        /// Row numbers by index entry.
        var entries: [Int64: [Int64]] = [:]
        var people: [Int64: Draft] = [:]

        mutating func add(_ identifier: StandardRow.Identifier, to draft: Draft) {
            let number = draft.subject.number
            let entry = LookupIndex.Entry(entry: identifier.entry, number: number)
            draft.added.append(entry)
            // A value that left and comes back within the batch keeps its entry.
            draft.removed.removeAll { $0 == entry }
            if entries[identifier.entry]?.contains(number) != true {
                entries[identifier.entry, default: []].append(number)
            }
        }
    }

    /// Ids and numbers for new people, some at a time: one by one, each would cost a call for random bytes.
    private struct Reservation {
        let profiles: Profiles
        let tenant: TenantID
        let time: Timestamp
        private static let size = 64
        private var left: ArraySlice<Subject> = []

        init(profiles: Profiles, tenant: TenantID, time: Timestamp) {
            self.profiles = profiles
            self.tenant = tenant
            self.time = time
        }

        mutating func next() -> Subject {
            if let subject = left.popFirst() { return subject }
            left = profiles.reserve(Self.size, for: tenant, at: time)[...]
            return left.removeFirst()
        }
    }

    private func candidates(of batch: RowBatch) throws -> Table {
        var table = Table()
        var wanted: [Int64] = []
        var seen: Set<Int64> = []
        for row in batch.rows {
            for identifier in row.identifiers where seen.insert(identifier.entry).inserted {
                wanted.append(identifier.entry)
            }
        }
        wanted.sort()
        for (entry, numbers) in zip(wanted, try lookup.numbers(wanted)) where !numbers.isEmpty {
            table.entries[entry] = numbers
        }
        for batch in pending {
            for entry in wanted {
                for number in batch.entries[entry] ?? [] where table.entries[entry]?.contains(number) != true {
                    table.entries[entry, default: []].append(number)
                }
            }
        }
        var numbers = Set(table.entries.values.joined())
        for batch in pending.reversed() {
            for number in numbers {
                guard let person = batch.people[number] else { continue }
                table.people[number] = Draft(stored: person.row, key: person.key)
                numbers.remove(number)
            }
        }
        let rows = try data.read { connection in
            try numbers.sorted().compactMap { try profiles.row($0, of: tenant.id, on: connection) }
        }
        let entries = try profiles.keyring.entries(of: rows.map(\.subject))
        for (row, key) in zip(rows, entries) { table.people[row.subject.number] = Draft(stored: row, key: key) }
        return table
    }

    /// The person a row speaks of: nobody for somebody new, several where the row does not tell them apart.
    private func match(_ row: StandardRow, in table: Table, _ transform: Transform) throws -> [Draft] {
        for (rank, identifier) in row.identifiers.enumerated() {
            var people: [Draft] = []
            for number in table.entries[identifier.entry] ?? [] {
                guard let draft = table.people[number],
                    try holds(draft, identifier.field, identifier.lookupForm, transform) == true
                else { continue }
                let contradicted = try row.identifiers[..<rank].contains {
                    try holds(draft, $0.field, $0.lookupForm, transform) == false
                }
                if !contradicted { people.append(draft) }
            }
            for other in row.identifiers[(rank + 1)...] where people.count > 1 {
                let narrowed = try people.filter { try holds($0, other.field, other.lookupForm, transform) == true }
                if !narrowed.isEmpty { people = narrowed }
            }
            if !people.isEmpty { return people }
        }
        return []
    }

    /// Whether a row brings an identifier of an erased person that nobody living has already.
    private func isSuppressed(
        _ row: StandardRow, of known: Draft?, at time: Timestamp, _ transform: Transform
    ) throws -> Bool {
        try row.identifiers.contains { identifier in
            guard
                try profiles.denials.suppresses(
                    identifier.lookupForm, field: identifier.field.number, of: tenant.id, at: time)
            else { return false }
            return try known.map { try holds($0, identifier.field, identifier.lookupForm, transform) != true } ?? true
        }
    }

    /// Whether a person has this identifier: `nil` when they have none of that field.
    private func holds(
        _ draft: Draft, _ field: ProfileSchema.Field, _ lookupForm: String, _ transform: Transform
    ) throws -> Bool? {
        if let value = draft.value(field.number) {
            return field.definition.form.lookupForm(of: value).utf8.elementsEqual(lookupForm.utf8)
        }
        guard let stored = draft.stored, let key = draft.key, stored.record.cell(field.number) != nil else {
            return nil
        }
        return try transform.confirms(stored, key, field: field, lookupForm: lookupForm)
    }

    /// Takes over what is new in a row.
    ///
    /// A row whose event is in already is an old one: what it says of the person was taken when it came first, and may
    /// have been overtaken since.
    private func apply(
        _ row: StandardRow, at position: Int, to draft: Draft, _ table: inout Table, _ transform: Transform
    ) throws -> RowOutcome {
        // Identifiers are values, too: where no value differs, there is nothing to join or to replace.
        let changed = try row.values.filter { try differs($0, from: draft, transform) }
        if changed.isEmpty { return .unchanged }
        if let event = row.event, try isKnown(event, of: draft) { return .unchanged }
        var joined = false
        for identifier in row.identifiers {
            switch try holds(draft, identifier.field, identifier.lookupForm, transform) {
            case true: continue
            case nil: joined = true
            case false:
                if let old = try oldEntry(draft, identifier.field, transform) { draft.removed.append(old) }
            }
            table.add(identifier, to: draft)
        }
        for value in changed {
            if draft.value(value.field.number) != nil, try isStored(value, of: draft, transform) {
                // A row before had changed it: compared with what is stored, nothing is new.
                draft.unset(value.field.number)
            } else {
                draft.set(value.field.number, value.value, row: position)
            }
        }
        if joined { return .merged }
        draft.updates.append(position)
        return .updated
    }

    /// Whether the person has had this event before, by the columns that name it.
    private func isKnown(_ event: Event, of draft: Draft) throws -> Bool {
        guard event.identity != nil else { return false }
        if draft.events.contains(where: { $0.event.identity == event.identity }) { return true }
        return try lookup.holds(EventDigest(of: event, subject: draft.subject, keys: keys))
    }

    private func differs(_ value: StandardRow.Value, from draft: Draft, _ transform: Transform) throws -> Bool {
        if let current = draft.value(value.field.number) {
            return !current.utf8.elementsEqual(value.value.utf8)
        }
        return try !isStored(value, of: draft, transform)
    }

    private func isStored(_ value: StandardRow.Value, of draft: Draft, _ transform: Transform) throws -> Bool {
        guard let stored = draft.stored, let key = draft.key else { return false }
        let compared = try transform.compare(stored, key, with: [(field: value.field.number, value: value.value)])
        return compared[0] == .same
    }

    /// The index entry of an identifier that is about to be replaced.
    private func oldEntry(
        _ draft: Draft, _ field: ProfileSchema.Field, _ transform: Transform
    ) throws -> LookupIndex.Entry? {
        if let value = draft.value(field.number) {
            let entry = try keys.index(ofField: field.number).entry(field.definition.form.lookupForm(of: value))
            return LookupIndex.Entry(entry: entry, number: draft.subject.number)
        }
        guard let stored = draft.stored, let key = draft.key else { return nil }
        return try transform.lookupEntries(stored, key, fields: [field], keys: keys).first
    }
}

extension RejectionCode {
    /// Several people have what the row names, and nothing in it tells them apart.
    package static let identifierAmbiguous = RejectionCode("identifier_ambiguous")
}
