import Testing

@testable import Cedar

/// What a text of any length comes to; nothing here takes more than a moment, as reading takes time in its length alone.
@Suite("Long texts")
struct LongTextTests {
    @Test("a place far along a line has its column in characters, and its line is found among many")
    func farColumns() {
        for count in [0, 1, 41, 42, 43, 63, 64, 65, 1000, 100_000] {
            let filler = String(repeating: "é", count: count)
            #expect(World.complaints("@a(\"\(filler)\") permit!") == ["cedar.unexpected_token@1:\(count + 14)"])
            let lines = String(repeating: "// é\n", count: count)
            #expect(World.complaints("\(lines)é") == ["cedar.invalid_character@\(count + 1):1"])
        }
    }

    @Test("thousands of entities in one line are each mentioned at their place")
    func mentions() throws {
        let names = (0..<20_000).map { "Action::\"\($0)\"" }
        let text = "permit (principal, action in [\(names.joined(separator: ", "))], resource);"
        let mentions = try PolicySet(parsing: text).policies[0].mentions
        #expect(mentions.count == 20_000)
        #expect(
            mentions.last.map { $0.position.column } == text.utf8.count - "Action::\"19999\"], resource);".utf8.count
                + 1)
    }

    @Test("a text that is nothing but mistakes is refused with a hundred of them")
    func nothingButMistakes() {
        for text in ["\u{0} ", "é ", "\"\\q\" ", "permit("] {
            let complaints = World.complaints(String(repeating: text, count: 50_000))
            #expect((1...Parser.maximumErrors).contains(complaints.count), "\(text)")
        }
    }
}
