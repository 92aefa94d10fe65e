extension Evaluator {
    func areEqual(_ node: Program.Node) throws(EvaluationFailure) -> Bool {
        let left = try value(node.a)
        return left == (try value(node.b))
    }

    /// Whether the left operand is less than the right one, and whether it is less or equal.
    func compare(_ node: Program.Node, _ number: Int32) throws(EvaluationFailure) -> (Bool, Bool) {
        let left = try value(node.a)
        let right = try value(node.b)
        switch (left, right) {
        case (.long(let a), .long(let b)): return (a < b, a <= b)
        case (.datetime(let a), .datetime(let b)): return (a < b, a <= b)
        case (.duration(let a), .duration(let b)): return (a < b, a <= b)
        case (.long, _), (.datetime, _), (.duration, _): throw mismatch(left.kind.rawValue, right, node.b)
        default: throw mismatch("long, datetime or duration", left, node.a)
        }
    }

    func arithmetic(_ node: Program.Node, _ number: Int32) throws(EvaluationFailure) -> Int64 {
        let left = try long(node.a)
        let (result, overflow): (Int64, Bool)
        let operation: String
        switch node.operation {
        case .add:
            (result, overflow) = left.addingReportingOverflow(try long(node.b))
            operation = "+"
        case .subtract:
            (result, overflow) = left.subtractingReportingOverflow(try long(node.b))
            operation = "-"
        case .multiply:
            (result, overflow) = left.multipliedReportingOverflow(by: try long(node.b))
            operation = "*"
        default:
            (result, overflow) = (0 as Int64).subtractingReportingOverflow(left)
            operation = "-"
        }
        guard !overflow else { throw EvaluationFailure(reason: .overflow(operation), node: number) }
        return result
    }

    func setTest(_ node: Program.Node) throws(EvaluationFailure) -> Bool {
        let left = try set(node.a)
        switch node.operation {
        case .contains: return left.contains(try value(node.b))
        case .containsAll: return left.isSuperset(of: try set(node.b))
        case .containsAny: return left.intersects(try set(node.b))
        default: return left.isEmpty
        }
    }

    /// Sets and records.
    func built(_ node: Program.Node) throws(EvaluationFailure) -> Value {
        var values: [Value] = []
        values.reserveCapacity(Int(node.b))
        for child in node.a..<(node.a + node.b) { values.append(try value(program.children[Int(child)])) }
        if node.operation == .set { return .set(ValueSet(values)) }
        return .record(Record(zip(program.names[Int(node.c)..<Int(node.c + node.b)], values)))
    }

    /// Extension functions and methods.
    func call(_ node: Program.Node, _ number: Int32) throws(EvaluationFailure) -> Value {
        let function = Program.functions[Int(node.c)]
        guard Int(node.b) == function.arity else {
            throw EvaluationFailure(reason: .argumentCount(function, got: Int(node.b)), node: number)
        }
        let first = try argument(Int(node.a), function.receiver)
        let second = node.b > 1 ? try argument(Int(node.a) + 1, function.argument) : nil
        let result: Value?
        do throws(ExtensionFailure) {
            result = try function.apply(first, second)
        } catch {
            throw EvaluationFailure(reason: .refused(function, error), node: number)
        }
        guard let result else { throw EvaluationFailure(reason: .unknownValue, node: number) }
        return result
    }

    private func argument(_ place: Int, _ wanted: Value.Kind) throws(EvaluationFailure) -> Value {
        let number = program.children[place]
        let value = try value(number)
        guard value.kind == wanted else { throw mismatch(wanted.rawValue, value, number) }
        return value
    }
}
