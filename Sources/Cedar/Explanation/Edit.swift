/// One thing otherwise than it is in a situation.
enum Edit {
    /// Another value, or none.
    case set(Term, Value?)
    /// The principal is put into a group.
    case join(EntityUID)
    /// The principal is taken out of a group and of all that is in it.
    case leave(EntityUID)
    /// The principal is of another type.
    case become(Text)
    /// Whatever it takes.
    case suppose(Wish)
}

extension Situation {
    /// Ways to make a wish come true, each a few edits; the first that does is enough.
    ///
    /// Where no value can be found the wish is taken at its word.
    func edits(for wish: Wish, in policy: Policy) -> [[Edit]] {
        let found = edits(of: wish.leaf.expression, wish.holds, policy)
        return found + [[.suppose(wish)]]
    }

    private func edits(of expression: Expression, _ holds: Bool, _ policy: Policy) -> [[Edit]] {
        switch expression.form {
        case .variable, .attribute: return expression.term.map { [[.set($0, .bool(holds))]] } ?? []
        case .binary(.equal, let left, let right): return equal(left, right, holds, policy)
        case .binary(.notEqual, let left, let right): return equal(left, right, !holds, policy)
        case .binary(.less, let left, let right):
            return compare(left, right, holds ? -1 : 0, policy) + compare(right, left, holds ? 1 : 0, policy)
        case .binary(.lessOrEqual, let left, let right):
            return compare(left, right, holds ? 0 : 1, policy) + compare(right, left, holds ? 0 : -1, policy)
        case .binary(.greater, let left, let right):
            return compare(left, right, holds ? 1 : 0, policy) + compare(right, left, holds ? -1 : 0, policy)
        case .binary(.greaterOrEqual, let left, let right):
            return compare(left, right, holds ? 0 : -1, policy) + compare(right, left, holds ? 0 : 1, policy)
        case .binary(.in, let subject, let groups):
            return membership(of: subject, in: value(of: groups, in: policy)?.entities ?? [], holds)
        case .binary(.contains, let set, let element): return contains(set, element, holds, policy)
        case .isType(let subject, let type, let group):
            return kind(of: subject, type, group.flatMap { value(of: $0, in: policy) }?.entities ?? [], holds)
        case .like(let subject, let pattern):
            let text = holds ? Text(pattern.stretches.flatMap { $0 }) : Text.unnamed
            return subject.term.map { [[.set($0, .string(text))]] } ?? []
        case .has(let target, let path):
            guard !holds, let term = target.term else { return [] }
            return path.indices.map { [.set(Term(root: term.root, path: term.path + path[...$0]), nil)] }
        default: return []
        }
    }

    private func equal(_ left: Expression, _ right: Expression, _ holds: Bool, _ policy: Policy) -> [[Edit]] {
        [(left, right), (right, left)].compactMap { subject, other in
            guard let term = subject.term, let value = value(of: other, in: policy) else { return nil }
            return (holds ? value : value.another).map { [.set(term, $0)] }
        }
    }

    /// The left one so much above the right one.
    private func compare(_ left: Expression, _ right: Expression, _ distance: Int64, _ policy: Policy) -> [[Edit]] {
        guard let term = left.term, let value = value(of: right, in: policy)?.moved(by: distance) else { return [] }
        return [[.set(term, value)]]
    }

    private func membership(of subject: Expression, in groups: [EntityUID], _ holds: Bool) -> [[Edit]] {
        guard let term = subject.term else { return [] }
        if term == Term(root: .principal) {
            return holds ? groups.map { [.join($0)] } : [groups.map { .leave($0) }]
        }
        return groups.map { [.set(term, holds ? .entity($0) : Value.entity($0).another)] }
    }

    private func contains(_ set: Expression, _ element: Expression, _ holds: Bool, _ policy: Policy) -> [[Edit]] {
        var edits: [[Edit]] = []
        if let term = element.term, case .set(let values)? = value(of: set, in: policy) {
            edits += (holds ? values.elements : values.elements.prefix(1).compactMap(\.another)).map {
                [.set(term, $0)]
            }
        }
        if let term = set.term, let value = value(of: element, in: policy),
            case .set(let values) = self.value(of: set, in: policy) ?? .set([])
        {
            let rest = values.elements.filter { $0 != value }
            edits.append([.set(term, .set(ValueSet(rest + (holds ? [value] : []))))])
        }
        return edits
    }

    private func kind(of subject: Expression, _ type: Text, _ groups: [EntityUID], _ holds: Bool) -> [[Edit]] {
        guard let term = subject.term else { return [] }
        guard term == Term(root: .principal) else {
            let type = holds ? type : Text.unnamed
            return groups.isEmpty ? [[.set(term, .entity(EntityUID(type: type, id: .unnamed)))]] : []
        }
        if holds { return [[.become(type)], groups.map { .join($0) }, [.become(type)] + groups.map { .join($0) }] }
        return (groups.isEmpty ? [] : [groups.map { .leave($0) }]) + [[.become(.unnamed)]]
    }
}

extension Text {
    /// What no policy names: a scalar that stands for nothing.
    fileprivate static let unnamed: Text = "\u{10FFFF}"
}

extension Value {
    /// A value of the same kind that hardly any policy names.
    fileprivate var another: Value? {
        switch self {
        case .bool(let flag): .bool(!flag)
        case .string: .string(.unnamed)
        case .entity(let uid): .entity(EntityUID(type: uid.type, id: .unnamed))
        case .long, .datetime, .duration: moved(by: 1_000_003) ?? moved(by: -1_000_003)
        case .set, .record, .decimal, .ip: nil
        }
    }

    /// A number or time so much greater; of times so many milliseconds.
    fileprivate func moved(by distance: Int64) -> Value? {
        func moved(_ number: Int64) -> Int64? {
            let (sum, overflow) = number.addingReportingOverflow(distance)
            return overflow ? nil : sum
        }
        return switch self {
        case .long(let number): moved(number).map { .long($0) }
        case .datetime(let instant): moved(instant.milliseconds).map { .datetime(Instant(milliseconds: $0)) }
        case .duration(let span): moved(span.milliseconds).map { .duration(TimeSpan(milliseconds: $0)) }
        default: nil
        }
    }

    /// With the next smaller and the next greater one: what lies between those that policies name counts as they do.
    var withNeighbours: [Value] { [self] + [-1, 1].compactMap { moved(by: $0) } }

    /// An entity, or the entities in a set.
    fileprivate var entities: [EntityUID] {
        switch self {
        case .entity(let uid): [uid]
        case .set(let set): set.elements.compactMap { if case .entity(let uid) = $0 { uid } else { nil } }
        default: []
        }
    }
}
