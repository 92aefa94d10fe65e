extension Scope {
    /// A part that asks for anything: as a condition, in words, and with the entity that it names.
    struct Part {
        let place: Explanation.Part.Place
        let expression: Expression
        let text: String
        let entity: EntityUID?
    }

    /// The parts of the scope, of a policy without slots.
    var parts: [Part] {
        [
            principal.part(.principal, .principal), action.part, resource.part(.resource, .resource),
        ].compactMap { $0 }
    }
}

extension Expression {
    /// An expression that stands nowhere as such.
    fileprivate init(_ form: Form) { self.init(form, SourceSpan(start: 0, end: 0)) }

    fileprivate init(_ uid: EntityUID) { self.init(.literal(.entity(uid))) }
}

extension Scope.Constraint {
    fileprivate func part(_ place: Explanation.Part.Place, _ variable: Expression.Variable) -> Scope.Part? {
        let subject = Expression(.variable(variable))
        let name = variable.rawValue
        let entity: EntityUID? = if case .entity(let uid)? = reference { uid } else { nil }
        let form: Expression.Form
        let text: String
        switch (self, entity) {
        case (.equal, let uid?): (form, text) = (.binary(.equal, subject, Expression(uid)), "\(name) == \(uid)")
        case (.descendant, let uid?): (form, text) = (.binary(.in, subject, Expression(uid)), "\(name) in \(uid)")
        case (.type(let type), _): (form, text) = (.isType(subject, type, in: nil), "\(name) is \(type)")
        case (.typeAndDescendant(let type, _), let uid?):
            (form, text) = (.isType(subject, type, in: Expression(uid)), "\(name) is \(type) in \(uid)")
        case (.any, _), (_, nil): return nil
        }
        return Scope.Part(place: place, expression: Expression(form), text: text, entity: entity)
    }
}

extension Scope.ActionConstraint {
    fileprivate var part: Scope.Part? {
        let subject = Expression(.variable(.action))
        let form: Expression.Form
        let text: String
        let entity: EntityUID?
        switch self {
        case .any: return nil
        case .equal(let uid):
            (form, text, entity) = (.binary(.equal, subject, Expression(uid)), "action == \(uid)", uid)
        case .descendant(let uids):
            let set = Expression(.set(uids.map { Expression($0) }))
            let list = uids.count == 1 ? "\(uids[0])" : "[\(uids.map(\.description).joined(separator: ", "))]"
            (form, text, entity) = (.binary(.in, subject, set), "action in \(list)", uids.count == 1 ? uids[0] : nil)
        }
        return Scope.Part(place: .action, expression: Expression(form), text: text, entity: entity)
    }
}
