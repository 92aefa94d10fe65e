/// Works out the type of each part of a condition for one kind of request, and notes what is wrong.
///
/// Follows the strict typing rules of the language's authors: whatever passes cannot fail when it is evaluated.
struct Judging {
    typealias Known = Set<Capability>

    /// Something wrong, without its line: most of what is found was found for another kind of request already.
    struct Problem {
        let code: String
        let message: String
        let offset: Int
    }

    /// The types that an operand may have.
    enum Demand {
        case bool, long, string, entity, set, entityOrRecord, entityOrEntities
        case special(Value.Kind)

        func accepts(_ type: SchemaType) -> Bool {
            switch (self, type) {
            case (.bool, _): type.isTruth
            case (.long, .long), (.string, .string), (.set, .set), (.entity, .entity): true
            case (.entityOrRecord, .entity), (.entityOrRecord, .record): true
            case (.entityOrEntities, .entity), (.entityOrEntities, .set(.entity)): true
            case (.special(let wanted), .special(let kind)): wanted == kind
            default: false
            }
        }

        var description: String {
            switch self {
            case .bool: "`Bool`"
            case .long: "`Long`"
            case .string: "`String`"
            case .entity: "entity"
            case .set: "set"
            case .entityOrRecord: "entity or record"
            case .entityOrEntities: "entity or set of entities"
            case .special(let kind): "`\(kind)`"
            }
        }
    }

    let schema: Schema
    let environment: Environment
    let source: SourceText
    private(set) var problems: [Problem] = []
    /// How many parts were looked at.
    private(set) var steps = 0

    init(_ schema: Schema, _ environment: Environment, _ source: SourceText) {
        self.schema = schema
        self.environment = environment
        self.source = source
    }

    mutating func note(_ code: String, _ message: String, at expression: Expression) {
        guard problems.count < Parser.maximumErrors else { return }
        problems.append(Problem(code: code, message: message, offset: expression.span.start))
    }

    /// The name that a wrong one may have meant.
    mutating func closest(to name: Text, among names: [Text]) -> String {
        steps += names.count
        return Spelling.hint(for: name, among: names)
    }

    /// Judges an operand, which has to be of a certain type.
    mutating func judge(_ expression: Expression, _ known: Known, as demand: Demand, hint: String = "") -> Judgement {
        let judgement = judge(expression, known)
        guard let type = judgement.type else { return .unknown }
        guard demand.accepts(type) else {
            note("wrong_type", "expected \(demand.description), found `\(type)`\(hint)", at: expression)
            return .unknown
        }
        return judgement
    }

    mutating func judge(_ expression: Expression, _ known: Known) -> Judgement {
        steps += 1
        switch expression.form {
        case .literal(let value): return literal(value)
        case .variable(let variable): return Judgement(type: type(of: variable))
        case .and(let operands):
            return conjunction(operands.count, known) { judging, index, known in
                judging.judge(operands[index], known, as: .bool)
            }
        case .or(let operands): return disjunction(operands, known)
        case .not(let operand): return judge(operand, known, as: .bool).negated
        case .negate(let operand):
            _ = judge(operand, known, as: .long)
            return Judgement(type: .long)
        case .conditional(let test, let yes, let no): return conditional(expression, test, yes, no, known)
        case .binary(let operation, let left, let right): return binary(expression, operation, left, right, known)
        case .has(let target, let path): return presence(path, of: target, known)
        case .attribute(let target, let name): return attribute(expression, target, name, known)
        case .like(let target, _):
            _ = judge(target, known, as: .string, hint: "; `like` compares texts")
            return Judgement(type: .bool)
        case .isType(let target, let type, let ancestor): return typeTest(expression, target, type, ancestor, known)
        case .isEmpty(let target):
            _ = judge(target, known, as: .set)
            return Judgement(type: .bool)
        case .set(let elements): return set(expression, elements, known)
        case .record(let pairs): return record(pairs, known)
        case .call(let function, let arguments): return call(expression, function, arguments, known)
        }
    }

