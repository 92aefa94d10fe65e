import CSQLite
import Core
import Glibc

extension StorageError {
    /// The error for a result code of SQLite on the file called `file`.
    ///
    /// `detail` is SQLite's own sentence. It is shown only for codes whose sentences are made of names from the schema
    /// and words of the statement, never of values.
    static func sqlite(_ result: Int32, systemError: Int32 = 0, detail: String = "", file: String) -> StorageError {
        // A quota and a file size limit are a full disk to whoever must act on it.
        let full = [ENOSPC, EDQUOT, EFBIG].contains(systemError)
        switch result & 0xFF {
        case SQLITE_IOERR where full, SQLITE_FULL:
            return StorageError(
                .storageDiskFull, "`\(file)` could not be written: there is no space left",
                remedy: "free space where the vault lies and try again; nothing acknowledged was lost")
        case SQLITE_IOERR:
            let reason = systemError == 0 ? "" : ": \(systemMessage(systemError))"
            return StorageError(
                .storageInputOutput, "reading or writing `\(file)` failed\(reason)",
                remedy: "check the disk and its file system, then run `profilevault doctor`")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return StorageError(
                .storageCorrupt, "`\(file)` is damaged or is no database",
                remedy:
                    "stop writing to this vault, keep it for examination and put back a whole copy of the home from before"
            )
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_SCHEMA:
            return StorageError(
                .storageBusy, "`\(file)` is locked by another user of the file",
                remedy: "end other programs that have the database open and try again")
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            return StorageError(
                .storageReadOnly, "`\(file)` may not be written",
                remedy: "check the owner and the mode of the file and its folder")
        case SQLITE_CANTOPEN:
            let reason = systemError == 0 ? "" : ": \(systemMessage(systemError))"
            return StorageError(
                .storageCannotOpen, "`\(file)` cannot be opened\(reason)",
                remedy: "check the path, the owner and the mode of the file and its folder")
        case SQLITE_CONSTRAINT
        where result == SQLITE_CONSTRAINT_UNIQUE_CODE || result == SQLITE_CONSTRAINT_PRIMARYKEY_CODE:
            return StorageError(.storageNotUnique, "`\(file)` has such a row already (\(detail))")
        case SQLITE_CONSTRAINT:
            return StorageError(.storageConstraint, "`\(file)` refused a row (\(detail))")
        case SQLITE_NOMEM:
            return StorageError(.storageOutOfMemory, "no memory left for `\(file)`")
        case SQLITE_INTERRUPT:
            return .readExpired(file: file)
        case SQLITE_TOOBIG:
            return .misuse("a value is too large for `\(file)`")
        default:
            return .misuse("`\(file)` refused a statement with code \(result) (\(detail))")
        }
    }

    static func readExpired(file: String) -> StorageError {
        StorageError(
            .storageReadExpired, "a read of `\(file)` took too long and was ended so that erased rows could go",
            remedy: "read in smaller batches")
    }
}

// Extended codes are macros with operators in them, which Swift does not import.
private let SQLITE_CONSTRAINT_PRIMARYKEY_CODE: Int32 = SQLITE_CONSTRAINT | 6 << 8
private let SQLITE_CONSTRAINT_UNIQUE_CODE: Int32 = SQLITE_CONSTRAINT | 8 << 8
