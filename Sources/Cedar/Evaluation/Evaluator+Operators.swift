extension Evaluator {
    func areEqual(_ node: Program.Node) throws(EvaluationFailure) -> Bool {
        try lending(node.a) { left throws(EvaluationFailure) in
            try lending(node.b) { right throws(EvaluationFailure) in left == right }
        }
    }

    /// Whether the left operand is less than the right one, and whether it is less or equal.
    func compare(_ node: Program.Node) throws(EvaluationFailure) -> (Bool, Bool) {
        try lending(node.a) { left throws(EvaluationFailure) in
            try lending(node.b) { right throws(EvaluationFailure) in
                switch (left, right) {
                case (.long(let a), .long(let b)): return (a < b, a <= b)
                case (.datetime(let a), .datetime(let b)): return (a < b, a <= b)
                case (.duration(let a), .duration(let b)): return (a < b, a <= b)
                case (.long, _), (.datetime, _), (.duration, _):
                    throw mismatch(left.kind.rawValue, right, node.b)
                default: throw mismatch("long, datetime or duration", left, node.a)
                }
            }
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
        try lendingSet(node.a) { left throws(EvaluationFailure) in
            switch node.operation {
            case .contains: try lending(node.b) { element throws(EvaluationFailure) in left.contains(element) }
            case .containsAll: try lendingSet(node.b) { right throws(EvaluationFailure) in left.isSuperset(of: right) }
            case .containsAny: try lendingSet(node.b) { right throws(EvaluationFailure) in left.intersects(right) }
            default: left.isEmpty
            }
        }
    }

    private func lendingSet<R>(
        _ number: Int32, _ body: (ValueSet) throws(EvaluationFailure) -> R
    ) throws(EvaluationFailure) -> R {
        try lending(number) { value throws(EvaluationFailure) in
            guard case .set(let set) = value else { throw mismatch("set", value, number) }
            return try body(set)
        }
    }

    /// Sets and records.
    func built(_ node: Program.Node) throws(EvaluationFailure) -> Value {
        var values: [Value] = []
        values.reserveCapacity(Int(node.b))
        for place in node.a..<(node.a + node.b) { values.append(try value(child(place))) }
        if node.operation == .set { return .set(ValueSet(values)) }
        let names = scene.pointee.program.names[Int(node.c)..<Int(node.c + node.b)]
        return .record(Record(zip(names.map(\.text), values)))
    }

    /// Extension functions and methods.
    func call(_ node: Program.Node, _ number: Int32) throws(EvaluationFailure) -> Value {
        let function = Program.functions[Int(node.c)]
        guard Int(node.b) == function.arity else {
            throw EvaluationFailure(reason: .argumentCount(function, got: Int(node.b)), node: number)
        }
        return try argument(node.a, function.receiver) { first throws(EvaluationFailure) in
            guard node.b > 1 else { return try applied(function, first, nil, number) }
            return try argument(node.a + 1, function.argument) { second throws(EvaluationFailure) in
                try applied(function, first, second, number)
            }
        }
    }

    private func applied(
        _ function: ExtensionFunction, _ first: Value, _ second: Value?, _ number: Int32
    ) throws(EvaluationFailure) -> Value {
        let result: Value?
        do throws(ExtensionFailure) {
            result = try function.apply(first, second)
        } catch {
            throw EvaluationFailure(reason: .refused(function, error), node: number)
        }
        guard let result else { throw EvaluationFailure(reason: .unknownValue, node: number) }
        return result
    }

    private func argument<R>(
        _ place: Int32, _ wanted: Value.Kind, _ body: (Value) throws(EvaluationFailure) -> R
    ) throws(EvaluationFailure) -> R {
        let number = child(place)
        return try lending(number) { value throws(EvaluationFailure) in
            guard value.kind == wanted else { throw mismatch(wanted.rawValue, value, number) }
            return try body(value)
        }
    }
}
