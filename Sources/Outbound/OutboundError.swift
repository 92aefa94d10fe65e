package import Core
import Secrets

/// Why a request was not sent, or has no answer.
///
/// It names the host, and never anything that was sent or received.
package struct OutboundError: ReportableError, Equatable {
    package let code: ErrorCode
    package let message: String
    package let remedy: String?

    init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// Guarded memory for something secret was not to be had.
    init(_ error: SecretsError) { self.init(error.code, error.message, remedy: error.remedy) }

    /// The program was built without libcurl.
    package static let unavailable = ErrorCode("outbound.unavailable")
    package static let libraryFailed = ErrorCode("outbound.library_failed")
    /// An address that is none, or one to which nothing is sent.
    package static let addressInvalid = ErrorCode("outbound.address_invalid", exit: .usage)
    /// A header, path or body that would not arrive as it was meant.
    package static let requestInvalid = ErrorCode("outbound.request_invalid", exit: .usage)
    package static let authorityUnreadable = ErrorCode("outbound.authority_unreadable", exit: .usage)

    package static let unreachable = ErrorCode("outbound.unreachable")
    package static let timedOut = ErrorCode("outbound.timed_out")
    package static let connectionLost = ErrorCode("outbound.connection_lost")
    package static let answerTooLarge = ErrorCode("outbound.answer_too_large")
    /// What came back is not HTTP.
    package static let answerMalformed = ErrorCode("outbound.answer_malformed")

    package static let certificateExpired = ErrorCode("outbound.certificate_expired")
    package static let certificateNotYetValid = ErrorCode("outbound.certificate_not_yet_valid")
    package static let certificateOfAnotherHost = ErrorCode("outbound.certificate_of_another_host")
    package static let certificateSelfSigned = ErrorCode("outbound.certificate_self_signed")
    package static let certificateUntrusted = ErrorCode("outbound.certificate_untrusted")
    package static let tlsFailed = ErrorCode("outbound.tls_failed")

    /// Those that say that whoever answered may be somebody else.
    package static let ofTLS: Set<ErrorCode> = [
        certificateExpired, certificateNotYetValid, certificateOfAnotherHost, certificateSelfSigned,
        certificateUntrusted, tlsFailed,
    ]

    static func addressInvalid(_ reason: StaticString) -> OutboundError {
        OutboundError(
            addressInvalid, "the address cannot be used: \(reason)",
            remedy: "give one such as `https://host.example:8200`; plain http is for this machine's own addresses")
    }

    static func requestInvalid(_ reason: StaticString) -> OutboundError {
        OutboundError(requestInvalid, "the request cannot be sent: \(reason)")
    }
}
