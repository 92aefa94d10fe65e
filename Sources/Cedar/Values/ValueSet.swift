/// A set of values of any kinds, in the order they came, each once.
public struct ValueSet: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    public let elements: [Value]
    /// Only for sets too large to be searched one by one.
    private let lookup: Set<Value>?

    private static let searchable = 8

    public init(_ values: [Value]) {
        if values.count <= Self.searchable {
            var distinct: [Value] = []
            distinct.reserveCapacity(values.count)
            for value in values where !distinct.contains(value) { distinct.append(value) }
            elements = distinct
            lookup = nil
        } else {
            var seen = Set<Value>(minimumCapacity: values.count)
            let distinct = values.filter { seen.insert($0).inserted }
            elements = distinct
            lookup = distinct.count > Self.searchable ? seen : nil
        }
    }

    public init(arrayLiteral elements: Value...) { self.init(elements) }

    public var count: Int { elements.count }
    public var isEmpty: Bool { elements.isEmpty }

    public func contains(_ value: Value) -> Bool { lookup?.contains(value) ?? elements.contains(value) }

    public func isSuperset(of other: ValueSet) -> Bool { other.elements.allSatisfy(contains) }

    public func intersects(_ other: ValueSet) -> Bool {
        count < other.count ? elements.contains(where: other.contains) : other.elements.contains(where: contains)
    }

    public static func == (left: ValueSet, right: ValueSet) -> Bool {
        left.count == right.count && left.isSuperset(of: right)
    }

    public func hash(into hasher: inout Hasher) {
        // A sum does not depend on the order.
        hasher.combine(elements.reduce(into: 0) { $0 &+= $1.hashValue })
    }

    public var description: String { "[" + elements.map(\.description).joined(separator: ", ") + "]" }
}
