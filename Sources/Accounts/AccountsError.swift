public import Core

/// Why somebody is not let in, or what was found changed among the accounts.
public struct AccountsError: ReportableError, Equatable {
    public let code: ErrorCode
    public let message: String
    public let remedy: String?

    package init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    public static let noSession = ErrorCode("accounts.no_session", exit: .refused)
    public static let sessionExpired = ErrorCode("accounts.session_expired", exit: .refused)
    public static let operatorDisabled = ErrorCode("accounts.operator_disabled", exit: .refused)
    /// Unknown name, wrong password or disabled: which of them is not said.
    public static let wrongCredentials = ErrorCode("accounts.wrong_credentials", exit: .refused)
    public static let sessionFileTooOpen = ErrorCode("accounts.session_file_too_open", exit: .refused)
    public static let sessionFileUnusable = ErrorCode("accounts.session_file_unusable")
    public static let nameInvalid = ErrorCode("accounts.name_invalid", exit: .usage)
    public static let roleInvalid = ErrorCode("accounts.role_invalid", exit: .usage)
    public static let passwordTooShort = ErrorCode("accounts.password_too_short", exit: .usage)
    public static let operatorExists = ErrorCode("accounts.operator_exists")
    public static let operatorUnknown = ErrorCode("accounts.operator_unknown", exit: .notFound)
    /// A row of an operator is not what the vault wrote.
    public static let operatorChanged = ErrorCode("accounts.operator_changed", exit: .integrity)
    /// An operator's row was put back to an earlier state, or removed.
    public static let operatorRolledBack = ErrorCode("accounts.operator_rolled_back", exit: .integrity)
    /// A row of a session is not what the vault wrote.
    public static let sessionChanged = ErrorCode("accounts.session_changed", exit: .integrity)

    private static let logIn = "run `profilevault login`"

    static let nobody = AccountsError(noSession, "nobody is logged in", remedy: logIn)
    static let expired = AccountsError(sessionExpired, "the session has ended", remedy: logIn)
    private static let putBack = "keep the home for examination and put back a whole copy of it from before"

    static let rejected = AccountsError(
        wrongCredentials, "the name or the password is wrong", remedy: "try again, or ask an administrator")

    static func operatorDisabled(_ name: String) -> AccountsError {
        AccountsError(operatorDisabled, "operator `\(name)` is disabled", remedy: "ask an administrator")
    }

    static func operatorChanged(_ name: String) -> AccountsError {
        AccountsError(
            operatorChanged, "the account of operator `\(name)` is not what the vault wrote",
            remedy: "somebody changed the database: \(putBack)")
    }

    static let rolledBack = AccountsError(
        operatorRolledBack, "an operator's account was put back to an earlier state or removed: nobody is let in",
        remedy:
            "`profilevault audit verify` names the account; \(putBack)")

    static let alteredSession = AccountsError(
        sessionChanged, "the stored session is not what the vault wrote",
        remedy: "somebody changed the database: keep it for examination, then log in again")
}
