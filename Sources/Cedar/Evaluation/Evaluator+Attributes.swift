extension Evaluator {
    /// What a name can be looked up in: a record, or an entity, known or not.
    private enum Holder {
        case record(Record)
        case entity(Entities.Node)
        case unknown(type: Text)

        var attributes: Record? {
            switch self {
            case .record(let record): record
            case .entity(let node): node.attributes
            case .unknown: nil
            }
        }
    }

    private func holder(_ number: Int32) throws(EvaluationFailure) -> Holder {
        switch program.nodes[Int(number)].operation {
        case .principal: return principal.map { .entity($0) } ?? .unknown(type: request.principal.type)
        case .action: return action.map { .entity($0) } ?? .unknown(type: request.action.type)
        case .resource: return resource.map { .entity($0) } ?? .unknown(type: request.resource.type)
        case .context: return .record(request.context)
        default: return try holder(of: value(number), number)
        }
    }

    private func holder(of value: Value, _ number: Int32) throws(EvaluationFailure) -> Holder {
        switch value {
        case .record(let record): return .record(record)
        case .entity(let uid): return entities.node(uid).map { .entity($0) } ?? .unknown(type: uid.type)
        default: throw mismatch("record or entity", value, number)
        }
    }

    func attribute(_ node: Program.Node, _ number: Int32) throws(EvaluationFailure) -> Value {
        let holder = try holder(node.a)
        if case .unknown(let type) = holder { throw EvaluationFailure(reason: .noEntity(type: type), node: number) }
        let name = program.names[Int(node.b)]
        guard let value = holder.attributes?[name] else {
            throw EvaluationFailure(reason: .noAttribute(name), node: number)
        }
        return value
    }

    func has(_ node: Program.Node) throws(EvaluationFailure) -> Bool {
        var holder = try holder(node.a)
        for step in 0..<node.c {
            guard let attributes = holder.attributes,
                let place = attributes.position(of: program.names[Int(node.b + step)])
            else { return false }
            if step + 1 < node.c { holder = try self.holder(of: attributes.entries[place].value, node.a) }
        }
        return true
    }

    /// The tag that `hasTag` and `getTag` ask for, where the entity and the tag are there.
    func tag(_ node: Program.Node) throws(EvaluationFailure) -> Value? {
        let uid = try entity(node.a)
        let name = try string(node.b)
        return entities.node(uid)?.tags[name]
    }

    func requiredTag(_ node: Program.Node, _ number: Int32) throws(EvaluationFailure) -> Value {
        if let value = try tag(node) { return value }
        let uid = try entity(node.a)
        let reason: EvaluationFailure.Reason = entities.node(uid) == nil ? .noEntity(type: uid.type) : .noTag
        throw EvaluationFailure(reason: reason, node: number)
    }

    /// Whether an entity is, or is below, the entity on the right or one of the set of entities there.
    func membership(of uid: EntityUID, in number: Int32) throws(EvaluationFailure) -> Bool {
        let right = try value(number)
        switch right {
        case .entity(let ancestor): return entities.isEntity(uid, in: ancestor)
        case .set(let set):
            var found = false
            // Every element is looked at: one that is no entity is an error even behind a match.
            for element in set.elements {
                guard case .entity(let ancestor) = element else { throw mismatch("entity", element, number) }
                found = found || entities.isEntity(uid, in: ancestor)
            }
            return found
        default: throw mismatch("set or entity", right, number)
        }
    }
}
