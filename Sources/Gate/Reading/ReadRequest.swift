package import Core

/// What a caller asks to see of one person or of a set.
package struct ReadRequest: Sendable, Hashable {
    package let caller: Caller
    package let action: Action
    package let purpose: String
    /// Names of fields; `nil` for all.
    package let fields: [String]?

    package init(caller: Caller, action: Action = .read, purpose: String, fields: [String]? = nil) {
        self.caller = caller
        self.action = action
        self.purpose = purpose
        self.fields = fields
    }
}

/// A field that is not given, and why.
package struct Withheld: Sendable, Equatable {
    package let field: String
    package let reason: WithheldReason
}

/// What the gate decided about one person; it holds no value.
package struct Verdict: Sendable {
    /// The id under which the log and `policy explain` know the decision.
    package let decision: UniqueID
    package let profile: ProfileID
    package let allowed: [String]
    package let withheld: [Withheld]

    /// Whether any field was allowed.
    package var allows: Bool { !allowed.isEmpty }
}
