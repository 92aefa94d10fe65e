/// Evaluates conditions of a program for one request.
///
/// It is the address of what a decision looks at, lent for as long as it takes: the many small steps of an evaluation
/// pass one address along, and neither copy nor count references to what lies there.
struct Evaluator {
    let scene: UnsafePointer<Scene>

    @inline(__always)
    func node(_ number: Int32) -> Program.Node { scene.pointee.program.nodes[Int(number)] }

    @inline(__always)
    func child(_ place: Int32) -> Int32 { scene.pointee.program.children[Int(place)] }

    /// The truth of a condition.
    func truth(_ number: Int32) throws(EvaluationFailure) -> Bool {
        let node = node(number)
        switch node.operation {
        case .and:
            for place in node.a..<(node.a + node.b) where !(try truth(child(place))) { return false }
            return true
        case .or:
            for place in node.a..<(node.a + node.b) where try truth(child(place)) { return true }
            return false
        case .not: return !(try truth(node.a))
        case .conditional: return try truth(try truth(node.a) ? node.b : node.c)
        case .equal: return try areEqual(node)
        case .notEqual: return try !areEqual(node)
        case .less: return try compare(node).0
        case .greaterOrEqual: return try !compare(node).0
        case .lessOrEqual: return try compare(node).1
        case .greater: return try !compare(node).1
        case .membership: return try membership(of: entity(node.a), in: node.b)
        case .isBelow: return isBelow(node)
        case .has: return try has(node)
        case .like:
            return try lending(node.a) { value throws(EvaluationFailure) in
                guard case .string(let text) = value else { throw mismatch("string", value, node.a) }
                return scene.pointee.program.patterns[Int(node.b)].matches(text)
            }
        case .isType: return try entity(node.a).type == scene.pointee.program.names[Int(node.b)].text
        case .isTypeIn:
            let uid = try entity(node.a)
            guard uid.type == scene.pointee.program.names[Int(node.b)].text else { return false }
            return try membership(of: uid, in: node.c)
        case .contains, .containsAll, .containsAny, .isEmpty: return try setTest(node)
        case .hasTag: return try tag(node) != nil
        default:
            return try lending(number) { value throws(EvaluationFailure) in
                guard case .bool(let flag) = value else { throw mismatch("bool", value, number) }
                return flag
            }
        }
    }

    /// The value of an expression.
    func value(_ number: Int32) throws(EvaluationFailure) -> Value {
        let node = node(number)
        switch node.operation {
        case .constant: return scene.pointee.program.constants[Int(node.a)]
        case .principal: return .entity(scene.pointee.subjects.principal.uid)
        case .action: return .entity(scene.pointee.subjects.action.uid)
        case .resource: return .entity(scene.pointee.subjects.resource.uid)
        case .context: return .record(scene.pointee.context)
        case .attribute: return try lendingAttribute(node, number) { $0 }
        case .conditional: return try value(try truth(node.a) ? node.b : node.c)
        case .add, .subtract, .multiply, .negate: return .long(try arithmetic(node, number))
        case .getTag: return try requiredTag(node, number)
        case .set, .record: return try built(node)
        case .call: return try call(node, number)
        default: return .bool(try truth(number))
        }
    }

    /// Lends the value of an expression; what lies in the program, an entity or the context is not copied for it.
    @inline(__always)
    func lending<R>(
        _ number: Int32, _ body: (Value) throws(EvaluationFailure) -> R
    ) throws(EvaluationFailure) -> R {
        let node = node(number)
        switch node.operation {
        case .constant: return try body(scene.pointee.program.constants[Int(node.a)])
        case .attribute: return try lendingAttribute(node, number, body)
        default: return try body(try value(number))
        }
    }

    // MARK: - Operands of a kind

    func mismatch(_ wanted: String, _ value: Value, _ number: Int32) -> EvaluationFailure {
        EvaluationFailure(reason: .expected(wanted, got: value.kind), node: number)
    }

    func entity(_ number: Int32) throws(EvaluationFailure) -> EntityUID {
        switch node(number).operation {
        case .principal: return scene.pointee.subjects.principal.uid
        case .action: return scene.pointee.subjects.action.uid
        case .resource: return scene.pointee.subjects.resource.uid
        default:
            return try lending(number) { value throws(EvaluationFailure) in
                guard case .entity(let uid) = value else { throw mismatch("entity", value, number) }
                return uid
            }
        }
    }

    func string(_ number: Int32) throws(EvaluationFailure) -> Text {
        try lending(number) { value throws(EvaluationFailure) in
            guard case .string(let text) = value else { throw mismatch("string", value, number) }
            return text
        }
    }

    func long(_ number: Int32) throws(EvaluationFailure) -> Int64 {
        try lending(number) { value throws(EvaluationFailure) in
            guard case .long(let integer) = value else { throw mismatch("long", value, number) }
            return integer
        }
    }
}
