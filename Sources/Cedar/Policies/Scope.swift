/// Who a policy is about, as its first line says: the part that can be indexed.
struct Scope: Sendable {
    /// An entity, or the place in a template that a link fills with one.
    enum Reference: Hashable, Sendable {
        case entity(EntityUID)
        case slot
    }

    /// What a policy asks of the principal or the resource.
    enum Constraint: Hashable, Sendable {
        case any
        case equal(Reference)
        case descendant(of: Reference)
        case type(Text)
        case typeAndDescendant(Text, of: Reference)

        /// The entity or slot the constraint names.
        var reference: Reference? {
            switch self {
            case .any, .type: nil
            case .equal(let reference), .descendant(let reference), .typeAndDescendant(_, let reference): reference
            }
        }

        var hasSlot: Bool { reference == .slot }

        /// The constraint with its slot filled.
        func linked(to uid: EntityUID) -> Constraint {
            guard hasSlot else { return self }
            return switch self {
            case .any, .type: self
            case .equal: .equal(.entity(uid))
            case .descendant: .descendant(of: .entity(uid))
            case .typeAndDescendant(let type, _): .typeAndDescendant(type, of: .entity(uid))
            }
        }
    }

    /// What a policy asks of the action.
    enum ActionConstraint: Hashable, Sendable {
        case any
        case equal(EntityUID)
        /// One of these, or in one of them.
        case descendant(ofAny: [EntityUID])
    }

    var principal: Constraint = .any
    var action: ActionConstraint = .any
    var resource: Constraint = .any
}
