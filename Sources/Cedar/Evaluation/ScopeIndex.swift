/// Finds the policies whose scope could match a request, without looking at the others.
///
/// A policy is filed under its action, and there under the most telling of what it asks of principal and resource.
struct ScopeIndex: Sendable {
    private let anyAction: Shelf
    private let byAction: [EntityUID: Shelf]

    /// Files scopes under their numbers.
    init(_ scopes: [Scope]) {
        var anyAction = Shelf.Draft()
        var byAction: [EntityUID: Shelf.Draft] = [:]
        for (index, scope) in scopes.enumerated() {
            let number = Int32(index)
            switch scope.action {
            case .any: anyAction.insert(scope, number)
            case .equal(let action): byAction[action, default: Shelf.Draft()].insert(scope, number)
            case .descendant(let actions):
                for action in Set(actions) { byAction[action, default: Shelf.Draft()].insert(scope, number) }
            }
        }
        self.anyAction = Shelf(anyAction)
        self.byAction = byAction.mapValues(Shelf.init)
    }

    /// Calls `body` with every policy that could match; one that names several actions can come more than once.
    func forEachCandidate(_ evaluator: Evaluator, _ body: (Int32) -> Void) {
        anyAction.forEach(evaluator, body)
        guard !byAction.isEmpty else { return }
        byAction[evaluator.request.action]?.forEach(evaluator, body)
        guard let action = evaluator.action, !action.ancestors.isEmpty else { return }
        for ancestor in action.ancestors { byAction[ancestor]?.forEach(evaluator, body) }
    }
}

/// The policies of one action; an object, since copying its tables would cost more than looking into them.
private final class Shelf: Sendable {
    struct Draft {
        var byPrincipal: [EntityUID: [Int32]] = [:]
        var byResource: [EntityUID: [Int32]] = [:]
        var byPrincipalType: [Text: [Int32]] = [:]
        var byResourceType: [Text: [Int32]] = [:]
        var rest: [Int32] = []

        mutating func insert(_ scope: Scope, _ number: Int32) {
            if case .entity(let uid)? = scope.principal.reference {
                byPrincipal[uid, default: []].append(number)
            } else if case .entity(let uid)? = scope.resource.reference {
                byResource[uid, default: []].append(number)
            } else if case .type(let type) = scope.principal {
                byPrincipalType[type, default: []].append(number)
            } else if case .type(let type) = scope.resource {
                byResourceType[type, default: []].append(number)
            } else {
                rest.append(number)
            }
        }
    }

    private let byPrincipal: [EntityUID: [Int32]]
    private let byResource: [EntityUID: [Int32]]
    private let byPrincipalType: [Text: [Int32]]
    private let byResourceType: [Text: [Int32]]
    private let rest: [Int32]

    init(_ draft: Draft) {
        byPrincipal = draft.byPrincipal
        byResource = draft.byResource
        byPrincipalType = draft.byPrincipalType
        byResourceType = draft.byResourceType
        rest = draft.rest
    }

    func forEach(_ evaluator: Evaluator, _ body: (Int32) -> Void) {
        for number in rest { body(number) }
        if !byPrincipalType.isEmpty { byPrincipalType[evaluator.request.principal.type]?.forEach(body) }
        if !byResourceType.isEmpty { byResourceType[evaluator.request.resource.type]?.forEach(body) }
        if !byPrincipal.isEmpty { visit(byPrincipal, evaluator.request.principal, evaluator.principal, body) }
        if !byResource.isEmpty { visit(byResource, evaluator.request.resource, evaluator.resource, body) }
    }

    /// Visits what is filed under an entity or one above it.
    private func visit(
        _ table: [EntityUID: [Int32]], _ uid: EntityUID, _ node: Entities.Node?, _ body: (Int32) -> Void
    ) {
        table[uid]?.forEach(body)
        guard let node, !node.ancestors.isEmpty else { return }
        if node.ancestors.count <= table.count {
            for ancestor in node.ancestors { table[ancestor]?.forEach(body) }
        } else {
            for (ancestor, numbers) in table where node.ancestors.contains(ancestor) { numbers.forEach(body) }
        }
    }
}
