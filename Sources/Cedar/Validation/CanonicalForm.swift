/// Writes expressions so that those which say the same in the same words become the same text.
struct CanonicalForm {
    private var text = ""

    static func of(_ expression: Expression) -> Text {
        var form = CanonicalForm()
        form.write(expression)
        return Text(form.text)
    }

    private mutating func write(_ expression: Expression) {
        switch expression.form {
        case .literal(let value): text += value.description
        case .variable(let variable): text += variable.rawValue
        case .and(let operands): list("&", operands)
        case .or(let operands): list("|", operands)
        case .not(let operand): list("!", [operand])
        case .negate(let operand): list("-", [operand])
        case .conditional(let test, let yes, let no): list("if", [test, yes, no])
        case .binary(let operation, let left, let right):
            // The language has these only as the opposites of others.
            switch operation {
            case .notEqual: opposite("==", left, right)
            case .greater: opposite("<=", left, right)
            case .greaterOrEqual: opposite("<", left, right)
            default: list(operation.rawValue, [left, right])
            }
        case .has(let target, let path): list("has " + path.map(\.string.cedarLiteral).joined(), [target])
        case .attribute(let target, let name): list("." + name.string.cedarLiteral, [target])
        case .like(let target, let pattern):
            list("like " + pattern.stretches.map { Text($0).string.cedarLiteral }.joined(), [target])
        case .isType(let target, let type, let ancestor): list("is \(type)", [target] + (ancestor.map { [$0] } ?? []))
        case .isEmpty(let target): list("isEmpty", [target])
        case .set(let elements): list("[]", elements)
        case .record(let pairs):
            let sorted = pairs.sorted { $0.0 < $1.0 }
            list("{" + sorted.map(\.0.string.cedarLiteral).joined(), sorted.map(\.1))
        case .call(let function, let arguments): list(function.rawValue, arguments)
        }
    }

    private mutating func opposite(_ operation: String, _ left: Expression, _ right: Expression) {
        text += "!("
        list(operation, [left, right])
        text += ")"
    }

    private mutating func list(_ head: String, _ operands: [Expression]) {
        text += head
        text += "("
        for (index, operand) in operands.enumerated() {
            if index > 0 { text += "," }
            write(operand)
        }
        text += ")"
    }
}
