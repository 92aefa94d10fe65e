public import Core

/// Why a factor could not be made or was not accepted.
public struct FactorsError: ReportableError, Equatable {
    public let code: ErrorCode
    public let message: String
    public let remedy: String?

    init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// The program was built without the library that this needs.
    public static let unavailable = ErrorCode("factors.unavailable")
    public static let libraryFailed = ErrorCode("factors.library_failed")
    /// A name that an authenticator app could not show as it was meant.
    public static let invalidName = ErrorCode("factors.invalid_name", exit: .usage)
    /// More than the largest QR code holds.
    public static let textTooLong = ErrorCode("factors.text_too_long", exit: .usage)
    public static let emptyText = ErrorCode("factors.empty_text", exit: .usage)

    /// An answer of a browser that cannot be read, or says what no answer may.
    public static let malformedResponse = ErrorCode("factors.malformed_response", exit: .usage)
    /// An answer to the other of the two questions: to make a passkey, or to use one.
    public static let wrongType = ErrorCode("factors.wrong_type", exit: .refused)
    public static let challengeMismatch = ErrorCode("factors.challenge_mismatch", exit: .refused)
    public static let originMismatch = ErrorCode("factors.origin_mismatch", exit: .refused)
    public static let crossOrigin = ErrorCode("factors.cross_origin", exit: .refused)
    public static let relyingPartyMismatch = ErrorCode("factors.relying_party_mismatch", exit: .refused)
    public static let notPresentUser = ErrorCode("factors.not_present_user", exit: .refused)
    public static let notVerifiedUser = ErrorCode("factors.not_verified_user", exit: .refused)
    public static let unsupportedAlgorithm = ErrorCode("factors.unsupported_algorithm", exit: .refused)
    public static let unsupportedAttestation = ErrorCode("factors.unsupported_attestation", exit: .refused)
    public static let badAttestation = ErrorCode("factors.bad_attestation", exit: .refused)
    public static let unknownCredential = ErrorCode("factors.unknown_credential", exit: .refused)
    public static let backupChanged = ErrorCode("factors.backup_changed", exit: .refused)
    public static let badSignature = ErrorCode("factors.bad_signature", exit: .refused)
    public static let clonedCounter = ErrorCode("factors.cloned_counter", exit: .refused)

    static func malformedResponse(_ what: StaticString) -> FactorsError {
        FactorsError(malformedResponse, "\(what)", remedy: "start again")
    }

    static func badAttestation(_ what: StaticString) -> FactorsError { FactorsError(badAttestation, "\(what)") }

    static func unavailable(_ what: StaticString, trait: StaticString) -> FactorsError {
        FactorsError(unavailable, "this build has no \(what)", remedy: "build with the trait \(trait)")
    }
}
