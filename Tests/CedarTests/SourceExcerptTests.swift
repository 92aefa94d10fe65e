import Testing

@testable import Cedar

@Suite("Excerpts of a text")
struct SourceExcerptTests {
    /// The printed line and, below it, the caret; both without the margin.
    private func lines(_ text: String, _ column: Int) -> (line: String, caret: String) {
        let lines = SourceExcerpt(text, line: 7, column: column).description.split(separator: "\n").map(String.init)
        return (String(lines[0].dropFirst(4)), String(lines[1].dropFirst(4)))
    }

    private func width(_ text: String) -> Int { text.reduce(0) { $0 + Glyph.columns(of: $1) } }

    /// What is printed from the caret on.
    private func marked(_ text: String, _ column: Int) -> String {
        let (line, caret) = lines(text, column)
        #expect(caret.hasSuffix("^") && caret.dropLast().allSatisfy { $0 == " " })
        var columns = 0
        return String(
            line.drop { character in
                defer { columns += Glyph.columns(of: character) }
                return columns < caret.count - 1
            })
    }

    @Test("put the caret under what is wrong, whatever stands before it")
    func carets() {
        for before in [
            "", "plain ", "行銷部門行銷 ", "e\u{301}a\u{301} ", "\t\t", "a\tb", "👩‍👩‍👧 ☎️ ", "\u{200B}\u{1B}[2J\r", "\u{FEFF}",
        ] {
            #expect(marked(before + "wrong here", before.unicodeScalars.count + 1) == "wrong here", "\(before)")
        }
        #expect(lines("Role::\"行銷\" x", 12).caret == String(repeating: " ", count: 13) + "^")
    }

    @Test("have nothing in them that steers a terminal")
    func harmless() {
        #expect(lines("a\tb\u{1B}[2J\u{202E}\r", 3).line == "a    b\\u{1b}[2J\\u{202e}\\u{d}")
        #expect(lines("a\tb", 3).caret == "     ^")
    }

    @Test("show of a long line what is around the caret, and where it was cut")
    func windows() {
        let long = (0..<9_000).map { "\($0) " }.joined()
        let place = long.unicodeScalars.count / 2
        let (line, caret) = lines(long, place + 1)
        #expect(line.hasPrefix("…") && line.hasSuffix("…") && width(line) == SourceExcerpt.width + 2)
        #expect(caret.count == SourceExcerpt.width / 2 + 2)
        #expect(marked(long, place + 1).dropLast() == long.dropFirst(place).prefix(SourceExcerpt.width / 2))
        #expect(lines(long, 1).line == long.prefix(SourceExcerpt.width) + "…" && lines(long, 1).caret == "^")
        let end = lines(long, long.count + 1)
        #expect(end.line == "…" + long.suffix(SourceExcerpt.width) && end.caret.count == SourceExcerpt.width + 2)
        let wide = String(repeating: "字", count: 50_000)
        #expect(width(lines(wide, 25_000).line) <= SourceExcerpt.width + 2)
        let marks = "e" + String(repeating: "\u{301}", count: 50_000) + "x"
        #expect(lines(marks, 50_002).line.unicodeScalars.count < 10 * SourceExcerpt.width)
    }

    @Test("end where the line does, also with the caret behind it")
    func ends() {
        #expect(SourceExcerpt("ab", line: 12, column: 3).description == "12 | ab\n   |   ^")
        #expect(SourceExcerpt("ab", line: 1, column: 9).description == "1 | ab\n  |   ^")
        #expect(SourceExcerpt("", line: 1, column: 1).description == "1 | \n  | ^")
    }
}
