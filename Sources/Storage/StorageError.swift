public import Core

/// Why a store could not be opened, read or written.
///
/// Messages name the file and what was tried; a value that was bound never reaches them.
public struct StorageError: ReportableError, Equatable {
    public let code: ErrorCode
    public let message: String
    public let remedy: String?

    package init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}

extension ErrorCode {
    public static let storageDiskFull = ErrorCode("storage.disk_full")
    public static let storageBusy = ErrorCode("storage.busy")
    public static let storageCorrupt = ErrorCode("storage.corrupt", exit: .integrity)
    /// A column holds another type than its reader expects.
    public static let storageUnexpectedType = ErrorCode("storage.unexpected_type", exit: .integrity)
    public static let storageReadOnly = ErrorCode("storage.read_only")
    public static let storageInputOutput = ErrorCode("storage.io")
    public static let storageCannotOpen = ErrorCode("storage.cannot_open")
    public static let storageNotFound = ErrorCode("storage.not_found", exit: .notFound)
    public static let storageOutOfMemory = ErrorCode("storage.out_of_memory")
    /// A unique index or a primary key has the value already.
    public static let storageNotUnique = ErrorCode("storage.not_unique")
    public static let storageConstraint = ErrorCode("storage.constraint")
    /// The read was ended because it stood in the way of a truncation for longer than readers live.
    public static let storageReadExpired = ErrorCode("storage.read_expired")
    /// The transaction was undone because of another writer in the same group.
    public static let storageGroupUndone = ErrorCode("storage.group_undone")
    public static let storageNewerFormat = ErrorCode("storage.newer_format")
    public static let storageTooOldFormat = ErrorCode("storage.too_old_format")
    /// A database, but not the store it should be.
    public static let storageForeignFile = ErrorCode("storage.foreign_file", exit: .integrity)
    public static let storageHomeInUse = ErrorCode("storage.home_in_use")
    public static let storagePermissionsTooOpen = ErrorCode("storage.permissions_too_open")
    /// The caller's mistake: a bug of this program.
    public static let storageMisuse = ErrorCode("storage.misuse")
}

extension StorageError {
    /// A mistake in this program's use of the seam, with what was wrong.
    static func misuse(_ what: String) -> StorageError {
        StorageError(.storageMisuse, what, remedy: "this is a bug of ProfileVault; please report it")
    }
}
