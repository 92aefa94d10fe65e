import Core
import Secrets
import Testing
import Vault

@testable import Activation
@testable import Gate

@Suite("A row that is exported")
struct RowWriterTests {
    private static let person = ProfileID(high: 0x0123_4567_89AB_7DEF, low: 0x8123_4567_89AB_CDEF)
    private static let id = "01234567-89ab-7def-8123-456789abcdef"

    private func column(_ name: String, _ form: StandardForm = .text, masked: Bool = false) -> Export.Column {
        Export.Column(name: name, form: form, masked: masked)
    }

    private func reading(_ column: Export.Column, _ value: String) throws -> Reading {
        Reading(
            field: column.name, form: column.form.rawValue, masked: column.masked, value: try Plaintext(value))
    }

    private func csv(_ value: String, _ form: StandardForm = .text, masked: Bool = false) throws -> String {
        let column = column("one", form, masked: masked)
        let row = CSVWriter(columns: [column]).row(Self.person, [try reading(column, value)])
        let text = String(decoding: row, as: UTF8.self)
        #expect(text.hasPrefix(Self.id + ",") && text.hasSuffix("\r\n"))
        return String(text.dropFirst(Self.id.count + 1).dropLast())
    }

    @Test("has quotes in CSV where RFC 4180 asks for them, and nowhere else")
    func quotes() throws {
        for plain in ["Ada", "O'Hara", "王 小明", "a;b", " padded ", "", "'", "''quoted''"] {
            #expect(try csv(plain) == plain)
        }
        #expect(try csv("Lovelace, Ada") == "\"Lovelace, Ada\"")
        #expect(try csv("the \"countess\"") == "\"the \"\"countess\"\"\"")
        #expect(try csv("two\nlines") == "\"two\nlines\"")
        #expect(try csv("two\r\nlines") == "\"two\r\nlines\"")
    }

    @Test(
        "is no formula in CSV to a spreadsheet",
        arguments: [
            "=HYPERLINK(\"http://example.org\")", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1",
            "＋1",
            "－1", "＠A1", "'=1", "''=1",
        ])
    func formulas(_ value: String) throws {
        let written = try csv(value)
        #expect(written.hasPrefix("\"'"))
        #expect(written == "\"'" + value.replacing("\"", with: "\"\"") + "\"")
        // An import takes the guard off again, and nothing else.
        let bare = Array(("'" + value).utf8)
        #expect(Array(FormulaGuard.removed(from: bare[...])) == Array(value.utf8))
    }

    @Test("keeps signs in CSV where a value is digits and fixed marks by its form, but not in an outline")
    func signs() throws {
        #expect(try csv("+886912345678", .phone) == "+886912345678")
        #expect(try csv("-12.50", .decimal) == "-12.50")
        #expect(try csv("-3", .integer) == "-3")
        #expect(try csv("+886*****78", .phone, masked: true) == "\"'+886*****78\"")
        #expect(try csv("+1@example.org", .email) == "\"'+1@example.org\"")
    }

    @Test("has its values under their columns, and nothing where nothing came out")
    func columns() throws {
        let columns = [column("a"), column("b", .decimal), column("c", .boolean), column("d", .integer, masked: true)]
        let readings = [
            try reading(columns[0], "x\"\\\n"), try reading(columns[2], "true"), try reading(columns[3], "***"),
        ]
        let csv = CSVWriter(columns: columns)
        #expect(String(decoding: csv.header, as: UTF8.self) == "profile,a,b,c,d\r\n")
        #expect(
            String(decoding: csv.row(Self.person, readings), as: UTF8.self) == Self.id + ",\"x\"\"\\\n\",,true,***\r\n")
        let lines = JSONLinesWriter(columns: columns)
        #expect(lines.header.isEmpty)
        let line = lines.row(Self.person, readings)
        #expect(
            String(decoding: line, as: UTF8.self)
                == #"{"profile":"\#(Self.id)","a":"x\"\\\n","c":true,"d":"***"}"# + "\n")
        let number = lines.row(Self.person, [try reading(columns[1], "-120.50")])
        #expect(String(decoding: number, as: UTF8.self) == #"{"profile":"\#(Self.id)","b":-120.50}"# + "\n")
    }
}
