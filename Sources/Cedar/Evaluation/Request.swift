/// What somebody wants to do: the question of a decision.
public struct Request: Sendable {
    public let principal: EntityUID
    public let action: EntityUID
    public let resource: EntityUID
    public let context: Record

    public init(principal: EntityUID, action: EntityUID, resource: EntityUID, context: Record = Record()) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }

    public init(principal: EntityUID, action: EntityUID, resource: EntityUID, context: [String: Value]) {
        self.init(principal: principal, action: action, resource: resource, context: Record(context))
    }
}
