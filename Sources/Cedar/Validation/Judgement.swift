/// One kind of request: the types of who acts and of what it is about, and the action itself.
struct Environment {
    let principal: Text
    let action: Schema.Action
    let resource: Text
}

/// Something optional that is known to be there, because a condition before asked for it.
struct Capability: Hashable {
    enum Kind: Hashable {
        case attribute, tag
    }

    let kind: Kind
    /// Of what, as an expression in canonical form.
    let target: Text
    /// The attribute's name, or the canonical form of the expression for the tag's.
    let name: Text
}

/// What validation knows of an expression.
struct Judgement {
    /// Absent where the expression is wrong, which was noted.
    var type: SchemaType?
    /// What is there where the expression is true.
    var gained: Set<Capability> = []

    static let unknown = Judgement(type: nil)

    /// What is known of `!` before the expression.
    var negated: Judgement {
        switch type {
        case .truth(let value)?: Judgement(type: .truth(!value))
        case nil: .unknown
        default: Judgement(type: .bool)
        }
    }

    /// Becomes what is known of this `&&` the other, where this may be true.
    mutating func conjoin(_ other: Judgement) {
        switch (type, other.type) {
        case (nil, _), (_, nil):
            self = Judgement(type: .bool)
            return
        case (_, .truth(false)?):
            self = other
            gained = []
            return
        case (_, .truth(true)?): break
        case (.truth(true)?, _): type = other.type
        default: type = .bool
        }
        // In place: the gains of a long chain are many.
        gained.formUnion(other.gained)
    }

    /// Becomes what is known of this `||` the other, where this may be false.
    mutating func disjoin(_ other: Judgement) {
        switch (type, other.type) {
        case (nil, _), (_, nil): self = Judgement(type: .bool)
        case (_, .truth(true)?): self = other
        case (_, .truth(false)?): break
        case (.truth(false)?, _): self = other
        default: self = Judgement(type: .bool, gained: gained.intersection(other.gained))
        }
    }
}
