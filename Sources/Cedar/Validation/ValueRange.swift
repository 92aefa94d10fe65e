/// Which values something may have: only certain ones, or all but certain ones.
struct ValueRange {
    private(set) var values: Set<Value>
    private(set) var isExcluding: Bool

    static func only(_ values: Set<Value>) -> ValueRange { ValueRange(values: values, isExcluding: false) }
    static func allBut(_ values: Set<Value>) -> ValueRange { ValueRange(values: values, isExcluding: true) }

    /// Whether no value is left.
    var isEmpty: Bool { !isExcluding && values.isEmpty }

    /// Every value that this one excludes.
    var opposite: ValueRange { ValueRange(values: values, isExcluding: !isExcluding) }

    mutating func formIntersection(_ other: ValueRange) {
        switch (isExcluding, other.isExcluding) {
        case (false, false): values.formIntersection(other.values)
        case (false, true): values.subtract(other.values)
        case (true, true): values.formUnion(other.values)
        case (true, false): self = .only(other.values.subtracting(values))
        }
    }

    mutating func formUnion(_ other: ValueRange) {
        switch (isExcluding, other.isExcluding) {
        case (false, false): values.formUnion(other.values)
        case (false, true): self = .allBut(other.values.subtracting(values))
        case (true, true): values.formIntersection(other.values)
        case (true, false): values.subtract(other.values)
        }
    }
}
