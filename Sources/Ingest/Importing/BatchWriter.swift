import Audit
import Consent
import Core
import Storage
import Vault

/// Writes sealed batches, one transaction each, with their entries in the log.
struct BatchWriter {
    let profiles: Profiles
    let events: Events
    let lookup: LookupIndex
    let ledger: ConsentLedger
    let audit: AuditLog
    let purposes: Purposes
    let source: String

    /// - Returns: what became of the batch's rows, once they are committed.
    func write(_ batch: SealedBatch, under authorization: Authorization) throws -> ImportCounts {
        guard batch.changesData else { return counts(of: batch, batch.outcomes) }
        // An entry that leads to nobody is harmless; a person whom no entry leads to would be imported again.
        try lookup.add(batch.added, change: batch.change, replacing: !batch.removed.isEmpty)
        let written = try audit.mutate(authorization) { mutation in
            var outcomes = batch.outcomes
            try profiles.setChange(batch.change, in: mutation)
            try profiles.insert(batch.inserted, in: mutation)
            try profiles.update(batch.updated, in: mutation)
            try record(batch.consents, &outcomes, in: mutation)
            try events.insert(batch.events, in: mutation)
            mutation.note("source", JSON(source))
            let written = counts(of: batch, outcomes)
            // The numbers that the import's result adds up.
            for member in written.json.members { mutation.note(member.key, member.value) }
            let notAccepted = batch.rejections.count { $0.code == .notAccepted }
            if notAccepted > 0 { mutation.note("not_accepted", JSON(notAccepted)) }
            return written
        }
        try lookup.remove(batch.removed, change: batch.change)
        return written
    }

    private func record(
        _ consents: [SealedBatch.Consents], _ outcomes: inout [RowOutcome], in mutation: Mutation
    ) throws {
        let writer = try ledger.writer(in: mutation)
        let source = "import " + source
        for person in consents {
            var isNew = person.isNew
            if isNew, person.rows.isEmpty { try writer.create(person.subject) }
            for row in person.rows {
                let origin = ConsentOrigin(source: source, effective: row.time)
                let changes = row.answers.compactMap { answer in
                    purposes[answer.purpose].map { answer.granted ? .grant($0) : ConsentChange.record(.refused, $0) }
                }
                let outcome =
                    isNew
                    ? try writer.create(person.subject, recording: changes, from: origin)
                    : try writer.append(changes, from: origin, to: person.subject)
                isNew = false
                if outcome.changed, outcomes[row.row] == .unchanged || outcomes[row.row] == .appended {
                    outcomes[row.row] = .updated
                }
            }
        }
    }

    private func counts(of batch: SealedBatch, _ outcomes: [RowOutcome]) -> ImportCounts {
        var counts = ImportCounts()
        counts.read = batch.read
        counts.rejected = batch.read - outcomes.count
        counts.events = batch.events.count
        for outcome in outcomes { counts.count(outcome) }
        return counts
    }
}
