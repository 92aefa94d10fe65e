/// A line of a file with a caret under one of its columns, as a terminal shows it.
///
/// The caret is set under what is printed: tabs become blanks, wide characters count twice, what would steer the terminal
/// is written out, and of a long line only what is around the caret is there.
public struct SourceExcerpt: Sendable, CustomStringConvertible {
    /// One character as it is printed, and how many columns that takes.
    private struct Cell {
        let text: String
        let columns: Int

        init(_ character: Character) {
            if character == "\t" {
                text = "    "
            } else {
                let scalars = character.unicodeScalars
                text = scalars.reduce(into: "") { $0 += Glyph.steers($1) ? Glyph.writtenOut($1) : String($1) }
            }
            columns = text.reduce(0) { $0 + Glyph.columns(of: $1) }
        }
    }

    /// How many columns of a line are shown.
    static let width = 120

    private let number: String
    private let shown: String
    private let indent: Int

    /// - Parameters:
    ///   - text: the line, without its end.
    ///   - line: its number, from 1.
    ///   - column: the caret's place in Unicode scalars, from 1.
    public init(_ text: String, line: Int, column: Int) {
        number = String(line)
        let scalars = text.unicodeScalars
        let caret =
            scalars.index(scalars.startIndex, offsetBy: column - 1, limitedBy: scalars.endIndex)
            ?? scalars.endIndex
        // Beyond these nothing can be shown; marks that combine are cut off, too, if there are thousands.
        let first = scalars.index(caret, offsetBy: -4 * Self.width, limitedBy: scalars.startIndex) ?? scalars.startIndex
        let last = scalars.index(caret, offsetBy: 4 * Self.width, limitedBy: scalars.endIndex) ?? scalars.endIndex
        let before = String(scalars[first..<caret]).map { Cell($0) }
        let after = String(scalars[caret..<last]).map { Cell($0) }
        let room = max(Self.width / 2, Self.width - after.reduce(0) { $0 + $1.columns })
        let head = Self.fitting(before.reversed(), in: room)
        indent = head.columns + (head.count < before.count || first > scalars.startIndex ? 1 : 0)
        let tail = Self.fitting(after, in: Self.width - head.columns)
        let start = indent > head.columns ? "…" : ""
        let end = tail.count < after.count || last < scalars.endIndex ? "…" : ""
        shown = start + (before.suffix(head.count) + after.prefix(tail.count)).map(\.text).joined() + end
    }

    /// How many of the first cells fit into so many columns, and how many of those they take.
    private static func fitting(_ cells: some Sequence<Cell>, in room: Int) -> (count: Int, columns: Int) {
        var result = (count: 0, columns: 0)
        for cell in cells {
            guard result.columns + cell.columns <= room else { break }
            result = (result.count + 1, result.columns + cell.columns)
        }
        return result
    }

    public var description: String {
        let margin = String(repeating: " ", count: number.utf8.count)
        return "\(number) | \(shown)\n\(margin) | \(String(repeating: " ", count: indent))^"
    }
}
