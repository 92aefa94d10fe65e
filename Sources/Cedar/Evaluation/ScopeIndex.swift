/// Finds the policies whose scope could match a request, without looking at the others.
///
/// A policy is filed under its action, and there under the most telling of what it asks of principal and resource.
struct ScopeIndex: Sendable {
    private let anyAction: Shelf
    private let shelves: [Shelf]
    /// Shelves by the action's number.
    private let byAction: NumberTable

    /// Files scopes under their places.
    init(_ scopes: [CompiledScope], _ several: [Int32]) {
        var anyAction = Shelf.Draft()
        var byAction: [Int32: Shelf.Draft] = [:]
        for (index, scope) in scopes.enumerated() {
            switch scope.action.kind {
            case .any: anyAction.insert(scope, Int32(index))
            case .descendantOfAny:
                for place in scope.action.several {
                    byAction[several[Int(place)], default: Shelf.Draft()].insert(scope, Int32(index))
                }
            default: byAction[scope.action.entity, default: Shelf.Draft()].insert(scope, Int32(index))
            }
        }
        self.anyAction = Shelf(anyAction)
        let actions = byAction.keys.sorted()
        shelves = actions.map { Shelf(byAction[$0] ?? Shelf.Draft()) }
        self.byAction = NumberTable(zip(actions, 0..<Int32(actions.count)).map { ($0, $1) })
    }

    /// Calls `body` with every policy that could match; one that names several actions can come more than once.
    @inline(__always)
    func forEachCandidate(_ subjects: borrowing Scene.Subjects, _ body: (Int32) -> Void) {
        anyAction.forEach(subjects, body)
        guard !shelves.isEmpty else { return }
        subjects.action.lineage.forEach { action in
            if let shelf = byAction[action] { shelves[Int(shelf)].forEach(subjects, body) }
        }
    }
}

/// The policies of one action; an object, since copying its tables would cost more than looking into them.
private final class Shelf: Sendable {
    struct Draft {
        var byPrincipal: [Int32: [Int32]] = [:]
        var byResource: [Int32: [Int32]] = [:]
        var byPrincipalType: [Int32: [Int32]] = [:]
        var byResourceType: [Int32: [Int32]] = [:]
        var rest: [Int32] = []

        mutating func insert(_ scope: CompiledScope, _ place: Int32) {
            if scope.principal.entity != EntityNumbers.none {
                byPrincipal[scope.principal.entity, default: []].append(place)
            } else if scope.resource.entity != EntityNumbers.none {
                byResource[scope.resource.entity, default: []].append(place)
            } else if scope.principal.kind == .type {
                byPrincipalType[scope.principal.type, default: []].append(place)
            } else if scope.resource.kind == .type {
                byResourceType[scope.resource.type, default: []].append(place)
            } else {
                rest.append(place)
            }
        }
    }

    private let byPrincipal: Files
    private let byResource: Files
    private let byPrincipalType: Files
    private let byResourceType: Files
    private let rest: [Int32]

    init(_ draft: Draft) {
        byPrincipal = Files(draft.byPrincipal)
        byResource = Files(draft.byResource)
        byPrincipalType = Files(draft.byPrincipalType)
        byResourceType = Files(draft.byResourceType)
        rest = draft.rest
    }

    func forEach(_ subjects: borrowing Scene.Subjects, _ body: (Int32) -> Void) {
        for place in rest { body(place) }
        byPrincipalType.forEach(under: subjects.principal.lineage.type, body)
        byResourceType.forEach(under: subjects.resource.lineage.type, body)
        if !byPrincipal.isEmpty { subjects.principal.lineage.forEach { byPrincipal.forEach(under: $0, body) } }
        if !byResource.isEmpty { subjects.resource.lineage.forEach { byResource.forEach(under: $0, body) } }
    }
}

/// Lists of places, each under a number.
private struct Files: Sendable {
    /// The lists one after another.
    private let places: [Int32]
    /// Where the list under a number begins and ends in `places`.
    private let starts: [Int32]
    private let table: NumberTable

    var isEmpty: Bool { places.isEmpty }

    init(_ lists: [Int32: [Int32]]) {
        let numbers = lists.keys.sorted()
        var places: [Int32] = []
        var starts: [Int32] = [0]
        for number in numbers {
            places += lists[number] ?? []
            starts.append(Int32(places.count))
        }
        self.places = places
        self.starts = starts
        table = NumberTable(zip(numbers, 0..<Int32(numbers.count)).map { ($0, $1) })
    }

    @inline(__always)
    func forEach(under number: Int32, _ body: (Int32) -> Void) {
        guard !isEmpty, let list = table[number] else { return }
        for place in starts[Int(list)]..<starts[Int(list) + 1] { body(places[Int(place)]) }
    }
}

/// A small hash table from numbers to numbers; neither is negative.
private struct NumberTable: Sendable {
    private struct Slot: Sendable {
        var key: Int32 = -1
        var value: Int32 = 0
    }

    private var slots: [Slot]
    private let mask: Int

    init(_ pairs: [(key: Int32, value: Int32)]) {
        var size = 2
        while size < pairs.count * 2 { size *= 2 }
        mask = size - 1
        slots = Array(repeating: Slot(), count: size)
        for pair in pairs {
            var place = self.place(of: pair.key)
            while slots[place].key >= 0 { place = (place + 1) & mask }
            slots[place] = Slot(key: pair.key, value: pair.value)
        }
    }

    @inline(__always)
    private func place(of key: Int32) -> Int {
        // Fibonacci hashing: neighbouring numbers come apart.
        Int(truncatingIfNeeded: (UInt64(UInt32(bitPattern: key)) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    }

    @inline(__always)
    subscript(key: Int32) -> Int32? {
        var place = place(of: key)
        while slots[place].key >= 0 {
            if slots[place].key == key { return slots[place].value }
            place = (place + 1) & mask
        }
        return nil
    }
}
