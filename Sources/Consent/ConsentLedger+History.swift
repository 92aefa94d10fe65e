package import Core
package import Secrets
package import Storage

extension ConsentLedger {
    /// All records of a person, the oldest first, each checked against the chain and all of them against the head.
    ///
    /// - Throws: `consent.record_missing`, `consent.record_changed`, `consent.chain_broken`, `consent.rolled_back` or
    ///   `consent.head_changed` with the record's number.
    ///
    /// Of somebody who is erased the evidence is not there, and need not be.
    package func history(
        of subject: Subject, erased: Bool = false, on connection: any Connection
    ) throws -> [ConsentRecord] {
        let head = try head(of: subject, on: connection)
        return try records(of: subject, under: head, erased: erased, on: connection)
    }

    func records(
        of subject: Subject, under head: ConsentHead, erased: Bool, on connection: any Connection
    ) throws -> [ConsentRecord] {
        var records: [ConsentRecord] = []
        var chain = ConsentRecord.genesis(of: subject)
        let statement = try connection.prepared(
            "SELECT sequence, body, chain, evidence FROM consent_record WHERE subject = $1 ORDER BY sequence")
        try statement.bind(subject.number, at: 1)
        try statement.query { row in
            let expected = UInt64(records.count) + 1
            let found = UInt64(bitPattern: try row.int64(at: 0))
            guard found == expected else {
                throw ConsentError.record(ConsentError.recordMissing, expected, of: subject.id, "is missing")
            }
            let body = try row.blob(at: 1)
            guard let record = ConsentRecord(body) else {
                throw ConsentError.record(ConsentError.recordChanged, found, of: subject.id, "is not readable")
            }
            guard record.sequence == found else {
                throw ConsentError.record(
                    ConsentError.chainBroken, found, of: subject.id, "was written as record \(record.sequence)")
            }
            chain = ConsentRecord.link(chain, body)
            guard chain == (try row.blob(at: 2)) else {
                throw ConsentError.record(ConsentError.recordChanged, found, of: subject.id, "was changed")
            }
            let evidence = try row.optionalBlob(at: 3).map { BLAKE2b.digest($0) }
            guard evidence == record.evidence?.digest || erased && evidence == nil else {
                throw ConsentError.record(
                    ConsentError.recordChanged, found, of: subject.id, "does not have the evidence it was written with")
            }
            records.append(record)
        }
        try check(records, chain: chain, against: head)
        return records
    }

    /// Whether the head is what the records lead to.
    private func check(
        _ records: [ConsentRecord], chain: [UInt8], against head: ConsentHead
    ) throws(ConsentError) {
        let count = UInt64(records.count)
        guard count >= head.sequence else {
            throw .record(ConsentError.recordMissing, count + 1, of: head.profile, "is missing")
        }
        guard count == head.sequence else { throw .rolledBack(head.profile, to: head.sequence, from: count) }
        guard chain == head.chain else {
            throw .record(ConsentError.chainBroken, count, of: head.profile, "does not lead to the head")
        }
        var states: [UInt64: PurposeState] = [:]
        for record in records {
            for change in record.changes {
                let tag = PurposeDefinition.tag(of: change.purpose)
                states[tag, default: PurposeState(tag: tag)].apply(change, effective: record.effective)
            }
        }
        let expected = states.values.filter { !$0.isEmpty }.sorted { $0.tag < $1.tag }
        guard head.states == expected else {
            throw .headChanged(of: head.profile, "says something else than its records")
        }
    }

    /// The sealed evidence of one record and where it belongs, for the gate to open; `nil` when there is none.
    package func evidence(
        of subject: Subject, record: ConsentRecord, on connection: any Connection
    ) throws -> (cell: [UInt8], binding: CellBinding)? {
        guard let seal = record.evidence else { return nil }
        let cell = try connection.first(
            "SELECT evidence FROM consent_record WHERE subject = ? AND sequence = ?", .integer(subject.number),
            .integer(Int64(record.sequence))
        ) { try $0.optionalBlob(at: 0) }
        guard let cell = cell.flatMap({ $0 }), BLAKE2b.digest(cell) == seal.digest else {
            throw ConsentError.record(
                ConsentError.recordChanged, record.sequence, of: subject.id,
                "does not have the evidence it was written with")
        }
        let binding = ConsentRecord.evidenceBinding(
            subject, decision: record.decision, sequence: record.sequence, keyID: seal.keyID)
        return (cell, binding)
    }
}
