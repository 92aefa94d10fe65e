/// The name of an entity: a type and an id, compared by their bytes.
///
/// The hash is computed once, because a decision looks the same few names up again and again.
public struct EntityUID: Hashable, Sendable, CustomStringConvertible {
    private final class Storage: Sendable {
        let type: Text
        let id: Text
        let hash: Int

        init(type: Text, id: Text) {
            self.type = type
            self.id = id
            var hasher = Hasher()
            hasher.combine(type)
            hasher.combine(id)
            hash = hasher.finalize()
        }
    }

    private let storage: Storage

    public init(type: String, id: String) { self.init(type: Text(type), id: Text(id)) }

    public init(type: Text, id: Text) { storage = Storage(type: type, id: id) }

    /// The type with its namespaces, as in `Shop::User`.
    public var type: Text { storage.type }
    public var id: Text { storage.id }

    /// Mixed and seeded for this run of the program.
    var storedHash: Int { storage.hash }

    /// Cedar's own spelling: `Shop::User::"ada"`, with escapes where the id needs them.
    public var description: String { "\(type.string)::\(id.string.cedarLiteral)" }

    public static func == (left: EntityUID, right: EntityUID) -> Bool {
        if left.storage === right.storage { return true }
        return left.storage.hash == right.storage.hash && left.id == right.id && left.type == right.type
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(storage.hash) }

    /// What sets and dictionaries look names up by: the stored hash is mixed and seeded already.
    ///
    /// The seed of each table is multiplied in, not only added: one table is poured into another in the order of its
    /// places, and if those were nearly the same in both, names would pile up in few of them.
    public func _rawHashValue(seed: Int) -> Int {
        let product = UInt(bitPattern: storage.hash ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return Int(bitPattern: product.high ^ product.low)
    }
}
