/// Looks at each part of one policy by itself, for one request.
struct Explainer {
    typealias Part = Explanation.Part

    let policy: Policy
    private let request: Request
    private let entities: Entities
    private let failure: EvaluationError?
    /// The parts of the scope that ask for anything.
    private let scope: [Part]

    init(_ policy: Policy, _ request: Request, _ entities: Entities, isLeftOut errors: [EvaluationError]) {
        self.policy = policy
        self.request = request
        self.entities = entities
        failure = errors.first { $0.policy == policy.id }
        let probe = Probe(policy, request, entities)
        scope = policy.scope.parts.map { place, scope, text, entity in
            Part(
                policy: policy.id, place: place, text: text, position: policy.position, state: probe.state(of: scope),
                entity: entity)
        }
    }

    private var probe: Probe { Probe(policy, request, entities) }

    /// Whether the scope and every condition hold.
    var applies: Bool {
        failure == nil && scope.allSatisfy { $0.state == .holds }
            && policy.conditions.allSatisfy { probe.state(of: $0.body) == .holds(!$0.isUnless) }
    }

    var account: Explanation.Account {
        let mismatches = scope.filter { $0.state != .holds }
        // Where the scope does not match, the conditions were not looked at.
        var causes: [Part] = []
        if mismatches.isEmpty {
            for condition in policy.conditions where causes.isEmpty {
                causes = self.causes(of: condition.body, being: condition.isUnless)
            }
        }
        return Explanation.Account(
            policy: policy.id, effect: policy.effect, position: policy.position,
            outcome: failure.map { .fails($0) } ?? (applies ? .applies : .doesNotApply), mismatches: mismatches,
            causes: causes)
    }

    // MARK: - What was

    /// The smallest expressions that make this one what it is, where it is `value`, or has none; else nothing.
    private func causes(of expression: Expression, being value: Bool) -> [Part] {
        let state = probe.state(of: expression)
        if state == .holds(!value) { return [] }
        switch expression.form {
        case .and(let operands) where !value || state.isFailure, .or(let operands) where value || state.isFailure:
            // From the left, up to the first that settles it.
            let isAnd = if case .and = expression.form { true } else { false }
            for operand in operands {
                let found = causes(of: operand, being: !isAnd)
                if !found.isEmpty { return found }
            }
            return []
        case .and(let operands), .or(let operands): return operands.flatMap { causes(of: $0, being: value) }
        case .not(let operand): return causes(of: operand, being: !value)
        case .conditional(let test, let yes, let no):
            switch probe.state(of: test) {
            case .holds: return causes(of: yes, being: value)
            case .doesNotHold: return causes(of: no, being: value)
            case .fails: return causes(of: test, being: value)
            }
        default: return [part(expression, state)]
        }
    }

    private func part(_ expression: Expression, _ state: Part.State) -> Part {
        Part(
            policy: policy.id, place: .condition, text: policy.source.text(expression.span).onOneLine,
            position: policy.source.position(at: expression.span.start), state: state, entity: nil)
    }

    // MARK: - What would have to be

    /// What makes the policy apply.
    var toApply: Alternative {
        .all(
            scope.map { part in
                if part.state == .holds { return .nothing }
                return part.place == .principal ? .change(.part(part, holds: true)) : .impossible
            } + policy.conditions.map { change(of: $0.body, to: !$0.isUnless) })
    }

    /// What keeps the policy from applying.
    var toStop: Alternative {
        .any(
            scope.filter { $0.place == .principal }.map { .change(.part($0, holds: false)) }
                + policy.conditions.map { change(of: $0.body, to: $0.isUnless) })
    }

    private func change(of expression: Expression, to value: Bool) -> Alternative {
        let state = probe.state(of: expression)
        if state == .holds(value) { return .nothing }
        switch expression.form {
        case .and(let operands) where value, .or(let operands) where !value:
            return .all(operands.map { change(of: $0, to: value) })
        case .and(let operands), .or(let operands): return .any(operands.map { change(of: $0, to: value) })
        case .not(let operand): return change(of: operand, to: !value)
        case .conditional(let test, let yes, let no):
            return .any([
                .all([change(of: test, to: true), change(of: yes, to: value)]),
                .all([change(of: test, to: false), change(of: no, to: value)]),
            ])
        default:
            // What says nothing of the principal or the context is the same for every caller.
            guard expression.mentions(.principal) || expression.mentions(.context) else { return .impossible }
            return .change(.part(part(expression, state), holds: value))
        }
    }
}

extension Explanation.Part.State {
    static func holds(_ flag: Bool) -> Explanation.Part.State { flag ? .holds : .doesNotHold }

    var isFailure: Bool { if case .fails = self { true } else { false } }
}

extension Expression {
    fileprivate func mentions(_ variable: Variable) -> Bool {
        if case .variable(let own) = form { return own == variable }
        return form.children.contains { $0.mentions(variable) }
    }
}

extension String {
    /// Line ends and the blanks around them as one blank, or as none at the inside of brackets.
    fileprivate var onOneLine: String {
        var result = ""
        for line in split(whereSeparator: \.isNewline) {
            var line = line[...]
            while line.first == " " || line.first == "\t" { line.removeFirst() }
            while line.last == " " || line.last == "\t" { line.removeLast() }
            guard let first = line.first else { continue }
            let isInside = result.last.map { "[(.".contains($0) } ?? true || "]).".contains(first)
            result += (isInside ? "" : " ") + line
        }
        return result
    }
}
