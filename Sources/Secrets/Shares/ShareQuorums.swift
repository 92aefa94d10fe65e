/// Which sets of members can bring a secret back.
enum ShareQuorums {
    /// Every set of `threshold` of `count` places where there are at most `limit`, else `limit` random ones.
    static func sets(of threshold: Int, among count: Int, atMost limit: Int) -> [[Int]] {
        guard number(of: threshold, among: count) > limit else { return all(of: threshold, in: Array(0..<count)[...]) }
        return (0..<limit).map { _ in Array((0..<count).shuffled().prefix(threshold)) }
    }

    /// The binomial coefficient.
    private static func number(of threshold: Int, among count: Int) -> Int {
        (0..<threshold).reduce(1) { $0 * (count - $1) / ($1 + 1) }
    }

    private static func all(of threshold: Int, in places: ArraySlice<Int>) -> [[Int]] {
        guard threshold > 0 else { return [[]] }
        guard let first = places.first, threshold <= places.count else { return [] }
        let rest = places.dropFirst()
        return all(of: threshold - 1, in: rest).map { [first] + $0 } + all(of: threshold, in: rest)
    }
}
