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
        let head = ConsentHead(
            of: subject, sequence: 0, chain: ConsentRecord.genesis(of: subject), states: [], key: key)
        try insert(head, of: subject)
        return head
    }

    /// Gives a new person a head and what they agreed to at once.
    package func create(
        _ subject: Subject, recording changes: [ConsentChange], from origin: ConsentOrigin
    ) throws -> ConsentOutcome {
        let deliberation = try deliberate(changes, states: [], origin)
        guard !deliberation.recorded.isEmpty else {
            return ConsentOutcome(head: try create(subject), results: deliberation.results)
        }
        let head = try record(
            deliberation, of: subject, from: origin, after: ConsentRecord.genesis(of: subject), sequence: 1)
        try insert(head, of: subject)
        return ConsentOutcome(head: head, results: deliberation.results)
    }

    /// Records changes of a person who has a head.
    package func append(
        _ changes: [ConsentChange], from origin: ConsentOrigin, to subject: Subject
    ) throws -> ConsentOutcome {
        let old = try ledger.head(of: subject, by: selectHead, key: key)
        let deliberation = try deliberate(changes, states: old.states, origin)
        guard !deliberation.recorded.isEmpty else { return ConsentOutcome(head: old, results: deliberation.results) }
        let head = try record(deliberation, of: subject, from: origin, after: old.chain, sequence: old.sequence + 1)
        try updateHead.bind(head.bytes, at: 1)
        try updateHead.bind(subject.number, at: 2)
        try updateHead.run()
        announce(head, of: subject)
        return ConsentOutcome(head: head, results: deliberation.results)
    }

    private func deliberate(
        _ changes: [ConsentChange], states: [PurposeState], _ origin: ConsentOrigin
    ) throws(ConsentError) -> ConsentDeliberation {
        var deliberation = try ConsentDeliberation(
            states: states, effective: origin.effective, now: mutation.authorization.time)
        for change in changes { try deliberation.consider(change) }
        return deliberation
    }

    /// Writes the record and returns the head that goes with it.
    private func record(
        _ deliberation: ConsentDeliberation, of subject: Subject, from origin: ConsentOrigin, after chain: [UInt8],
        sequence: UInt64
    ) throws -> ConsentHead {
        try checkLengths(deliberation, origin)
        precondition(
            subject.tenant == mutation.authorization.tenant, "an authorization reaches people of its own tenant only")
        let authorization = mutation.authorization
        let cell = origin.evidence.map { evidence in
            evidence.sealer.seal(
                evidence.bytes,
                binding: ConsentRecord.evidenceBinding(
                    subject, decision: authorization.decision, sequence: sequence, keyID: evidence.keyID))
        }
        let seal = origin.evidence.flatMap { evidence in
            cell.map { ConsentRecord.EvidenceSeal(keyID: evidence.keyID, digest: BLAKE2b.digest($0)) }
        }
        let body = ConsentRecord(
            sequence: sequence, recorded: authorization.time, effective: origin.effective,
            decision: authorization.decision, actor: authorization.principal, source: origin.source,
            changes: deliberation.recorded, evidence: seal
        ).encoded()
        let link = ConsentRecord.link(chain, body)
        try insertRecord.bind(subject.number, at: 1)
        try insertRecord.bind(Int64(sequence), at: 2)
        try insertRecord.bind(body, at: 3)
        try insertRecord.bind(link, at: 4)
        if let cell { try insertRecord.bind(cell, at: 5) } else { try insertRecord.bindNull(at: 5) }
        try insertRecord.run()
        return ConsentHead(of: subject, sequence: sequence, chain: link, states: deliberation.outcome, key: key)
    }

    private func insert(_ head: ConsentHead, of subject: Subject) throws {
        try insertHead.bind(subject.number, at: 1)
        try insertHead.bind(head.bytes, at: 2)
        try insertHead.run()
        announce(head, of: subject)
    }

    private func announce(_ head: ConsentHead, of subject: Subject) {
        mutation.changed(
            HeadChange(
                kind: .consent, tenant: subject.tenant, profile: subject.id, sequence: head.sequence,
                digest: head.digest))
    }

    /// What the format gives one byte to count must fit one.
    private func checkLengths(
        _ deliberation: ConsentDeliberation, _ origin: ConsentOrigin
    ) throws(ConsentError) {
        let notices = deliberation.recorded.compactMap(\.notice)
        for (what, text) in [("source", origin.source), ("actor", mutation.authorization.principal.name)]
            + notices.flatMap({ [("notice", $0.id), ("notice version", $0.version)] })
        where text.utf8.count > 255 {
            throw ConsentError(ConsentError.tooLong, "the \(what) has more than 255 bytes", remedy: "shorten it")
        }
        guard deliberation.recorded.count <= 255, deliberation.outcome.count <= 255 else {
            throw ConsentError(ConsentError.tooLong, "one person's consents reach at most 255 purposes")
        }
    }
}

extension ConsentRecord {
    /// Where a record's evidence belongs.
    static func evidenceBinding(
        _ subject: Subject, decision: UniqueID, sequence: UInt64, keyID: UInt32
    ) -> CellBinding {
        CellBinding(
            tenant: subject.tenant, profile: subject.id, kind: .consentEvidence, record: decision, field: 0,
            revision: sequence, keyID: keyID, schemaVersion: 0)
    }
}
