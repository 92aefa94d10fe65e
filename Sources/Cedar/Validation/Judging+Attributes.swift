extension Judging {
    mutating func attribute(
        _ expression: Expression, _ target: Expression, _ name: Text, _ known: Known
    ) -> Judgement {
        guard let type = judge(target, known, as: .entityOrRecord).type else { return .unknown }
        return Judgement(type: attribute(expression, target, type, name, known))
    }

    /// The type of an attribute, which has to be there whenever it is asked for.
    private mutating func attribute(
        _ expression: Expression, _ target: Expression, _ type: SchemaType, _ name: Text, _ known: Known
    ) -> SchemaType? {
        let attributes = attributes(of: type)
        guard let attribute = attributes[name] else {
            let closest = closest(to: name, among: attributes.names)
            note("no_attribute", "\(owner(target, type)) has no attribute `\(name)`\(closest)", at: expression)
            return nil
        }
        if !attribute.isRequired, !known.contains(Self.capability(name, of: target)) {
            let target = source.text(target.span)
            let question = (target.utf8.count <= 60 ? "\(target) " : "") + "has \(name.asAttribute)"
            note("unguarded_attribute", "`\(name)` can be absent: ask `\(question)` before", at: expression)
            return nil
        }
        return attribute.type
    }

    /// Whose attributes these are, in words.
    private func owner(_ target: Expression, _ type: SchemaType) -> String {
        if case .entity(let name) = type { return "`\(name)`" }
        if case .variable(.context) = target.form { return "the context of `\(environment.action.uid)`" }
        return "this record"
    }

    private func attributes(of type: SchemaType) -> RecordType {
        switch type {
        case .entity(let name): schema.attributes(of: name)
        case .record(let record): record
        default: RecordType()
        }
    }

    private static func capability(_ name: Text, of target: Expression) -> Capability {
        Capability(kind: .attribute, target: CanonicalForm.of(target), name: name)
    }

    /// `target has a.b.c` is `target has a && target.a has b && target.a.b has c`.
    mutating func presence(_ path: [Text], of target: Expression, _ known: Known) -> Judgement {
        guard var type = judge(target, known, as: .entityOrRecord, hint: "; `has` asks for an attribute").type else {
            return .unknown
        }
        var inner = target
        return conjunction(path.count, known) { judging, index, known in
            if index > 0 {
                let outer = inner
                inner = Expression(.attribute(outer, path[index - 1]), outer.span)
                guard let next = judging.attribute(inner, outer, type, path[index - 1], known) else { return .unknown }
                guard Demand.entityOrRecord.accepts(next) else {
                    judging.note("wrong_type", "expected entity or record, found `\(next)`", at: inner)
                    return .unknown
                }
                type = next
            }
            return judging.presence(path[index], in: type, of: inner, known)
        }
    }

    private func presence(_ name: Text, in type: SchemaType, of target: Expression, _ known: Known) -> Judgement {
        guard let attribute = attributes(of: type)[name] else { return Judgement(type: .truth(false)) }
        let capability = Self.capability(name, of: target)
        // An entity need not be there at all, and then it has no attributes.
        let isRecord = if case .record = type { true } else { false }
        let isCertain = (attribute.isRequired && isRecord) || known.contains(capability)
        return Judgement(type: isCertain ? .truth(true) : .bool, gained: [capability])
    }

    // MARK: - Tags

    /// `hasTag` and `getTag`.
    mutating func tag(
        _ expression: Expression, _ operation: Expression.BinaryOperator, _ target: Expression, _ name: Expression,
        _ known: Known
    ) -> Judgement {
        let type = judge(target, known, as: .entity, hint: "; only entities have tags").type
        let isNamed = judge(name, known, as: .string).type != nil
        guard case .entity(let owner)? = type, isNamed else { return .unknown }
        let capability = Capability(
            kind: .tag, target: CanonicalForm.of(target), name: CanonicalForm.of(name))
        let tags = schema.entityType(owner)?.tags
        if operation == .hasTag {
            let isCertain = known.contains(capability)
            let type: SchemaType = tags == nil ? .truth(false) : isCertain ? .truth(true) : .bool
            return Judgement(type: type, gained: [capability])
        }
        guard let tags else {
            note("no_tags", "`\(owner)` has no tags", at: expression)
            return .unknown
        }
        guard known.contains(capability) else {
            note("unguarded_tag", "a tag can be absent: ask `hasTag` with the same words before", at: expression)
            return .unknown
        }
        return Judgement(type: tags)
    }
}
