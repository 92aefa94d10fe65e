/// Something that a schema tells about a policy before any request is decided.
public struct ValidationFinding: Hashable, Sendable, CustomStringConvertible {
    /// Whether the policy may be used all the same.
    public enum Severity: String, Hashable, Sendable {
        /// The policy can fail, or names what there is not.
        case error
        /// The policy is allowed, and yet hardly what was meant.
        case warning
    }

    public let severity: Severity
    public let policy: PolicyID
    /// What is wrong and where.
    public let problem: CedarError

    public var description: String { problem.description }

    /// The description, the line, and a caret under the place.
    public var rendering: String { problem.rendering }
}
