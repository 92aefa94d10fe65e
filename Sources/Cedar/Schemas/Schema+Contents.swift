extension Schema.EntityType {
    /// The names of the attributes that its entities have or may have, in order.
    public var attributeNames: [Text] { attributes.names }

    /// Whether its entities may have tags.
    public var hasTags: Bool { tags != nil }

    /// The types that its entities can be in, near and far.
    public var containers: Set<Text> { ancestors }
}

extension Schema.Action {
    /// The names of what its context holds or may hold, in order.
    public var contextNames: [Text] { context.names }

    /// The groups that it is in, near and far.
    public var groups: Set<EntityUID> { ancestors }
}
