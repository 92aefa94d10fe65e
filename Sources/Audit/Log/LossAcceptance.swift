public import Core

/// Somebody accepts that entries on their way into the log are lost, and says why.
package struct LossAcceptance: Sendable {
    package let authorization: Authorization
    /// In the log as it is written here: no personal data.
    package let reason: String

    package init(_ authorization: Authorization, reason: String) {
        self.authorization = authorization
        self.reason = reason
    }
}

/// What is known of a spool whose loss was accepted.
public struct LostSpool: Sendable, Equatable {
    /// Why it was refused.
    public let problem: ErrorCode
    /// Spooled entries that are in the log: what came after them is missing.
    public let lastKept: UInt64
    /// The time of the newest entry in the log.
    public let lastTime: Timestamp
    /// How many entries the spool claims to have held beyond those; nobody vouches for it. `nil` when it does not say.
    public let claimed: UInt64?
    /// How many entries the database lacks that it had once, changes among them: the spool's proven header says so.
    public let missing: UInt64
    /// Where the spool is kept as evidence; `nil` when there was none.
    public let evidence: String?
    /// BLAKE2b-256 of the evidence.
    public let hash: [UInt8]?

    /// The entry that is the first after the acceptance.
    func entry(_ acceptance: LossAcceptance) -> AuditEntry {
        let authorization = acceptance.authorization
        var facts: [(name: String, value: JSON)] = [
            ("reason", JSON(acceptance.reason)), ("problem", JSON(problem.name)), ("last_kept", JSON(lastKept)),
            ("last_time", JSON(lastTime.description)),
        ]
        if missing > 0 { facts.append(("missing_entries", JSON(missing))) }
        if let claimed { facts.append(("claimed_entries", JSON(claimed))) }
        if let evidence, let hash {
            facts.append(("evidence", JSON(String(evidence.split(separator: "/").last ?? ""))))
            facts.append(("evidence_hash", JSON(hex(hash))))
        }
        return AuditEntry(
            time: authorization.time, principal: authorization.principal, action: authorization.action.rawValue,
            tenant: authorization.tenant, outcome: .done, decision: authorization.decision, facts: AuditFacts(facts))
    }
}
