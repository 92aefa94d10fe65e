import Core
import Testing

@testable import Samples

@Suite("The formats of a sample")
struct SampleFormatTests {
    @Test(
        "quote in CSV what would end a field, and nothing else",
        arguments: [
            (["a", "b"], "a,b\n"), (["", ""], ",\n"), (["a,b", "c"], "\"a,b\",c\n"),
            (["say \"a\"", "="], "\"say \"\"a\"\"\",=\n"),
            (["a\nb", "a\r\nb"], "\"a\nb\",\"a\r\nb\"\n"), ([" a ", "é；"], " a ,é；\n"),
        ])
    func csv(values: [String], expected: String) {
        var bytes: [UInt8] = []
        SampleFormat.csv.write(values, of: ["one", "two"], into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("write JSON that reads back as the same values, without the blank ones")
    func jsonLines() throws {
        for row in SampleRows(profiles: 200, seed: 2) {
            var bytes: [UInt8] = []
            SampleFormat.jsonLines.write(row.values, of: Column.names, into: &bytes)
            #expect(bytes.last == 0x0A && bytes.count(where: { $0 == 0x0A }) == 1)
            let object = try #require(try JSON(parsing: bytes.dropLast()).object)
            for (name, value) in zip(Column.names, row.values) { #expect(object[name]?.string ?? "" == value) }
            #expect(object.count == row.values.count(where: { !$0.isEmpty }))
        }
    }

    @Test("name the fields in a header of CSV only")
    func header() {
        var bytes: [UInt8] = []
        SampleFormat.jsonLines.writeHeader(Column.names, into: &bytes)
        #expect(bytes.isEmpty)
        SampleFormat.csv.writeHeader(Column.names, into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("customer_id,email,phone,"))
        #expect(Column.names.count == Column.allCases.count)
    }
}
