import Foundation

/// The names of countries in the languages of most of their people, from the system's CLDR data, and other common names.
enum CountryNames {
    /// In order: where two languages disagree about a name, the earlier one is followed.
    private static let languages = [
        "en", "zh_Hant", "zh_Hans", "ja", "ko", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "nb", "fi", "cs",
        "hu",
        "ro", "el", "tr", "ru", "uk", "ar", "he", "hi", "th", "vi", "id", "ms",
    ]

    static func code(for name: String) -> String? {
        if let code = table[key(name)] { return code }
        let lowered = name.lowercased()
        return lowered.hasPrefix("the ") ? table[key(String(lowered.dropFirst(4)))] : nil
    }

    /// Built once, when the first name is met: a few thousand names.
    private static let table: [String: String] = {
        var table: [String: String] = [:]
        for (code, names) in aliases { for name in names { table[key(name)] = code } }
        for language in languages {
            let locale = Locale(identifier: language)
            for code in CountryCodes.alpha2.sorted() {
                guard let name = locale.localizedString(forRegionCode: code), name != code else { continue }
                let key = key(name)
                if !key.isEmpty, table[key] == nil { table[key] = code }
            }
        }
        for name in ambiguous { table[key(name)] = nil }
        return table
    }()

    /// Letters only, without case, width and accents.
    private static func key(_ name: String) -> String {
        let letters = name.utf8.filter { ($0 | 0x20) &- 0x61 < 26 }
        if name.utf8.allSatisfy({ $0 < 0x80 }) { return String(decoding: letters.map { $0 | 0x20 }, as: UTF8.self) }
        let folded = name.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        return String(String.UnicodeScalarView(folded.unicodeScalars.filter(\.properties.isAlphabetic)))
    }

    /// Some languages say one name for one of two countries of that name.
    private static let ambiguous = ["Congo", "Kongo"]

    /// What CLDR does not say: short, former and official names.
    private static let aliases: [String: [String]] = [
        "GB": [
            "UK", "U.K.", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland",
            "United Kingdom of Great Britain and Northern Ireland", "英國", "英国",
        ],
        "US": ["U.S.", "U.S.A.", "America", "United States of America"],
        "IE": ["Eire", "Republic of Ireland"],
        "ZA": ["RSA", "Republic of South Africa"],
        "KR": ["Korea", "Republic of Korea", "Korea, Republic of", "Korea, South", "ROK", "韓國", "한국", "南韓"],
        "KP": [
            "DPRK", "Korea, North", "Democratic People's Republic of Korea", "Korea, Democratic People's Republic of",
        ],
        "TW": [
            "臺灣", "中華民國", "中华民国", "Republic of China", "R.O.C.", "ROC", "Taiwan, Province of China", "Taiwan (R.O.C.)",
            "Chinese Taipei", "中華台北",
        ],
        "CN": [
            "PRC", "P.R.C.", "People's Republic of China", "P.R. China", "Mainland China", "中國大陸", "中華人民共和國", "中华人民共和国",
        ],
        "HK": ["Hong Kong", "Hongkong", "香港"],
        "MO": ["Macau", "Macao", "澳門", "澳门", "マカオ"],
        "AE": ["UAE", "U.A.E.", "Emirates", "الإمارات"],
        "GR": ["EL", "Hellas", "Hellenic Republic"],
        "NL": ["Holland", "The Netherlands", "Kingdom of the Netherlands"],
        "CZ": ["Czech Republic", "Czechia"],
        "TR": ["Turkey", "Türkiye"],
        "MM": ["Burma", "Myanmar"],
        "SZ": ["Swaziland", "Eswatini"],
        "MK": ["Macedonia", "FYROM"],
        "CI": ["Ivory Coast", "Cote d'Ivoire"],
        "CV": ["Cape Verde", "Cabo Verde"],
        "TL": ["East Timor"],
        "VA": ["Vatican", "Holy See", "Holy See (Vatican City State)"],
        "RU": ["Russian Federation"],
        "VN": ["Viet Nam"],
        "IR": ["Iran, Islamic Republic of", "Islamic Republic of Iran"],
        "SY": ["Syrian Arab Republic"],
        "LA": ["Lao People's Democratic Republic", "Lao PDR"],
        "MD": ["Moldova, Republic of", "Republic of Moldova"],
        "TZ": ["Tanzania, United Republic of", "United Republic of Tanzania"],
        "BO": ["Bolivia, Plurinational State of"],
        "VE": ["Venezuela, Bolivarian Republic of"],
        "BN": ["Brunei Darussalam"],
        "CD": ["DRC", "DR Congo", "Democratic Republic of the Congo", "Congo, Democratic Republic of the", "Zaire"],
        "CG": ["Republic of the Congo", "Congo Republic"],
        "PS": ["Palestine", "State of Palestine", "Palestine, State of"],
        "FM": ["Micronesia, Federated States of"],
        "BA": ["Bosnia"],
        "DE": ["BRD", "Federal Republic of Germany"],
        "JP": ["日本國", "日本国", "Nippon"],
        "SA": ["KSA", "Kingdom of Saudi Arabia", "السعودية"],
        "NZ": ["Aotearoa"],
        "LY": ["Libyan Arab Jamahiriya"],
        "GM": ["The Gambia"],
        "BS": ["The Bahamas"],
    ]
}
