package import Core
import Secrets

/// A record and the head that goes with it, worked out and sealed, not yet stored.
///
/// An import drafts on all cores and leaves the one writer only the inserts.
package struct ConsentDraft: Sendable {
    package let subject: Subject
    package let results: [ConsentOutcome.Result]
    package let states: [ConsentState]
    package let head: ConsentHead
    /// `nil` when there was nothing to record.
    let record: Row?

    /// A row of `consent_record`.
    struct Row {
        let body: [UInt8]
        let chain: [UInt8]
        let evidence: [UInt8]?
    }
}

extension ConsentLedger {
    /// Drafts the first head of a person who is new, with what they agreed to; for `ConsentWriter.create`.
    package func draft(
        of subject: Subject, recording changes: [ConsentChange], from origin: ConsentOrigin,
        under authorization: Authorization
    ) throws -> ConsentDraft {
        try draft(of: subject, after: nil, changes, from: origin, under: authorization, key: key(of: subject.tenant))
    }

    func draft(
        of subject: Subject, after old: ConsentHead?, closed: [UInt64: Timestamp] = [:], _ changes: [ConsentChange],
        from origin: ConsentOrigin, under authorization: Authorization, key: AuthenticationKey
    ) throws(ConsentError) -> ConsentDraft {
        precondition(subject.tenant == authorization.tenant, "an authorization reaches people of its own tenant only")
        var deliberation = try ConsentDeliberation(
            states: old?.states ?? [], effective: origin.effective, closed: closed, now: authorization.time)
        for change in changes { try deliberation.consider(change) }
        let previous = old?.chain ?? ConsentRecord.genesis(of: subject)
        let sequence = (old?.sequence ?? 0) + 1
        guard !deliberation.recorded.isEmpty else {
            let head = old ?? ConsentHead(of: subject, sequence: 0, chain: previous, states: [], key: key)
            return ConsentDraft(
                subject: subject, results: deliberation.results, states: deliberation.reached, head: head, record: nil)
        }
        try Self.checkLengths(deliberation, origin, authorization)
        let evidence = origin.evidence.map { evidence in
            evidence.sealer.seal(
                evidence.bytes,
                binding: ConsentRecord.evidenceBinding(
                    subject, decision: authorization.decision, sequence: sequence, keyID: evidence.keyID))
        }
        let body = ConsentRecord(
            sequence: sequence, recorded: authorization.time, effective: origin.effective,
            decision: authorization.decision, actor: authorization.principal, source: origin.source,
            changes: deliberation.recorded,
            evidence: evidence.map {
                ConsentRecord.EvidenceSeal(keyID: origin.evidence?.keyID ?? 0, digest: BLAKE2b.digest($0))
            }
        ).encoded()
        let chain = ConsentRecord.link(previous, body)
        let head = ConsentHead(of: subject, sequence: sequence, chain: chain, states: deliberation.outcome, key: key)
        return ConsentDraft(
            subject: subject, results: deliberation.results, states: deliberation.reached, head: head,
            record: ConsentDraft.Row(body: body, chain: chain, evidence: evidence))
    }

    /// What the format gives one byte to count must fit one.
    private static func checkLengths(
        _ deliberation: ConsentDeliberation, _ origin: ConsentOrigin, _ authorization: Authorization
    ) throws(ConsentError) {
        try check("source", origin.source)
        try check("actor", authorization.principal.name)
        for change in deliberation.recorded {
            try check("purpose", change.purpose)
            guard let notice = change.notice else { continue }
            try check("notice", notice.id)
            try check("notice version", notice.version)
        }
        guard deliberation.recorded.count <= 255, deliberation.outcome.count <= 255 else {
            throw ConsentError(ConsentError.tooLong, "one person's consents reach at most 255 purposes")
        }
    }

    private static func check(_ what: StaticString, _ text: String) throws(ConsentError) {
        guard text.utf8.count <= 255 else {
            throw ConsentError(ConsentError.tooLong, "the \(what) has more than 255 bytes", remedy: "shorten it")
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
