extension Policy {
    /// A text that the policy compares something with.
    public struct Comparison: Sendable {
        public let text: String
        public let position: SourcePosition
    }

    /// The texts that the conditions compare a member of the context with: by `==`, `!=`, or as one of a list.
    public func comparisons(ofContext name: Text) -> [Comparison] {
        var found: [Comparison] = []
        var open = conditions.map(\.body)
        while let expression = open.popLast() {
            open += expression.form.children
            guard case .binary(let operation, let left, let right) = expression.form else { continue }
            let texts: [Expression]
            switch operation {
            case .equal, .notEqual: texts = left.isContext(name) ? [right] : right.isContext(name) ? [left] : []
            case .contains: texts = right.isContext(name) ? left.form.children : []
            default: texts = []
            }
            for text in texts {
                guard case .literal(.string(let value)) = text.form else { continue }
                found.append(Comparison(text: value.string, position: source.position(at: text.span.start)))
            }
        }
        return found
    }
}

extension Expression {
    fileprivate func isContext(_ name: Text) -> Bool {
        guard case .attribute(let target, name) = form, case .variable(.context) = target.form else { return false }
        return true
    }
}
