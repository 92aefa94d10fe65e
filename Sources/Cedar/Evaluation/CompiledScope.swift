/// A policy's scope in numbers, so that reading it counts no references.
struct CompiledScope: Sendable {
    /// What is asked of one of the three entities.
    struct Test: Sendable {
        enum Kind: UInt8, Sendable { case any, equal, descendant, type, typeAndDescendant, descendantOfAny }

        var kind: Kind = .any
        /// The number of the entity that is named, where it is one.
        var entity: Int32 = EntityNumbers.none
        /// Where the numbers of several stand in the list of all of them.
        var several: Range<Int32> = 0..<0
        /// The number of the type that is named.
        var type: Int32 = EntityNumbers.none

        init(_ constraint: Scope.Constraint, _ numbers: inout EntityNumbers) {
            // A slot stands in templates only, and those are not compiled.
            if case .entity(let uid)? = constraint.reference { entity = numbers.number(uid) }
            switch constraint {
            case .any: break
            case .equal: kind = .equal
            case .descendant: kind = .descendant
            case .type(let type):
                kind = .type
                self.type = numbers.number(ofType: type)
            case .typeAndDescendant(let type, _):
                kind = .typeAndDescendant
                self.type = numbers.number(ofType: type)
            }
        }

        init(_ constraint: Scope.ActionConstraint, _ numbers: inout EntityNumbers, _ several: inout [Int32]) {
            switch constraint {
            case .any: break
            case .equal(let action):
                kind = .equal
                entity = numbers.number(action)
            case .descendant(let actions):
                kind = .descendantOfAny
                let first = Int32(several.count)
                several += Set(actions).map { numbers.number($0) }
                self.several = first..<Int32(several.count)
            }
        }

        /// Whether the entity of this lineage is one that is asked for.
        @inline(__always)
        func holds(for lineage: borrowing Lineage, _ numbers: [Int32]) -> Bool {
            switch kind {
            case .any: true
            case .equal: lineage.own == entity
            case .type: lineage.type == type
            case .descendant: lineage.contains(entity)
            case .typeAndDescendant: lineage.type == type && lineage.contains(entity)
            case .descendantOfAny: holdsForAny(lineage, numbers)
            }
        }

        private func holdsForAny(_ lineage: borrowing Lineage, _ numbers: [Int32]) -> Bool {
            for place in several where lineage.contains(numbers[Int(place)]) { return true }
            return false
        }
    }

    let principal: Test
    let action: Test
    let resource: Test

    init(_ scope: Scope, _ numbers: inout EntityNumbers, _ several: inout [Int32]) {
        principal = Test(scope.principal, &numbers)
        action = Test(scope.action, &numbers, &several)
        resource = Test(scope.resource, &numbers)
    }

    /// Whether a policy with this scope is about the request; `several` is the list that its tests point into.
    @inline(__always)
    func matches(_ subjects: borrowing Scene.Subjects, _ several: [Int32]) -> Bool {
        action.holds(for: subjects.action.lineage, several)
            && principal.holds(for: subjects.principal.lineage, several)
            && resource.holds(for: subjects.resource.lineage, several)
    }
}
