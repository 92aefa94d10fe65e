public import Core
import Outbound
public import Secrets

extension SecretsError {
    /// The program was built without what speaks to key services.
    public static let keyServiceUnavailable = ErrorCode("key_services.unavailable")
    /// A key, an address or a token that is named in a form that none has.
    public static let keyServiceMisnamed = ErrorCode("key_services.misnamed", exit: .usage)
    public static let keyServiceCredentialsMissing = ErrorCode("key_services.credentials_missing", exit: .usage)
    /// The header of a vault asks for a place that nobody outside it has named.
    public static let keyServiceUnconfirmed = ErrorCode("key_services.unconfirmed", exit: .usage)
    public static let keyServiceUnreachable = ErrorCode("key_services.unreachable")
    /// Whoever answers cannot prove to be the service.
    public static let keyServiceTLS = ErrorCode("key_services.tls")
    /// The service does not let these credentials do it.
    public static let keyServiceRefused = ErrorCode("key_services.refused")
    /// There is no such key, or it is disabled or on its way to deletion.
    public static let keyServiceKeyUnusable = ErrorCode("key_services.key_unusable")
    /// The service answers that it cannot at the moment, or something that it should not.
    public static let keyServiceFailed = ErrorCode("key_services.failed")

    /// Why a request to `service` has no answer.
    static func keyService(_ service: StaticString, _ error: OutboundError) -> SecretsError {
        let code: ErrorCode =
            switch error.code {
            case OutboundError.unavailable: keyServiceUnavailable
            case OutboundError.unreachable, OutboundError.timedOut, OutboundError.connectionLost: keyServiceUnreachable
            case OutboundError.addressInvalid, OutboundError.requestInvalid, OutboundError.authorityUnreadable:
                keyServiceMisnamed
            case let code where OutboundError.ofTLS.contains(code): keyServiceTLS
            default: keyServiceFailed
            }
        return SecretsError(code, "\(service): \(error.message)", remedy: error.remedy)
    }

    static func keyServiceAnswer(_ service: StaticString, status: Int) -> SecretsError {
        SecretsError(
            keyServiceFailed, "\(service) gives an answer that cannot be used (HTTP status \(status))",
            remedy: "try again later; check that the address is the one that is meant")
    }

    static func malformedEnvelope(_ service: StaticString, _ what: StaticString) -> SecretsError {
        SecretsError(
            malformed, "\(what) of \(service) in the vault's header cannot be read",
            remedy: "restore `vault.json` from a copy")
    }
}
