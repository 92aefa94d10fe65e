import Core
import Secrets
import TestSupport
import Testing

@testable import Factors

@Suite("Recovery codes")
struct RecoveryCodeTests {
    private let account = UniqueID(high: 1, low: 2)
    private let code = RecoveryCode(bytes: [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xF0, 0x0F])

    @Test("come in tens, none like another")
    func made() {
        let codes = RecoveryCodes.make()
        #expect(codes.count == 10)
        #expect(Set(codes.map(\.text)).count == 10)
    }

    @Test("are written in lower-case groups of Crockford's base 32")
    func text() throws {
        #expect(code.text == "04hm-asw9-nf6y-zw0f")
        #expect(RecoveryCode(bytes: Array(repeating: 0xFF, count: 10)).text == "zzzz-zzzz-zzzz-zzzz")
        let shape = #/([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}/#
        for code in RecoveryCodes.make() { _ = try #require(code.text.wholeMatch(of: shape)) }
    }

    @Test(
        "are read as people type them",
        arguments: [
            "04hm-asw9-nf6y-zw0f", "04HMASW9NF6YZW0F", " o4hm asw9\tnf6y zwof\n", "O4hm–asw9‑nf6y—zw0F",
            "0-4-h-m-a-s-w-9-n-f-6-y-z-w-0-f",
        ])
    func typed(text: String) throws {
        let read = try #require(RecoveryCode(parsing: text))
        #expect(read.digest(for: account) == code.digest(for: account))
    }

    @Test("take i and l for 1")
    func ones() throws {
        let read = try #require(RecoveryCode(parsing: "iIlL-1111-1111-1111"))
        #expect(read.text == "1111-1111-1111-1111")
    }

    @Test(
        "are not made of anything else",
        arguments: [
            "", "-", "04hm-asw9-nf6y-zw0", "04hm-asw9-nf6y-zw0f0", "04hm-asw9-nf6y-zw0u", "04hm_asw9_nf6y_zw0f",
            "04hm-asw9-nf6y-zw0é", "0４hm-asw9-nf6y-zw0f", "04hm-asw9-nf6y-zw0f-04hm-asw9",
        ])
    func refused(text: String) { #expect(RecoveryCode(parsing: text) == nil) }

    @Test("come back as they were made")
    func roundTrip() throws {
        for code in (0..<100).flatMap({ _ in RecoveryCodes.make() }) {
            let read = try #require(RecoveryCode(parsing: code.text))
            #expect(read.text == code.text)
        }
    }

    @Test("are kept as a digest of label, account and code, which is another for each account and code")
    func digest() throws {
        let written =
            Array("profilevault recovery code v1".utf8) + [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]
            + [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xF0, 0x0F]
        #expect(code.digest(for: account) == BLAKE2b.digest(written))
        #expect(code.digest(for: account) != code.digest(for: UniqueID(high: 2, low: 1)))
        let other = try #require(RecoveryCode(parsing: "14hm-asw9-nf6y-zw0f"))
        #expect(code.digest(for: account) != other.digest(for: account))
    }

    @Test("are not shown when they are printed")
    func printing() {
        var dumped = ""
        dump(code, to: &dumped)
        #expect("\(code) \([code])" == "(secret) [(secret)]")
        #expect(!dumped.contains("35") && !dumped.contains(code.text))
    }
}
