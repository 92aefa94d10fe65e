/// A word of a policy text with the comments around it.
struct PlacedToken {
    /// A comment on a line of its own.
    struct Comment {
        let text: String
        /// Whether an empty line stands before it.
        let isApart: Bool
    }

    let kind: Token.Kind
    let text: String
    /// The comments on the lines before it.
    let leading: [Comment]
    /// Whether an empty line stands between the last of them and the word.
    let isApart: Bool
    /// The comment behind it on its line.
    var trailing: String?

    /// All words of a text that has no errors; the last is its end, which has the comments that nothing follows.
    static func tokens(of source: SourceText) -> [PlacedToken] {
        var lexer = Lexer(source, language: .policies)
        lexer.run()
        var placed: [PlacedToken] = []
        var end = 0
        for token in lexer.tokens {
            let between = Between(source.bytes[end..<token.start])
            if let trailing = between.trailing { placed[placed.count - 1].trailing = trailing }
            placed.append(
                PlacedToken(
                    kind: token.kind, text: source.text(token.span), leading: between.comments, isApart: between.isApart
                ))
            end = token.end
        }
        return placed
    }

    /// What stands between two words: blanks and comments.
    private struct Between {
        private(set) var trailing: String?
        private(set) var comments: [Comment] = []
        private(set) var isApart = false

        /// The first line goes on with the word before, if there is one; the text begins with none.
        init(_ bytes: ArraySlice<UInt8>) {
            var lineEnds = bytes.startIndex == 0 ? 1 : 0
            var rest = bytes
            while let byte = rest.first {
                if byte == UInt8(ascii: "/") {
                    let line = rest.prefix { $0 != 0x0A && $0 != 0x0D }
                    let text = String(decoding: line.trimmingBlanks, as: UTF8.self)
                    if lineEnds == 0 {
                        trailing = text
                    } else {
                        comments.append(Comment(text: text, isApart: lineEnds > 1))
                    }
                    rest = rest[line.endIndex...]
                    lineEnds = 0
                    isApart = false
                    continue
                }
                // A carriage return and a line feed end one line.
                if byte == 0x0A || (byte == 0x0D && rest.dropFirst().first != 0x0A) { lineEnds += 1 }
                rest.removeFirst()
            }
            isApart = lineEnds > 1 && !comments.isEmpty
        }
    }
}

extension ArraySlice<UInt8> {
    /// Without the blanks at its end.
    fileprivate var trimmingBlanks: ArraySlice<UInt8> {
        var rest = self
        while let last = rest.last, last == 0x20 || (0x09...0x0D).contains(last) { rest.removeLast() }
        return rest
    }
}
