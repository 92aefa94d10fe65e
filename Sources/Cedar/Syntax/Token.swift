/// One word of a policy text.
struct Token: Sendable {
    enum Kind: String, Sendable {
        case identifier, integer, string, slot
        case `true`, `false`, `if`, then, `else`, `in`, `is`, like, has
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftBracket = "["
        case rightBracket = "]"
        case leftBrace = "{"
        case rightBrace = "}"
        case comma = ","
        case semicolon = ";"
        case colon = ":"
        case doubleColon = "::"
        case dot = "."
        case at = "@"
        case questionMark = "?"
        case bang = "!"
        case minus = "-"
        case plus = "+"
        case star = "*"
        case slash = "/"
        case percent = "%"
        case assign = "="
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case and = "&&"
        case or = "||"
        /// What the lexer has already complained about.
        case invalid
        case end

        /// The words that cannot be names.
        static let reserved: [Kind] = [.true, .false, .if, .then, .else, .in, .is, .like, .has]
        static let words = [Text: Kind](uniqueKeysWithValues: reserved.map { (Text($0.rawValue), $0) })

        var isReserved: Bool { Self.reserved.contains(self) }
        var isWord: Bool { self == .identifier || isReserved }

        /// Compares, tests membership or type: does not chain.
        var isRelation: Bool {
            switch self {
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .has, .like, .is, .assign: true
            default: false
            }
        }
    }

    let kind: Kind
    let start: Int
    let end: Int

    var span: SourceSpan { SourceSpan(start: start, end: end) }
}
