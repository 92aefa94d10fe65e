import Audit
package import Core
import Secrets
import Storage

/// Writes consents of many people within one mutation.
///
/// A person who is new costs two inserts and no query, whatever they agreed to.
package final class ConsentWriter {
    private let ledger: ConsentLedger
    private let mutation: Mutation
    private let key: AuthenticationKey
    private let selectHead: PreparedStatement
    private let insertHead: PreparedStatement
    private let updateHead: PreparedStatement
    private let insertRecord: PreparedStatement

    init(_ ledger: ConsentLedger, _ mutation: Mutation) throws {
        self.ledger = ledger
        self.mutation = mutation
        key = try ledger.key(of: mutation.authorization.tenant)
        let connection = mutation.connection
        selectHead = try connection.prepared("SELECT head FROM consent_head WHERE subject = $1")
        insertHead = try connection.prepared("INSERT INTO consent_head (subject, head) VALUES ($1, $2)")
        updateHead = try connection.prepared("UPDATE consent_head SET head = $1 WHERE subject = $2")
        insertRecord = try connection.prepared(
            "INSERT INTO consent_record (subject, sequence, body, chain, evidence) VALUES ($1, $2, $3, $4, $5)")
    }

    /// Gives a new person a head that says nothing was agreed.
    @discardableResult
    package func create(_ subject: Subject) throws -> ConsentHead {
        try create(subject, recording: [], from: ConsentOrigin(source: "", effective: nil)).head
    }

    /// Gives a new person a head and what they agreed to at once.
    package func create(
        _ subject: Subject, recording changes: [ConsentChange], from origin: ConsentOrigin
    ) throws -> ConsentOutcome {
        try create(
            ledger.draft(of: subject, after: nil, changes, from: origin, under: mutation.authorization, key: key))
    }

    /// Stores what was drafted for a new person.
    @discardableResult
    package func create(_ draft: ConsentDraft) throws -> ConsentOutcome {
        try store(draft)
        try insertHead.bind(draft.subject.number, at: 1)
        try insertHead.bind(draft.head.bytes, at: 2)
        try insertHead.run()
        return announce(draft)
    }

    /// Records changes of a person who has a head.
    package func append(
        _ changes: [ConsentChange], from origin: ConsentOrigin, to subject: Subject
    ) throws -> ConsentOutcome {
        let old = try ledger.head(of: subject, by: selectHead, key: key)
        let draft = try ledger.draft(
            of: subject, after: old, closed: closings(of: subject, old, changes, origin), changes, from: origin,
            under: mutation.authorization, key: key)
        guard draft.record != nil else {
            return ConsentOutcome(head: old, results: draft.results, states: draft.states)
        }
        try store(draft)
        try updateHead.bind(draft.head.bytes, at: 1)
        try updateHead.bind(subject.number, at: 2)
        try updateHead.run()
        return announce(draft)
    }

    /// By purpose, when a "no" of unknown date was recorded that a dated answer meets.
    private func closings(
        of subject: Subject, _ head: ConsentHead, _ changes: [ConsentChange], _ origin: ConsentOrigin
    ) throws -> [UInt64: Timestamp] {
        guard origin.effective != nil else { return [:] }
        let tags = Set(changes.compactMap { $0.state.isAnswer ? $0.purpose?.tag : nil })
        let undated = head.states.filter { state in
            state.since == nil && state.answer.map { $0 != .granted } == true && tags.contains(state.tag)
        }
        guard !undated.isEmpty else { return [:] }
        var closings: [UInt64: Timestamp] = [:]
        for record in try ledger.records(of: subject, under: head, erased: false, on: mutation.connection) {
            for change in record.changes where change.state.isAnswer {
                closings[PurposeDefinition.tag(of: change.purpose)] = record.recorded
            }
        }
        return closings
    }

    private func store(_ draft: ConsentDraft) throws {
        guard let record = draft.record else { return }
        try insertRecord.bind(draft.subject.number, at: 1)
        try insertRecord.bind(Int64(draft.head.sequence), at: 2)
        try insertRecord.bind(record.body, at: 3)
        try insertRecord.bind(record.chain, at: 4)
        if let evidence = record.evidence {
            try insertRecord.bind(evidence, at: 5)
        } else {
            try insertRecord.bindNull(at: 5)
        }
        try insertRecord.run()
    }

    private func announce(_ draft: ConsentDraft) -> ConsentOutcome {
        mutation.changed(
            HeadChange(
                kind: .consent, tenant: draft.subject.tenant, profile: draft.subject.id, sequence: draft.head.sequence,
                digest: draft.head.digest))
        return ConsentOutcome(head: draft.head, results: draft.results, states: draft.states)
    }
}
