public import Core

/// Why a consent could not be recorded, or what was found changed in the ledger.
public struct ConsentError: ReportableError, Equatable {
    public let code: ErrorCode
    public let message: String
    public let remedy: String?

    package init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// `purposes.json` does not say what it must; the message starts with the place (`purposes[2].basis`).
    public static let purposesMalformed = ErrorCode("consent.purposes_malformed")
    /// The purpose rests on another legal basis than consent.
    public static let basisIsNotConsent = ErrorCode("consent.basis_is_not_consent", exit: .usage)
    /// Only a restriction or an objection can be for all purposes at once.
    public static let notForAllPurposes = ErrorCode("consent.not_for_all_purposes", exit: .usage)
    public static let expiryInPast = ErrorCode("consent.expiry_in_past", exit: .usage)
    public static let effectiveInFuture = ErrorCode("consent.effective_in_future", exit: .usage)
    /// A source, notice or list of changes is longer than the ledger's format holds.
    public static let tooLong = ErrorCode("consent.too_long", exit: .usage)

    /// A profile without a consent head: nobody may take that for "nothing was agreed".
    public static let headMissing = ErrorCode("consent.head_missing", exit: .integrity)
    /// A head is not what the vault wrote, or does not fit its records.
    public static let headChanged = ErrorCode("consent.head_changed", exit: .integrity)
    public static let recordMissing = ErrorCode("consent.record_missing", exit: .integrity)
    public static let recordChanged = ErrorCode("consent.record_changed", exit: .integrity)
    public static let chainBroken = ErrorCode("consent.chain_broken", exit: .integrity)
    /// A head that was right once stands again, although the log knows a later one.
    public static let rolledBack = ErrorCode("consent.rolled_back", exit: .integrity)

    static let doctor =
        "run `profilevault doctor` to see what else was changed; put back a whole copy of the home from before"

    static func headMissing(of profile: ProfileID) -> ConsentError {
        ConsentError(headMissing, "profile `\(profile)` has no consent head", remedy: doctor)
    }

    static func headChanged(of profile: ProfileID, _ what: String = "is not what the vault wrote") -> ConsentError {
        ConsentError(headChanged, "the consent head of profile `\(profile)` \(what)", remedy: doctor)
    }

    static func headCut(_ number: Int64) -> ConsentError {
        ConsentError(headChanged, "the consent head in row \(number) is cut short", remedy: doctor)
    }

    static func record(_ code: ErrorCode, _ sequence: UInt64, of profile: ProfileID, _ what: String) -> ConsentError {
        ConsentError(code, "consent record \(sequence) of profile `\(profile)` \(what)", remedy: doctor)
    }

    static func rolledBack(_ profile: ProfileID, to sequence: UInt64, from logged: UInt64) -> ConsentError {
        ConsentError(
            rolledBack,
            "the consents of profile `\(profile)` stand at record \(sequence), the log knows record \(logged)",
            remedy: "somebody put an older row back; \(doctor)")
    }
}
