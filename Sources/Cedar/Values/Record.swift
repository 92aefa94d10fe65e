/// Attributes by name, sorted by the names' bytes; also the context and an entity's tags.
public struct Record: Hashable, Sendable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
    struct Entry: Hashable, Sendable {
        let key: Text
        let value: Value
    }

    let entries: [Entry]

    public init() { entries = [] }

    /// The last value wins where a name comes twice.
    public init(_ pairs: some Sequence<(Text, Value)>) {
        var entries = pairs.map { Entry(key: $0.0, value: $0.1) }
        if entries.count > 1 {
            // Swift's sort is stable, so that of equal names the last one stays behind.
            entries.sort { $0.key < $1.key }
            var write = 0
            for read in 1..<entries.count {
                if entries[read].key != entries[write].key { write += 1 }
                entries[write] = entries[read]
            }
            entries.removeSubrange((write + 1)...)
        }
        self.entries = entries
    }

    public init(_ dictionary: [String: Value]) { self.init(dictionary.map { (Text($0.key), $0.value) }) }

    public init(dictionaryLiteral elements: (Text, Value)...) { self.init(elements) }

    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }
    public var keys: [Text] { entries.map(\.key) }

    public subscript(name: Text) -> Value? { position(of: name).map { entries[$0].value } }

    /// Where a name is: few entries are searched in turn, many by halves.
    func position(of name: Text) -> Int? {
        if entries.count <= 8 {
            for index in entries.indices where entries[index].key == name { return index }
            return nil
        }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key < name { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].key == name ? low : nil
    }

    public var description: String {
        "{" + entries.map { "\($0.key.string.cedarLiteral): \($0.value)" }.joined(separator: ", ") + "}"
    }
}
