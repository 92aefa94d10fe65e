/// The entities that decisions look at, with everything above each of them known.
public struct Entities: Sendable {
    /// An entity with its place in the hierarchy; shared, since looking it up must not copy it.
    final class Node: Sendable {
        let entity: Entity
        /// Everything above the entity, near and far.
        let ancestors: Set<EntityUID>
        /// Their hashes: walking them counts no references.
        let ancestorHashes: [Int]

        var attributes: Record { entity.attributes }
        var tags: Record { entity.tags }

        init(_ entity: Entity, ancestors: Set<EntityUID>) {
            self.entity = entity
            self.ancestors = ancestors
            ancestorHashes = ancestors.map(\.storedHash)
        }
    }

    /// More than this many pairs of an entity and one above it are refused: a chain has half the square of its length.
    static let maximumAncestors = 5_000_000

    /// What is wrong with a hierarchy, and with which entity.
    struct Flaw: Error {
        let code: String
        let message: String
        let uid: EntityUID

        init(_ code: String, _ uid: EntityUID, _ what: String) {
            self.code = code
            self.uid = uid
            // The type only: an id can be a person's.
            message = "an entity of type `\(uid.type)` \(what)"
        }

        /// The error where there is no text to point into.
        var plain: CedarError { CedarError(code, message) }
    }

    /// Entities laid over others, which stay as they are and are shared.
    private final class Layer: Sendable {
        let nodes: [EntityUID: Node]
        /// Parents named here or below that are no entities themselves.
        let missing: Set<EntityUID>
        let below: Layer?

        init(nodes: [EntityUID: Node], missing: Set<EntityUID>, below: Layer?) {
            self.nodes = nodes
            self.missing = missing
            self.below = below
        }

        func node(_ uid: EntityUID) -> Node? {
            if let node = nodes[uid] { return node }
            var layer = below
            while let current = layer {
                if let node = current.nodes[uid] { return node }
                layer = current.below
            }
            return nil
        }
    }

    private let top: Layer

    /// No entities.
    public init() { top = Layer(nodes: [:], missing: [], below: nil) }

    /// Takes entities and works out who is above whom.
    ///
    /// - Throws: when an entity is given twice or is above itself.
    public init(_ entities: [Entity]) throws(CedarError) {
        do throws(Flaw) { self = try Entities(checking: entities) } catch { throw error.plain }
    }

    /// These entities and a few more, without copying or working out these again.
    ///
    /// For a lasting hierarchy of groups and actions under the one or two entities that a request brings.
    ///
    /// - Throws: also when one of these entities names a new one as its parent.
    public func adding(_ entities: [Entity]) throws(CedarError) -> Entities {
        for entity in entities where top.missing.contains(entity.uid) {
            throw Flaw("late_parent", entity.uid, "comes after those below it").plain
        }
        do throws(Flaw) {
            return try Entities(checking: entities, over: top.nodes.isEmpty ? top.below : top)
        } catch {
            throw error.plain
        }
    }

    init(checking entities: [Entity], maximumAncestors: Int = Entities.maximumAncestors) throws(Flaw) {
        try self.init(checking: entities, over: nil, maximumAncestors)
    }

    private init(
        checking entities: [Entity], over below: Layer?, _ maximumAncestors: Int = Entities.maximumAncestors
    ) throws(Flaw) {
        var table = [EntityUID: Entity](minimumCapacity: entities.count)
        for entity in entities {
            guard below?.node(entity.uid) == nil, table.updateValue(entity, forKey: entity.uid) == nil else {
                throw Flaw("duplicate_entity", entity.uid, "is given twice")
            }
        }
        var missing = below?.missing ?? []
        for entity in entities {
            for parent in entity.parents where table[parent] == nil && below?.node(parent) == nil {
                missing.insert(parent)
            }
        }
        let nodes = try Self.close(entities, table, over: below, maximumAncestors)
        top = Layer(nodes: nodes, missing: missing, below: below)
    }

    /// Visits each entity after all its parents, on a stack of its own: hierarchies can be deep.
    private static func close(
        _ entities: [Entity], _ table: [EntityUID: Entity], over below: Layer?, _ maximumAncestors: Int
    ) throws(Flaw) -> [EntityUID: Node] {
        var pairs = 0
        var nodes = [EntityUID: Node](minimumCapacity: entities.count)
        var open: Set<EntityUID> = []
        for root in entities where nodes[root.uid] == nil {
            if root.parents.isEmpty {
                nodes[root.uid] = Node(root, ancestors: [])
                continue
            }
            var stack = [(entity: root, next: 0)]
            open.insert(root.uid)
            while let (entity, next) = stack.last {
                guard next < entity.parents.count else {
                    var ancestors = Set(entity.parents)
                    for parent in entity.parents {
                        if let node = nodes[parent] ?? below?.node(parent) { ancestors.formUnion(node.ancestors) }
                    }
                    pairs += ancestors.count
                    guard pairs <= maximumAncestors else {
                        throw Flaw("too_large", entity.uid, "is one too many: too many entities are in each other")
                    }
                    nodes[entity.uid] = Node(entity, ancestors: ancestors)
                    open.remove(entity.uid)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                guard let parent = table[entity.parents[next]], nodes[parent.uid] == nil else { continue }
                guard open.insert(parent.uid).inserted else {
                    throw Flaw("cycle", parent.uid, "is above itself")
                }
                stack.append((parent, 0))
            }
        }
        return nodes
    }

    func node(_ uid: EntityUID) -> Node? { top.node(uid) }

    /// Visits every entity once, in no order.
    func forEachNode(_ visit: (Node) -> Void) {
        var layer: Layer? = top
        while let current = layer {
            current.nodes.values.forEach(visit)
            layer = current.below
        }
    }

    public var count: Int {
        var total = 0
        var layer: Layer? = top
        while let current = layer {
            total += current.nodes.count
            layer = current.below
        }
        return total
    }

    /// The entity of this name.
    public subscript(uid: EntityUID) -> Entity? { node(uid)?.entity }

    /// Whether the first is the second or below it; holds also for what is not known, of itself.
    public func isEntity(_ uid: EntityUID, in ancestor: EntityUID) -> Bool {
        uid == ancestor || node(uid)?.ancestors.contains(ancestor) == true
    }
}
