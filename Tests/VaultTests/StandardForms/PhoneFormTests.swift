import Core
import TestSupport
import Testing

@testable import Vault

@Suite("Telephone numbers")
struct PhoneFormTests {
    @Test(
        "in international form need no region",
        arguments: [
            ("+886 912-345-678", "+886912345678"), ("+886912345678", "+886912345678"),
            ("0044 20 7946 0958", "+442079460958"),
            ("＋８８６９１２３４５６７８", "+886912345678"), ("\u{202D}+14155552671\u{202C}", "+14155552671"),
        ])
    func international(_ raw: String, _ expected: String) throws {
        #expect(try StandardForm.phone.standardise(raw) == expected)
    }

    @Test("in national form need one")
    func needsCountry() {
        #expect(throws: StandardFormError.phoneNeedsCountry) { try StandardForm.phone.standardise("0912345678") }
    }

    #if Phones
        @Test(
            "in national form are dialled in their region",
            arguments: [
                ("0912345678", "TW", "+886912345678"), ("(02) 2345-6789", "TW", "+886223456789"),
                ("(415) 555-2671", "US", "+14155552671"), ("1-415-555-2671", "US", "+14155552671"),
                ("020 7946 0958", "GB", "+442079460958"), ("06 12345678", "IT", "+390612345678"),
                ("00886912345678", "TW", "+886912345678"), ("+886 (0)912 345 678", "ZZ", "+886912345678"),
                ("٠٩١٢٣٤٥٦٧٨", "TW", "+886912345678"),
            ])
        func national(_ raw: String, _ region: String, _ expected: String) throws {
            #expect(try StandardForm.phone.standardise(raw, .init(region: region)) == expected)
        }

        @Test(
            "are refused with the reason",
            arguments: [
                ("0912345678 ext. 12", StandardFormError.phoneHasExtension),
                ("+886912345678;ext=5", .phoneHasExtension),
                ("hello", .phoneMalformed), ("12", .phoneImpossible), ("+999123456789", .phoneImpossible),
                ("+8869123456789012", .phoneImpossible), ("5552671", .phoneImpossible),
                ("ada@example.org", .phoneMalformed),
            ])
        func refused(_ raw: String, _ error: StandardFormError) {
            #expect(throws: error) {
                try StandardForm.phone.standardise(raw, .init(region: raw.count == 7 ? "US" : "TW"))
            }
        }

        @Test("read by a mobile plan are what the library reads", arguments: MobilePlan.all.map(\.region))
        func plans(_ region: String) throws {
            let plan = try #require(MobilePlan.all.first { $0.region == region })
            var generator = SeededGenerator.announced("mobile plan \(region)")
            for _ in 0..<400 {
                let lead = try #require(plan.leads.randomElement(using: &generator))
                let rest = (lead.count..<plan.length).map { _ in UInt8.random(in: 0x30...0x39, using: &generator) }
                for raw in [Array("+".utf8) + plan.code + lead + rest, plan.trunk + lead + rest] {
                    let quick = MobilePlan.canonical(raw, region: region)
                    #expect(quick != nil)
                    #expect(quick == (try PhoneForm.parsed(raw, region: region)))
                }
            }
        }
    #endif
}
