package import Core

/// Why a value does not fit its standard form: a code, and nothing of the value.
package enum StandardFormError: String, ReportableError, Equatable, CaseIterable {
    case notUTF8 = "not_utf8"
    case controlCharacter = "control_character"
    case tooLong = "too_long"
    case emailMalformed = "email_malformed"
    case emailTooLong = "email_too_long"
    case emailDomainInvalid = "email_domain_invalid"
    case phoneMalformed = "phone_malformed"
    case phoneNeedsCountry = "phone_needs_country"
    case phoneImpossible = "phone_impossible"
    case phoneHasExtension = "phone_has_extension"
    case dateMalformed = "date_malformed"
    case dateAmbiguous = "date_ambiguous"
    case dateTwoDigitYear = "date_two_digit_year"
    case dateImpossible = "date_impossible"
    case dateOutOfRange = "date_out_of_range"
    case dateHasTime = "date_has_time"
    case timestampMalformed = "timestamp_malformed"
    case countryUnknown = "country_unknown"
    case integerMalformed = "integer_malformed"
    case decimalMalformed = "decimal_malformed"
    case numberTooLong = "number_too_long"
    case booleanMalformed = "boolean_malformed"

    package var code: ErrorCode { ErrorCode("form.\(rawValue)", exit: .usage) }

    package var message: String {
        switch self {
        case .notUTF8: "the value is not UTF-8"
        case .controlCharacter: "the value holds a control character"
        case .tooLong: "the value is longer than a megabyte"
        case .emailMalformed: "the value is not an e-mail address"
        case .emailTooLong: "the address is longer than RFC 5321 allows"
        case .emailDomainInvalid: "the address's domain is not a valid domain name"
        case .phoneMalformed: "the value is not a telephone number"
        case .phoneNeedsCountry: "the telephone number is written without its country"
        case .phoneImpossible: "no telephone number of that country is so long, so short or so written"
        case .phoneHasExtension: "the telephone number has an extension, so it is not one person's"
        case .dateMalformed: "the value is not a date"
        case .dateAmbiguous: "the date can be read day first or month first"
        case .dateTwoDigitYear: "the date's year has two digits"
        case .dateImpossible: "there is no such day"
        case .dateOutOfRange: "the date is outside the range the field allows"
        case .dateHasTime: "the date comes with a time of day"
        case .timestampMalformed: "the value is not a date with a time"
        case .countryUnknown: "the value names no country"
        case .integerMalformed: "the value is not a whole number"
        case .decimalMalformed: "the value is not a decimal number"
        case .numberTooLong: "the number has more than 38 digits"
        case .booleanMalformed: "the value is neither yes nor no"
        }
    }

    /// How to write one value; what a whole file writes otherwise is said in a map file (docs/import.md).
    package var remedy: String? {
        switch self {
        case .phoneMalformed, .phoneImpossible, .phoneNeedsCountry:
            "write it with `+`, the country's code and the number"
        case .phoneHasExtension: "leave the extension out, if the number before it is this person's own"
        case .dateMalformed, .dateAmbiguous, .dateHasTime: "write it as YYYY-MM-DD"
        case .dateTwoDigitYear: "write the year with four digits"
        case .timestampMalformed: "write it as in `2024-02-29T08:00:00Z`"
        case .integerMalformed: "write digits alone, as in `1234`"
        case .decimalMalformed: "write digits and a decimal point, as in `1234.5`, without marks between thousands"
        default: nil
        }
    }
}
