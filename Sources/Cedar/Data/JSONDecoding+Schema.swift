/// What a schema tells about JSON: which objects are entities, which texts are extension values, what may not be there.
extension JSONDecoding {
    /// An object whose members are the attributes of this type.
    func record(_ json: JSONValue?, as type: RecordType, in schema: Schema, at place: JSONValue) throws(CedarError)
        -> Record
    {
        var pairs: [(Text, Value)] = []
        if let json {
            guard case .object(let members) = json.form else {
                throw fail("invalid_value", "attributes are an object, not \(json.kind)", json)
            }
            for member in members {
                guard let attribute = type[member.name] else {
                    let closest = Spelling.hint(for: member.name, among: type.names)
                    throw fail("invalid_value", "the schema has no such attribute here\(closest)", member.value)
                }
                pairs.append((member.name, try value(member.value, as: attribute.type, in: schema)))
            }
        }
        let record = Record(pairs)
        for attribute in type.attributes where attribute.isRequired && record[attribute.name] == nil {
            throw fail("invalid_value", "the attribute `\(attribute.name)` is missing", json ?? place)
        }
        return record
    }

    /// A value that has to be of a type, written with or without the escapes that the type makes needless.
    func value(_ json: JSONValue, as type: SchemaType, in schema: Schema) throws(CedarError) -> Value {
        let result: Value
        switch (type, json.form) {
        case (.entity, .object): result = .entity(try uid(json))
        case (.special(let kind), .string(let text)): result = try special(kind, text, json)
        case (.special, .object(let members)) where members.contains { $0.name == "fn" }:
            result = try extensionValue(json)
        case (.set(let element), .array(let elements)):
            var values: [Value] = []
            values.reserveCapacity(elements.count)
            for json in elements { values.append(try value(json, as: element, in: schema)) }
            return .set(ValueSet(values))
        case (.record(let record), .object(let members))
        where !(members.count == 1 && ["__entity", "__extn"].contains(members[0].name)):
            return .record(try self.record(json, as: record, in: schema, at: json))
        default: result = try value(json)
        }
        if let mismatch = schema.mismatch(result, type) { throw fail("wrong_type", "this value \(mismatch)", json) }
        return result
    }

    /// The extension value that a text alone stands for.
    func special(_ kind: Value.Kind, _ text: Text, _ json: JSONValue) throws(CedarError) -> Value {
        do throws(ExtensionFailure) {
            let constructor = ExtensionFunction.allCases.first { $0.isConstructor && $0.result == .special(kind) }
            if let value = try constructor?.apply(.string(text), nil) { return value }
        } catch {
            throw fail("invalid_extension", "this text is no \(kind)", json)
        }
        throw fail("invalid_extension", "a text is no \(kind)", json)
    }

    /// The context of an action; without a schema, any record.
    func context(_ json: JSONValue?, of uid: EntityUID) throws(CedarError) -> Record {
        guard let schema else { return try record(json) }
        let place = json ?? JSONValue(form: .null, offset: 0)
        guard let action = schema.action(uid) else {
            throw fail("unknown_action", "the schema has no such action", place)
        }
        return try record(json, as: action.context, in: schema, at: place)
    }

    /// The attributes and tags of an entity, as its type in the schema has them.
    func contents(
        of json: JSONValue, _ uid: EntityUID, in schema: Schema
    ) throws(CedarError) -> (attributes: Record, tags: Record) {
        if let flaw = schema.flaw(of: uid) { throw fail(flaw, json.member("uid") ?? json) }
        guard let type = schema.entityType(uid.type) else {
            return (try record(json.member("attrs")), try record(json.member("tags")))
        }
        let attributes = try record(json.member("attrs"), as: type.attributes, in: schema, at: json)
        guard let tags = json.member("tags") else { return (attributes, Record()) }
        guard case .object(let members) = tags.form else {
            throw fail("invalid_value", "tags are an object, not \(tags.kind)", tags)
        }
        var pairs: [(Text, Value)] = []
        for member in members {
            guard let tagType = type.tags else {
                throw fail("invalid_value", "entities of type `\(type.name)` have no tags", member.value)
            }
            pairs.append((member.name, try value(member.value, as: tagType, in: schema)))
        }
        return (attributes, Record(pairs))
    }

    /// An error that was found without its place.
    func fail(_ error: CedarError, _ json: JSONValue) -> CedarError {
        CedarError(String(error.code.dropFirst("cedar.".count)), error.message, in: source, at: json.offset)
    }
}
