import TestSupport
import Testing

@testable import Ingest

@Suite("JSON lines")
struct JSONLinesReaderTests {
    private func rows(_ text: String, blockSize: Int = 1 << 16) throws -> (columns: [String], rows: [PlainRow]) {
        var reader = try JSONLinesReader(ByteSource(Array(text.utf8), blockSize: blockSize))
        let rows = try PlainRow.all(&reader)
        return (reader.columns, rows)
    }

    @Test("give the same records as CSV, with nested objects as dotted columns")
    func reads() throws {
        let text = """
            {"id":"u1","n":1.50,"ok":true,"none":null}

            {"address":{"city":"台北","geo":{"lat":25}},"id":"u2","tags":["a","b"]}\r
            [1]
            {"id":
            {"id":"u3","address.city":"x","address":{"city":"y"}}
            {"id":"u4"}
            """
        for blockSize in [1, 7, 1 << 16] {
            let (columns, rows) = try rows(text, blockSize: blockSize)
            #expect(columns == ["id", "n", "ok", "none", "address.city", "address.geo.lat", "tags"])
            #expect(
                rows == [
                    .fields(1, ["u1", "1.50", "true", ""]),
                    .fields(3, ["u2", "", "", "", "台北", "25", "[\"a\",\"b\"]"]), .rejected(4, "json_not_object"),
                    .rejected(5, "json_malformed"), .rejected(6, "duplicate_column"),
                    .fields(7, ["u4", "", "", "", "", "", ""]),
                ])
        }
    }

    @Test("bound a line and the number of columns")
    func bounds() throws {
        let long = "{\"a\":\"" + String(repeating: "x", count: RecordLimit.recordBytes) + "\"}\n{\"a\":1}"
        #expect(try rows(long).rows == [.rejected(1, "record_too_long"), .fields(2, ["1"])])
        let wide = "{" + (0...RecordLimit.columns).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try rows(wide).rows == [.rejected(1, "too_many_columns")])
    }

    @Test("survive mutated input: each line that is not blank counts once")
    func survives() throws {
        var generator = SeededGenerator.announced("JSON lines mutations")
        let input = Array("{\"id\":\"u1\",\"a\":{\"b\":[1,2]}}\n{\"id\":2}\r\n\n{\"é\":null}".utf8)
        for _ in 0..<SeededGenerator.rounds(quick: 100_000, soak: 500_000) {
            let mutated = generator.mutate(input, interesting: Array("{}[]:,\"\\\n\r".utf8) + [0xFF])
            var reader = try JSONLinesReader(ByteSource(mutated, blockSize: 5))
            let lines = mutated.split(separator: 0x0A, omittingEmptySubsequences: true)
            let expected = lines.filter { $0.contains { ![0x20, 0x09, 0x0D].contains($0) } }.count
            #expect(try PlainRow.all(&reader).count == expected)
        }
    }
}
