/// Reads a schema in JSON syntax, up to the first thing that is wrong.
struct SchemaJSON {
    let source: SourceText

    typealias Members = [(name: Text, value: JSONValue)]

    func fail(_ code: String, _ message: String, _ value: JSONValue) -> CedarError {
        CedarError(code, message, in: source, at: value.offset)
    }

    /// An object from namespaces to what is declared in them.
    func declarations(_ json: JSONValue) throws(CedarError) -> SchemaDeclarations {
        var result = SchemaDeclarations()
        for member in try members(json, "a schema") {
            if !member.name.isEmpty, !Parser.isTypeName(member.name) {
                throw fail("invalid_name", "`\(member.name)` is no name of a namespace", member.value)
            }
            result.namespaces.append(try namespace(member.name, member.value))
        }
        return result
    }

    private func namespace(_ name: Text, _ json: JSONValue) throws(CedarError) -> SchemaDeclarations.Namespace {
        let members = try members(
            json, "a namespace", only: ["commonTypes", "entityTypes", "actions", "annotations"],
            needed: ["entityTypes", "actions"])
        var namespace = SchemaDeclarations.Namespace(name: name, offset: json.offset)
        for (part, value) in members {
            switch part {
            case "commonTypes":
                for (name, value) in try self.members(value, "`commonTypes`") {
                    try checkIdentifier(name, value)
                    namespace.commonTypes.append(
                        .init(name: name, offset: value.offset, form: try type(value, also: ["annotations"])))
                }
            case "entityTypes":
                for (name, value) in try self.members(value, "`entityTypes`") {
                    try checkIdentifier(name, value)
                    namespace.entityTypes.append(try entityType(name, value))
                }
            case "actions":
                for (id, value) in try self.members(value, "`actions`") {
                    namespace.actions.append(try action(id, value))
                }
            default:
                guard try annotations(json).isEmpty || !name.isEmpty else {
                    throw fail("invalid_schema", "only a namespace with a name has annotations", value)
                }
            }
        }
        return namespace
    }

    private func entityType(_ name: Text, _ json: JSONValue) throws(CedarError) -> SchemaDeclarations.EntityType {
        let isEnumerated = json.member("enum") != nil
        let members = try members(
            json, "an entity type",
            only: isEnumerated ? ["enum", "annotations"] : ["memberOfTypes", "shape", "tags", "annotations"])
        var result = SchemaDeclarations.EntityType(
            name: name, offset: json.offset, annotations: try annotations(json))
        for (part, value) in members {
            switch part {
            case "enum":
                let choices = try texts(value, "`enum`")
                guard !choices.isEmpty else { throw fail("invalid_schema", "`enum` needs at least one id", value) }
                result.choices = choices.map(\.text)
            case "memberOfTypes": result.parents = try names(value, "`memberOfTypes`")
            case "shape": result.shape = try type(value)
            case "tags": result.tags = try type(value)
            default: break
            }
        }
        return result
    }

    private func action(_ id: Text, _ json: JSONValue) throws(CedarError) -> SchemaDeclarations.Action {
        let members = try members(json, "an action", only: ["appliesTo", "memberOf", "attributes", "annotations"])
        var result = SchemaDeclarations.Action(
            id: id, offset: json.offset, annotations: try annotations(json))
        for (part, value) in members {
            if case .null = value.form { continue }
            switch part {
            case "attributes": throw fail("unsupported", "actions have no attributes", value)
            case "memberOf":
                for element in try elements(value, "`memberOf`") { result.groups.append(try group(element)) }
            case "appliesTo":
                let application = try self.members(
                    value, "`appliesTo`", only: ["principalTypes", "resourceTypes", "context"],
                    needed: ["principalTypes", "resourceTypes"])
                for (part, value) in application {
                    switch part {
                    case "principalTypes": result.principals = try names(value, "`principalTypes`")
                    case "resourceTypes": result.resources = try names(value, "`resourceTypes`")
                    default: result.context = try type(value)
                    }
                }
            default: break
            }
        }
        return result
    }

    private func group(_ json: JSONValue) throws(CedarError) -> SchemaDeclarations.ActionName {
        _ = try members(json, "the name of an action", only: ["id", "type"], needed: ["id"])
        guard case .string(let id)? = json.member("id")?.form else {
            throw fail("invalid_schema", "the `id` of an action is a text", json)
        }
        return .init(
            type: try json.member("type").map { value throws(CedarError) in try name(value) }, id: id,
            offset: json.offset)
    }

    // MARK: - Types

