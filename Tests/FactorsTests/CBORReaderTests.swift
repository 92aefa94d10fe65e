import Core
import Testing

@testable import Factors

@Suite("CBOR of authenticators")
struct CBORReaderTests {
    private func item(_ text: String) throws -> CBOR { try CBORReader.item(try #require(bytes(hex: text))[...]) }

    /// Of RFC 8949, appendix A.
    @Test("is read as RFC 8949 has it")
    func examples() throws {
        for (text, number) in [
            ("00", 0), ("17", 23), ("1818", 24), ("1903e8", 1000), ("1a000f4240", 1_000_000),
            ("1b000000e8d4a51000", 1_000_000_000_000), ("20", -1), ("3863", -100), ("3903e7", -1000),
        ] as [(String, Int64)] {
            #expect(try item(text).integer == number)
        }
        #expect(throws: Never.self) { try item("818181818181818100") }
        #expect(try item("1bffffffffffffffff") == .unsigned(.max))
        #expect(try item("3bffffffffffffffff").integer == nil)
        #expect(try item("4401020304").bytes == [1, 2, 3, 4])
        #expect(try item("62c3bc").text == "ü" && item("6449455446").text == "IETF" && item("62c3bc").bytes == nil)
        #expect(
            try item("8301820203820405")
                == .array([.unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)])]))
        #expect(try [item("f4"), item("f5"), item("f6")] == [.bool(false), .bool(true), .null])
        let map = try item("a26161016162820203")
        #expect(map[.text("a")] == .unsigned(1) && map[.text("c")] == nil)
        #expect(map.member(.text("b"))?.encodedValue == [0x82, 2, 3])
    }

    @Test(
        "is refused when it is cut, goes on, says no length, doubles a key, nests deeply or is of another kind",
        arguments: [
            "", "18", "1903", "42ff", "62c3", "61ff", "8201", "a161", "a16161", "0000", "1c", "1f",
            "5f42010243030405ff",
            "7f657374726561646d696e67ff", "9fff", "bf61610161629f0203ffff", "a2616101616102", "81818181818181818100",
            "c074",
            "f7", "f97bff", "fb3ff199999999999a", "f0", "f818", "9bffffffffffffffff", "bbffffffffffffffff",
            "5bffffffffffffffff", "9a7fffffff", "ff",
        ])
    func refused(text: String) throws {
        #expect(throws: CBORReader.Malformed.self) { try item(text) }
    }
}
