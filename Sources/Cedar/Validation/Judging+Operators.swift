extension Judging {
    mutating func binary(
        _ expression: Expression, _ operation: Expression.BinaryOperator, _ left: Expression, _ right: Expression,
        _ known: Known
    ) -> Judgement {
        switch operation {
        case .equal: return equality(expression, left, right, known)
        case .notEqual: return equality(expression, left, right, known).negated
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            comparison(left, right, known)
            return Judgement(type: .bool)
        case .in: return membership(expression, left, right, known)
        case .add, .subtract, .multiply:
            _ = judge(left, known, as: .long)
            _ = judge(right, known, as: .long)
            return Judgement(type: .long)
        case .contains:
            let set = judge(left, known, as: .set, hint: "; `contains` is asked of a set").type
            let element = judge(right, known).type
            if case .set(let elements)? = set, let element { demandCommon(elements, element, of: expression) }
            return Judgement(type: .bool)
        case .containsAll, .containsAny:
            let one = judge(left, known, as: .set).type
            let other = judge(right, known, as: .set, hint: "; for a single value there is `contains`").type
            if let one, let other { demandCommon(one, other, of: expression) }
            return Judgement(type: .bool)
        case .hasTag, .getTag: return tag(expression, operation, left, right, known)
        }
    }

    /// Notes that two types have no values in common that could be compared.
    private mutating func demandCommon(_ left: SchemaType, _ right: SchemaType, of expression: Expression) {
        if SchemaType.joining(left, right) == nil {
            note("incompatible_types", "`\(left)` and `\(right)` cannot be compared", at: expression)
        }
    }

    private mutating func equality(
        _ expression: Expression, _ left: Expression, _ right: Expression, _ known: Known
    ) -> Judgement {
        let one = judge(left, known).type
        let other = judge(right, known).type
        if case .entity(let one)? = one, case .entity(let other)? = other, one != other {
            return Judgement(type: .truth(false))
        }
        if let one = literal(left), let other = literal(right) { return Judgement(type: .truth(one == other)) }
        if let one, let other { demandCommon(one, other, of: expression) }
        return Judgement(type: .bool)
    }

    /// The value of a literal; the action is one, as each kind of request is about a certain one.
    private func literal(_ expression: Expression) -> Value? {
        switch expression.form {
        case .literal(let value): value
        case .variable(.action): .entity(environment.action.uid)
        default: nil
        }
    }

    private mutating func comparison(_ left: Expression, _ right: Expression, _ known: Known) {
        guard let one = judge(left, known).type, let other = judge(right, known).type else { return }
        if Self.isOrdered(one) {
            if one != other { note("wrong_type", "expected `\(one)`, found `\(other)`", at: right) }
        } else if Self.isOrdered(other) {
            note("wrong_type", "expected `\(other)`, found `\(one)`", at: left)
        } else {
            let hint = one == .special(.decimal) ? "; decimals are compared by `lessThan` and the like" : ""
            note("wrong_type", "expected `Long`, `datetime` or `duration`, found `\(one)`\(hint)", at: left)
        }
    }

    private static func isOrdered(_ type: SchemaType) -> Bool {
        [.long, .special(.datetime), .special(.duration)].contains(type)
    }

    // MARK: - Membership

    private mutating func membership(
        _ expression: Expression, _ left: Expression, _ right: Expression, _ known: Known
    ) -> Judgement {
        let member = judge(left, known, as: .entity, hint: "; for other values there is `contains`").type
        let groups = judge(right, known, as: .entityOrEntities).type
        guard case .entity(let type)? = member, let groups else { return .unknown }
        if case .entity(let uid)? = literal(left), uid.type.isActionType, let named = entities(right) {
            return Judgement(type: .truth(isAction(uid, inAny: named)))
        }
        let group: Text?
        switch groups {
        case .entity(let name), .set(.entity(let name)): group = name
        default: group = nil
        }
        guard let group, schema.isType(type, in: group) else { return Judgement(type: .truth(false)) }
        return Judgement(type: .bool)
    }

    /// `target is T`, or `target is T in ancestor`, which is both questions with `&&` between.
    mutating func typeTest(
        _ expression: Expression, _ target: Expression, _ wanted: Text, _ ancestor: Expression?, _ known: Known
    ) -> Judgement {
        guard case .entity(let type)? = judge(target, known, as: .entity, hint: "; `is` asks for an entity's type").type
        else { return .unknown }
        var result = Judgement(type: .truth(type == wanted))
        if let ancestor, type == wanted { result.conjoin(membership(expression, target, ancestor, known)) }
        return result
    }

    /// The entities that an expression names, where it names nothing else.
    private func entities(_ expression: Expression) -> [EntityUID]? {
        let elements = if case .set(let elements) = expression.form { elements } else { [expression] }
        var uids: [EntityUID] = []
        for element in elements {
            guard case .entity(let uid)? = literal(element) else { return nil }
            uids.append(uid)
        }
        return uids
    }

    private func isAction(_ uid: EntityUID, inAny groups: [EntityUID]) -> Bool {
        guard let action = schema.action(uid) else { return false }
        return groups.contains { $0 == uid || action.ancestors.contains($0) }
    }

    // MARK: - Extension functions

    mutating func call(
        _ expression: Expression, _ function: ExtensionFunction, _ arguments: [Expression], _ known: Known
    ) -> Judgement {
        guard function != .unknown else {
            note("unknown_function", "`unknown` is no function that can be evaluated", at: expression)
            return .unknown
        }
        let demands = [function.receiver, function.argument].prefix(function.arity)
        guard arguments.count == function.arity else {
            let count = function.isConstructor ? function.arity : function.arity - 1
            let wanted = count == 0 ? "no" : count == 1 ? "one" : "\(count)"
            note("wrong_argument_count", "`\(function)` takes \(wanted) argument", at: expression)
            return Judgement(type: function.result)
        }
        for (argument, kind) in zip(arguments, demands) {
            _ = judge(argument, known, as: kind == .string ? .string : .special(kind))
        }
        if function.isConstructor { checkText(of: function, arguments[0]) }
        return Judgement(type: function.result)
    }

    /// Texts of extension values have to stand in the policy, so that none fails to be read in a decision.
    private mutating func checkText(of function: ExtensionFunction, _ argument: Expression) {
        guard case .literal(let value) = argument.form else {
            note("not_a_literal", "`\(function)` needs its text in quotes here", at: argument)
            return
        }
        do throws(ExtensionFailure) { _ = try function.apply(value, nil) } catch {
            note("invalid_extension", "`\(function)` cannot read this text", at: argument)
        }
    }
}

extension ExtensionFunction {
    /// The type of what the function gives.
    var result: SchemaType {
        switch self {
        case .decimal: .special(.decimal)
        case .ip: .special(.ipaddr)
        case .datetime, .offset, .toDate: .special(.datetime)
        case .duration, .durationSince, .toTime: .special(.duration)
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: .long
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual, .isIpv4, .isIpv6, .isLoopback,
            .isMulticast, .isInRange, .unknown:
            .bool
        }
    }
}
