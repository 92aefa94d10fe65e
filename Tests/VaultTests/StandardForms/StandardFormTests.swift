import Core
import TestSupport
import Testing

@testable import Vault

@Suite("Standard forms")
struct StandardFormTests {
    @Test(
        "fold what looks the same to one text",
        arguments: [
            ("  Ada \t Lovelace\n", "Ada Lovelace"), ("Zoe\u{308}", "Zo\u{EB}"), ("王　小明", "王 小明"),
            ("\u{FEFF}Ada\u{200B}", "Ada"), ("\u{202D}Ada\u{202C}", "Ada"), ("か\u{3099}", "が"), ("Null", "Null"),
            ("NA", "NA"), ("12 Main St\r\nSpringfield", "12 Main St Springfield"), ("👨\u{200D}👩", "👨\u{200D}👩"),
        ])
    func text(_ raw: String, _ expected: String) throws {
        let result = try #require(try StandardForm.text.standardise(raw))
        #expect(result.utf8.elementsEqual(expected.utf8))
    }

    @Test(
        "take placeholders for absence", arguments: StandardForm.allCases,
        [
            "", " ", "\u{3000}", "-", "n/a", "N/A", "none", "None", "NULL", "null", "nan", "#N/A", "\\N", "不明",
            "Unspecified",
        ])
    func absent(_ form: StandardForm, _ raw: String) throws {
        #expect(try form.standardise(raw) == nil)
    }

    @Test("refuse control characters and bytes that are not UTF-8", arguments: StandardForm.allCases)
    func refuses(_ form: StandardForm) {
        #expect(throws: StandardFormError.controlCharacter) { try form.standardise("a\u{0}b") }
        #expect(throws: StandardFormError.controlCharacter) { try form.standardise("é\u{85}\u{9F}") }
        #expect(throws: StandardFormError.notUTF8) { try form.standardise([0x41, 0xC3]) }
    }

    @Test("write categories in lower case")
    func categories() throws {
        #expect(try StandardForm.category.standardise(" GOLD ") == "gold")
        #expect(try StandardForm.category.standardise("Null") == nil)
        #expect(try StandardForm.category.standardise("NA") == "na")
        #expect(try StandardForm.none.standardise(" As It Is ") == " As It Is ")
    }

    @Test(
        "read yes and no", arguments: [("Yes", "true"), ("0", "false"), ("是", "true"), ("否", "false"), ("Ｙ", "true")])
    func booleans(_ raw: String, _ expected: String) throws {
        #expect(try StandardForm.boolean.standardise(raw) == expected)
    }

    @Test(
        "keep numbers exact",
        arguments: [
            ("42", "42"), ("+007", "7"), ("-0", "0"), ("00", "0"), ("４２", "42"), ("−5", "-5"),
            ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
        ])
    func integers(_ raw: String, _ expected: String) throws {
        #expect(try StandardForm.integer.standardise(raw) == expected)
        #expect(try StandardForm.decimal.standardise(raw) == expected)
    }

    @Test(
        "keep decimals exact",
        arguments: [
            ("10.50", "10.5"), (".5", "0.5"), ("5.", "5"), ("-0.00", "0"),
            ("0.10000000000000000001", "0.10000000000000000001"),
        ])
    func decimals(_ raw: String, _ expected: String) throws {
        #expect(try StandardForm.decimal.standardise(raw) == expected)
    }

    @Test("read grouped digits only when told how they are grouped")
    func grouped() throws {
        #expect(throws: StandardFormError.decimalMalformed) { try StandardForm.decimal.standardise("1,234.5") }
        #expect(throws: StandardFormError.integerMalformed) { try StandardForm.integer.standardise("1,234") }
        let german = StandardForm.Options(numbers: .init(decimalMark: UInt8(ascii: ","), groupMark: UInt8(ascii: ".")))
        #expect(try StandardForm.decimal.standardise("1.234.567,80", german) == "1234567.8")
        #expect(throws: StandardFormError.decimalMalformed) { try StandardForm.decimal.standardise("1.23", german) }
        let french = StandardForm.Options(numbers: .init(decimalMark: UInt8(ascii: ","), groupMark: 0x20))
        #expect(try StandardForm.decimal.standardise("1\u{202F}234,5", french) == "1234.5")
    }

    @Test(
        "refuse what is not a number", arguments: ["1e5", "0x10", "1.2.3", "--1", "five", "+", "1 2", "$5", "5%"])
    func notNumbers(_ raw: String) {
        #expect(throws: StandardFormError.decimalMalformed) { try StandardForm.decimal.standardise(raw) }
    }

    @Test("never quote the value in an error", arguments: StandardFormError.allCases)
    func errors(_ error: StandardFormError) {
        #expect(!error.message.isEmpty && error.code.exit == .usage && error.code.name.hasPrefix("form."))
    }

    @Test("are stable: standardised again, the text stays as it is", arguments: StandardForm.allCases)
    func stable(_ form: StandardForm) throws {
        var generator = SeededGenerator.announced("stability of \(form)")
        let options = StandardForm.Options(
            region: "TW", dateOrder: .dayFirst, timeZone: try #require(LocalTime("Asia/Taipei")))
        let seeds = Self.samples.map { Array($0.utf8) }
        let interesting = Array(" @.-+/:0123456789aT\"\\年月".utf8) + [0xCC, 0x81]
        var accepted = 0
        for round in 0..<SeededGenerator.rounds(quick: 4_000, soak: 100_000) {
            let sample = seeds[round % seeds.count]
            let raw = round < seeds.count ? sample : generator.mutate(sample, interesting: interesting)
            guard let first = try? form.standardise(raw[...], options) else { continue }
            accepted += 1
            let second = try form.standardise(first)
            #expect(second.map { Array($0.utf8) } == Array(first.utf8), "\(raw)")
        }
        #expect(accepted > 0)
    }

    private static let samples = [
        "Ada Lovelace", "Zoe\u{308} Müller", "王　小明", "ada@example.org", "\"a b\"@Example.ORG", "ada@bücher.example",
        "0912-345-678", "+886 912 345 678", "+44 20 7946 0958", "(02) 2345-6789", "2024-02-29", "29.02.2024",
        "Feb 29, 2024",
        "民國113年2月29日", "20240229", "2024-02-29T08:26:00+08:00", "29/02/2024 8:26 PM", "1709164800", "tw",
        "Côte d’Ivoire",
        "TWN", "臺灣", "United Kingdom", "-0012.500", "1234567", "yes", "否", "true", "\u{FEFF}n/a", "İstanbul ΣΑΣ",
        "é\u{327}",
    ]
}
