/// Makes Cedar's values of JSON: where there is no schema, of explicit forms only.
struct JSONDecoding {
    let source: SourceText
    var schema: Schema?

    func fail(_ code: String, _ message: String, _ value: JSONValue) -> CedarError {
        CedarError(code, message, in: source, at: value.offset)
    }

    /// A list of `{"uid", "attrs", "parents", "tags"}`, with everything above each of them worked out.
    ///
    /// A schema adds its actions, and each entity has to stand where it allows.
    func hierarchy(_ json: JSONValue) throws(CedarError) -> Entities {
        let given = try entities(json)
        guard case .array(let elements) = json.form else { return Entities() }
        var all = given
        if let schema {
            let known = Set(given.lazy.map(\.uid).filter { $0.type.isActionType })
            all += schema.actions.lazy.filter { !known.contains($0.uid) }.map {
                Entity($0.uid, attributes: Record(), parents: $0.parents)
            }
        }
        let result: Entities
        do throws(Entities.Flaw) {
            result = try Entities(checking: all)
        } catch {
            // The last one of the name: where it is given twice, that is the one too many.
            guard let place = given.lastIndex(where: { $0.uid == error.uid }) else { throw error.plain }
            throw fail(error.code, error.message, elements[place])
        }
        if let schema {
            for (entity, element) in zip(given, elements) {
                guard let flaw = result.node(entity.uid).flatMap(schema.flawedPlace) else { continue }
                throw fail(flaw, element)
            }
        }
        return result
    }

    func entities(_ json: JSONValue) throws(CedarError) -> [Entity] {
        guard case .array(let elements) = json.form else {
            throw fail("invalid_entity", "entities are an array, not \(json.kind)", json)
        }
        var entities: [Entity] = []
        entities.reserveCapacity(elements.count)
        for element in elements { entities.append(try entity(element)) }
        return entities
    }

    private static let members: [Text] = ["uid", "attrs", "parents", "tags"]

    private func entity(_ json: JSONValue) throws(CedarError) -> Entity {
        guard case .object(let members) = json.form else {
            throw fail("invalid_entity", "an entity is an object, not \(json.kind)", json)
        }
        for member in members where !Self.members.contains(member.name) {
            throw fail("invalid_entity", "an entity has only `uid`, `attrs`, `parents` and `tags`", member.value)
        }
        guard let name = json.member("uid") else { throw fail("invalid_entity", "an entity needs a `uid`", json) }
        var parents: [EntityUID] = []
        if let list = json.member("parents") {
            guard case .array(let elements) = list.form else {
                throw fail("invalid_entity", "`parents` is an array, not \(list.kind)", list)
            }
            for element in elements { parents.append(try uid(element)) }
        }
        let uid = try uid(name)
        if let schema {
            let contents = try contents(of: json, uid, in: schema)
            return Entity(uid, attributes: contents.attributes, parents: parents, tags: contents.tags)
        }
        return Entity(
            uid, attributes: try record(json.member("attrs")), parents: parents,
            tags: try record(json.member("tags")))
    }

    /// `{"type", "id"}`, or the same inside `__entity`.
    func uid(_ json: JSONValue) throws(CedarError) -> EntityUID {
        let object = json.member("__entity") ?? json
        guard case .object(let members) = object.form, members.count == 2,
            case .string(let type)? = object.member("type")?.form,
            case .string(let id)? = object.member("id")?.form
        else { throw fail("invalid_entity", "an entity is named by `type` and `id`", json) }
        guard Parser.isTypeName(type) else { throw fail("invalid_entity", "this is no entity type", object) }
        return EntityUID(type: type, id: id)
    }

    /// An object whose members are attributes; empty where there is none.
    func record(_ json: JSONValue?) throws(CedarError) -> Record {
        guard let json else { return Record() }
        guard case .object(let members) = json.form else {
            throw fail("invalid_value", "attributes are an object, not \(json.kind)", json)
        }
        var pairs: [(Text, Value)] = []
        pairs.reserveCapacity(members.count)
        for member in members { pairs.append((member.name, try value(member.value))) }
        return Record(pairs)
    }

    func value(_ json: JSONValue) throws(CedarError) -> Value {
        switch json.form {
        case .bool(let flag): return .bool(flag)
        case .integer(let number): return .long(number)
        case .string(let text): return .string(text)
        case .array(let elements):
            var values: [Value] = []
            values.reserveCapacity(elements.count)
            for element in elements { values.append(try value(element)) }
            return .set(ValueSet(values))
        case .object(let members):
            if members.count == 1 {
                if members[0].name == "__entity" { return .entity(try uid(members[0].value)) }
                if members[0].name == "__extn" { return try extensionValue(members[0].value) }
                if members[0].name == "__expr" {
                    throw fail("invalid_value", "`__expr` is no longer part of Cedar", json)
                }
            }
            return .record(try record(json))
        case .otherNumber: throw fail("invalid_value", "numbers are integers of 64 bits", json)
        case .null: throw fail("invalid_value", "Cedar has no null: leave the attribute out", json)
        }
    }

    /// `{"fn", "arg"}`, or `{"fn", "args"}` where a function takes several.
    func extensionValue(_ json: JSONValue) throws(CedarError) -> Value {
        guard case .string(let name)? = json.member("fn")?.form, let function = ExtensionFunction.byName[name] else {
            throw fail("invalid_extension", "`__extn` needs an extension function as its `fn`", json)
        }
        let given = json.member("arg").map { [$0] } ?? json.member("args")?.elements ?? []
        guard given.count == function.arity else {
            throw fail("invalid_extension", "`\(name)` takes \(function.arity) arguments", json)
        }
        var arguments: [Value] = []
        for (argument, kind) in zip(given, [function.receiver, function.argument]) {
            if schema != nil, kind != .string, case .string(let text) = argument.form {
                arguments.append(try special(kind, text, argument))
            } else {
                arguments.append(try value(argument))
            }
        }
        do throws(ExtensionFailure) {
            if let value = try function.apply(arguments[0], arguments.count > 1 ? arguments[1] : nil) { return value }
        } catch {
            throw fail("invalid_extension", "`\(name)` cannot read its text", json)
        }
        throw fail("invalid_extension", "`\(name)` does not take such an argument", json)
    }
}
