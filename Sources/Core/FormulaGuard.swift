/// What keeps a spreadsheet from taking a text for a formula: an apostrophe before it.
///
/// A value is guarded when it begins with `=`, `+`, `-`, `@`, a tab, a line end or the full-width form of one of the
/// signs (OWASP, "CSV Injection"), after any number of apostrophes; so taking one off gives back what was there.
public enum FormulaGuard {
    private static let apostrophe = UInt8(ascii: "'")

    /// Whether a spreadsheet might take the value for a formula, or a reader for a guarded one.
    public static func isNeeded(_ value: some Collection<UInt8>) -> Bool {
        let rest = value.drop { $0 == apostrophe }
        switch rest.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: return true
        // U+FF1D, U+FF0B, U+FF0D and U+FF20 in UTF-8.
        case 0xEF:
            return rest.dropFirst().first == 0xBC && [0x9D, 0x8B, 0x8D, 0xA0].contains(rest.dropFirst(2).first)
        default: return false
        }
    }

    /// The value as it was before it was guarded.
    public static func removed(from value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        value.first == apostrophe && isNeeded(value) ? value.dropFirst() : value
    }
}
