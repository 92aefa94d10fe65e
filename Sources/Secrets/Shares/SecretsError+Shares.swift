public import Core

extension SecretsError {
    /// No share of the kind that was asked for can be made, as 4 of 3.
    public static let shareSchemeInvalid = ErrorCode("secrets.share_scheme_invalid", exit: .usage)
    public static let sharePassphraseInvalid = ErrorCode("secrets.share_passphrase_invalid", exit: .usage)
    public static let shareWordUnknown = ErrorCode("secrets.share_word_unknown", exit: .usage)
    public static let shareLengthWrong = ErrorCode("secrets.share_length_wrong", exit: .usage)
    public static let shareChecksumWrong = ErrorCode("secrets.share_checksum_wrong", exit: .usage)
    /// The checksum is right, but whoever made the share did not keep to the standard.
    public static let shareParametersWrong = ErrorCode("secrets.share_parameters_wrong", exit: .usage)
    public static let sharePaddingWrong = ErrorCode("secrets.share_padding_wrong", exit: .usage)
    public static let sharesMixed = ErrorCode("secrets.shares_mixed", exit: .usage)
    public static let shareIndexTwice = ErrorCode("secrets.share_index_twice", exit: .usage)
    public static let sharesTooFew = ErrorCode("secrets.shares_too_few", exit: .usage)
    public static let shareGroupsTooFew = ErrorCode("secrets.share_groups_too_few", exit: .usage)
    /// What shares give has not the digest that they carry, or one of them does not fit the others.
    public static let shareDigestWrong = ErrorCode("secrets.share_digest_wrong", exit: .integrity)
    /// Fresh shares did not give back what they were made from.
    public static let sharesUnverified = ErrorCode("secrets.shares_unverified")

    static func shareScheme(_ reason: String) -> SecretsError {
        SecretsError(
            shareSchemeInvalid, "the secret cannot be split so: \(reason)",
            remedy: "ask for 1 to 16 groups of 1 to 16 shares, and for no more of them than there are")
    }

    static func shareWord(_ place: Int) -> SecretsError {
        SecretsError(
            shareWordUnknown, "word \(place) of the share is not in the list of words",
            remedy: "compare it with the paper: each word is known by its first four letters")
    }

    static func shareLength(_ count: Int) -> SecretsError {
        let lengths = ShareValue.lengths.sorted().map { String(Share.wordCount(valueOf: $0)) }
        return SecretsError(
            shareLengthWrong,
            "the share has \(count) words, and not \(lengths.dropLast().joined(separator: ", "))"
                + " or \(lengths.last ?? "")",
            remedy: "compare it with the paper: a word is missing, is there twice, or is of the next share")
    }

    static let shareChecksum = SecretsError(
        shareChecksumWrong, "the words of the share do not fit each other: its checksum is wrong",
        remedy: "compare it with the paper: a word is another, or two have changed places")

    static func shareParameters(_ reason: StaticString) -> SecretsError {
        SecretsError(
            shareParametersWrong, "the share cannot be used: \(reason)",
            remedy: "no program that keeps to SLIP-0039 makes such a share: ask where it comes from")
    }

    static let sharePadding = SecretsError(
        sharePaddingWrong, "the share cannot be used: bits before its value are not zero",
        remedy: "no program that keeps to SLIP-0039 makes such a share: ask where it comes from")

    static func mixedShares(_ difference: StaticString) -> SecretsError {
        SecretsError(
            sharesMixed, "the shares are not of one set: they differ in \(difference)",
            remedy: "bring shares together that were made at the same time: their first two words are the same")
    }

    static func shareTwice(_ index: Int, group: Int) -> SecretsError {
        SecretsError(
            shareIndexTwice, "two different shares say that they are share \(index + 1) of group \(group + 1)",
            remedy: "one of them is of another set, or made up: try with one, then with the other")
    }

    static func tooFewShares(_ count: Int, of threshold: Int, group: Int) -> SecretsError {
        SecretsError(
            sharesTooFew, "group \(group + 1) has \(count) of the \(threshold) shares that it takes",
            remedy: "add \(threshold - count) of this group")
    }

    static func tooFewGroups(_ count: Int, of threshold: Int) -> SecretsError {
        SecretsError(
            shareGroupsTooFew, "there are shares of \(count) of the \(threshold) groups that it takes",
            remedy: "add shares of other groups")
    }

    static func shareDigest(_ what: String) -> SecretsError {
        SecretsError(
            shareDigestWrong, "\(what) do not give what they were made from",
            remedy: "one of them is of another set, or made up: leave out one after the other, or bring others")
    }
}
