public import Core

/// One record of the log: who did what, to which random id, with what outcome; never a value.
public struct AuditEntry: Sendable {
    /// How it ended.
    public enum Outcome: String, Sendable, CaseIterable {
        case allowed
        case denied
        case done
        case failed
    }

    /// When; an entry that reaches the log after a later one is given that one's time.
    public var time: Timestamp
    /// Who; `nil` for what the program does by itself.
    public var principal: Principal?
    /// What: the raw value of an `Action`, or a word of the room that acts by itself.
    public var action: String
    public var tenant: TenantID?
    public var purpose: String?
    public var subject: ProfileID?
    public var outcome: Outcome
    public var decision: UniqueID
    public var facts: AuditFacts
    /// Sealed by the caller under the person's profile key; the entry holds only its hash, the log keeps it beside.
    public var detail: [UInt8]?

    public init(
        time: Timestamp, principal: Principal?, action: String, tenant: TenantID? = nil, purpose: String? = nil,
        subject: ProfileID? = nil, outcome: Outcome, decision: UniqueID, facts: AuditFacts = [],
        detail: [UInt8]? = nil
    ) {
        self.time = time
        self.principal = principal
        self.action = action
        self.tenant = tenant
        self.purpose = purpose
        self.subject = subject
        self.outcome = outcome
        self.decision = decision
        self.facts = facts
        self.detail = detail
    }
}
