/// What a text is made of while it is not known yet where its lines end.
indirect enum Layout {
    case text(String)
    /// A blank, or the end of a line where the group around it does not fit on one.
    case line
    /// Nothing, or the end of a line where the group around it does not fit on one.
    case softLine
    /// The end of a line, whatever fits.
    case hardLine
    /// The end of a line and an empty one.
    case emptyLine
    /// The rest of a line.
    case comment(String)
    /// One level further in.
    case nest([Layout])
    /// On one line if that fits, else with an end of line at each of its own `line`s.
    case group([Layout])
    /// Items with a `line` between each two, ended only where the next one does not fit.
    case fill([Layout])
    case sequence([Layout])

    /// Whether it cannot be on one line.
    var isBroken: Bool {
        switch self {
        case .text, .line, .softLine: false
        case .hardLine, .emptyLine, .comment: true
        case .nest(let parts), .group(let parts), .fill(let parts), .sequence(let parts):
            parts.contains(where: \.isBroken)
        }
    }

    /// Whether there is no place in it where a line could end.
    var isRigid: Bool {
        switch self {
        case .text: true
        case .sequence(let parts): parts.allSatisfy(\.isRigid)
        default: false
        }
    }
}
