extension Parser {
    /// A primary expression and the `.name`, `["name"]` and `.method(…)` that follow it.
    mutating func member() throws(Abandon) -> Expression {
        let start = token.span
        var target = try primary()
        while true {
            switch token.kind {
            case .dot:
                advance()
                let place = token.start
                let name = try name("an attribute or method")
                if token.kind == .leftParenthesis {
                    let arguments = try arguments()
                    let form = try method(name, on: target, arguments, at: place)
                    target = try node(form, start.joined(to: previous.span))
                } else {
                    target = try node(.attribute(target, name), start.joined(to: previous.span))
                }
            case .leftBracket:
                advance()
                guard token.kind == .string else { throw unexpected("an attribute's name in quotes") }
                let name = stringLiteral()
                try expect(.rightBracket, "`]`")
                target = try node(.attribute(target, name), start.joined(to: previous.span))
            case .leftParenthesis:
                throw fail("not_a_function", "only functions and methods can be called", at: token.start)
            default: return target
            }
        }
    }

    private mutating func primary() throws(Abandon) -> Expression {
        let start = token
        switch start.kind {
        case .true, .false:
            advance()
            return try node(.literal(.bool(start.kind == .true)), start.span)
        case .integer:
            guard let magnitude = source.bytes[start.start..<start.end].decimalNumber,
                let value = Int64(magnitude: magnitude, negative: false)
            else { throw integerTooLarge() }
            advance()
            return try node(.literal(.long(value)), start.span)
        case .string: return try node(.literal(.string(stringLiteral())), start.span)
        case .slot: throw fail("slot_in_condition", "a template slot can stand only in the scope", at: start.start)
        case .leftParenthesis:
            advance()
            let inner = try expression()
            try expect(.rightParenthesis, "`)` or an operator")
            return inner
        case .leftBracket:
            advance()
            let elements = try list(until: .rightBracket)
            return try node(.set(elements), start.span.joined(to: previous.span))
        case .leftBrace: return try record()
        case .identifier: return try named()
        default: throw unexpected("an expression")
        }
    }

    /// A variable, an entity or a function call.
    private mutating func named() throws(Abandon) -> Expression {
        let start = token
        if next.kind == .doubleColon {
            let path = try typeName()
            if accept(.doubleColon) {
                guard token.kind == .string else {
                    throw fail("invalid_entity", "an entity's id is a text in quotes", at: token.start)
                }
                let uid = EntityUID(type: path, id: stringLiteral())
                mention(uid.type, uid.id, at: start.start)
                return try node(.literal(.entity(uid)), start.span.joined(to: previous.span))
            }
            let kind = token.kind == .leftParenthesis ? "function" : "variable"
            throw fail("unknown_name", "`\(path)` is not a \(kind)", at: start.start)
        }
        let word = try name("a name")
        guard token.kind == .leftParenthesis else {
            if let variable = Expression.Variable(rawValue: word.string) {
                return try node(.variable(variable), start.span)
            }
            note("unknown_name", "`\(word)` is not a variable", at: start.start)
            return try node(.literal(.bool(false)), start.span)
        }
        let arguments = try arguments()
        let span = start.span.joined(to: previous.span)
        if let function = ExtensionFunction.byName[word], function.isConstructor {
            return try node(.call(function, arguments), span)
        }
        let isMethod = ExtensionFunction.byName[word] != nil || Self.methods[word] != nil
        let message = isMethod ? "`\(word)` is a method: write `value.\(word)(…)`" : "`\(word)` is not a function"
        note("unknown_function", message, at: start.start)
        return try node(.literal(.bool(false)), span)
    }

    /// The methods of the core language and how many arguments they take.
    private static let methods: [Text: Int] = [
        "contains": 1, "containsAll": 1, "containsAny": 1, "isEmpty": 0, "hasTag": 1, "getTag": 1,
    ]

    private mutating func method(
        _ name: Text, on target: Expression, _ arguments: [Expression], at place: Int
    ) throws(Abandon) -> Expression.Form {
        if let count = Self.methods[name] {
            guard arguments.count == count else {
                note("wrong_argument_count", "`\(name)` takes \(count == 0 ? "no" : "one") argument", at: place)
                return .literal(.bool(false))
            }
            guard let argument = arguments.first else { return .isEmpty(target) }
            guard let operation = Expression.BinaryOperator(rawValue: name.string) else { throw Abandon() }
            return .binary(operation, target, argument)
        }
        if let function = ExtensionFunction.byName[name] {
            if !function.isConstructor { return .call(function, [target] + arguments) }
            note("unknown_method", "`\(name)` is a function: write `\(name)(…)`", at: place)
        } else {
            note("unknown_method", "`\(name)` is not a method", at: place)
        }
        return .literal(.bool(false))
    }

    private mutating func arguments() throws(Abandon) -> [Expression] {
        try expect(.leftParenthesis, "`(`")
        return try list(until: .rightParenthesis)
    }

    /// Expressions with commas between them, and perhaps one at the end.
    private mutating func list(until close: Token.Kind) throws(Abandon) -> [Expression] {
        var elements: [Expression] = []
        while token.kind != close {
            elements.append(try expression())
            guard accept(.comma) else { break }
        }
        try expect(close, "`,`, `\(close.rawValue)` or an operator")
        return elements
    }

    private mutating func record() throws(Abandon) -> Expression {
        let start = token
        advance()
        var pairs: [(Text, Expression)] = []
        var seen: Set<Text> = []
        while token.kind != .rightBrace {
            let place = token.start
            let key = token.kind == .string ? stringLiteral() : try name("an attribute's name")
            try expect(.colon, "`:`")
            pairs.append((key, try expression()))
            if !seen.insert(key).inserted {
                note("duplicate_key", "the key `\(key)` is given twice in one record", at: place)
            }
            guard accept(.comma) else { break }
        }
        try expect(.rightBrace, "`,`, `}` or an operator")
        return try node(.record(pairs), start.span.joined(to: previous.span))
    }
}
