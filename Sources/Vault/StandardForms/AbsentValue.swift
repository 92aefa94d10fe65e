/// The texts people and programs put where there is no value.
package enum AbsentValue {
    private static let everywhere: Set<[UInt8]> = Set(
        [
            "-", "--", "---", "–", "—", ".", "?", "n/a", "#n/a", "n.a.", "n.a", "none", "(none)", "null", "<null>",
            "(null)",
            "nil", "nan", "\\n", "undefined", "unknown", "unspecified", "not available", "not provided", "無", "无", "不明",
            "不詳",
            "不详", "なし",
        ].map { Array($0.utf8) })
    private static let longest = everywhere.map(\.count).max() ?? 0

    /// Whether `clean`, in any case of letters, stands for "no value" in a field of `form`.
    ///
    /// `NA` is Namibia and a surname, so it stands for nothing only in forms that are neither country nor text;
    /// `Null`, so written, is a surname and text keeps it.
    package static func matches(_ clean: [UInt8], in form: StandardForm) -> Bool {
        guard clean.count <= longest, let first = clean.first, mayStart(first) else { return false }
        if form == .text || form == .none, clean.elementsEqual("Null".utf8) { return false }
        let lowered = clean.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        if everywhere.contains(lowered) { return true }
        switch form {
        case .none, .text, .category, .country: return false
        default: return lowered.elementsEqual("na".utf8)
        }
    }

    /// Spares most values the look-up.
    private static func mayStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "u"), UInt8(ascii: "U"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "("), UInt8(ascii: "<"),
            UInt8(ascii: "\\"), 0x80...:
            true
        default: false
        }
    }
}
