/// Attributes by name, sorted by the names' bytes; also the context and an entity's tags.
public struct Record: Hashable, Sendable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
    struct Entry: Hashable, Sendable {
        let key: Text
        let value: Value
        /// What the key is told from others by, before its bytes are looked at.
        let fingerprint: UInt64

        init(key: Text, value: Value) {
            self.key = key
            self.value = value
            fingerprint = key.fingerprint
        }
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

    public subscript(name: Text) -> Value? {
        entries.withUnsafeBufferPointer { entries in
            Self.position(of: name, name.fingerprint, in: entries).map { entries[$0].value }
        }
    }

    /// Where a name is: few entries are searched in turn, many by halves.
    @inline(__always)
    static func position(of name: Text, _ fingerprint: UInt64, in entries: UnsafeBufferPointer<Entry>) -> Int? {
        guard entries.count <= 16 else { return distantPosition(of: name, in: entries) }
        for place in 0..<entries.count where entries[place].fingerprint == fingerprint && entries[place].key == name {
            return place
        }
        return nil
    }

    private static func distantPosition(of name: Text, in entries: UnsafeBufferPointer<Entry>) -> Int? {
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
