/// Turns expressions into a program, computing at once what does not depend on the request.
struct Compiler {
    private(set) var program = Program()
    /// Also of what scopes name.
    var numbers = EntityNumbers()
    private var knownNames: [Text: Int32] = [:]
    private var knownConstants: [Value: Int32] = [:]

    /// Adds an expression.
    ///
    /// - Returns: the number of its node.
    mutating func compile(_ expression: Expression) -> Int32 {
        add(node(constant(expression.form).map { .literal($0) } ?? expression.form), at: expression.span)
    }

    private mutating func add(_ node: Program.Node, at span: SourceSpan) -> Int32 {
        program.nodes.append(node)
        program.offsets.append(Int32(clamping: span.start))
        return Int32(program.nodes.count - 1)
    }

    /// The place of a constant in the program.
    private mutating func constant(_ value: Value) -> Int32 {
        if let known = knownConstants[value] { return known }
        program.constants.append(value)
        knownConstants[value] = Int32(program.constants.count - 1)
        return Int32(program.constants.count - 1)
    }

    private mutating func node(_ form: Expression.Form) -> Program.Node {
        switch form {
        case .literal(let value): return Program.Node(operation: .constant, a: constant(value))
        case .variable(let variable): return Program.Node(operation: operation(variable))
        case .and(let operands): return several(.and, flattened(operands, isAnd: true))
        case .or(let operands): return several(.or, flattened(operands, isAnd: false))
        case .not(let operand): return Program.Node(operation: .not, a: compile(operand))
        case .negate(let operand): return Program.Node(operation: .negate, a: compile(operand))
        case .conditional(let test, let yes, let no):
            return Program.Node(operation: .conditional, a: compile(test), b: compile(yes), c: compile(no))
        case .binary(.in, let left, let right):
            if case .variable(let variable) = left.form, variable != .context,
                case .literal(.entity(let uid)) = right.form
            {
                return Program.Node(
                    operation: .isBelow, a: Int32(operation(variable).rawValue), b: numbers.number(uid))
            }
            return Program.Node(operation: .membership, a: compile(left), b: compile(right))
        case .binary(let binary, let left, let right):
            return Program.Node(operation: operation(binary), a: compile(left), b: compile(right))
        case .has(let target, let path):
            return Program.Node(operation: .has, a: compile(target), b: names(path), c: Int32(path.count))
        case .attribute(let target, let name):
            return Program.Node(operation: .attribute, a: compile(target), b: self.name(name))
        case .like(let target, let pattern):
            program.patterns.append(pattern)
            return Program.Node(operation: .like, a: compile(target), b: Int32(program.patterns.count - 1))
        case .isType(let target, let type, let ancestor):
            let operation: Program.Operation = ancestor == nil ? .isType : .isTypeIn
            return Program.Node(
                operation: operation, a: compile(target), b: name(type), c: ancestor.map { compile($0) } ?? 0)
        case .isEmpty(let target): return Program.Node(operation: .isEmpty, a: compile(target))
        case .set(let elements): return several(.set, elements)
        case .record(let pairs):
            var node = several(.record, pairs.map(\.1))
            node.c = names(pairs.map(\.0))
            return node
        case .call(let function, let arguments):
            var node = several(.call, arguments)
            node.c = Int32(Program.functions.firstIndex(of: function) ?? 0)
            return node
        }
    }

    /// A node with any number of operands.
    private mutating func several(_ operation: Program.Operation, _ operands: [Expression]) -> Program.Node {
        // The operands' own operands come first, so that these stand side by side.
        let numbers = operands.map { compile($0) }
        program.children += numbers
        return Program.Node(
            operation: operation, a: Int32(program.children.count - numbers.count), b: Int32(numbers.count))
    }

    /// `(a && b) && c` is `a && b && c`: the same operands are looked at in the same order.
    private func flattened(_ operands: [Expression], isAnd: Bool) -> [Expression] {
        var result: [Expression] = []
        for (position, operand) in operands.enumerated() {
            switch operand.form {
            case .and(let inner) where isAnd && position == 0: result += flattened(inner, isAnd: true)
            case .or(let inner) where !isAnd && position == 0: result += flattened(inner, isAnd: false)
            default: result.append(operand)
            }
        }
        return result
    }

    /// The place of a name in the program.
    mutating func name(_ name: Text) -> Int32 {
        if let known = knownNames[name] { return known }
        program.names.append(Program.Name(name))
        knownNames[name] = Int32(program.names.count - 1)
        return Int32(program.names.count - 1)
    }

    /// Names side by side.
    private mutating func names(_ path: [Text]) -> Int32 {
        if path.count == 1 { return name(path[0]) }
        program.names += path.map { Program.Name($0) }
        return Int32(program.names.count - path.count)
    }

    private func operation(_ variable: Expression.Variable) -> Program.Operation {
        switch variable {
        case .principal: .principal
        case .action: .action
        case .resource: .resource
        case .context: .context
        }
    }

    private func operation(_ binary: Expression.BinaryOperator) -> Program.Operation {
        switch binary {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .in: .membership
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .contains: .contains
        case .containsAll: .containsAll
        case .containsAny: .containsAny
        case .hasTag: .hasTag
        case .getTag: .getTag
        }
    }

    /// The value of what is the same for every request; what would fail is left to fail when evaluated.
    private func constant(_ form: Expression.Form) -> Value? {
        switch form {
        case .literal(let value): return value
        case .set(let elements): return constants(elements).map { .set(ValueSet($0)) }
        case .record(let pairs):
            return constants(pairs.map(\.1)).map { .record(Record(zip(pairs.map(\.0), $0))) }
        case .call(let function, let arguments) where function.isConstructor && arguments.count == 1:
            guard let argument = constant(arguments[0].form) else { return nil }
            do throws(ExtensionFailure) { return try function.apply(argument, nil) } catch { return nil }
        default: return nil
        }
    }

    private func constants(_ expressions: [Expression]) -> [Value]? {
        var values: [Value] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions {
            guard let value = constant(expression.form) else { return nil }
            values.append(value)
        }
        return values
    }
}
