/// Rows of text in aligned columns.
struct Table {
    /// On which side of its column a text stands.
    enum Alignment {
        case left
        case right
    }

    /// One cell: a text and how it is set off.
    struct Cell: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        let text: String
        let style: Style?

        init(_ text: String, _ style: Style? = nil) {
            self.text = DisplayText.harmless(text)
            self.style = style
        }

        init(stringLiteral text: String) { self.init(text) }
    }

    private let alignments: [Alignment]
    private var rows: [[Cell]] = []

    /// `heads` name the columns; without them there is no head line.
    init(_ heads: [String] = [], align alignments: [Alignment] = []) {
        self.alignments = alignments
        if !heads.isEmpty { rows.append(heads.map { Cell($0, .dim) }) }
    }

    mutating func add(_ cells: Cell...) { rows.append(cells) }
    mutating func add(_ cells: [Cell]) { rows.append(cells) }

    /// The lines, indented by `indent` columns.
    func lines(colours: Bool, indent: Int = 2) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? DisplayText.width($0[column].text) : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = String(repeating: " ", count: indent)
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - DisplayText.width(cell.text))
                let text = cell.style.map { $0(cell.text, colours) } ?? cell.text
                let isRight = column < alignments.count && alignments[column] == .right
                let isLast = column == row.count - 1
                line += isRight ? padding + text : text + (isLast ? "" : padding)
                if !isLast { line += "  " }
            }
            return line
        }
    }
}
