/// Finds the parts of an expression that have the same value, or none, for every request.
struct ConstantParts {
    /// A part that fails whenever it is looked at, and why.
    struct Failure: Error {
        let offset: Int
        let reason: String
    }

    private(set) var failures: [Failure] = []

    /// Evaluates the largest constant parts of a condition.
    mutating func look(into condition: Expression) {
        if isConstant(condition) { evaluate(condition) }
    }

    /// Whether an expression is constant; those parts of it that are, where it is none, are evaluated.
    ///
    /// What a literal truth value keeps from being looked at is left out.
    private mutating func isConstant(_ expression: Expression) -> Bool {
        var parts: [Expression]
        switch expression.form {
        case .and(let operands): parts = Self.prefix(of: operands, until: false)
        case .or(let operands): parts = Self.prefix(of: operands, until: true)
        case .conditional(let test, let yes, let no):
            if case .literal(.bool(let truth)) = test.form { return isConstant(truth ? yes : no) }
            parts = [test, yes, no]
        default: parts = expression.form.children
        }
        let constant = parts.map { isConstant($0) }
        if expression.form.isFree, constant.allSatisfy({ $0 }) { return true }
        for (part, isConstant) in zip(parts, constant) where isConstant { evaluate(part) }
        return false
    }

    private static func prefix(of operands: [Expression], until truth: Bool) -> [Expression] {
        let end = operands.firstIndex { if case .literal(.bool(truth)) = $0.form { true } else { false } }
        return end.map { Array(operands[...$0]) } ?? operands
    }

    private mutating func evaluate(_ expression: Expression) {
        if case .literal = expression.form { return }
        do throws(Failure) { _ = try expression.constantValue() } catch { failures.append(error) }
    }
}

extension Expression {
    /// Whether the value is the same for every request, whatever entities there are.
    var isConstant: Bool { form.isFree && form.children.allSatisfy(\.isConstant) }

    /// The value of a constant expression.
    ///
    /// - Throws: why it has none.
    func constantValue() throws(ConstantParts.Failure) -> Value {
        var compiler = Compiler()
        let node = compiler.compile(self)
        let nobody = EntityUID(type: "", id: "")
        let compiled = CompiledPolicies(compiler)
        var result: Result<Value, EvaluationFailure> = .success(.bool(false))
        compiled.withEvaluator(of: Request(principal: nobody, action: nobody, resource: nobody), Entities()) {
            evaluator in
            result = Result { () throws(EvaluationFailure) in try evaluator.value(node) }
        }
        do throws(EvaluationFailure) {
            return try result.get()
        } catch {
            let offset = Int(compiled.program.offsets[Int(error.node)])
            throw ConstantParts.Failure(offset: offset, reason: error.message)
        }
    }
}

extension Expression.Form {
    /// Whether nothing of the request and of the entities is looked at but by the operands.
    fileprivate var isFree: Bool {
        switch self {
        case .variable, .attribute, .has, .binary(.in, _, _), .binary(.hasTag, _, _), .binary(.getTag, _, _),
            .isType(_, _, in: .some):
            false
        default: true
        }
    }
}
