/// What is wrong with a row, as found in the files of real shops.
package enum Dirt: String, Sendable, CaseIterable {
    /// `n/a`, `-`, `unknown` and the like where there is no value.
    case placeholder
    /// A sentence where there is no value, in a field that takes any text.
    case placeholderText
    /// One address that many people give who do not want to give theirs.
    case placeholderEmail
    case strayWhiteSpace
    /// UTF-8 that was read as windows-1252: `MÃ¼ller`.
    case mojibake
    /// Quotation marks and commas inside a value.
    case punctuation
    case lineBreak
    /// What a spreadsheet would run: `=1+1`.
    case formula
    case capitals
    /// A zero-width space or a byte order mark from the clipboard.
    case invisible
    case impossibleDate
    /// Day and month in an order that nobody can know.
    case ambiguousDate
    case malformedEmail
    case malformedPhone
    /// A switchboard's number, which is nobody's own.
    case phoneExtension

    /// How many of ten thousand rows have it.
    package var frequency: Int {
        switch self {
        case .strayWhiteSpace: 110
        case .placeholder: 80
        case .capitals: 50
        case .mojibake: 40
        case .placeholderText, .impossibleDate: 30
        case .punctuation, .lineBreak: 20
        case .malformedEmail: 15
        case .placeholderEmail, .invisible, .ambiguousDate, .malformedPhone: 10
        case .formula, .phoneExtension: 5
        }
    }

    /// Whether no reading makes sense of the row, so that import rejects it.
    package var isUnreadable: Bool {
        switch self {
        case .impossibleDate, .ambiguousDate, .malformedEmail, .malformedPhone, .phoneExtension: true
        default: false
        }
    }
}
