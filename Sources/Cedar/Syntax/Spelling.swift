/// Finds what a misspelled name may have meant.
public enum Spelling {
    /// Longer names are not compared: the work grows with the product of both lengths.
    private static let longest = 64

    /// `; did you mean …?`, or nothing where no name is close.
    static func hint(for name: Text, among names: some Sequence<Text>) -> String {
        closest(to: name, among: names).map { "; did you mean `\($0)`?" } ?? ""
    }

    /// The name that is nearest to a wrong one, if any is near: one slip for every three of its bytes.
    public static func closest(to name: Text, among names: some Sequence<Text>) -> Text? {
        guard name.string.utf8.count <= longest else { return nil }
        let limit = name.string.utf8.count / 3
        var best: (name: Text, distance: Int)?
        for candidate in names where candidate != name {
            guard abs(candidate.string.utf8.count - name.string.utf8.count) <= limit else { continue }
            let distance = distance(Array(name.string.utf8), Array(candidate.string.utf8))
            guard distance <= limit else { continue }
            if let known = best, (known.distance, known.name) <= (distance, candidate) { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    /// How many bytes have to be put in, left out, changed or swapped with the next one.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                var best = min(
                    current[column] + 1, previous[column + 1] + 1,
                    previous[column] + (left[row] == right[column] || isOtherCase(left[row], right[column]) ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            before = previous
            previous = current
        }
        return previous[right.count]
    }

    /// Whether two letters differ only in being large or small: the likeliest slip of all.
    private static func isOtherCase(_ left: UInt8, _ right: UInt8) -> Bool {
        left ^ right == 0x20 && (0x61...0x7A).contains(left | 0x20)
    }
}
