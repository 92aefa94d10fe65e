public import Core

/// A stay of one operator, from a log-in until it ends, lapses or is closed.
public struct Session: Sendable {
    /// Seconds until a session ends, however much it is used.
    public static let absoluteLifetime: Int64 = 12 * 3600
    /// Seconds without use after which it ends.
    public static let idleLifetime: Int64 = 2 * 3600
    /// Use within so many seconds of the last is not written down.
    static let resolution: Int64 = 60

    /// As the account is now, not as it was at the log-in.
    public let account: OperatorAccount
    public let created: Timestamp
    public let used: Timestamp
    public let expires: Timestamp
    /// The second factor that was shown at the log-in; `nil` where it was the password alone.
    public let proof: MFAProof?

    /// Who makes the requests.
    public var principal: Principal { account.principal }
    public var roles: [String] { account.roles }
}
