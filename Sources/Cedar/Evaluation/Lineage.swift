/// Which of the entities that a policy set names one of a request's entities is or lies below.
struct Lineage: ~Copyable {
    /// The number of its type.
    let type: Int32
    /// Its own number and those of the named entities above it; in order where they are many.
    private var few = InlineArray<12, Int32>(repeating: EntityNumbers.none)
    private var many: [Int32] = []
    private var count = 1

    init(_ uid: borrowing EntityUID, _ node: borrowing Entities.Node?, _ numbers: borrowing EntityNumbers) {
        type = numbers.known(type: uid.type)
        few[0] = numbers.known(uid)
        guard let node = copy node, !node.ancestorHashes.isEmpty else { return }
        if node.ancestorHashes.count <= numbers.uids.count {
            for hash in node.ancestorHashes {
                add(numbers.known(hash: hash) { node.ancestors.contains(numbers.uids[Int($0)]) })
            }
        } else {
            for number in numbers.uids.indices where node.ancestors.contains(numbers.uids[number]) {
                add(Int32(number))
            }
        }
        many.sort()
    }

    /// The entity's own number.
    var own: Int32 { few[0] }

    private mutating func add(_ number: Int32) {
        guard number != EntityNumbers.none else { return }
        if count < few.count { few[count] = number } else { many.append(number) }
        count += 1
    }

    /// Whether the entity is the one of this number or below it.
    func contains(_ number: Int32) -> Bool {
        for place in 0..<min(count, few.count) where few[place] == number { return true }
        guard !many.isEmpty else { return false }
        var (low, high) = (0, many.count)
        while low < high {
            let middle = (low + high) / 2
            if many[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < many.count && many[low] == number
    }

    /// Calls `body` with every number, each once.
    func forEach(_ body: (Int32) -> Void) {
        for place in 0..<min(count, few.count) where few[place] != EntityNumbers.none { body(few[place]) }
        for number in many { body(number) }
    }
}
