import Core
import Testing

@testable import Ingest

@Suite("An input that is not what is read")
struct InputHintTests {
    private func refusal(_ bytes: [UInt8], map: MapFile = MapFile()) throws -> IngestError {
        try #require(
            #expect(throws: IngestError.self) {
                try MappedInput(ByteSource(bytes, encoding: map.encoding), map: map)
            })
    }

    @Test(
        "but UTF-16 without a byte order mark is refused with the encoding's name",
        arguments: ["customer_id,email\n1,ada@example.org\n", "姓名,電話\n王,+886\n", "{\"city\":\"臺北\"}"])
    func unmarked(text: String) throws {
        let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for (bytes, name) in [(little, "UTF-16LE"), (big, "UTF-16BE")] {
            let error = try refusal(bytes)
            #expect(error.code == .encodingInvalid)
            #expect(error.remedy?.contains("--encoding \(name)") == true)
            let source = try ByteSource(bytes, encoding: TextEncoding(name))
            #expect(try source.next() == Array(text.utf8))
        }
    }

    @Test(
        "but one JSON array is refused, and lines are asked for",
        arguments: ["[{\"a\":1}]", " [\n  {\"a\":1}]", "[]", "[[1]]"])
    func array(text: String) throws {
        var lines = MapFile()
        lines.format = .jsonLines
        for map in [MapFile(), lines] {
            let error = try refusal(Array(text.utf8), map: map)
            #expect(error.code == .inputIsArray)
            #expect(error.message.contains("one JSON object a line"))
        }
    }

    @Test("is not thought to be UTF-16 for zeros in UTF-8, which reject their rows alone")
    func zeros() throws {
        let text = "a,b\n" + String(repeating: "\0x,yz\n", count: 8) + "1,2\n"
        var input = try MappedInput(ByteSource(Array(text.utf8)))
        var rejected = 0
        while case .failure(let rejection)? = try input.next() {
            #expect(rejection.code == .nulByte)
            rejected += 1
        }
        #expect(rejected == 8)
    }

    @Test("is not thought to be JSON for a bracket in its header")
    func bracket() throws {
        #expect(
            try MappedInput(ByteSource(Array("[id],[name]\n1,2\n".utf8))).columns == ["[id]", "[name]"])
    }

    @Test("but a consent to a purpose on another basis is refused by the name of its column")
    func basis() throws {
        let fixture = try ImportFixture()
        let error = #expect(throws: IngestError.self) {
            try fixture.run(Array("customer_id,consent_support\n1,yes\n".utf8))
        }
        #expect(error?.code == .mapMismatch)
        #expect(
            error?.message.contains("`consent_support`") == true
                && error?.message.contains("contract") == true)
    }
}
