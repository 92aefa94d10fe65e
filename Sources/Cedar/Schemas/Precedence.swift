/// An order in which everything comes after what it needs, as far as there is one.
struct Precedence {
    /// Places, each after those it needs.
    let sorted: [Int]
    /// Places that need themselves, directly or through others.
    let circular: [Int]

    /// - Parameter needs: for each place the places that have to come before it.
    init(_ needs: [[Int]]) {
        var waiting = needs.map { Set($0).count }
        var dependents = needs.map { _ in [Int]() }
        for (place, needed) in needs.enumerated() {
            for other in Set(needed) { dependents[other].append(place) }
        }
        var sorted = waiting.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < sorted.count {
            for place in dependents[sorted[next]] {
                waiting[place] -= 1
                if waiting[place] == 0 { sorted.append(place) }
            }
            next += 1
        }
        self.sorted = sorted
        // What is left also holds what only needs something circular; whatever nothing left needs is no circle.
        var left = Set(waiting.indices.filter { waiting[$0] > 0 })
        var needers = waiting.indices.map { dependents[$0].filter(left.contains).count }
        var ends = left.filter { needers[$0] == 0 }
        while let place = ends.popFirst() {
            left.remove(place)
            for other in Set(needs[place]) where left.contains(other) {
                needers[other] -= 1
                if needers[other] == 0 { ends.insert(other) }
            }
        }
        circular = left.sorted()
    }
}
