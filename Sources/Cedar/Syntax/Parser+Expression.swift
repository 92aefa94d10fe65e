extension Parser {
    /// A whole expression: `if … then … else …` or anything that binds more tightly.
    mutating func expression() throws(Abandon) -> Expression {
        try enter()
        defer { leave() }
        guard token.kind == .if else { return try disjunction() }
        let start = token.span
        advance()
        let test = try expression()
        try expect(.then, "`then` or an operator")
        let yes = try expression()
        try expect(.else, "`else` or an operator")
        let no = try expression()
        return try node(.conditional(test, then: yes, else: no), start.joined(to: previous.span))
    }

    private mutating func disjunction() throws(Abandon) -> Expression {
        let start = token.span
        let first = try conjunction()
        guard token.kind == .or else { return first }
        var operands = [first]
        while accept(.or) { operands.append(try conjunction()) }
        return try node(.or(operands), start.joined(to: previous.span))
    }

    private mutating func conjunction() throws(Abandon) -> Expression {
        let start = token.span
        let first = try relation()
        guard token.kind == .and else { return first }
        var operands = [first]
        while accept(.and) { operands.append(try relation()) }
        return try node(.and(operands), start.joined(to: previous.span))
    }

    /// At most one comparison: `1 < 2 < 3` has no meaning.
    private mutating func relation() throws(Abandon) -> Expression {
        let start = token.span
        let left = try sum()
        guard token.kind.isRelation else { return left }
        let form = try relationForm(left)
        if token.kind.isRelation {
            throw fail("chained_relation", "comparisons do not chain: use parentheses", at: token.start)
        }
        return try node(form, start.joined(to: previous.span))
    }

    private mutating func relationForm(_ left: Expression) throws(Abandon) -> Expression.Form {
        let relation = token
        advance()
        switch relation.kind {
        case .equal: return .binary(.equal, left, try sum())
        case .notEqual: return .binary(.notEqual, left, try sum())
        case .less: return .binary(.less, left, try sum())
        case .lessOrEqual: return .binary(.lessOrEqual, left, try sum())
        case .greater: return .binary(.greater, left, try sum())
        case .greaterOrEqual: return .binary(.greaterOrEqual, left, try sum())
        case .in: return .binary(.in, left, try sum())
        case .has: return .has(left, try attributePath())
        case .like:
            guard token.kind == .string else { throw unexpected("a pattern in quotes") }
            return .like(left, patternLiteral())
        case .is:
            let place = token.start
            let type = try typeName()
            mention(type, at: place)
            let ancestor = accept(.in) ? try sum() : nil
            return .isType(left, type, in: ancestor)
        default: throw fail("invalid_operator", "`=` is no operator: use `==`", at: relation.start)
        }
    }

    /// What follows `has`: a text in quotes, or names joined by dots.
    private mutating func attributePath() throws(Abandon) -> [Text] {
        if token.kind == .string { return [stringLiteral()] }
        var path = [try name("the attribute's name")]
        while accept(.dot) { path.append(try name("the attribute's name")) }
        return path
    }

    private mutating func sum() throws(Abandon) -> Expression {
        let start = token.span
        var left = try product()
        while token.kind == .plus || token.kind == .minus {
            let operation: Expression.BinaryOperator = token.kind == .plus ? .add : .subtract
            advance()
            let right = try product()
            left = try node(.binary(operation, left, right), start.joined(to: previous.span))
        }
        return left
    }

    private mutating func product() throws(Abandon) -> Expression {
        let start = token.span
        var left = try unary()
        while true {
            switch token.kind {
            case .star:
                advance()
                let right = try unary()
                left = try node(.binary(.multiply, left, right), start.joined(to: previous.span))
            case .slash: throw fail("unsupported_operator", "division is not part of Cedar", at: token.start)
            case .percent: throw fail("unsupported_operator", "remainder is not part of Cedar", at: token.start)
            default: return left
            }
        }
    }

    /// Up to four `!` or four `-`, never both.
    private mutating func unary() throws(Abandon) -> Expression {
        let first = token
        guard first.kind == .bang || first.kind == .minus else { return try member() }
        var count = 0
        while token.kind == first.kind {
            count += 1
            advance()
        }
        if count > 4 {
            throw fail("too_many_signs", "more than four `\(first.kind.rawValue)` in a row", at: first.start)
        }
        var operand: Expression
        if first.kind == .minus, let number = try negativeLiteral() {
            operand = number
            count -= 1
        } else {
            operand = try member()
        }
        for _ in 0..<count {
            let form: Expression.Form = first.kind == .bang ? .not(operand) : .negate(operand)
            operand = try node(form, first.span.joined(to: previous.span))
        }
        return operand
    }

    /// A number right after a minus is one literal, so that the least integer can be written.
    private mutating func negativeLiteral() throws(Abandon) -> Expression? {
        guard token.kind == .integer, next.kind != .dot, next.kind != .leftBracket, next.kind != .leftParenthesis else {
            return nil
        }
        let span = previous.span.joined(to: token.span)
        let magnitude = source.bytes[token.start..<token.end].decimalNumber
        guard let magnitude, let value = Int64(magnitude: magnitude, negative: true) else {
            throw integerTooLarge()
        }
        advance()
        return try node(.literal(.long(value)), span)
    }

    mutating func integerTooLarge() -> Abandon {
        fail("integer_too_large", "this integer does not fit in 64 bits", at: token.start)
    }
}
