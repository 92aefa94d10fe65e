package import Vault

/// Why a row, or one value of it, was not taken: a place and a code, never a value.
package struct Rejection: Error, Sendable, Equatable {
    /// The physical line where the row starts, from 1.
    package let line: Int
    /// The column's name as the file has it; `nil` when the whole row is at fault.
    package let column: String?
    package let code: RejectionCode

    package init(line: Int, column: String? = nil, _ code: RejectionCode) {
        self.line = line
        self.column = column
        self.code = code
    }
}

/// The machine-readable name of a reason for rejecting a row (docs/import.md lists them).
package struct RejectionCode: Hashable, Sendable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) { self.name = name }

    /// A value that does not fit its standard form.
    package init(_ error: StandardFormError) { name = error.rawValue }

    package var description: String { name }

    /// More or fewer fields than the header has.
    package static let raggedRow = RejectionCode("ragged_row")
    /// A quote in the middle of a field, or something between a closing quote and the next delimiter.
    package static let strayQuote = RejectionCode("stray_quote")
    /// A quoted field that has not ended at the end of the file, or after a megabyte.
    package static let unterminatedQuote = RejectionCode("unterminated_quote")
    package static let fieldTooLong = RejectionCode("field_too_long")
    package static let recordTooLong = RejectionCode("record_too_long")
    package static let nulByte = RejectionCode("nul_byte")
    package static let jsonMalformed = RejectionCode("json_malformed")
    /// A JSON value that is no object.
    package static let jsonNotObject = RejectionCode("json_not_object")
    /// Two paths of a JSON object that flatten to one column.
    package static let duplicateColumn = RejectionCode("duplicate_column")
    package static let tooManyColumns = RejectionCode("too_many_columns")
    /// A column that the map file requires is blank.
    package static let valueMissing = RejectionCode("value_missing")
    /// A value that the column's translation table does not have.
    package static let valueUnknown = RejectionCode("value_unknown")
    /// A consent column that says neither yes nor no.
    package static let consentUnreadable = RejectionCode("consent_unreadable")
    /// The row would bring in somebody who is not to come back; why is for a privacy officer to see.
    package static let notAccepted = RejectionCode("not_accepted")
    /// An event column whose row names no event.
    package static let eventTypeMissing = RejectionCode("event_type_missing")
}
