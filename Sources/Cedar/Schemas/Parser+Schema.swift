extension Parser {
    /// All declarations of a schema in Cedar syntax.
    mutating func schema() -> SchemaDeclarations {
        var loose = SchemaDeclarations.Namespace(name: "", offset: 0)
        var named: [SchemaDeclarations.Namespace] = []
        while token.kind != .end, errors.count < Self.maximumErrors {
            do throws(Abandon) {
                let annotations = try annotations().mapValues(\.value)
                if isWord("namespace") {
                    named.append(try namespace())
                } else {
                    try declaration(annotations, into: &loose)
                }
            } catch {
                recover()
            }
        }
        return SchemaDeclarations(namespaces: [loose] + named)
    }

    private mutating func namespace() throws(Abandon) -> SchemaDeclarations.Namespace {
        advance()
        var namespace = try namespaceName()
        try expect(.leftBrace, "`{`")
        while !accept(.rightBrace) {
            guard token.kind != .end else { throw unexpected("a declaration or `}`") }
            guard errors.count < Self.maximumErrors else { throw Abandon() }
            do throws(Abandon) {
                try declaration(try annotations().mapValues(\.value), into: &namespace)
            } catch {
                recover()
            }
        }
        return namespace
    }

    /// An empty namespace of the name here; behind a wrong one, its declarations are read all the same.
    private mutating func namespaceName() throws(Abandon) -> SchemaDeclarations.Namespace {
        let offset = token.start
        do throws(Abandon) {
            return .init(name: try path("the namespace's name").path, offset: offset)
        } catch {
            while ![.leftBrace, .semicolon, .end].contains(token.kind) { advance() }
            guard token.kind == .leftBrace else { throw error }
            return .init(name: "", offset: offset)
        }
    }

    private mutating func declaration(
        _ annotations: [String: String], into namespace: inout SchemaDeclarations.Namespace
    ) throws(Abandon) {
        if isWord("entity") {
            namespace.entityTypes += try entityTypes(annotations)
        } else if isWord("action") {
            namespace.actions += try actions(annotations)
        } else if isWord("type") {
            advance()
            let offset = token.start
            let name = try name("the common type's name")
            try expect(.assign, "`=`")
            namespace.commonTypes.append(.init(name: name, offset: offset, form: try type()))
            try expect(.semicolon, "`;`")
        } else {
            throw unexpected("`entity`, `action`, `type` or `namespace`")
        }
    }

    // MARK: - Entity types

    private mutating func entityTypes(
        _ annotations: [String: String]
    ) throws(Abandon) -> [SchemaDeclarations.EntityType] {
        advance()
        var types: [SchemaDeclarations.EntityType] = []
        repeat {
            let offset = token.start
            types.append(
                .init(name: try name("the entity type's name"), offset: offset, annotations: annotations))
        } while accept(.comma)
        if isWord("enum") {
            advance()
            let choices = try choices()
            for index in types.indices { types[index].choices = choices }
            try expect(.semicolon, "`;`")
            return types
        }
        let hasParents = accept(.in)
        let parents = hasParents ? try typeNames() : []
        if hasParents, token.kind == .comma { throw unbracketed() }
        let wantsShape = accept(.assign)
        let hasShape = token.kind == .leftBrace
        if wantsShape, !hasShape { throw unexpected("`{`") }
        let shape: SchemaDeclarations.TypeForm = hasShape ? try type() : .record([])
        var tags: SchemaDeclarations.TypeForm?
        if isWord("tags") {
            advance()
            tags = try type()
        }
        let more = hasParents ? "`{`, `tags` or `;`" : "`,`, `in`, `{`, `tags`, `enum` or `;`"
        try expect(.semicolon, tags != nil ? "`;`" : hasShape ? "`tags` or `;`" : more)
        for index in types.indices {
            types[index].parents = parents
            types[index].shape = shape
            types[index].tags = tags
        }
        return types
    }

    private mutating func choices() throws(Abandon) -> [Text] {
        try expect(.leftBracket, "`[`")
        var choices: [Text] = []
        repeat {
            guard token.kind == .string else { throw unexpected("an id in quotes") }
            choices.append(stringLiteral())
        } while accept(.comma)
        try expect(.rightBracket, "`,` or `]`")
        return choices
    }

    // MARK: - Actions

    private mutating func actions(_ annotations: [String: String]) throws(Abandon) -> [SchemaDeclarations.Action] {
        advance()
        var actions: [SchemaDeclarations.Action] = []
        repeat {
            let offset = token.start
            actions.append(
                .init(id: try attributeName("the action's name"), offset: offset, annotations: annotations))
        } while accept(.comma)
        let hasGroups = accept(.in)
        let groups = hasGroups ? try groups() : []
        if hasGroups, token.kind == .comma { throw unbracketed() }
        for index in actions.indices { actions[index].groups = groups }
        if isWord("appliesTo") {
            advance()
            try applications(of: &actions)
        }
        if isWord("attributes") {
            // What earlier versions of the language wrote; nothing can be in it.
            advance()
            try expect(.leftBrace, "`{`")
            try expect(.rightBrace, "`}`, because actions have no attributes")
        }
        try expect(.semicolon, hasGroups ? "`appliesTo` or `;`" : "`,`, `in`, `appliesTo` or `;`")
        return actions
    }

    private mutating func groups() throws(Abandon) -> [SchemaDeclarations.ActionName] {
        guard accept(.leftBracket) else { return [try group()] }
        var groups: [SchemaDeclarations.ActionName] = []
        repeat { groups.append(try group()) } while accept(.comma)
        try expect(.rightBracket, "`,` or `]`")
        return groups
    }

    private mutating func group() throws(Abandon) -> SchemaDeclarations.ActionName {
        let offset = token.start
        if token.kind == .string { return .init(type: nil, id: stringLiteral(), offset: offset) }
        let name = try path("the name of an action")
        if token.kind == .doubleColon {
            advance()
            guard token.kind == .string else { throw unexpected("an id in quotes") }
            return .init(type: name, id: stringLiteral(), offset: offset)
        }
        guard !name.path.string.utf8.contains(UInt8(ascii: ":")) else { throw unexpected("`::` and an id in quotes") }
        return .init(type: nil, id: name.path, offset: offset)
    }

    private mutating func applications(of actions: inout [SchemaDeclarations.Action]) throws(Abandon) {
        let place = token.start
        try expect(.leftBrace, "`{`")
        var given: Set<Text> = []
        var application = actions[0]
        repeat {
            if token.kind == .rightBrace, !given.isEmpty { break }
            let part = spelling(token)
            let offset = token.start
            guard ["principal", "resource", "context"].contains(part) else {
                throw unexpected("`principal`, `resource` or `context`")
            }
            advance()
            try expect(.colon, "`:`")
            if !given.insert(part).inserted { note("duplicate_declaration", "`\(part)` is given twice", at: offset) }
            if part == "context" {
                application.context = token.kind == .leftBrace ? try type() : .named(try path("a type"), .commonTypes)
                continue
            }
            let types = try typeNames()
            if types.isEmpty { note("empty_application", "`\(part)` needs at least one entity type", at: offset) }
            if part == "principal" { application.principals = types } else { application.resources = types }
        } while accept(.comma)
        try expect(.rightBrace, "`,` or `}`")
        for part in ["principal", "resource"] where !given.contains(Text(part)) {
            note("missing_application", "`appliesTo` needs a `\(part)`", at: place)
        }
        for index in actions.indices {
            actions[index].principals = application.principals
            actions[index].resources = application.resources
            actions[index].context = application.context
        }
    }

    // MARK: - Types and names

    private mutating func type() throws(Abandon) -> SchemaDeclarations.TypeForm {
        try enter()
        defer { leave() }
        if token.kind == .leftBrace { return .record(try attributes()) }
        guard isWord("Set"), next.kind == .less else { return .named(try path("a type"), .both) }
        advance()
        advance()
        let element = try type()
        try expect(.greater, "`>`")
        return .set(element)
    }

    private mutating func attributes() throws(Abandon) -> [SchemaDeclarations.Attribute] {
        advance()
        var attributes: [SchemaDeclarations.Attribute] = []
        while token.kind != .rightBrace {
            _ = try annotations()
            let offset = token.start
            let name = try attributeName("an attribute's name")
            let isRequired = !accept(.questionMark)
            try expect(.colon, isRequired ? "`?` or `:`" : "`:`")
            attributes.append(.init(name: name, offset: offset, isRequired: isRequired, type: try type()))
            guard accept(.comma) else { break }
        }
        try expect(.rightBrace, "`,` or `}`")
        return attributes
    }

    private mutating func attributeName(_ purpose: String) throws(Abandon) -> Text {
        token.kind == .string ? stringLiteral() : try name(purpose)
    }

    /// Complains of a comma behind a single name.
    private mutating func unbracketed() -> Abandon {
        fail("unexpected_token", "several names stand in brackets: `in [A, B]`", at: token.start)
    }

    /// One entity type, or some in brackets.
    private mutating func typeNames() throws(Abandon) -> [SchemaDeclarations.Name] {
        guard accept(.leftBracket) else { return [try path("an entity type")] }
        if accept(.rightBracket) { return [] }
        var names: [SchemaDeclarations.Name] = []
        repeat { names.append(try path("an entity type")) } while accept(.comma)
        try expect(.rightBracket, "`,` or `]`")
        return names
    }

    /// Identifiers joined by `::`, of which the first may be the reserved `__cedar`.
    private mutating func path(_ purpose: String) throws(Abandon) -> SchemaDeclarations.Name {
        let offset = token.start
        var path: Text
        if token.kind == .identifier, spelling(token) == "__cedar" {
            path = "__cedar"
            advance()
        } else {
            path = try name(purpose)
        }
        while token.kind == .doubleColon, next.kind.isWord {
            advance()
            path = Text("\(path)::\(try name(purpose))")
        }
        return .init(path: path, offset: offset)
    }
}
