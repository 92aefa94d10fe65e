public import Core
public import Secrets

/// One thing to record about one purpose, or about all.
public struct ConsentChange: Sendable {
    /// How long a grant holds.
    public enum Lifetime: Sendable, Equatable {
        /// Until it is withdrawn.
        case unlimited
        case until(Timestamp)
        /// From when it was given; repeating such a grant renews it where it is known to be given later.
        case days(Int)
    }

    /// `nil` for all purposes: restrictions and objections only.
    public let purpose: PurposeDefinition?
    public let state: ConsentState
    public let lifetime: Lifetime
    public let notice: Notice?

    private init(_ state: ConsentState, _ purpose: PurposeDefinition?, _ lifetime: Lifetime, _ notice: Notice?) {
        self.purpose = purpose
        self.state = state
        self.lifetime = lifetime
        self.notice = notice
    }

    /// A grant, by default as long as the purpose says and under the purpose's notice.
    public static func grant(
        _ purpose: PurposeDefinition, lifetime: Lifetime? = nil, notice: Notice? = nil
    ) -> ConsentChange {
        let usual = purpose.consentDays.map(Lifetime.days) ?? .unlimited
        return ConsentChange(.granted, purpose, lifetime ?? usual, notice ?? purpose.notice)
    }

    /// Any other change; `purpose` may be `nil` for restrictions, objections and what lifts them.
    public static func record(
        _ state: ConsentState, _ purpose: PurposeDefinition?, notice: Notice? = nil
    ) -> ConsentChange {
        ConsentChange(state, purpose, .unlimited, notice)
    }
}

/// Where changes come from: one act of a person, or one row of a source.
public struct ConsentOrigin: Sendable {
    /// The channel or file, such as `web form` or `import crm`; never anything about the person.
    public let source: String
    /// When the person acted; `nil` when nobody knows.
    ///
    /// The newest answer by this time holds, in whatever order answers come in. A "yes" of unknown date never reopens
    /// what was refused, withdrawn or has expired: the file it comes from may be older than the "no". A "no" of unknown
    /// date always closes, and counts as said when it was recorded.
    public let effective: Timestamp?
    public let evidence: ConsentEvidence?

    public init(source: String, effective: Timestamp?, evidence: ConsentEvidence? = nil) {
        self.source = source
        self.effective = effective
        self.evidence = evidence
    }
}

/// What proves a consent (the form as sent, a recording's id), to be sealed under the person's own key.
public struct ConsentEvidence: Sendable {
    let bytes: [UInt8]
    let sealer: Sealer
    let keyID: UInt32

    /// `sealer` seals under the profile key that `keyID` names.
    public init(_ bytes: [UInt8], sealer: Sealer, keyID: UInt32) {
        self.bytes = bytes
        self.sealer = sealer
        self.keyID = keyID
    }
}

/// What became of the changes that were handed to the ledger.
public struct ConsentOutcome: Sendable {
    /// What became of one change.
    public enum Result: Sendable, Equatable {
        case recorded
        /// It stood so already: nothing was written.
        case unchanged
        /// Something later, or something that a statement of unknown date cannot undo, is on record.
        case outdated
    }

    public let head: ConsentHead
    /// One for each change, in order.
    public let results: [Result]
    /// The state that each change comes to: a refusal after a grant is a withdrawal.
    public let states: [ConsentState]

    public var changed: Bool { results.contains(.recorded) }
}
