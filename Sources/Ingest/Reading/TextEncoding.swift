/// How a file's text is written; everything beyond reading works on UTF-8.
package struct TextEncoding: Sendable, Equatable {
    /// What iconv calls it; `nil` for UTF-8, which is not converted.
    let iconvName: String?

    package static let utf8 = TextEncoding(iconvName: nil)
    static let utf16LittleEndian = TextEncoding(iconvName: "UTF-16LE")
    static let utf16BigEndian = TextEncoding(iconvName: "UTF-16BE")

    private init(iconvName: String?) { self.iconvName = iconvName }

    /// Any name that iconv knows, in either case; `nil` when it has characters no name has.
    ///
    /// As browsers do (WHATWG Encoding §4.2), a national standard's name stands for the larger set that files so
    /// labelled are really in: `Shift_JIS` for Windows code page 932, `ISO-8859-1` for windows-1252.
    package init?(_ name: String) {
        let upper = name.uppercased()
        // A slash would begin iconv's own options, such as dropping what cannot be converted.
        guard (1...40).contains(upper.utf8.count),
            upper.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || "-_.:".utf8.contains(byte)
            })
        else { return nil }
        switch upper {
        case "UTF-8", "UTF8": self = .utf8
        case "SHIFT_JIS", "SHIFT-JIS", "SJIS", "WINDOWS-31J": self.init(iconvName: "CP932")
        case "BIG5", "BIG-5", "WINDOWS-950": self.init(iconvName: "CP950")
        case "GB2312", "GBK", "GB18030": self.init(iconvName: "GB18030")
        case "EUC-KR", "KS_C_5601-1987": self.init(iconvName: "UHC")
        case "ISO-8859-1", "LATIN1", "LATIN-1", "ASCII", "US-ASCII", "ANSI": self.init(iconvName: "WINDOWS-1252")
        default: self.init(iconvName: upper)
        }
    }
}
