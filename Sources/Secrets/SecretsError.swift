public import Core

/// Why a cryptographic operation, or fetching a key, was refused.
public struct SecretsError: ReportableError, Equatable {
    public let code: ErrorCode
    public let message: String
    public let remedy: String?

    public init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    public static let libraryUnavailable = ErrorCode("secrets.library_unavailable")
    public static let outOfSecureMemory = ErrorCode("secrets.out_of_secure_memory")
    /// A sealed value does not open under this key at this place: it was changed, moved, or is another's.
    public static let authenticationFailed = ErrorCode("secrets.authentication_failed", exit: .integrity)
    public static let emptySecret = ErrorCode("secrets.empty_secret", exit: .usage)
    public static let malformed = ErrorCode("secrets.malformed", exit: .integrity)
    /// A key opened, but is not the one its commitment names.
    public static let commitmentMismatch = ErrorCode("secrets.commitment_mismatch", exit: .integrity)
    public static let wrongRootKey = ErrorCode("secrets.wrong_root_key")
    public static let keyOfAnotherVault = ErrorCode("secrets.key_of_another_vault")
    public static let keyFileUnreadable = ErrorCode("secrets.key_file_unreadable")
    public static let keyFileMalformed = ErrorCode("secrets.key_file_malformed")
    public static let permissionsTooOpen = ErrorCode("secrets.permissions_too_open")
    /// Others may put a file in the place of the one that is meant.
    public static let folderTooOpen = ErrorCode("secrets.folder_too_open")
    public static let exampleKey = ErrorCode("secrets.example_key")
    public static let passphraseRequired = ErrorCode("secrets.passphrase_required", exit: .usage)
    public static let epochKeyMissing = ErrorCode("secrets.epoch_key_missing", exit: .integrity)
    /// A holder of an epoch whose counterpart is destroyed.
    public static let epochEnded = ErrorCode("secrets.epoch_ended", exit: .integrity)
    public static let fileNotWritten = ErrorCode("secrets.file_not_written")

    /// The error of every failed opening, which says what was being opened and nothing about its bytes.
    static func notAuthentic(_ what: StaticString) -> SecretsError {
        SecretsError(
            authenticationFailed, "\(what) does not open: it was changed, moved or sealed under another key",
            remedy:
                "run `profilevault doctor`; if it names more than this one, put back a whole copy of the home from before"
        )
    }
}
