/// Numbers for the entities and types that a policy set names, so that scopes are tested by comparing numbers.
struct EntityNumbers: Sendable {
    /// A number that nothing has.
    static let none: Int32 = -1

    private struct Slot: Sendable {
        var hash = 0
        var number = EntityNumbers.none
    }

    private(set) var uids: [EntityUID] = []
    /// A hash table by the names' own hashes, so that most names are told apart without looking at them.
    private var slots = Array(repeating: Slot(), count: 8)
    private var types: [Text] = []
    /// Only of types too many to be searched one by one.
    private var typeNumbers: [Text: Int32] = [:]
    private static let searchable = 8

    /// The number of an entity, a new one where it has none yet.
    mutating func number(_ uid: EntityUID) -> Int32 {
        let known = known(uid)
        if known != Self.none { return known }
        uids.append(uid)
        if uids.count * 2 > slots.count {
            slots = Array(repeating: Slot(), count: slots.count * 2)
            for number in uids.indices { file(Int32(number)) }
        } else {
            file(Int32(uids.count - 1))
        }
        return Int32(uids.count - 1)
    }

    private mutating func file(_ number: Int32) {
        let hash = uids[Int(number)].storedHash
        var place = hash & (slots.count - 1)
        while slots[place].number != Self.none { place = (place + 1) & (slots.count - 1) }
        slots[place] = Slot(hash: hash, number: number)
    }

    /// The number of a type, a new one where it has none yet.
    mutating func number(ofType type: Text) -> Int32 {
        let known = known(type: type)
        if known != Self.none { return known }
        typeNumbers[type] = Int32(types.count)
        types.append(type)
        return Int32(types.count - 1)
    }

    func known(_ uid: EntityUID) -> Int32 { known(hash: uid.storedHash) { uids[Int($0)] == uid } }

    func known(type: Text) -> Int32 {
        guard types.count <= Self.searchable else { return typeNumbers[type] ?? Self.none }
        for number in types.indices where types[number] == type { return Int32(number) }
        return Self.none
    }

    /// The number of an entity of this hash for which `matches` holds.
    @inline(__always)
    func known(hash: Int, _ matches: (Int32) -> Bool) -> Int32 {
        var place = hash & (slots.count - 1)
        while slots[place].number != Self.none {
            if slots[place].hash == hash, matches(slots[place].number) { return slots[place].number }
            place = (place + 1) & (slots.count - 1)
        }
        return Self.none
    }
}
