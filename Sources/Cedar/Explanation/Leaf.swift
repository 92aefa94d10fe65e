/// A piece of a policy that is looked at by itself: a part of the scope, or what `&&`, `||`, `!` and `if` are made of.
struct Leaf {
    /// The same wherever the same is said in the same words, in one policy or in several.
    let number: Int
    let expression: Expression
    let policy: PolicyID
    let place: Explanation.Part.Place
    let text: String
    let position: SourcePosition
    /// The entity that a part of the scope asks for.
    let entity: EntityUID?
    /// What it reads of who asks and of the context: without any it is the same for every caller.
    let reads: Set<Term>
    /// Where it asks for one of several, each by itself: `x == a` and `x == b` for `[a, b].contains(x)`.
    var alternatives: [Leaf] = []

    func part(_ state: Explanation.Part.State) -> Explanation.Part {
        Explanation.Part(policy: policy, place: place, text: text, position: position, state: state, entity: entity)
    }
}

/// That a leaf holds, or does not.
struct Wish: Hashable {
    let leaf: Leaf
    let holds: Bool

    /// The same for the same wish, whichever policy it comes from.
    var number: Int { 2 * leaf.number + (holds ? 1 : 0) }

    static func == (left: Wish, right: Wish) -> Bool { left.number == right.number }

    func hash(into hasher: inout Hasher) { hasher.combine(number) }

    var opposite: Wish { Wish(leaf: leaf, holds: !holds) }

    /// Whether it leaves but one value.
    var isExact: Bool {
        switch leaf.expression.form {
        case .attribute: true
        case .binary(.equal, _, _): holds
        case .binary(.notEqual, _, _), .has: !holds
        default: false
        }
    }

    /// Whether it is that something is there, whatever it is.
    var isPresence: Bool { if case .has = leaf.expression.form { holds } else { false } }
}

/// The leaves of several policies, each once.
struct Leaves {
    typealias State = Explanation.Part.State

    private var numbers: [Text: Int] = [:]
    /// A permit of each leaf alone, so that a part means here what it means in earnest.
    private var permits: [Policy] = []
    private(set) var all: [Leaf] = []

    /// A condition, or a part of one, of a policy.
    mutating func leaf(_ expression: Expression, of policy: Policy) -> Leaf {
        var leaf = leaf(
            expression, of: policy, .condition, policy.source.text(expression.span).onOneLine,
            policy.source.position(at: expression.span.start), entity: nil)
        leaf.alternatives = expression.alternatives.map { operation, subject, element in
            let text = [subject, element].map { policy.source.text($0.span).onOneLine }
            return self.leaf(
                Expression(.binary(operation, subject, element), element.span), of: policy, .condition,
                "\(text[0]) \(operation.rawValue) \(text[1])", policy.source.position(at: element.span.start),
                entity: nil)
        }
        return leaf
    }

    /// A part of the scope of a policy.
    mutating func leaf(_ part: Scope.Part, of policy: Policy) -> Leaf {
        leaf(part.expression, of: policy, part.place, part.text, policy.position, entity: part.entity)
    }

    private mutating func leaf(
        _ expression: Expression, of policy: Policy, _ place: Explanation.Part.Place, _ text: String,
        _ position: SourcePosition, entity: EntityUID?
    ) -> Leaf {
        let form = CanonicalForm.of(expression)
        let number = numbers[form] ?? permits.count
        let leaf = Leaf(
            number: number, expression: expression, policy: policy.id, place: place, text: text, position: position,
            entity: entity, reads: expression.reads)
        if number == permits.count {
            numbers[form] = number
            permits.append(Policy(permitting: expression, like: policy))
            all.append(leaf)
        }
        return leaf
    }

    /// All that was collected, ready to be looked at.
    var compiled: CompiledPolicies { CompiledPolicies(permits) }
}

extension CompiledPolicies {
    /// What each policy by itself comes to.
    func states(for request: Request, _ entities: Entities) -> [Explanation.Part.State] {
        var states: [Explanation.Part.State] = []
        states.reserveCapacity(entries.count)
        withEvaluator(of: request, entities) { evaluator in
            for place in entries.indices {
                do throws(EvaluationFailure) {
                    states.append(.holds(try applies(Int32(place), evaluator)))
                } catch {
                    states.append(.fails(error.message))
                }
            }
        }
        return states
    }
}

extension Policy {
    /// A permit of one expression alone.
    init(permitting expression: Expression, like policy: Policy) {
        self.init(
            id: policy.id, effect: .permit, annotations: [:], position: policy.position, text: "", mentions: [],
            scope: Scope(), conditions: [Condition(isUnless: false, body: expression)], source: policy.source)
    }
}

extension Explanation.Part.State {
    static func holds(_ flag: Bool) -> Explanation.Part.State { flag ? .holds : .doesNotHold }

    /// The opposite; what has no value has none either way.
    var opposite: Explanation.Part.State {
        switch self {
        case .holds: .doesNotHold
        case .doesNotHold: .holds
        case .fails: self
        }
    }

    var isFailure: Bool { if case .fails = self { true } else { false } }
}

extension Expression {
    /// What each of several that are asked for would be by itself.
    fileprivate var alternatives: [(BinaryOperator, Expression, Expression)] {
        switch form {
        case .binary(.contains, let set, let subject):
            if case .set(let elements) = set.form, subject.term != nil {
                elements.map { (.equal, subject, $0) }
            } else {
                []
            }
        case .binary(.in, let subject, let set):
            if case .set(let elements) = set.form, subject.term != nil {
                elements.map { (.in, subject, $0) }
            } else {
                []
            }
        default: []
        }
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
