import Consent
import Core
import Secrets
import Vault

/// A batch ready to be written: sealed, with nothing left that needs a key but consents.
struct SealedBatch: Sendable {
    /// Consents of one person, in the order in which they are recorded.
    struct Consents: Sendable {
        let subject: Subject
        let isNew: Bool
        let rows: [ConsentRow]

        /// Those of a known time go first, the oldest before all, so that the history is in order whatever the rows'
        /// order is; then those of an unknown time, as the rows have them.
        init(of draft: Draft) {
            subject = draft.subject
            isNew = draft.isNew
            guard draft.consents.count > 1 else {
                rows = draft.consents
                return
            }
            rows = draft.consents.sorted { left, right in
                guard let earlier = left.time, let later = right.time, earlier != later else {
                    let isLeftDated = left.time != nil
                    return isLeftDated == (right.time != nil) ? left.row < right.row : isLeftDated
                }
                return earlier < later
            }
        }
    }

    let change: Int64
    var inserted: [ProfileRow] = []
    var updated: [ProfileRow] = []
    var added: [LookupIndex.Entry] = []
    var removed: [LookupIndex.Entry] = []
    var events: [Events.Sealed] = []
    var consents: [Consents] = []
    /// One for each row that could be read.
    var outcomes: [RowOutcome] = []
    /// In the order of their lines: rows that could not be read, and those that could not be used.
    var rejections: [Rejection] = []
    /// How many rows were read.
    let read: Int
    /// How far in the input the batch ends.
    let position: Int

    /// Whether the stores change at all.
    var changesData: Bool { !inserted.isEmpty || !updated.isEmpty || !events.isEmpty || !consents.isEmpty }
}

/// Turns a resolved batch into sealed rows: keys first, then cells on all cores.
struct BatchSealer {
    let profiles: Profiles
    let lookup: LookupIndex
    let keys: TenantKeys
    let schemaVersion: UInt16
    /// Tells the events of this import from those of others.
    let run: Int64

    /// `rows` are those that were resolved, `change` is the number the batch will have among the changes of the data,
    /// `time` gate time.
    func seal(
        _ resolved: Resolver.Resolved, of rows: RowBatch, change: Int64, at time: Timestamp
    ) throws -> (batch: SealedBatch, pending: Resolver.Pending) {
        var batch = SealedBatch(change: change, read: rows.read, position: rows.position)
        batch.outcomes = resolved.outcomes
        batch.rejections = (rows.rejections + resolved.rejections).sorted { $0.line < $1.line }
        let new = resolved.drafts.filter(\.isNew)
        let fresh = try profiles.keyring.prepare(for: new.map(\.subject))
        for (draft, key) in zip(new, fresh.entries) { draft.key = key }
        // Keys are durable before any row that needs them is written; meanwhile the rows are sealed.
        let storing = Worker("import: keys") { [profiles] in try profiles.keyring.store(fresh) }
        let sealing = Result { try seal(resolved.drafts.filter(\.isChanged), at: time) }
        try storing.join()
        let rows = try sealing.get()
        var pending = Resolver.Pending(change: change)
        for row in rows {
            if row.row.revision == 1 { batch.inserted.append(row.row) } else { batch.updated.append(row.row) }
            pending.people[row.row.subject.number] = (row.row, row.key)
        }
        for draft in resolved.drafts {
            for entry in draft.added { pending.entries[entry.entry, default: []].append(entry.number) }
            batch.added += draft.added
            batch.removed += draft.removed
            if draft.isNew || !draft.consents.isEmpty {
                batch.consents.append(SealedBatch.Consents(of: draft))
            }
        }
        try sealEvents(of: resolved.drafts, into: &batch, at: time)
        return (batch, pending)
    }

    private struct Work: Sendable {
        let subject: Subject
        let stored: ProfileRow?
        let key: ProfileKeyring.Entry
        let values: [(field: UInt16, value: String)]
    }

    private func seal(
        _ drafts: [Draft], at time: Timestamp
    ) throws -> [(row: ProfileRow, key: ProfileKeyring.Entry)] {
        let work = drafts.compactMap { draft in
            draft.key.map {
                Work(
                    subject: draft.subject, stored: draft.stored, key: $0,
                    values: draft.values.map { (field: $0.field, value: $0.value) })
            }
        }
        return try work.mapInParallel { [keys, schemaVersion] work in
            let revision = (work.stored?.revision ?? 0) + 1
            let record = Record.seal(
                work.values, over: work.stored?.record, of: work.subject, with: work.key, revision: revision,
                schemaVersion: schemaVersion)
            let row = ProfileRow(
                subject: work.subject, revision: revision, created: work.stored?.created ?? time, updated: time,
                record: record, keys: keys)
            return (row, work.key)
        }
    }

    /// Seals the events that have not been stored before.
    private func sealEvents(of drafts: [Draft], into batch: inout SealedBatch, at time: Timestamp) throws {
        var events: [(row: Int, event: Event, draft: Draft)] = []
        for draft in drafts {
            for event in draft.events { events.append((event.row, event.event, draft)) }
        }
        guard !events.isEmpty else { return }
        // In the order of the rows, so that equal ones are counted alike every time.
        events.sort { $0.row < $1.row }
        let digests = try events.map { try EventDigest(of: $0.event, subject: $0.draft.subject, keys: keys) }
        for (event, isNew) in zip(events, try lookup.claim(digests, run: run, change: batch.change)) where isNew {
            guard let key = event.draft.key else { continue }
            batch.events.append(Events.seal(event.event, of: event.draft.subject, with: key, at: time))
            if batch.outcomes[event.row] == .unchanged { batch.outcomes[event.row] = .appended }
        }
    }
}
