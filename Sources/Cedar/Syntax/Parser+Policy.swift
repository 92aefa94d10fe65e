extension Parser {
    /// Annotations, effect, scope and conditions, up to the semicolon.
    mutating func policy(number: Int) throws(Abandon) -> Policy {
        let start = token.start
        let annotations = try annotations()
        let effect: Effect
        if isWord("permit") {
            effect = .permit
        } else if isWord("forbid") {
            effect = .forbid
        } else {
            throw unexpected("`permit` or `forbid`")
        }
        advance()
        let scope = try scope()
        let conditions = try conditions()
        try expect(.semicolon, "`when`, `unless` or `;`")
        let notes = takeNotes()
        return Policy(
            id: PolicyID("policy\(number)"), effect: effect, annotations: annotations.mapValues(\.value),
            position: source.position(at: start),
            text: source.text(SourceSpan(start: start, end: previous.end)),
            mentions: notes.mentions, slots: notes.slots, scope: scope, conditions: conditions, source: source,
            annotationOffsets: annotations.mapValues(\.offset))
    }

    /// What stands before a policy or a declaration, as `@id("text")`: by name the text, and where the name stands.
    mutating func annotations() throws(Abandon) -> [String: (value: String, offset: Int)] {
        var annotations: [String: (value: String, offset: Int)] = [:]
        while accept(.at) {
            // Any word can be an annotation's name, also a reserved one.
            guard token.kind.isWord else { throw unexpected("the annotation's name") }
            let name = spelling(token).string
            let place = token.start
            advance()
            var value = ""
            if accept(.leftParenthesis) {
                guard token.kind == .string else { throw unexpected("the annotation's text") }
                value = stringLiteral().string
                try expect(.rightParenthesis, "`)`")
            }
            if annotations.updateValue((value, place), forKey: name) != nil {
                note("duplicate_annotation", "the annotation `@\(name)` is given twice", at: place)
            }
        }
        return annotations
    }

    private mutating func conditions() throws(Abandon) -> [Policy.Condition] {
        var conditions: [Policy.Condition] = []
        while token.kind != .semicolon {
            let isUnless = isWord("unless")
            guard isUnless || isWord("when") else { throw unexpected("`when`, `unless` or `;`") }
            advance()
            try expect(.leftBrace, "`{`")
            if token.kind == .rightBrace {
                throw fail(
                    "empty_condition", "`\(isUnless ? "unless" : "when")` needs a condition in its braces",
                    at: token.start)
            }
            let body = try expression()
            try expect(.rightBrace, "`}` or an operator")
            conditions.append(Policy.Condition(isUnless: isUnless, body: body))
        }
        return conditions
    }

    // MARK: - Scope

    private mutating func scope() throws(Abandon) -> Scope {
        var scope = Scope()
        try expect(.leftParenthesis, "`(`")
        try variable("principal")
        scope.principal = try constraint(slot: "?principal")
        guard accept(.comma) else { throw missingComma(before: "action") }
        try variable("action")
        scope.action = try actionConstraint()
        guard accept(.comma) else { throw missingComma(before: "resource") }
        try variable("resource")
        scope.resource = try constraint(slot: "?resource")
        _ = accept(.comma)
        try expect(.rightParenthesis, "`)`")
        return scope
    }

    private mutating func variable(_ name: Text) throws(Abandon) {
        guard isWord(name) else { throw unexpected("`\(name)`") }
        advance()
        if token.kind == .colon {
            throw fail("type_annotation", "write `\(name) is T` to ask for a type", at: token.start)
        }
    }

    private mutating func constraint(slot: Text) throws(Abandon) -> Scope.Constraint {
        switch token.kind {
        case .equal:
            advance()
            return .equal(try reference(slot: slot))
        case .in:
            advance()
            return .descendant(of: try reference(slot: slot))
        case .is:
            advance()
            let place = token.start
            let type = try typeName()
            mention(type, at: place)
            if token.kind == .equal {
                throw fail("invalid_scope", "`is` cannot be used together with `==`", at: token.start)
            }
            guard accept(.in) else { return .type(type) }
            return .typeAndDescendant(type, of: try reference(slot: slot))
        case .comma, .rightParenthesis: return .any
        default: throw unexpected("`==`, `in`, `is` or `,`")
        }
    }

    private mutating func actionConstraint() throws(Abandon) -> Scope.ActionConstraint {
        switch token.kind {
        case .equal:
            advance()
            return .equal(try action())
        case .in:
            advance()
            return .descendant(ofAny: try actions())
        case .comma, .rightParenthesis: return .any
        case .is: throw fail("invalid_scope", "`is` cannot be asked of the action", at: token.start)
        default: throw unexpected("`==`, `in` or `,`")
        }
    }

    /// One action, or a list of them in brackets.
    private mutating func actions() throws(Abandon) -> [EntityUID] {
        if token.kind == .leftParenthesis {
            return try parenthesised { parser throws(Abandon) in try parser.actions() }
        }
        guard accept(.leftBracket) else { return [try action()] }
        var list: [EntityUID] = []
        while token.kind != .rightBracket {
            list.append(try action())
            guard accept(.comma) else { break }
        }
        try expect(.rightBracket, "`,` or `]`")
        return list
    }

    private mutating func action() throws(Abandon) -> EntityUID {
        let place = token.start
        guard case .entity(let uid) = try reference(slot: nil) else { throw Abandon() }
        let basename = uid.type.string.utf8.split(separator: UInt8(ascii: ":")).last
        if let basename, !basename.elementsEqual("Action".utf8) {
            note("not_an_action", "`\(uid)` is not of a type named `Action`", at: place)
        }
        return uid
    }

    /// An entity, or where `slot` is given that slot.
    private mutating func reference(slot: Text?) throws(Abandon) -> Scope.Reference {
        switch token.kind {
        case .leftParenthesis:
            return try parenthesised { parser throws(Abandon) in try parser.reference(slot: slot) }
        case .slot:
            guard let slot, spelling(token) == slot else {
                let allowed = slot.map { "only `\($0)` can stand here" } ?? "no template slot can stand here"
                throw fail("invalid_slot", "found `\(spelling(token))` where \(allowed)", at: token.start)
            }
            noteSlot()
            advance()
            return .slot
        case .identifier: return .entity(try entityLiteral())
        default: throw unexpected("an entity such as `User::\"ada\"`")
        }
    }

    private mutating func parenthesised<Result>(
        _ body: (inout Parser) throws(Abandon) -> Result
    ) throws(Abandon) -> Result {
        try enter()
        try expect(.leftParenthesis, "`(`")
        let result = try body(&self)
        try expect(.rightParenthesis, "`)`")
        leave()
        return result
    }
}
