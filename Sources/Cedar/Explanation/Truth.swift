/// A condition as a tree of `&&`, `||`, `!` and `if`, whose leaves are looked at by themselves.
indirect enum Truth {
    typealias State = Explanation.Part.State

    case leaf(Leaf)
    case and([Truth])
    case or([Truth])
    case not(Truth)
    case conditional(Truth, then: Truth, else: Truth)

    init(_ expression: Expression, of policy: Policy, _ leaves: inout Leaves) {
        func truth(_ part: Expression, _ leaves: inout Leaves) -> Truth { Truth(part, of: policy, &leaves) }
        self =
            switch expression.form {
            case .and(let operands): .and(operands.map { truth($0, &leaves) })
            case .or(let operands): .or(operands.map { truth($0, &leaves) })
            case .not(let operand): .not(truth(operand, &leaves))
            case .conditional(let test, let yes, let no):
                .conditional(truth(test, &leaves), then: truth(yes, &leaves), else: truth(no, &leaves))
            default: .leaf(leaves.leaf(expression, of: policy))
            }
    }

    /// What it comes to, where each leaf is what `states` says: from the left, up to the first that settles it.
    func state(_ states: [State]) -> State {
        switch self {
        case .leaf(let leaf): return states[leaf.number]
        case .and(let operands):
            for operand in operands {
                let state = operand.state(states)
                if state != .holds { return state }
            }
            return .holds
        case .or(let operands):
            for operand in operands {
                let state = operand.state(states)
                if state != .doesNotHold { return state }
            }
            return .doesNotHold
        case .not(let operand): return operand.state(states).opposite
        case .conditional(let test, let yes, let no):
            switch test.state(states) {
            case .holds: return yes.state(states)
            case .doesNotHold: return no.state(states)
            case .fails(let why): return .fails(why)
            }
        }
    }

    /// The leaves that make it what it is, where it is `value`, or has none; else nothing.
    func causes(being value: Bool, _ states: [State]) -> [Leaf] {
        let state = state(states)
        if state == .holds(!value) { return [] }
        switch self {
        case .leaf(let leaf): return [leaf]
        case .and(let operands) where !value || state.isFailure, .or(let operands) where value || state.isFailure:
            let isAnd = if case .and = self { true } else { false }
            return operands.first { $0.state(states) != .holds(isAnd) }?.causes(being: !isAnd, states) ?? []
        case .and(let operands), .or(let operands): return operands.flatMap { $0.causes(being: value, states) }
        case .not(let operand): return operand.causes(being: !value, states)
        case .conditional(let test, let yes, let no):
            switch test.state(states) {
            case .holds: return yes.causes(being: value, states)
            case .doesNotHold: return no.causes(being: value, states)
            case .fails: return test.causes(being: value, states)
            }
        }
    }

    /// What could be changed next so that it becomes `value`: without one of these it stays what it is.
    func steps(to value: Bool, _ states: [State]) -> [Wish] {
        let state = state(states)
        if state == .holds(value) { return [] }
        switch self {
        case .leaf(let leaf):
            // What says nothing of the principal or the context is the same for every caller.
            if leaf.reads.isEmpty { return [] }
            if value, !leaf.alternatives.isEmpty { return leaf.alternatives.map { Wish(leaf: $0, holds: true) } }
            return [Wish(leaf: leaf, holds: value)]
        case .and(let operands), .or(let operands):
            let isAnd = if case .and = self { true } else { false }
            // Every operand is needed, so the first that is missing comes first.
            if isAnd == value {
                return operands.first { $0.state(states) != .holds(value) }?.steps(to: value, states) ?? []
            }
            var steps: [Wish] = []
            for operand in operands {
                // What comes after one that fails is not looked at until it has a value, whichever.
                if operand.state(states).isFailure { return steps + operand.stepsToSettle(states) }
                steps += operand.steps(to: value, states)
            }
            return steps
        case .not(let operand): return operand.steps(to: !value, states)
        case .conditional(let test, let yes, let no):
            switch test.state(states) {
            case .holds: return yes.steps(to: value, states) + test.steps(to: false, states)
            case .doesNotHold: return no.steps(to: value, states) + test.steps(to: true, states)
            case .fails: return test.stepsToSettle(states)
            }
        }
    }

    /// What could be changed next so that it has a value, where it has none; looks at each part once.
    func stepsToSettle(_ states: [State]) -> [Wish] {
        switch self {
        case .leaf: return steps(to: true, states) + steps(to: false, states)
        case .and(let operands), .or(let operands):
            let isAnd = if case .and = self { true } else { false }
            var steps: [Wish] = []
            for operand in operands {
                if operand.state(states).isFailure { return steps + operand.stepsToSettle(states) }
                steps += operand.steps(to: !isAnd, states)
            }
            return steps
        case .not(let operand): return operand.stepsToSettle(states)
        case .conditional(let test, let yes, let no):
            switch test.state(states) {
            case .holds: return yes.stepsToSettle(states) + test.steps(to: false, states)
            case .doesNotHold: return no.stepsToSettle(states) + test.steps(to: true, states)
            case .fails: return test.stepsToSettle(states)
            }
        }
    }
}
