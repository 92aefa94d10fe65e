/// Arranges the words of a text that has no errors; each is taken once, in its order.
struct Arranging {
    private let tokens: [PlacedToken]
    private var index = 0

    init(_ tokens: [PlacedToken]) { self.tokens = tokens }

    private var kind: Token.Kind { tokens[index].kind }
    private var next: Token.Kind { tokens[min(index + 1, tokens.count - 1)].kind }

    private func isWord(_ word: String) -> Bool { kind == .identifier && tokens[index].text == word }

    // MARK: - Words

    /// The word here with the comments around it.
    private mutating func take() -> Layout {
        let comments = takeComments()
        let token = tokens[index]
        if kind != .end { index += 1 }
        var parts = comments
        parts.append(.text(token.text))
        if let trailing = token.trailing { parts.append(.comment(trailing)) }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    /// Comments that are taken before their word: where that closes something, they stand further in than it.
    private var taken = -1

    /// The comments on the lines before the word here, unless they have been taken.
    private mutating func takeComments() -> [Layout] {
        guard taken != index, !tokens[index].leading.isEmpty else { return [] }
        taken = index
        return [.hardLine] + tokens[index].leading.map { .comment($0.text) }
    }

    // MARK: - Policies

    mutating func file() -> Layout {
        var parts: [Layout] = []
        while kind != .end {
            parts += heading(isFirst: parts.isEmpty)
            parts += [policy(), .hardLine]
        }
        parts += heading(isFirst: parts.isEmpty)
        return .sequence(parts)
    }

    /// What stands before a policy, or at the end: an empty line, and comments with theirs.
    private mutating func heading(isFirst: Bool) -> [Layout] {
        let token = tokens[index]
        if token.kind == .end, token.leading.isEmpty { return [] }
        var parts: [Layout] = isFirst ? [] : [.emptyLine]
        for (place, comment) in token.leading.enumerated() {
            if place > 0, comment.isApart { parts.append(.emptyLine) }
            parts.append(.comment(comment.text))
        }
        if token.isApart, token.kind != .end { parts.append(.emptyLine) }
        taken = index
        return parts
    }

    private mutating func policy() -> Layout {
        var parts: [Layout] = []
        while kind == .at {
            parts += [take(), take()]
            if kind == .leftParenthesis { parts += [take(), take(), take()] }
            parts.append(.hardLine)
        }
        parts += [take(), .text(" "), scope()]
        while kind != .semicolon { parts += [.hardLine, condition()] }
        parts.append(take())
        return .sequence(parts)
    }

    private mutating func scope() -> Layout {
        let open = take()
        var lines: [[Layout]] = []
        var isPlain = true
        while kind != .rightParenthesis {
            var line = [take()]
            while kind != .comma, kind != .rightParenthesis {
                isPlain = false
                line += [.text(" "), kind.isRelation ? take() : member()]
            }
            if kind == .comma { line.append(take()) }
            lines.append(line)
        }
        let comments = takeComments()
        let body = lines.enumerated().flatMap { place, line in (place > 0 ? [isPlain ? .line : .hardLine] : []) + line }
        let end: Layout = isPlain ? .softLine : .hardLine
        return .group([open, .nest([end] + body + comments), end, take()])
    }

    private mutating func condition() -> Layout {
        var parts = [take(), .text(" "), take()]
        let body = [.line, expression()] + takeComments()
        parts += [.nest(body), .line, take()]
        return .group(parts)
    }

    // MARK: - Expressions

    private mutating func expression() -> Layout {
        guard kind == .if else { return disjunction() }
        var parts = [take(), .text(" "), expression()]
        var branches: [Layout] = [.line, take(), .text(" "), expression()]
        branches += [.line, take(), .text(" "), expression()]
        parts.append(.nest(branches))
        return .group(parts)
    }

    private mutating func disjunction() -> Layout { chain(of: .or) { $0.conjunction() } }
    private mutating func conjunction() -> Layout { chain(of: .and) { $0.relation() } }

    /// Operands joined by one operator, which ends a line where they do not fit on one.
    private mutating func chain(of kind: Token.Kind, _ operand: (inout Arranging) -> Layout) -> Layout {
        let first = operand(&self)
        guard self.kind == kind else { return first }
        var parts = [first]
        while self.kind == kind { parts += [.text(" "), take(), .line, operand(&self)] }
        return .group(parts)
    }

    private mutating func relation() -> Layout {
        var parts = [arithmetic()]
        // `is T in E` has two of them.
        while kind.isRelation { parts += [.text(" "), take(), .text(" "), arithmetic()] }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func arithmetic() -> Layout {
        let first = unary()
        guard kind.isArithmetic else { return first }
        var parts = [first]
        while kind.isArithmetic { parts += [.text(" "), take(), .line, unary()] }
        return .group(parts)
    }

    private mutating func unary() -> Layout {
        var signs: [Layout] = []
        while kind == .bang || kind == .minus { signs.append(take()) }
        return signs.isEmpty ? member() : .sequence(signs + [member()])
    }

    /// A value with all that is asked of it: `context.purpose`, `[a, b].contains(c)`, `record["key"]`.
    private mutating func member() -> Layout {
        var parts = [primary()]
        while true {
            switch kind {
            case .dot: parts += [take(), take()]
            case .leftParenthesis: parts.append(list(until: .rightParenthesis))
            case .leftBracket: parts += [take(), expression(), take()]
            default: return parts.count == 1 ? parts[0] : .sequence(parts)
            }
        }
    }

    private mutating func primary() -> Layout {
        switch kind {
        case .leftParenthesis:
            let open = take()
            let body = [.softLine, expression()] + takeComments()
            return .group([open, .nest(body), .softLine, take()])
        case .leftBracket: return list(until: .rightBracket)
        case .leftBrace: return record()
        default:
            var parts = [take()]
            while kind == .doubleColon { parts += [take(), take()] }
            return parts.count == 1 ? parts[0] : .sequence(parts)
        }
    }

    /// Brackets or parentheses around as many items a line as fit.
    private mutating func list(until close: Token.Kind) -> Layout {
        let open = take()
        let isNested = kind == .leftBracket || kind == .leftBrace
        var items: [Layout] = []
        while kind != close {
            let item = expression()
            items.append(kind == .comma ? .sequence([item, take()]) : item)
        }
        if tokens[index].leading.isEmpty {
            if items.isEmpty { return .sequence([open, take()]) }
            // A list as the only argument is set off by its own brackets, and a word or a call needs no line of its own.
            if items.count == 1, close == .rightParenthesis, isNested || items[0].isRigid {
                return .sequence([open, items[0], take()])
            }
        }
        let comments = takeComments()
        return .group([open, .nest([.softLine, .fill(items)] + comments), .softLine, take()])
    }

    private mutating func record() -> Layout {
        let open = take()
        var pairs: [Layout] = []
        while kind != .rightBrace {
            var pair = [take(), take(), .text(" "), expression()]
            if kind == .comma { pair.append(take()) }
            pairs += [.line, .sequence(pair)]
        }
        if pairs.isEmpty, tokens[index].leading.isEmpty { return .sequence([open, take()]) }
        let comments = takeComments()
        return .group([open, .nest(pairs + comments), .line, take()])
    }
}

extension Token.Kind {
    fileprivate var isArithmetic: Bool { self == .plus || self == .minus || self == .star }
}
