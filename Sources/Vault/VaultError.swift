public import Core

/// Why the sealed profiles could not be read or written.
public struct VaultError: ReportableError, Equatable {
    public let code: ErrorCode
    public let message: String
    public let remedy: String?

    package init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    public static let homeMissing = ErrorCode("vault.home_missing")
    public static let homeExists = ErrorCode("vault.home_exists")
    /// Others than the owner may put files into the home.
    public static let homeTooOpen = ErrorCode("vault.home_too_open")
    public static let homeUnreadable = ErrorCode("vault.home_unreadable")
    /// One of the files that hold what cannot be made again is gone.
    public static let storeMissing = ErrorCode("vault.store_missing", exit: .integrity)
    public static let headerMalformed = ErrorCode("vault.header_malformed", exit: .integrity)
    public static let newerFormat = ErrorCode("vault.newer_format")
    public static let noProvider = ErrorCode("vault.no_provider")
    public static let unknownTenant = ErrorCode("vault.unknown_tenant", exit: .notFound)
    public static let unknownField = ErrorCode("vault.unknown_field", exit: .usage)
    public static let subjectMalformed = ErrorCode("vault.subject_malformed", exit: .usage)
    public static let unknownSubject = ErrorCode("vault.unknown_subject", exit: .notFound)
    public static let ambiguousSubject = ErrorCode("vault.ambiguous_subject")
    public static let schemaMalformed = ErrorCode("vault.schema_malformed")
    /// A profile's row is not as it was last written.
    public static let profileChanged = ErrorCode("vault.profile_changed", exit: .integrity)
    /// Somebody else changed the profile between reading and writing it.
    public static let profileConflict = ErrorCode("vault.profile_conflict")
    /// A profile's row is older than the log says.
    public static let profileRolledBack = ErrorCode("vault.profile_rolled_back", exit: .integrity)
    public static let profileMissing = ErrorCode("vault.profile_missing", exit: .integrity)
    /// What says which row numbers have been given is not as it was last written.
    public static let numbersChanged = ErrorCode("vault.numbers_changed", exit: .integrity)
    /// A tenant, a field's number or a policy set was put back to an earlier state or removed.
    public static let rowsRolledBack = ErrorCode("vault.rows_rolled_back", exit: .integrity)
    /// The denial ledger, or what it suppresses, is not as it was last written.
    public static let denialsChanged = ErrorCode("vault.denials_changed", exit: .integrity)
    /// Something of an erased person stands in a store again.
    public static let erasedReturned = ErrorCode("vault.erased_returned", exit: .integrity)
    /// The person is denied and their key destroyed, but the stores are not clean yet.
    public static let erasureUnfinished = ErrorCode("vault.erasure_unfinished")
    public static let keyMissing = ErrorCode("vault.key_missing", exit: .integrity)
    /// A person's wrapped key is not the one that was made for them.
    public static let keyChanged = ErrorCode("vault.key_changed", exit: .integrity)
    public static let recordMalformed = ErrorCode("vault.record_malformed", exit: .integrity)
    public static let valueRefused = ErrorCode("vault.value_refused", exit: .usage)

    static let doctor =
        "run `profilevault doctor` to see what else was changed; put back a whole copy of the home from before"
    static let restore =
        "somebody changed the database: keep the home for examination and put back a whole copy of it from before"
    static let restoreKeys =
        "run `profilevault doctor`; put back a copy of the home whose keys.db has it, if it is not older than an erasure"
    package static let newerDatabase =
        "put the newer data.db and audit.spool back; never an older keys.db, which would undo the erasure"

    static func changed(_ profile: ProfileID) -> VaultError {
        VaultError(
            profileChanged, "the row of profile \(profile) is not as the vault wrote it",
            remedy: doctor)
    }

    static func conflict(_ profile: ProfileID) -> VaultError {
        VaultError(
            profileConflict, "profile \(profile) was changed by somebody else meanwhile; nothing was changed by this",
            remedy: "try again")
    }
}

extension VaultError {
    /// The database of a store is not in a home that holds a vault, or is empty.
    package static func missing(_ store: Store) -> VaultError {
        VaultError(
            storeMissing, "`\(store.rawValue).db` is missing or empty, though `vault.json` says that a vault is here",
            remedy: "put the file back, together with what lay beside it (`-wal`, `audit.spool`); none was made")
    }
}
