import Audit
package import Consent
package import Core
import Secrets
import Storage
package import Vault

/// What became of a change of one person's consents.
package struct ConsentReceipt: Sendable {
    package let profile: ProfileID
    /// One for each change, in order.
    package let results: [ConsentOutcome.Result]
    /// The state that each change came to.
    package let states: [ConsentState]
    package let head: ConsentHead
    /// When it was recorded: gate time.
    package let time: Timestamp

    package var changed: Bool { results.contains(.recorded) }
}

/// A person's consents as they stand and how they came to stand so.
package struct ConsentView: Sendable {
    package let profile: ProfileID
    package let head: ConsentHead
    /// The oldest first; checked against the chain and the head.
    package let records: [ConsentRecord]
    package let time: Timestamp

    /// The newest answer on record about one purpose, by when it was given.
    package func answer(for purpose: String) -> (record: ConsentRecord, change: RecordedChange)? {
        records.newestAnswer(for: purpose)
    }
}

extension Gate {
    /// The purpose, or a refusal: nothing may be done for one that nobody defined.
    package func purpose(_ name: String) throws(GateError) -> PurposeDefinition {
        guard let purpose = policies.purposes[name] else { throw unknownPurpose(name) }
        return purpose
    }

    func unknownPurpose(_ name: String) -> GateError {
        GateError(
            GateError.unknownPurpose, "there is no purpose `\(name)`",
            remedy: "the purposes are \(policies.purposes.names.joined(separator: ", "))")
    }

    /// The id of a person; the look-up confirms it by opening the identifier, and lets nothing out.
    package func profile(of reference: SubjectReference) throws -> ProfileID { try find(reference).row.subject.id }

    /// Records changes of one person's consents, as said at gate time.
    ///
    /// `evidence` is sealed under the person's key. What stands so already is not recorded again.
    package func record(
        _ changes: [ConsentChange], from source: String, evidence: [UInt8]? = nil, of reference: SubjectReference,
        by caller: Caller
    ) throws -> ConsentReceipt {
        let purpose = changes.count == 1 ? changes[0].purpose?.name : nil
        let authorization = try authorize(.recordConsent, by: caller, for: purpose)
        let found = try find(reference)
        let proof = evidence.map { ConsentEvidence($0, sealer: Sealer(found.key.key), keyID: found.key.keyID) }
        let origin = ConsentOrigin(source: source, effective: authorization.time, evidence: proof)
        let subject = found.row.subject
        let outcome = try audit.mutate(authorization) { mutation in
            let outcome = try ledger.append(changes, from: origin, to: subject, in: mutation)
            mutation.setSubject(subject.id)
            mutation.note("states", JSON(outcome.states.map { JSON($0.description) }))
            mutation.note("recorded", JSON(outcome.results.filter { $0 == .recorded }.count))
            return outcome
        }
        return ConsentReceipt(
            profile: subject.id, results: outcome.results, states: outcome.states, head: outcome.head,
            time: authorization.time)
    }

    /// A person's consents and their history, for somebody who may look at them; the look is logged.
    ///
    /// The policies are asked before the person is looked up: who may not look does not learn who is known.
    package func consents(of reference: SubjectReference, by caller: Caller) throws -> ConsentView {
        _ = try authorize(.viewConsent, by: caller)
        let found = try find(reference)
        let subject = found.row.subject
        let authorization = try authorize(.viewConsent, by: caller, subject: subject.id, viewing: true)
        let (head, records) = try data.read { connection in
            (try ledger.head(of: subject, on: connection), try ledger.history(of: subject, on: connection))
        }
        return ConsentView(profile: subject.id, head: head, records: records, time: authorization.time)
    }
}
