import Cedar

/// Text as a terminal shows it: what would steer the terminal is written out, and widths are counted in columns.
enum DisplayText {
    /// Control characters and those that turn the direction of writing become `\u{…}`: a customer's name must not be
    /// able to clear the screen or to hide what stands beside it.
    static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: Glyph.steers) else { return text }
        return text.unicodeScalars.reduce(into: "") { $0 += Glyph.steers($1) ? Glyph.writtenOut($1) : String($1) }
    }

    /// How many columns the text takes.
    static func width(_ text: String) -> Int { text.reduce(0) { $0 + Glyph.columns(of: $1) } }
}

extension DisplayText {
    /// A text that the program has put together: its own styles stay, whatever else would steer the terminal does not.
    ///
    /// Names out of a database or a header that somebody changed get into messages; no command has to think of it.
    static func composed(_ text: String, colours: Bool) -> String {
        guard colours else { return lines(text) }
        var rest = text[...]
        var result = ""
        while let start = rest.firstIndex(of: "\u{1B}") {
            result += lines(String(rest[..<start]))
            rest = rest[start...]
            let style = Style.sequences.first { rest.hasPrefix($0) }
            result += style ?? harmless(String(rest.prefix(1)))
            rest = rest.dropFirst(style?.count ?? 1)
        }
        return result + lines(String(rest))
    }

    /// Several lines, each made harmless.
    static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { harmless(String($0)) }
            .joined(separator: "\n")
    }
}
