import Testing

@testable import profilevault

@Suite("Text on a terminal")
struct DisplayTextTests {
    @Test(
        "writes out what would steer the terminal",
        arguments: [
            ("\u{1B}[2J", #"\u{1b}[2J"#), ("\u{9B}31m", #"\u{9b}31m"#), ("a\rb", #"a\u{d}b"#), ("\u{7}", #"\u{7}"#),
            ("\u{202E}txt", #"\u{202e}txt"#), ("\u{061C}x", #"\u{61c}x"#), ("\u{2067}x", #"\u{2067}x"#),
            ("\u{2063}x", #"\u{2063}x"#), ("Zo\u{EB} \u{738B}", "Zo\u{EB} \u{738B}"),
        ])
    func harmless(_ text: String, _ shown: String) {
        #expect(DisplayText.harmless(text) == shown)
        #expect(DisplayText.composed(text, colours: false) == shown)
        #expect(DisplayText.composed(text, colours: true) == shown)
    }

    @Test("keeps the program's own styles where there are colours, and no other sequence")
    func composed() {
        let text = Style.red("broken", true) + " tenant `\u{1B}[8mx\u{1B}]0;t\u{7}`"
        #expect(
            DisplayText.composed(text, colours: true)
                == "\u{1B}[31mbroken\u{1B}[0m tenant `" + #"\u{1b}[8mx\u{1b}]0;t\u{7}`"#)
        #expect(!DisplayText.composed(text, colours: false).contains("\u{1B}"))
    }

    @Test("keeps the lines of a text of several")
    func lines() {
        #expect(DisplayText.composed("a\n\nb\u{1B}c\n", colours: true) == "a\n\nb" + #"\u{1b}c"# + "\n")
    }
}
