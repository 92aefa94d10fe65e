public import Core

/// Why somebody is not let in, or what was found changed among the accounts.
public struct AccountsError: ReportableError, Equatable {
    public let code: ErrorCode
    public let message: String
    public let remedy: String?
    /// Seconds until it is worth trying again, where that is known.
    public let retryAfter: Int64?
    /// Whose session it was that came to another client.
    package private(set) var account: Principal?

    package init(_ code: ErrorCode, _ message: String, remedy: String? = nil, retryAfter: Int64? = nil) {
        self.retryAfter = retryAfter
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    public static let noSession = ErrorCode("accounts.no_session", exit: .refused)
    public static let sessionExpired = ErrorCode("accounts.session_expired", exit: .refused)
    public static let operatorDisabled = ErrorCode("accounts.operator_disabled", exit: .refused)
    /// Unknown name, wrong password or factor, or disabled: which of them is not said.
    public static let wrongCredentials = ErrorCode("accounts.wrong_credentials", exit: .refused)
    /// Too many failed for this name or from this address: also for a name that nobody has.
    public static let tooManyAttempts = ErrorCode("accounts.too_many_attempts", exit: .refused)
    /// The account was changed between its proof and the session.
    public static let changedMeanwhile = ErrorCode("accounts.changed_meanwhile", exit: .refused)
    public static let passwordOutdated = ErrorCode("accounts.password_outdated", exit: .refused)
    /// A session was used at another client than it was opened at.
    public static let otherClient = ErrorCode("accounts.other_client", exit: .refused)
    /// A service's key that is unknown, ran out, was revoked, or whose service is disabled: which is not said.
    public static let credentialRefused = ErrorCode("accounts.credential_refused", exit: .refused)
    public static let wrongCode = ErrorCode("accounts.wrong_code", exit: .usage)
    public static let passkeyRefused = ErrorCode("accounts.passkey_refused")
    public static let passkeyUnknown = ErrorCode("accounts.passkey_unknown", exit: .notFound)
    public static let serviceExists = ErrorCode("accounts.service_exists")
    public static let serviceUnknown = ErrorCode("accounts.service_unknown", exit: .notFound)
    public static let serviceDisabled = ErrorCode("accounts.service_disabled")
    public static let scopeInvalid = ErrorCode("accounts.scope_invalid", exit: .usage)
    public static let expiryPast = ErrorCode("accounts.expiry_past", exit: .usage)
    public static let tooManyKeys = ErrorCode("accounts.too_many_keys")
    public static let keyUnknown = ErrorCode("accounts.key_unknown", exit: .notFound)
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
    /// The account works for another tenant alone.
    public static let otherTenant = ErrorCode("accounts.other_tenant", exit: .refused)
    public static let approvalUnknown = ErrorCode("accounts.approval_unknown", exit: .notFound)
    /// Answered, used, or too late.
    public static let approvalOver = ErrorCode("accounts.approval_over", exit: .refused)
    /// Nobody says yes to what they ask for themselves.
    public static let approvalOwn = ErrorCode("accounts.approval_own", exit: .refused)
    /// A row of a request that takes two people is not what the vault wrote, or was put back.
    public static let approvalChanged = ErrorCode("accounts.approval_changed", exit: .integrity)
    /// A row of a session is not what the vault wrote.
    public static let sessionChanged = ErrorCode("accounts.session_changed", exit: .integrity)
    /// A row that counts failed log-ins is not what the vault wrote.
    public static let attemptsChanged = ErrorCode("accounts.attempts_changed", exit: .integrity)
    /// A row of a service is not what the vault wrote.
    public static let serviceChanged = ErrorCode("accounts.service_changed", exit: .integrity)
    /// A service's row was put back to an earlier state, or removed.
    public static let serviceRolledBack = ErrorCode("accounts.service_rolled_back", exit: .integrity)
    /// A row that says when a service's key was used is not what the vault wrote.
    public static let keyUseChanged = ErrorCode("accounts.key_use_changed", exit: .integrity)

    private static let logIn = "run `profilevault login`"

    static let nobody = AccountsError(noSession, "nobody is logged in", remedy: logIn)
    static let expired = AccountsError(sessionExpired, "the session has ended", remedy: logIn)
    private static let putBack = "keep the home for examination and put back a whole copy of it from before"

    private static let examine = "somebody changed the database: \(putBack)"

    package static let rejected = AccountsError(
        wrongCredentials, "the name, the password or the code is wrong", remedy: "try again, or ask an administrator")

    static func tooMany(wait: Int64) -> AccountsError {
        AccountsError(
            tooManyAttempts, "too many log-ins failed for this name or from this address",
            remedy: "try again in \(wait) s", retryAfter: wait)
    }

    static let overtaken = AccountsError(
        changedMeanwhile, "the account was changed while it logged in", remedy: "log in again, with another code")

    static let weakHash = AccountsError(
        passwordOutdated, "the password was stored at too low a cost to be trusted",
        remedy: "ask an administrator to set another one")

    static func foreignClient(_ account: Principal) -> AccountsError {
        var error = AccountsError(
            otherClient, "the session was opened at another client, and is over",
            remedy: "log in again; if it was not you who took it along, somebody else has the token")
        error.account = account
        return error
    }

    static let unconfirmed = AccountsError(
        wrongCode, "the code is not one of this secret, or its time is over",
        remedy: "check the clock of the device, and type the code that it shows now")

    package static let refusedCredential = AccountsError(
        credentialRefused, "the service's key is not accepted",
        remedy: "ask an administrator whether it ran out, was revoked or belongs to a disabled service")

    package static func unknownOperator(_ name: String) -> AccountsError {
        AccountsError(operatorUnknown, "there is no operator `\(name)`", remedy: "list the operators")
    }

    package static func unknownService(_ name: String) -> AccountsError {
        AccountsError(serviceUnknown, "there is no service `\(name)`", remedy: "list the services")
    }

    package static func operatorDisabled(_ name: String) -> AccountsError {
        AccountsError(operatorDisabled, "operator `\(name)` is disabled", remedy: "ask an administrator")
    }

    static func operatorChanged(_ name: String) -> AccountsError {
        AccountsError(
            operatorChanged, "the account of operator `\(name)` is not what the vault wrote", remedy: examine)
    }

    static func serviceChanged(_ name: String) -> AccountsError {
        AccountsError(serviceChanged, "the row of service `\(name)` is not what the vault wrote", remedy: examine)
    }

    static let rolledBack = AccountsError(
        operatorRolledBack, "an operator's account was put back to an earlier state or removed: nobody is let in",
        remedy: "`profilevault audit verify` names the account; \(putBack)")

    static let rolledBackService = AccountsError(
        serviceRolledBack, "a service's row was put back to an earlier state or removed: no service is let in",
        remedy: "`profilevault audit verify` names the service; \(putBack)")

    static func approvalUnknown(_ id: UniqueID) -> AccountsError {
        AccountsError(
            approvalUnknown, "there is no request `\(id)` in this tenant",
            remedy: "`profilevault approve` lists what waits for an answer")
    }

    package static func elsewhere(_ principal: Principal, _ tenant: String) -> AccountsError {
        AccountsError(
            otherTenant, "\(principal) does not work for tenant `\(tenant)`",
            remedy: "name the tenant that they work for with --tenant")
    }

    static func approvalOver(_ id: UniqueID) -> AccountsError {
        AccountsError(
            approvalOver, "request `\(id)` was answered or carried out, or its time is over",
            remedy: "who asked asks again")
    }

    static let ownApproval = AccountsError(
        approvalOwn, "nobody answers their own request", remedy: "another operator has to")

    static func alteredApproval(_ id: UniqueID) -> AccountsError {
        AccountsError(approvalChanged, "request `\(id)` is not what the vault wrote", remedy: putBack)
    }

    static let approvalsRolledBack = AccountsError(
        approvalChanged, "a request that takes two people was put back to an earlier state or removed",
        remedy: "`profilevault audit verify` names it; \(putBack)")

    static let alteredSession = AccountsError(
        sessionChanged, "the stored session is not what the vault wrote",
        remedy: "somebody changed the database: keep it for examination, then log in again")

    static let alteredAttempts = AccountsError(
        attemptsChanged, "the count of failed log-ins is not what the vault wrote", remedy: examine)

    static let alteredKeyUse = AccountsError(
        keyUseChanged, "the time at which a service's key was used is not what the vault wrote", remedy: examine)
}
