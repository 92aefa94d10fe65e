/// What a policy asks of parts of a request, to find that it asks for two things at once which exclude each other.
///
/// It compares words, not meanings: `a == 1 && a == 2` is found, `a < 1 && a > 2` is not.
struct Demands {
    /// By the canonical form of an expression, which values it may have.
    typealias Ranges = [Text: ValueRange]

    /// Something that is asked and cannot be.
    struct Contradiction {
        let offset: Int
        let message: String
    }

    private let source: SourceText
    private var contradiction: Contradiction?

    private init(_ source: SourceText) { self.source = source }

    /// Why the policy can never apply; `nil` where nothing shows that.
    static func contradiction(in policy: Policy) -> Contradiction? {
        var demands = Demands(policy.source)
        var ranges = scope(policy.scope)
        for condition in policy.conditions {
            guard let more = demands.ranges(condition.body, wanted: !condition.isUnless),
                demands.add(more, to: &ranges, at: condition.body)
            else { return demands.contradiction }
        }
        return nil
    }

    private static func scope(_ scope: Scope) -> Ranges {
        var ranges: Ranges = [:]
        if case .equal(.entity(let uid)) = scope.principal { ranges["principal"] = .only([.entity(uid)]) }
        if case .equal(let uid) = scope.action { ranges["action"] = .only([.entity(uid)]) }
        if case .equal(.entity(let uid)) = scope.resource { ranges["resource"] = .only([.entity(uid)]) }
        return ranges
    }

    /// What has to be for an expression to be true, or to be false; `nil` where that cannot be.
    private mutating func ranges(_ expression: Expression, wanted: Bool) -> Ranges? {
        switch expression.form {
        case .not(let operand): return ranges(operand, wanted: !wanted)
        case .and(let operands): return wanted ? all(operands, wanted) : any(operands, wanted)
        case .or(let operands): return wanted ? any(operands, wanted) : all(operands, wanted)
        // The test is left out: looking at it for both outcomes would double the work at every level.
        case .conditional(_, let yes, let no): return any([yes, no], wanted)
        default: return leaf(expression, wanted)
        }
    }

    private mutating func all(_ operands: [Expression], _ wanted: Bool) -> Ranges? {
        var result: Ranges = [:]
        for operand in operands {
            guard let more = ranges(operand, wanted: wanted), add(more, to: &result, at: operand) else { return nil }
        }
        return result
    }

    private mutating func any(_ operands: [Expression], _ wanted: Bool) -> Ranges? {
        var result: Ranges?
        for operand in operands {
            guard let other = ranges(operand, wanted: wanted) else { continue }
            guard var known = result else {
                result = other
                continue
            }
            result = nil
            for key in Array(known.keys) {
                if let range = other[key] { known[key]?.formUnion(range) } else { known[key] = nil }
            }
            result = known
        }
        return result
    }

    /// Whether all of it can be at once.
    private mutating func add(_ more: Ranges, to ranges: inout Ranges, at expression: Expression) -> Bool {
        for (key, range) in more {
            ranges[key, default: .allBut([])].formIntersection(range)
            guard ranges[key]?.isEmpty == true else { continue }
            contradiction = Contradiction(
                offset: expression.span.start, message: "this excludes what the policy asks before it")
            return false
        }
        return true
    }

    // MARK: - Comparisons

    private mutating func leaf(_ expression: Expression, _ wanted: Bool) -> Ranges? {
        if expression.isConstant {
            // One that fails is told by itself.
            if let value = try? expression.constantValue(), value != .bool(wanted) {
                contradiction = Contradiction(
                    offset: expression.span.start, message: "this is always \(wanted ? "false" : "true")")
                return nil
            }
            return [:]
        }
        guard let (subject, range) = Self.comparison(expression) else {
            return [CanonicalForm.of(expression): .only([.bool(wanted)])]
        }
        return [CanonicalForm.of(subject): wanted ? range : range.opposite]
    }

    /// What is compared with constants, and what it may be where the comparison is true.
    private static func comparison(_ expression: Expression) -> (subject: Expression, range: ValueRange)? {
        switch expression.form {
        case .binary(.equal, let left, let right): equality(left, right).map { ($0.0, .only([$0.1])) }
        case .binary(.notEqual, let left, let right): equality(left, right).map { ($0.0, .allBut([$0.1])) }
        case .binary(.contains, let set, let element):
            if case .set(let elements) = set.form, let values = literals(elements) {
                (element, .only(Set(values)))
            } else {
                nil
            }
        default: nil
        }
    }

    private static func equality(_ left: Expression, _ right: Expression) -> (Expression, Value)? {
        if case .literal(let value) = right.form { return (left, value) }
        if case .literal(let value) = left.form { return (right, value) }
        return nil
    }

    private static func literals(_ expressions: [Expression]) -> [Value]? {
        var values: [Value] = []
        for expression in expressions {
            guard case .literal(let value) = expression.form else { return nil }
            values.append(value)
        }
        return values
    }
}
