extension Scope {
    typealias Place = Explanation.Part.Place

    /// The parts that ask for anything: each as a scope of its own, in words, and with the entity that it names.
    var parts: [(place: Place, scope: Scope, text: String, entity: EntityUID?)] {
        var parts: [(place: Place, scope: Scope, text: String, entity: EntityUID?)] = []
        if principal != .any {
            var only = Scope()
            only.principal = principal
            parts.append((.principal, only, principal.text(of: "principal"), principal.entity))
        }
        if action != .any {
            var only = Scope()
            only.action = action
            parts.append((.action, only, action.text, action.entity))
        }
        if resource != .any {
            var only = Scope()
            only.resource = resource
            parts.append((.resource, only, resource.text(of: "resource"), resource.entity))
        }
        return parts
    }
}

extension Scope.Constraint {
    fileprivate var entity: EntityUID? {
        if case .entity(let uid)? = reference { uid } else { nil }
    }

    /// As a policy has it.
    fileprivate func text(of variable: String) -> String {
        let name = entity?.description ?? "?\(variable)"
        return switch self {
        case .any: variable
        case .equal: "\(variable) == \(name)"
        case .descendant: "\(variable) in \(name)"
        case .type(let type): "\(variable) is \(type)"
        case .typeAndDescendant(let type, _): "\(variable) is \(type) in \(name)"
        }
    }
}

extension Scope.ActionConstraint {
    fileprivate var entity: EntityUID? {
        switch self {
        case .any: nil
        case .equal(let uid): uid
        case .descendant(let uids): uids.count == 1 ? uids[0] : nil
        }
    }

    fileprivate var text: String {
        switch self {
        case .any: "action"
        case .equal(let uid): "action == \(uid)"
        case .descendant(let uids):
            uids.count == 1
                ? "action in \(uids[0])" : "action in [\(uids.map(\.description).joined(separator: ", "))]"
        }
    }
}
