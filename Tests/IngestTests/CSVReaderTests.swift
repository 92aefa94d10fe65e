import TestSupport
import Testing

@testable import Ingest

/// A row in a form that tests can write down.
enum PlainRow: Equatable {
    case fields(Int, [String])
    case rejected(Int, String)

    static func all(_ reader: inout some RecordReader) throws -> [PlainRow] {
        var rows: [PlainRow] = []
        while let row = try reader.next() {
            switch row {
            case .record(let record):
                rows.append(
                    .fields(record.line, (0..<record.count).map { String(decoding: record[$0], as: UTF8.self) }))
            case .rejected(let rejection): rows.append(.rejected(rejection.line, rejection.code.name))
            }
        }
        return rows
    }

    static func csv(_ bytes: [UInt8], blockSize: Int = 1 << 16, header: [String]? = nil) throws -> [PlainRow] {
        var reader = try CSVReader(
            ByteSource(bytes, blockSize: blockSize), delimiter: UInt8(ascii: ","), header: header)
        return try all(&reader)
    }
}

@Suite("CSV")
struct CSVReaderTests {
    @Test(
        "is read as RFC 4180 has it",
        arguments: [
            ("a,b\n1,2\n3,4\n", [.fields(2, ["1", "2"]), .fields(3, ["3", "4"])]),
            ("a,b\r\n1,2\r\n3,4", [.fields(2, ["1", "2"]), .fields(3, ["3", "4"])]),
            ("a,b\r1,2\r3,4\r", [.fields(2, ["1", "2"]), .fields(3, ["3", "4"])]),
            ("a,b\n\n1,\n,\n\n", [.fields(3, ["1", ""]), .fields(4, ["", ""])]),
            ("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", [.fields(2, ["x,y", "say \"hi\""])]),
            (
                "a,b\n\"1\r\n2\",\"\"\n3,\"4\n\"\n5,6",
                [.fields(2, ["1\r\n2", ""]), .fields(4, ["3", "4\n"]), .fields(6, ["5", "6"])]
            ),
            ("\"a\",\"b\"\n é , x \n", [.fields(2, [" é ", " x "])]),
            ("\u{FEFF}a,b\n1,2", [.fields(2, ["1", "2"])]),
        ] as [(String, [PlainRow])])
    func reads(_ text: String, _ expected: [PlainRow]) throws {
        for blockSize in [1, 2, 3, 7, 1 << 16] {
            #expect(try PlainRow.csv(Array(text.utf8), blockSize: blockSize) == expected)
        }
    }

    @Test(
        "rejects a bad row and goes on at the next line",
        arguments: [
            ("a,b\n1\n2,3,4\n5,6", [.rejected(2, "ragged_row"), .rejected(3, "ragged_row"), .fields(4, ["5", "6"])]),
            ("a,b\n1\",2\n3,4", [.rejected(2, "stray_quote"), .fields(3, ["3", "4"])]),
            ("a,b\n\"1\"x,2\n3,4", [.rejected(2, "stray_quote"), .fields(3, ["3", "4"])]),
            ("a,b\n\"1\n1\",\"2\n3,4\n", [.rejected(2, "unterminated_quote"), .fields(4, ["3", "4"])]),
            (
                "a,b\n1,\"2\n3,4\n5,6\n",
                [.rejected(2, "unterminated_quote"), .fields(3, ["3", "4"]), .fields(4, ["5", "6"])]
            ),
            ("a,b\n1,\u{0}2\n3,4", [.rejected(2, "nul_byte"), .fields(3, ["3", "4"])]),
            ("a,b\n\"1\u{0}\",2\n3,4", [.rejected(2, "nul_byte"), .fields(3, ["3", "4"])]),
            ("a,b\n1,\"", [.rejected(2, "unterminated_quote")]),
        ] as [(String, [PlainRow])])
    func rejects(_ text: String, _ expected: [PlainRow]) throws {
        for blockSize in [1, 3, 1 << 16] {
            #expect(try PlainRow.csv(Array(text.utf8), blockSize: blockSize) == expected)
        }
    }

