extension Evaluator {
    func attribute(_ node: Program.Node, _ number: Int32) throws(EvaluationFailure) -> Value {
        switch program.nodes[Int(node.a)].operation {
        case .principal: return try attribute(node.b, of: principal, request.principal, number)
        case .action: return try attribute(node.b, of: action, request.action, number)
        case .resource: return try attribute(node.b, of: resource, request.resource, number)
        case .context: return try attribute(node.b, in: request.context, number)
        default:
            let target = try value(node.a)
            switch target {
            case .record(let record): return try attribute(node.b, in: record, number)
            case .entity(let uid): return try attribute(node.b, of: entities.node(uid), uid, number)
            default: throw mismatch("record or entity", target, node.a)
            }
        }
    }

    @inline(__always)
    private func attribute(
        _ name: Int32, of entity: Entities.Node?, _ uid: EntityUID, _ number: Int32
    ) throws(EvaluationFailure) -> Value {
        guard let entity else { throw EvaluationFailure(reason: .noEntity(type: uid.type), node: number) }
        return try attribute(name, in: entity.attributes, number)
    }

    @inline(__always)
    private func attribute(_ name: Int32, in record: Record, _ number: Int32) throws(EvaluationFailure) -> Value {
        guard let place = record.position(of: program.names[Int(name)]) else {
            throw EvaluationFailure(reason: .noAttribute(program.names[Int(name)]), node: number)
        }
        return record.entries[place].value
    }

    func has(_ node: Program.Node) throws(EvaluationFailure) -> Bool {
        switch program.nodes[Int(node.a)].operation {
        case .principal: return try has(node, in: principal?.attributes)
        case .action: return try has(node, in: action?.attributes)
        case .resource: return try has(node, in: resource?.attributes)
        case .context: return try has(node, in: request.context)
        default: return try has(node, in: attributes(of: value(node.a), node.a))
        }
    }

    /// Whether the first name is there, and the next one in what it gave, and so on.
    private func has(_ node: Program.Node, in attributes: Record?) throws(EvaluationFailure) -> Bool {
        var attributes = attributes
        for step in node.b..<(node.b + node.c) {
            guard let current = attributes, let place = current.position(of: program.names[Int(step)]) else {
                return false
            }
            if step + 1 < node.b + node.c {
                attributes = try self.attributes(of: current.entries[place].value, node.a)
            }
        }
        return true
    }

    /// The attributes of a record or an entity; an unknown entity has none.
    private func attributes(of value: Value, _ number: Int32) throws(EvaluationFailure) -> Record? {
        switch value {
        case .record(let record): return record
        case .entity(let uid): return entities.node(uid)?.attributes
        default: throw mismatch("record or entity", value, number)
        }
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