    /// An object that `type` says the kind of, and the members that go with that kind.
    private func type(_ json: JSONValue, also: Set<Text> = []) throws(CedarError) -> SchemaDeclarations.TypeForm {
        guard case .object = json.form, case .string(let kind)? = json.member("type")?.form else {
            throw fail("invalid_schema", "a type is an object with a `type`", json)
        }
        let more: Set<Text> =
            switch kind {
            case "Set": ["element"]
            case "Record": ["attributes", "additionalAttributes"]
            case "Entity", "EntityOrCommon", "Extension": ["name"]
            default: []
            }
        _ = try members(
            json, "the type `\(kind)`", only: also.union(more).union(["type"]),
            needed: more.subtracting(["additionalAttributes"]))
        switch kind {
        case "String": return .known(.string)
        case "Long": return .known(.long)
        case "Boolean": return .known(.bool)
        case "Set": return .set(try type(json.member("element") ?? json))
        case "Record": return .record(try attributes(json))
        case "Entity": return .named(try name(json.member("name") ?? json), .entityTypes)
        case "EntityOrCommon": return .named(try name(json.member("name") ?? json), .both)
        case "Extension":
            let name = try name(json.member("name") ?? json)
            guard case .special? = SchemaType.known[name.path] else {
                throw fail("unknown_type", "there is no extension type `\(name.path)`", json)
            }
            return .named(.init(path: Text("__cedar::\(name.path)"), offset: name.offset), .commonTypes)
        default: return .named(try name(json.member("type") ?? json), .commonTypes)
        }
    }

    private func attributes(_ json: JSONValue) throws(CedarError) -> [SchemaDeclarations.Attribute] {
        if let open = json.member("additionalAttributes") {
            guard case .bool(false) = open.form else {
                throw fail("unsupported", "records have no attributes beyond those of their type", open)
            }
        }
        var attributes: [SchemaDeclarations.Attribute] = []
        for (name, value) in try members(json.member("attributes") ?? json, "`attributes`") {
            var isRequired = true
            if let required = value.member("required") {
                guard case .bool(let flag) = required.form else {
                    throw fail("invalid_schema", "`required` is true or false", required)
                }
                isRequired = flag
            }
            _ = try annotations(value)
            attributes.append(
                .init(
                    name: name, offset: value.offset, isRequired: isRequired,
                    type: try type(value, also: ["required", "annotations"])))
        }
        return attributes
    }

    // MARK: - Parts

    /// The members of an object: no others than `only`, where that is given, and all of `needed`.
    private func members(
        _ json: JSONValue, _ what: String, only: Set<Text>? = nil, needed: Set<Text> = []
    ) throws(CedarError) -> Members {
        guard case .object(let members) = json.form else {
            throw fail("invalid_schema", "\(what) is an object, not \(json.kind)", json)
        }
        if let only, let other = members.first(where: { !only.contains($0.name) }) {
            let closest = Spelling.hint(for: other.name, among: only)
            throw fail("invalid_schema", "\(what) has no `\(other.name)`\(closest)", other.value)
        }
        if let missing = needed.sorted().first(where: { name in !members.contains { $0.name == name } }) {
            throw fail("invalid_schema", "\(what) needs `\(missing)`", json)
        }
        return members
    }

    private func elements(_ json: JSONValue, _ what: String) throws(CedarError) -> [JSONValue] {
        guard case .array(let elements) = json.form else {
            throw fail("invalid_schema", "\(what) is an array, not \(json.kind)", json)
        }
        return elements
    }

    private func texts(_ json: JSONValue, _ what: String) throws(CedarError) -> [(text: Text, value: JSONValue)] {
        var texts: [(text: Text, value: JSONValue)] = []
        for element in try elements(json, what) {
            guard case .string(let text) = element.form else {
                throw fail("invalid_schema", "\(what) holds texts, not \(element.kind)", element)
            }
            texts.append((text, element))
        }
        return texts
    }

    private func names(_ json: JSONValue, _ what: String) throws(CedarError) -> [SchemaDeclarations.Name] {
        var names: [SchemaDeclarations.Name] = []
        for element in try elements(json, what) { names.append(try name(element)) }
        return names
    }

    /// Identifiers joined by `::`, of which the first may be the reserved `__cedar`.
    private func name(_ json: JSONValue) throws(CedarError) -> SchemaDeclarations.Name {
        guard case .string(let text) = json.form else {
            throw fail("invalid_schema", "a name is a text, not \(json.kind)", json)
        }
        let reserved = "__cedar::"
        let rest =
            text.string.utf8.starts(with: reserved.utf8) ? Text(text.string.utf8.dropFirst(reserved.utf8.count)) : text
        guard Parser.isTypeName(rest) else { throw fail("invalid_name", "`\(text)` is no name of a type", json) }
        return .init(path: text, offset: json.offset)
    }

    private func checkIdentifier(_ name: Text, _ json: JSONValue) throws(CedarError) {
        guard Parser.isTypeName(name), !name.string.utf8.contains(UInt8(ascii: ":")) else {
            throw fail("invalid_name", "`\(name)` is no name of a type: letters, digits and `_`", json)
        }
    }

    private func annotations(_ json: JSONValue) throws(CedarError) -> [String: String] {
        guard let annotations = json.member("annotations") else { return [:] }
        var result: [String: String] = [:]
        for (name, value) in try members(annotations, "`annotations`") {
            guard name.isWord else { throw fail("invalid_name", "`\(name)` is no name of an annotation", value) }
            switch value.form {
            case .string(let text): result[name.string] = text.string
            case .null: result[name.string] = ""
            default: throw fail("invalid_schema", "an annotation is a text, not \(value.kind)", value)
            }
        }
        return result
    }
}
