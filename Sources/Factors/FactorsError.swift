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

    static func unavailable(_ what: StaticString, trait: StaticString) -> FactorsError {
        FactorsError(unavailable, "this build has no \(what)", remedy: "build with the trait \(trait)")
    }
}
