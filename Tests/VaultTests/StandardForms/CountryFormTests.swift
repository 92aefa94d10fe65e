import Testing

@testable import Vault

@Suite("Countries")
struct CountryFormTests {
    @Test(
        "are found by code and by name",
        arguments: [
            ("TW", "TW"), ("tw", "TW"), ("TWN", "TW"), ("Taiwan", "TW"), ("台灣", "TW"), ("臺灣", "TW"), ("台湾", "TW"),
            ("대만", "TW"),
            ("United Kingdom", "GB"), ("UK", "GB"), ("EIRE", "IE"), ("RSA", "ZA"), ("USA", "US"), ("Korea", "KR"),
            ("NA", "NA"),
            ("Namibia", "NA"), ("日本", "JP"), ("アメリカ合衆国", "US"), ("美國", "US"), ("Deutschland", "DE"),
            ("España", "ES"), ("Espana", "ES"), ("Côte d’Ivoire", "CI"), ("cote d'ivoire", "CI"),
            ("The Netherlands", "NL"),
            ("Россия", "RU"), ("السعودية", "SA"), ("الإمارات", "AE"), ("Brasil", "BR"), ("Viet Nam", "VN"),
            ("U.S.A.", "US"), ("Türkiye", "TR"), ("XK", "XK"),
        ])
    func found(_ raw: String, _ expected: String) throws {
        #expect(try StandardForm.country.standardise(raw) == expected)
    }

    @Test(
        "are refused when they are none",
        arguments: ["XX", "EU", "European Community", "Channel Islands", "Congo", "Atlantis", "1", "Taipei", "ZZZ"])
    func refused(_ raw: String) {
        #expect(throws: StandardFormError.countryUnknown) { try StandardForm.country.standardise(raw) }
    }

    @Test("are all of ISO 3166-1, each found by its English name")
    func complete() {
        #expect(CountryCodes.alpha2.count == 250)
        #expect(CountryCodes.alpha3.count == 250)
        for name in ["Afghanistan", "Zimbabwe", "Åland Islands", "Curaçao", "Réunion", "Germany", "Niger", "Nigeria"] {
            #expect((try? StandardForm.country.standardise(name)) != nil)
        }
    }
}
