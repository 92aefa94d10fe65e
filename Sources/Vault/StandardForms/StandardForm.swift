package import Core

/// How the values of a field are written, so that one value has one text and look-ups find it.
///
/// The canonical text is stable: standardised again (with default options) it stays as it is.
package enum StandardForm: String, Sendable, CaseIterable {
    /// Kept exactly as it came, as long as it is UTF-8.
    case none
    /// White space folded, invisible characters dropped, normalised to NFC.
    case text
    /// `text` in lower case: one spelling for words chosen from a short list.
    case category
    /// An address with its domain in lower case and ASCII; the local part keeps its case.
    case email
    /// An E.164 number: `+886912345678`.
    case phone
    /// A day: `2024-02-29`.
    case date
    /// A moment in UTC: `2024-02-29T08:00:00Z`.
    case timestamp
    /// An ISO 3166-1 alpha-2 code, in upper case.
    case country
    /// A whole number in decimal digits, of any length up to 38.
    case integer
    /// A decimal number without exponent, grouping or superfluous zeros.
    case decimal
    /// `true` or `false`.
    case boolean

    /// The canonical text of `raw`, or `nil` when it says that there is no value (``AbsentValue``).
    ///
    /// - Parameters:
    ///   - raw: the value as it came, in UTF-8.
    ///   - options: how the source writes its values.
    /// - Returns: the canonical text; `nil` when the value is absent.
    /// - Throws: the reason, as a code: never the value.
    package func standardise(
        _ raw: ArraySlice<UInt8>, _ options: Options = Options()
    ) throws(StandardFormError) -> String? {
        let folding: CleanText.Folding =
            switch self {
            case .none, .text, .category, .country: .none
            case .email: .width
            case .phone, .date, .timestamp, .integer, .decimal, .boolean: .widthAndDigits
            }
        let clean = try CleanText.clean(raw, folding)
        if clean.isEmpty || AbsentValue.matches(clean, in: self) { return nil }
        guard clean.count <= Self.sizeLimit else { throw .tooLong }
        switch self {
        case .none: return String(decoding: raw, as: UTF8.self)
        case .text: return String(decoding: clean, as: UTF8.self)
        case .category: return try Self.category(clean)
        case .email: return try EmailForm.canonical(clean)
        case .phone: return try PhoneForm.canonical(clean, region: options.region)
        case .date: return try DateForm.canonical(clean, options)
        case .timestamp: return try TimestampForm.canonical(clean, options)
        case .country: return try CountryForm.canonical(clean)
        case .integer: return try NumberForm.integer(clean, options.numbers)
        case .decimal: return try NumberForm.decimal(clean, options.numbers)
        case .boolean: return try BooleanForm.canonical(clean)
        }
    }

    /// As the other one, for a value that is a `String` already.
    package func standardise(
        _ raw: String, _ options: Options = Options()
    ) throws(StandardFormError) -> String? {
        try standardise(ArraySlice(raw.utf8), options)
    }

    /// The moment that `timestamp` would write; `nil` when the value is absent.
    ///
    /// - Parameters:
    ///   - raw: the value as it came, in UTF-8.
    ///   - options: how the source writes its values.
    /// - Returns: the moment.
    /// - Throws: the reason, as a code.
    package static func moment(
        _ raw: ArraySlice<UInt8>, _ options: Options
    ) throws(StandardFormError) -> Timestamp? {
        let clean = try CleanText.clean(raw, .widthAndDigits)
        if clean.isEmpty || AbsentValue.matches(clean, in: .timestamp) { return nil }
        guard clean.count <= sizeLimit else { throw .tooLong }
        return try TimestampForm.moment(clean, options)
    }

    /// What the blind index is made from: look-up ignores the case of an e-mail address, and nothing else.
    ///
    /// - Parameter canonical: what `standardise` returned.
    /// - Returns: the text to look up by.
    package func lookupForm(of canonical: String) -> String {
        guard self == .email else { return canonical }
        if canonical.utf8.allSatisfy({ $0 < 0x80 && !(0x41...0x5A).contains($0) }) { return canonical }
        return CleanText.composed(canonical.lowercased())
    }

    /// One megabyte, as the CSV reader's bound on a field.
    private static let sizeLimit = 1 << 20

    private static func category(_ clean: [UInt8]) throws(StandardFormError) -> String? {
        let lowered = CleanText.composed(String(decoding: clean, as: UTF8.self).lowercased())
        // Lower case may turn a name that is kept (`Null`) into a placeholder.
        return AbsentValue.matches(Array(lowered.utf8), in: .category) ? nil : lowered
    }
}
