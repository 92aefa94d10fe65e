/// Yes or no.
public enum Decision: String, Hashable, Sendable {
    case allow, deny
}

/// A policy that was left out of a decision because one of its conditions has no value.
public struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
    public let policy: PolicyID
    /// What went wrong, for programs.
    public let code: String
    /// What went wrong, for people; never holds a value, since attributes can be personal data.
    public let message: String
    /// Where in the policy's file.
    public let position: SourcePosition

    public var description: String { "\(position): policy `\(policy)`: \(message)" }
}

/// A decision and what led to it.
public struct Response: Hashable, Sendable {
    public let decision: Decision
    /// The forbids that apply or, when none does, the permits; in the order of the set. Empty when nothing applies.
    public let reasons: [PolicyID]
    /// The policies that were left out.
    public let errors: [EvaluationError]
}