    @Test("bounds a field and goes on behind it")
    func boundsFields() throws {
        let long = String(repeating: "x", count: RecordLimit.fieldBytes)
        #expect(try PlainRow.csv(Array("a,b\n\(long),1\n".utf8)) == [.fields(2, [long, "1"])])
        #expect(
            try PlainRow.csv(Array("a,b\n\(long)x,1\n2,3".utf8)) == [
                .rejected(2, "field_too_long"), .fields(3, ["2", "3"]),
            ])
        #expect(
            try PlainRow.csv(Array("a,b\n\"\(long)x\",1\n2,3".utf8))
                == [.rejected(2, "unterminated_quote"), .fields(3, ["2", "3"])])
        let wide = String(repeating: ",", count: RecordLimit.columns + 5)
        #expect(
            try PlainRow.csv(Array("a,b\n\(wide)\n2,3".utf8)) == [
                .rejected(2, "too_many_columns"), .fields(3, ["2", "3"]),
            ])
    }

    @Test("finds the delimiter that the header has most of", arguments: [",", ";", "\t", "|"])
    func sniffs(_ delimiter: String) throws {
        let text = ["a", "b", "\"c,;,;,;\""].joined(separator: delimiter) + "\n1\(delimiter)2\(delimiter)3\n"
        var reader = try CSVReader(ByteSource(Array(text.utf8)))
        #expect(reader.columns == ["a", "b", "c,;,;,;"])
        #expect(try PlainRow.all(&reader) == [.fields(2, ["1", "2", "3"])])
    }

    @Test("needs a header that names each column once")
    func headers() throws {
        #expect(throws: IngestError.self) { try PlainRow.csv([]) }
        #expect(throws: IngestError.self) { try PlainRow.csv(Array("a,a\n".utf8)) }
        #expect(throws: IngestError.self) { try PlainRow.csv(Array("a,\"b\n1,2\n".utf8)) }
        #expect(throws: IngestError.self) { try PlainRow.csv([0x61, 0x2C, 0xFF, 0x0A]) }
        #expect(try PlainRow.csv(Array("a,b\n".utf8)) == [])
        #expect(try PlainRow.csv(Array("1,2\n".utf8), header: ["a", "b"]) == [.fields(1, ["1", "2"])])
    }

    @Test("survives mutated input; records and rejects are what a plain reading counts")
    func survives() throws {
        var generator = SeededGenerator.announced("CSV mutations")
        let input = Array("1,\"x, \"\"y\"\"\",é\r\n2,,\"a\nb\"\n,,\n4,\"5\",6\r7,8,9".utf8)
        let interesting = Array("\"\",,\n\r \u{0}".utf8) + [0xFF]
        for _ in 0..<SeededGenerator.rounds(quick: 100_000, soak: 1_000_000) {
            let mutated = generator.mutate(input, interesting: interesting)
            let blockSize = [1, 2, 5, 1 << 16].randomElement(using: &generator) ?? 1
            let rows = try PlainRow.csv(mutated, blockSize: blockSize, header: ["a", "b", "c"])
            let expected = ReferenceCSV.rows(mutated)
            if rows != expected {
                Issue.record("\(mutated) in blocks of \(blockSize): \(rows), expected \(expected)")
                return
            }
        }
    }
}

/// The rules of docs/import.md said once more in the plainest way, over three columns and whole files in memory.
enum ReferenceCSV {
    static func rows(_ file: [UInt8]) -> [PlainRow] {
        // The mutations may begin a file with a byte order mark of another encoding, which no test of CSV is about.
        var rest = file.starts(with: [0xEF, 0xBB, 0xBF]) ? file.dropFirst(3) : file[...]
        var line = 1
        var rows: [PlainRow] = []
        while !rest.isEmpty {
            let (row, used, lines) = row(rest)
            switch row {
            case .some(.success(let fields)) where fields.count == 3:
                rows.append(.fields(line, fields.map { String(decoding: $0, as: UTF8.self) }))
            case .some(.success): rows.append(.rejected(line, "ragged_row"))
            case .some(.failure(let failure)): rows.append(.rejected(line, failure.code))
            case nil: break
            }
            rest = rest.dropFirst(used)
            line += lines
        }
        return rows
    }

    private struct Failure: Error { var code: String }

    private static func row(_ text: ArraySlice<UInt8>) -> (Result<[[UInt8]], Failure>?, used: Int, lines: Int) {
        let bytes = Array(text)
        if bytes[0] == 10 || bytes[0] == 13 { return (nil, afterLine(bytes, 0), 1) }
        var fields: [[UInt8]] = [[]]
        var at = 0
        func lines(_ end: Int) -> Int {
            (0..<end).reduce(0) {
                $0 + (bytes[$1] == 13 || (bytes[$1] == 10 && ($1 == 0 || bytes[$1 - 1] != 13)) ? 1 : 0)
            }
        }
        func failure(_ code: String, _ place: Int) -> (Result<[[UInt8]], Failure>?, used: Int, lines: Int) {
            let end = afterLine(bytes, place)
            return (.failure(Failure(code: code)), end, lines(place) + 1)
        }
        while true {
            if at < bytes.count, bytes[at] == 34 {
                let open = at
                at += 1
                while true {
                    guard at < bytes.count else { return failure("unterminated_quote", open) }
                    if bytes[at] == 0 { return failure("nul_byte", at) }
                    if bytes[at] == 34 {
                        guard at + 1 < bytes.count, bytes[at + 1] == 34 else { break }
                        at += 1
                    }
                    fields[fields.count - 1].append(bytes[at])
                    at += 1
                }
                at += 1
                if at < bytes.count, ![10, 13, 44].contains(bytes[at]) { return failure("stray_quote", at) }
            }
            while at < bytes.count, ![10, 13, 44].contains(bytes[at]) {
                if bytes[at] == 34 { return failure("stray_quote", at) }
                if bytes[at] == 0 { return failure("nul_byte", at) }
                fields[fields.count - 1].append(bytes[at])
                at += 1
            }
            guard at < bytes.count, bytes[at] == 44 else {
                return (.success(fields), afterLine(bytes, at), lines(at) + 1)
            }
            fields.append([])
            at += 1
        }
    }

    private static func afterLine(_ bytes: [UInt8], _ start: Int) -> Int {
        guard let end = bytes[start...].firstIndex(where: { $0 == 10 || $0 == 13 }) else { return bytes.count }
        return bytes[end] == 13 && end + 1 < bytes.count && bytes[end + 1] == 10 ? end + 2 : end + 1
    }
}
