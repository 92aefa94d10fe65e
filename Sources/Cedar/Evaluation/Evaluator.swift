/// Evaluates conditions of a program for one request.
///
/// A class, so that the many small steps of an evaluation pass one reference along instead of copying what it holds.
final class Evaluator {
    private let compiled: CompiledPolicies
    let request: Request
    let entities: Entities
    /// Looked up once, as nearly every condition asks for them.
    let principal: Entities.Node?
    let action: Entities.Node?
    let resource: Entities.Node?

    init(_ compiled: CompiledPolicies, _ request: Request, _ entities: Entities) {
        self.compiled = compiled
        self.request = request
        self.entities = entities
        principal = entities.node(request.principal)
        action = entities.node(request.action)
        resource = entities.node(request.resource)
    }

    var program: Program { compiled.program }

    /// The truth of a condition.
    func truth(_ number: Int32) throws(EvaluationFailure) -> Bool {
        let node = program.nodes[Int(number)]
        switch node.operation {
        case .and:
            for child in node.a..<(node.a + node.b) where !(try truth(program.children[Int(child)])) { return false }
            return true
        case .or:
            for child in node.a..<(node.a + node.b) where try truth(program.children[Int(child)]) { return true }
            return false
        case .not: return !(try truth(node.a))
        case .conditional: return try truth(try truth(node.a) ? node.b : node.c)
        case .equal: return try areEqual(node)
        case .notEqual: return try !areEqual(node)
        case .less: return try compare(node, number).0
        case .greaterOrEqual: return try !compare(node, number).0
        case .lessOrEqual: return try compare(node, number).1
        case .greater: return try !compare(node, number).1
        case .membership: return try membership(of: entity(node.a), in: node.b)
        case .has: return try has(node)
        case .like: return try program.patterns[Int(node.b)].matches(string(node.a))
        case .isType: return try entity(node.a).type == program.names[Int(node.b)]
        case .isTypeIn:
            let uid = try entity(node.a)
            guard uid.type == program.names[Int(node.b)] else { return false }
            return try membership(of: uid, in: node.c)
        case .contains, .containsAll, .containsAny, .isEmpty: return try setTest(node)
        case .hasTag: return try tag(node) != nil
        default:
            let value = try value(number)
            guard case .bool(let flag) = value else { throw mismatch("bool", value, number) }
            return flag
        }
    }

    /// The value of an expression.
    func value(_ number: Int32) throws(EvaluationFailure) -> Value {
        let node = program.nodes[Int(number)]
        switch node.operation {
        case .constant: return program.constants[Int(node.a)]
        case .principal: return .entity(request.principal)
        case .action: return .entity(request.action)
        case .resource: return .entity(request.resource)
        case .context: return .record(request.context)
        case .attribute: return try attribute(node, number)
        case .conditional: return try value(try truth(node.a) ? node.b : node.c)
        case .add, .subtract, .multiply, .negate: return .long(try arithmetic(node, number))
        case .getTag: return try requiredTag(node, number)
        case .set, .record: return try built(node)
        case .call: return try call(node, number)
        default: return .bool(try truth(number))
        }
    }

    // MARK: - Operands of a kind

    func mismatch(_ wanted: String, _ value: Value, _ number: Int32) -> EvaluationFailure {
        EvaluationFailure(reason: .expected(wanted, got: value.kind), node: number)
    }

    func entity(_ number: Int32) throws(EvaluationFailure) -> EntityUID {
        switch program.nodes[Int(number)].operation {
        case .principal: return request.principal
        case .action: return request.action
        case .resource: return request.resource
        default:
            let value = try value(number)
            guard case .entity(let uid) = value else { throw mismatch("entity", value, number) }
            return uid
        }
    }

    func string(_ number: Int32) throws(EvaluationFailure) -> Text {
        let value = try value(number)
        guard case .string(let text) = value else { throw mismatch("string", value, number) }
        return text
    }

    func long(_ number: Int32) throws(EvaluationFailure) -> Int64 {
        let value = try value(number)
        guard case .long(let integer) = value else { throw mismatch("long", value, number) }
        return integer
    }

    func set(_ number: Int32) throws(EvaluationFailure) -> ValueSet {
        let value = try value(number)
        guard case .set(let set) = value else { throw mismatch("set", value, number) }
        return set
    }
}
