/// A condition or a part of one, as written.
struct Expression: Sendable {
    enum Variable: String, Sendable, CaseIterable {
        case principal, action, resource, context
    }

    enum BinaryOperator: String, Sendable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case `in`
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case contains, containsAll, containsAny, hasTag, getTag
    }

    indirect enum Form: Sendable {
        case literal(Value)
        case variable(Variable)
        /// Two or more operands, evaluated from the left until one is false.
        case and([Expression])
        /// Two or more operands, evaluated from the left until one is true.
        case or([Expression])
        case not(Expression)
        case negate(Expression)
        case conditional(Expression, then: Expression, else: Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// `has a.b.c`: each name is looked up in what the ones before it gave.
        case has(Expression, [Text])
        case attribute(Expression, Text)
        case like(Expression, Pattern)
        case isType(Expression, Text, in: Expression?)
        case isEmpty(Expression)
        case set([Expression])
        case record([(Text, Expression)])
        case call(ExtensionFunction, [Expression])
    }

    /// How deeply expressions may nest; bounds the stack that parsing and evaluating take.
    static let maximumDepth = 200

    let form: Form
    let span: SourceSpan
    /// How many levels there are from here to the deepest leaf.
    let depth: Int

    init(_ form: Form, _ span: SourceSpan) {
        self.form = form
        self.span = span
        var levels = form.children.reduce(0) { max($0, $1.depth) }
        // `has a.b.c` looks inside `.a.b`.
        if case .has(_, let path) = form { levels += path.count - 1 }
        depth = 1 + levels
    }
}

extension Expression.Form {
    var children: [Expression] {
        switch self {
        case .literal, .variable: []
        case .and(let operands), .or(let operands), .set(let operands), .call(_, let operands): operands
        case .not(let operand), .negate(let operand), .has(let operand, _), .attribute(let operand, _),
            .like(let operand, _), .isEmpty(let operand):
            [operand]
        case .conditional(let test, let yes, let no): [test, yes, no]
        case .binary(_, let left, let right): [left, right]
        case .isType(let operand, _, let ancestor): ancestor.map { [operand, $0] } ?? [operand]
        case .record(let pairs): pairs.map(\.1)
        }
    }
}
