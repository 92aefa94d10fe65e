public import Core

/// Why the gate stayed closed.
public struct GateError: ReportableError, Equatable {
    public let code: ErrorCode
    public let message: String
    public let remedy: String?

    package init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    static let putBack = "keep the home for examination and put back a whole copy of it from before"

    /// The policies do not let this principal do this.
    public static let denied = ErrorCode("gate.policy_denied", exit: .refused)
    /// A second factor that was shown a moment ago would make the policies allow it.
    public static let mfaRequired = ErrorCode("gate.mfa_required", exit: .refused)
    /// Another operator's approval would make the policies allow it.
    public static let approvalRequired = ErrorCode("gate.approval_required", exit: .refused)
    public static let lastAdministrator = ErrorCode("gate.last_administrator", exit: .refused)
    public static let unknownPurpose = ErrorCode("gate.unknown_purpose", exit: .refused)
    /// The clock stands before the newest entry of the log: an expired consent could look alive.
    public static let clockMovedBack = ErrorCode("gate.clock_moved_back", exit: .refused)
    /// A permit was kept longer than a decision is good for.
    public static let permitExpired = ErrorCode("gate.permit_expired", exit: .refused)
    /// Another policy set came in force while an export was under way.
    public static let policiesReplaced = ErrorCode("gate.policies_replaced", exit: .refused)
    public static let policiesMalformed = ErrorCode("gate.policies_malformed")
    public static let policiesMissing = ErrorCode("gate.policies_missing")
    /// Under the set nobody may be able to activate another, or the program to mend its index.
    public static let policiesLockOut = ErrorCode("gate.policies_lock_out")
    /// The active policy set is not the one that was signed.
    public static let policiesChanged = ErrorCode("gate.policies_changed", exit: .integrity)
}
