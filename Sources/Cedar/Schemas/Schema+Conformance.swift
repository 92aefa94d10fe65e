extension Schema {
    /// Checks that a request can be asked: its action applies to such a principal and resource in such a context.
    ///
    /// - Throws: everything that does not fit; neither ids nor values are quoted, since they can be personal data.
    public func validate(request: Request) throws(CedarErrors) {
        var errors: [CedarError] = []
        for (role, uid) in [("principal", request.principal), ("resource", request.resource)] {
            if let flaw = flaw(of: uid) { errors.append(CedarError(flaw.code, "the \(role): \(flaw.message)")) }
        }
        if let action = action(request.action) {
            if entityType(request.principal.type) != nil, !action.principals.contains(request.principal.type) {
                errors.append(Self.refusal(action, "by", request.principal.type, of: action.principals))
            }
            if entityType(request.resource.type) != nil, !action.resources.contains(request.resource.type) {
                errors.append(Self.refusal(action, "to", request.resource.type, of: action.resources))
            }
            if let mismatch = mismatch(request.context, action.context) {
                errors.append(CedarError("invalid_context", "the context of `\(action.uid)` \(mismatch)"))
            }
        } else {
            errors.append(CedarError("unknown_action", "the schema has no such action"))
        }
        guard errors.isEmpty else { throw CedarErrors(errors) }
    }

    private static func refusal(_ action: Action, _ role: String, _ type: Text, of types: [Text]) -> CedarError {
        let allowed = types.isEmpty ? "nothing" : types.map { "`\($0)`" }.joined(separator: ", ")
        return CedarError(
            "no_application", "`\(action.uid)` is not done \(role) entities of type `\(type)`, only \(allowed)")
    }

    /// Checks that each entity has the attributes, tags and parents of its type, and that actions are as declared.
    ///
    /// - Throws: everything that does not fit, each thing once; neither ids nor values are quoted, since they can be
    ///   personal data.
    public func validate(entities: Entities) throws(CedarErrors) {
        var errors: [CedarError] = []
        var seen: Set<String> = []
        entities.forEachNode { node in
            guard errors.count < Parser.maximumErrors, let error = flaw(of: node),
                seen.insert(error.message).inserted
            else { return }
            errors.append(error)
        }
        guard errors.isEmpty else { throw CedarErrors(errors.sorted { $0.message < $1.message }) }
    }

    private func flaw(of node: Entities.Node) -> CedarError? {
        if let flaw = flaw(of: node.entity.uid) ?? flawedPlace(of: node) { return flaw }
        guard let type = entityType(node.entity.uid.type) else { return nil }
        let what = "an entity of type `\(type.name)`"
        if let mismatch = mismatch(node.attributes, type.attributes) {
            return CedarError("invalid_entity", "\(what) \(mismatch)")
        }
        for tag in node.tags.entries {
            guard let tags = type.tags else { return CedarError("invalid_entity", "\(what) has no tags") }
            if let mismatch = mismatch(tag.value, tags) {
                return CedarError("invalid_entity", "a tag of \(what) \(mismatch)")
            }
        }
        return nil
    }

    // MARK: - Names

    /// What is wrong with an entity's name.
    func flaw(of uid: EntityUID) -> CedarError? {
        if uid.type.isActionType {
            return action(uid) == nil ? CedarError("unknown_action", "the schema has no such action") : nil
        }
        guard entityType(uid.type) != nil else {
            let closest = Spelling.hint(for: uid.type, among: entityTypes.lazy.map(\.name))
            return CedarError("unknown_type", "the schema has no entity type `\(uid.type)`\(closest)")
        }
        return isPossible(uid) ? nil : CedarError("unknown_choice", "`\(uid.type)` is an enumeration without this id")
    }

    /// What is wrong with where an entity stands in the hierarchy; of an action also what it has at all.
    func flawedPlace(of node: Entities.Node) -> CedarError? {
        let uid = node.entity.uid
        if let action = action(uid) {
            guard node.ancestors == action.ancestors, node.attributes.isEmpty, node.tags.isEmpty else {
                return CedarError("invalid_entity", "an action is not as the schema declares it")
            }
            return nil
        }
        guard let type = entityType(uid.type) else { return nil }
        for ancestor in node.ancestors {
            guard type.ancestors.contains(ancestor.type) else {
                return CedarError(
                    "invalid_entity",
                    "an entity of type `\(type.name)` is in one of type `\(ancestor.type)`, which the schema does not have"
                )
            }
            if let flaw = flaw(of: ancestor) { return flaw }
        }
        return nil
    }

    // MARK: - Values

    /// What keeps a value from being of a type, as the end of a sentence about it.
    func mismatch(_ value: Value, _ type: SchemaType) -> String? {
        switch (value, type) {
        case (.bool, .bool), (.long, .long), (.string, .string): return nil
        case (.bool(let flag), .truth(let wanted)) where flag == wanted: return nil
        case (.entity(let uid), .entity(let wanted)) where uid.type == wanted:
            return flaw(of: uid).map { "names an entity: \($0.message)" }
        case (.set(let set), .set(let element)):
            for value in set.elements {
                if let mismatch = mismatch(value, element) { return "has an element that \(mismatch)" }
            }
            return nil
        case (.record(let record), .record(let wanted)): return mismatch(record, wanted)
        case (_, .special(let kind)) where value.kind == kind: return nil
        case (.entity(let uid), _): return "is `\(uid.type)`, not `\(type)`"
        default: return "is `\(value.kind)`, not `\(type)`"
        }
    }

    func mismatch(_ record: Record, _ type: RecordType) -> String? {
        for attribute in type.attributes where attribute.isRequired && record[attribute.name] == nil {
            return "lacks the attribute `\(attribute.name)`"
        }
        for entry in record.entries {
            // The name is not quoted: it comes with the data.
            guard let attribute = type[entry.key] else { return "has an attribute that the schema does not have" }
            if let mismatch = mismatch(entry.value, attribute.type) {
                return "has an attribute `\(attribute.name)` that \(mismatch)"
            }
        }
        return nil
    }
}