    // MARK: - Leaves

    private func literal(_ value: Value) -> Judgement {
        switch value {
        case .bool(let flag): return Judgement(type: .truth(flag))
        case .long: return Judgement(type: .long)
        case .string: return Judgement(type: .string)
        case .entity(let uid):
            // Names that the schema does not have are noted once for the policy.
            let isKnown = uid.type.isActionType ? schema.action(uid) != nil : schema.entityType(uid.type) != nil
            return Judgement(type: isKnown ? .entity(uid.type) : nil)
        case .decimal, .ip, .datetime, .duration: return Judgement(type: .special(value.kind))
        case .set, .record: preconditionFailure("sets and records are not literals")
        }
    }

    private func type(of variable: Expression.Variable) -> SchemaType {
        switch variable {
        case .principal: .entity(environment.principal)
        case .action: .entity(environment.action.uid.type)
        case .resource: .entity(environment.resource)
        case .context: .record(environment.action.context)
        }
    }

    // MARK: - Branches

    /// Judges one operand after the other, each knowing that those before it were true; stops at one that never is.
    mutating func conjunction(
        _ count: Int, _ known: Known = [], _ operand: (inout Judging, Int, Known) -> Judgement
    ) -> Judgement {
        var known = known
        var result = Judgement(type: .truth(true))
        for index in 0..<count {
            let judgement = operand(&self, index, known)
            result.conjoin(judgement)
            if result.type == .truth(false) { break }
            if index + 1 < count { known.formUnion(judgement.gained) }
        }
        return result
    }

    private mutating func disjunction(_ operands: [Expression], _ known: Known) -> Judgement {
        var result = Judgement(type: .truth(false))
        for operand in operands {
            result.disjoin(judge(operand, known, as: .bool))
            if result.type == .truth(true) { break }
        }
        return result
    }

    private mutating func conditional(
        _ expression: Expression, _ test: Expression, _ yes: Expression, _ no: Expression, _ known: Known
    ) -> Judgement {
        let condition = judge(test, known, as: .bool)
        if condition.type == .truth(false) { return judge(no, known) }
        var result = judge(yes, known.union(condition.gained))
        result.gained.formUnion(condition.gained)
        if condition.type == .truth(true) { return result }
        let other = judge(no, known)
        guard let one = result.type, let two = other.type else { return .unknown }
        guard let type = SchemaType.joining(one, two) else {
            note("incompatible_types", "`then` gives `\(one)`, but `else` gives `\(two)`", at: expression)
            return .unknown
        }
        return Judgement(type: type, gained: result.gained.intersection(other.gained))
    }

    // MARK: - Sets and records

    private mutating func set(_ expression: Expression, _ elements: [Expression], _ known: Known) -> Judgement {
        guard !elements.isEmpty else {
            note("empty_set", "an empty set does not say what it is a set of", at: expression)
            return .unknown
        }
        var joined: SchemaType?
        var isWhole = true
        for element in elements {
            guard let type = judge(element, known).type else {
                isWhole = false
                continue
            }
            guard let before = joined else {
                joined = type
                continue
            }
            joined = SchemaType.joining(before, type)
            if joined == nil {
                note("incompatible_types", "a set cannot hold both `\(before)` and `\(type)`", at: element)
                return .unknown
            }
        }
        return Judgement(type: isWhole ? joined.map { .set($0) } : nil)
    }

    private mutating func record(_ pairs: [(Text, Expression)], _ known: Known) -> Judgement {
        var attributes: [RecordType.Attribute] = []
        for (name, value) in pairs {
            guard let type = judge(value, known).type else { continue }
            attributes.append(.init(name: name, type: type, isRequired: true))
        }
        return Judgement(type: attributes.count == pairs.count ? .record(RecordType(attributes)) : nil)
    }
}
