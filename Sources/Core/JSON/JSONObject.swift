/// The members of a JSON object, in the order they were written; no key occurs twice.
public struct JSONObject: Sendable {
    /// A key and what it holds.
    public struct Member: Sendable {
        public let key: String
        public internal(set) var value: JSON
    }

    public private(set) var members: [Member] = []
    /// Where each key is, once there are too many members to compare one by one.
    private var places: [UTF8Key: Int] = [:]

    private static let scanLimit = 12

    public init() {}

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var keys: [String] { members.map(\.key) }

    /// What `key` holds; setting a new key appends it, setting `nil` removes it.
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (nil, let value?): add(key, value)
            case (let place?, nil):
                members.remove(at: place)
                places = [:]
                if members.count > Self.scanLimit { index() }
            case (nil, nil): break
            }
        }
    }

    /// Appends a member; `false`, and nothing changes, when the key is there already.
    public mutating func append(_ key: String, _ value: JSON) -> Bool {
        guard place(of: key) == nil else { return false }
        add(key, value)
        return true
    }

    /// The same members ordered by key, by UTF-16 code units as RFC 8785 §3.2.3 has it.
    var sorted: JSONObject {
        var result = JSONObject()
        for member in members.sorted(by: { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }) {
            result.add(member.key, member.value)
        }
        return result
    }

    private func place(of key: String) -> Int? {
        if members.count > Self.scanLimit { return places[UTF8Key(key)] }
        return members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
    }

    private mutating func add(_ key: String, _ value: JSON) {
        members.append(Member(key: key, value: value))
        if members.count == Self.scanLimit + 1 {
            index()
        } else if members.count > Self.scanLimit {
            places[UTF8Key(key)] = members.count - 1
        }
    }

    private mutating func index() {
        for (place, member) in members.enumerated() { places[UTF8Key(member.key)] = place }
    }
}

extension JSONObject: Equatable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.elementsEqual(right.members) { $0.key.utf8.elementsEqual($1.key.utf8) && $0.value == $1.value }
    }
}

/// A key that is its bytes: `String` would take canonically equivalent keys for the same one.
private struct UTF8Key: Hashable {
    private let text: String

    init(_ text: String) { self.text = text }

    static func == (left: UTF8Key, right: UTF8Key) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        let whole: Void? = text.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if whole == nil { for byte in text.utf8 { hasher.combine(byte) } }
    }
}
