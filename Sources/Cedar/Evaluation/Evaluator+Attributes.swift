extension Evaluator {
    /// Lends the attribute that a node asks for.
    func lendingAttribute<R>(
        _ node: Program.Node, _ number: Int32, _ body: (Value) throws(EvaluationFailure) -> R
    ) throws(EvaluationFailure) -> R {
        switch self.node(node.a).operation {
        case .principal: return try lending(node.b, of: scene.pointee.subjects.principal, number, body)
        case .action: return try lending(node.b, of: scene.pointee.subjects.action, number, body)
        case .resource: return try lending(node.b, of: scene.pointee.subjects.resource, number, body)
        case .context: return try lending(node.b, in: scene.pointee.contextEntries, number, body)
        default:
            return try lending(node.a) { target throws(EvaluationFailure) in
                switch target {
                case .record(let record): return try lending(node.b, in: record, number, body)
                case .entity(let uid):
                    guard let entity = scene.pointee.entities.node(uid) else { throw unknown(uid, number) }
                    return try lending(node.b, in: entity.attributes, number, body)
                default: throw mismatch("record or entity", target, node.a)
                }
            }
        }
    }

    private func unknown(_ uid: EntityUID, _ number: Int32) -> EvaluationFailure {
        EvaluationFailure(reason: .noEntity(type: uid.type), node: number)
    }

    @inline(__always)
    private func lending<R>(
        _ name: Int32, of subject: borrowing Scene.Subject, _ number: Int32,
        _ body: (Value) throws(EvaluationFailure) -> R
    ) throws(EvaluationFailure) -> R {
        guard subject.isKnown else { throw unknown(subject.uid, number) }
        return try lending(name, in: subject.attributes, number, body)
    }

    @inline(__always)
    private func lending<R>(
        _ name: Int32, in entries: UnsafeBufferPointer<Record.Entry>, _ number: Int32,
        _ body: (Value) throws(EvaluationFailure) -> R
    ) throws(EvaluationFailure) -> R {
        guard let place = position(of: name, in: entries) else {
            throw EvaluationFailure(reason: .noAttribute(scene.pointee.program.names[Int(name)].text), node: number)
        }
        return try body(entries[place].value)
    }

    private func lending<R>(
        _ name: Int32, in record: Record, _ number: Int32, _ body: (Value) throws(EvaluationFailure) -> R
    ) throws(EvaluationFailure) -> R {
        try record.entries.withUnsafeBufferPointer { entries throws(EvaluationFailure) in
            try lending(name, in: entries, number, body)
        }
    }

    @inline(__always)
    private func position(of name: Int32, in entries: UnsafeBufferPointer<Record.Entry>) -> Int? {
        Record.position(
            of: scene.pointee.program.names[Int(name)].text, scene.pointee.program.names[Int(name)].fingerprint,
            in: entries)
    }

    func has(_ node: Program.Node) throws(EvaluationFailure) -> Bool {
        switch self.node(node.a).operation {
        case .principal: return try has(node, in: scene.pointee.subjects.principal.attributes)
        case .action: return try has(node, in: scene.pointee.subjects.action.attributes)
        case .resource: return try has(node, in: scene.pointee.subjects.resource.attributes)
        case .context: return try has(node, in: scene.pointee.contextEntries)
        default:
            let attributes = try attributes(of: value(node.a), node.a) ?? Record()
            return try attributes.entries.withUnsafeBufferPointer { entries throws(EvaluationFailure) in
                try has(node, in: entries)
            }
        }
    }

    /// Whether the first name is there, and the next one in what it gave, and so on.
    private func has(
        _ node: Program.Node, in entries: UnsafeBufferPointer<Record.Entry>
    ) throws(EvaluationFailure) -> Bool {
        guard let place = position(of: node.b, in: entries) else { return false }
        guard node.c > 1 else { return true }
        var value = entries[place].value
        for step in (node.b + 1)..<(node.b + node.c) {
            let attributes = try attributes(of: value, node.a)
            guard let next = attributes?[scene.pointee.program.names[Int(step)].text] else { return false }
            value = next
        }
        return true
    }

    /// The attributes of a record or an entity; an unknown entity has none.
    private func attributes(of value: Value, _ number: Int32) throws(EvaluationFailure) -> Record? {
        switch value {
        case .record(let record): return record
        case .entity(let uid): return scene.pointee.entities.node(uid)?.attributes
        default: throw mismatch("record or entity", value, number)
        }
    }

    /// The tag that `hasTag` and `getTag` ask for, where the entity and the tag are there.
    func tag(_ node: Program.Node) throws(EvaluationFailure) -> Value? {
        let uid = try entity(node.a)
        let name = try string(node.b)
        return scene.pointee.entities.node(uid)?.tags[name]
    }

    func requiredTag(_ node: Program.Node, _ number: Int32) throws(EvaluationFailure) -> Value {
        if let value = try tag(node) { return value }
        let uid = try entity(node.a)
        let reason: EvaluationFailure.Reason =
            scene.pointee.entities.node(uid) == nil ? .noEntity(type: uid.type) : .noTag
        throw EvaluationFailure(reason: reason, node: number)
    }

    /// Whether one of the request's entities is, or is below, one that the policy names.
    func isBelow(_ node: Program.Node) -> Bool {
        switch Program.Operation(rawValue: UInt8(node.a)) {
        case .principal: scene.pointee.subjects.principal.lineage.contains(node.b)
        case .action: scene.pointee.subjects.action.lineage.contains(node.b)
        default: scene.pointee.subjects.resource.lineage.contains(node.b)
        }
    }

    /// Whether an entity is, or is below, the entity on the right or one of the set of entities there.
    func membership(of uid: EntityUID, in number: Int32) throws(EvaluationFailure) -> Bool {
        let right = try value(number)
        switch right {
        case .entity(let ancestor): return scene.pointee.entities.isEntity(uid, in: ancestor)
        case .set(let set):
            var found = false
            // Every element is looked at: one that is no entity is an error even behind a match.
            for element in set.elements {
                guard case .entity(let ancestor) = element else { throw mismatch("entity", element, number) }
                found = found || scene.pointee.entities.isEntity(uid, in: ancestor)
            }
            return found
        default: throw mismatch("set or entity", right, number)
        }
    }
}
