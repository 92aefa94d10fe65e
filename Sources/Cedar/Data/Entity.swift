/// Something that acts, is acted on or groups others, with its attributes and tags.
public struct Entity: Sendable {
    public let uid: EntityUID
    public let attributes: Record
    public let parents: [EntityUID]
    public let tags: Record

    public init(
        _ uid: EntityUID, attributes: Record, parents: [EntityUID] = [], tags: Record = Record()
    ) {
        self.uid = uid
        self.attributes = attributes
        self.parents = parents
        self.tags = tags
    }

    public init(
        _ uid: EntityUID, attributes: [String: Value] = [:], parents: [EntityUID] = [], tags: [String: Value] = [:]
    ) {
        self.init(uid, attributes: Record(attributes), parents: parents, tags: Record(tags))
    }
}
