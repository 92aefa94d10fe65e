import Core

/// What is wrong with a command line, or with what stands around the vault: terminal, files, environment.
struct CommandError: ReportableError, Equatable {
    let code: ErrorCode
    let message: String
    let remedy: String?

    init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    static let unknownCommand = ErrorCode("usage.unknown_command", exit: .usage)
    static let unknownOption = ErrorCode("usage.unknown_option", exit: .usage)
    static let valueMissing = ErrorCode("usage.value_missing", exit: .usage)
    static let valueInvalid = ErrorCode("usage.value_invalid", exit: .usage)
    static let argumentMissing = ErrorCode("usage.argument_missing", exit: .usage)
    static let argumentSurplus = ErrorCode("usage.argument_surplus", exit: .usage)
    static let conflict = ErrorCode("usage.conflict", exit: .usage)
    static let passwordMissing = ErrorCode("usage.password_missing", exit: .usage)
    static let fileUnreadable = ErrorCode("command.file_unreadable")
    static let policiesNotFound = ErrorCode("command.policies_not_found")
    static let policiesUnsound = ErrorCode("command.policies_unsound")
    static let policyTestsFailed = ErrorCode("command.policy_tests_failed")
    static let unformatted = ErrorCode("command.policies_unformatted")
    static let keyFileExists = ErrorCode("command.key_file_exists")
    static let noStateFolder = ErrorCode("command.no_state_folder")
    static let outputUnwritable = ErrorCode("command.output_unwritable")
    static let outputProtected = ErrorCode("command.output_protected")
    static let fileExists = ErrorCode("command.file_exists")
    static let interrupted = ErrorCode("command.interrupted")
    static let checkFailed = ErrorCode("command.check_failed")
}
