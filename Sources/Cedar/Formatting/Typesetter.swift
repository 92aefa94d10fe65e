/// Decides where lines end, and writes them.
struct Typesetter {
    private struct Piece {
        let level: Int
        let isFlat: Bool
        let layout: Layout
        /// How many items of a `fill` are written.
        var written = 0
    }

    private static let indent = 4

    private let width: Int
    private var output = ""
    /// How far the line is written; with `isAtStart`, how far in it will begin.
    private var column = 0
    private var isAtStart = true

    init(width: Int) { self.width = width }

    /// The text, which ends with a line end unless it is empty.
    mutating func text(of layout: Layout) -> String {
        // Taken from the end: what comes next is last.
        var pending = [Piece(level: 0, isFlat: false, layout: layout)]
        while let piece = pending.popLast() { set(piece, &pending) }
        endLine(0)
        return output
    }

    private mutating func set(_ piece: Piece, _ pending: inout [Piece]) {
        func push(_ parts: [Layout], level: Int, flat: Bool) {
            pending += parts.reversed().map { Piece(level: level, isFlat: flat, layout: $0) }
        }
        switch piece.layout {
        case .text(let text): write(text)
        case .line, .softLine:
            if !piece.isFlat {
                endLine(piece.level)
            } else if case .line = piece.layout {
                write(" ")
            }
        case .hardLine: endLine(piece.level)
        case .emptyLine:
            endLine(piece.level)
            output += "\n"
        case .comment(let text):
            if !isAtStart { write(" ") }
            write(text)
            endLine(piece.level)
        case .nest(let parts): push(parts, level: piece.level + 1, flat: piece.isFlat)
        case .sequence(let parts): push(parts, level: piece.level, flat: piece.isFlat)
        case .group(let parts):
            let isFlat = piece.isFlat || (!piece.layout.isBroken && fits(parts, before: pending))
            push(parts, level: piece.level, flat: isFlat)
        case .fill(let items):
            guard piece.written < items.count else { return }
            var rest = piece
            rest.written += 1
            if rest.written < items.count { pending.append(rest) }
            let item = items[piece.written]
            if piece.written > 0 {
                if piece.isFlat || fits([.line, item], before: pending) { write(" ") } else { endLine(piece.level) }
            }
            push([item], level: piece.level, flat: piece.isFlat)
        }
    }

    // MARK: - Lines

    /// A blank is not written where a line begins.
    private mutating func write(_ text: String) {
        if isAtStart {
            let text = text.drop { $0 == " " }
            guard !text.isEmpty else { return }
            output += String(repeating: " ", count: column)
            isAtStart = false
            return append(String(text))
        }
        append(text)
    }

    private mutating func append(_ text: String) {
        output += text
        if let end = text.unicodeScalars.lastIndex(of: "\n") {
            column = text.unicodeScalars.distance(from: end, to: text.unicodeScalars.endIndex) - 1
        } else {
            column += text.unicodeScalars.count
        }
    }

    /// Goes to a new line, unless that has been done.
    private mutating func endLine(_ level: Int) {
        if !isAtStart {
            while output.last == " " { output.removeLast() }
            output += "\n"
        }
        isAtStart = true
        column = level * Self.indent
    }

    /// Whether parts fit on this line together with what follows them up to the next place where it may end.
    private func fits(_ parts: [Layout], before pending: [Piece]) -> Bool {
        var room = width - column
        var ahead = parts.reversed().map { (isFlat: true, layout: $0) }
        var behind = pending.count
        while room >= 0 {
            if ahead.isEmpty {
                guard behind > 0 else { return true }
                behind -= 1
                // What is left of a list goes on in a new line where it has to.
                if pending[behind].written > 0 { return true }
                ahead.append((pending[behind].isFlat, pending[behind].layout))
            }
            let (isFlat, layout) = ahead.removeLast()
            switch layout {
            case .text(let text): room -= text.unicodeScalars.count
            case .line:
                if !isFlat { return true }
                room -= 1
            case .softLine: if !isFlat { return true }
            case .hardLine, .emptyLine, .comment: return true
            case .nest(let inner), .group(let inner), .sequence(let inner):
                ahead += inner.reversed().map { (isFlat, $0) }
            case .fill(let items):
                for (place, item) in items.enumerated().reversed() {
                    ahead.append((isFlat, item))
                    if place > 0 { ahead.append((isFlat, .line)) }
                }
            }
        }
        return false
    }
}
