/// Every condition of a policy set as one flat array of nodes, which refer to each other by number.
///
/// Nodes are plain numbers, so walking them counts no references; what is not a number stands in tables beside them.
struct Program: Sendable {
    enum Operation: UInt8, Sendable {
        /// `a` is a place in `constants`.
        case constant
        case principal, action, resource, context
        /// `b` operands from `children[a]`.
        case and, or
        case not, negate
        /// Test `a`, then `b`, else `c`.
        case conditional
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case membership
        /// Whether variable `a` is entity number `b` or below it.
        case isBelow
        case add, subtract, multiply
        case contains, containsAll, containsAny, isEmpty
        case hasTag, getTag
        /// Target `a`, `c` names from `names[b]`.
        case has
        /// Target `a`, name `names[b]`.
        case attribute
        /// Target `a`, pattern `patterns[b]`.
        case like
        /// Target `a`, type `names[b]`, and for the second ancestor `c`.
        case isType, isTypeIn
        /// `b` elements from `children[a]`.
        case set
        /// `b` values from `children[a]`, their names from `names[c]`.
        case record
        /// `b` arguments from `children[a]`, function number `c`.
        case call
    }

    struct Node: Sendable {
        let operation: Operation
        var a: Int32 = 0
        var b: Int32 = 0
        var c: Int32 = 0
    }

    var nodes: [Node] = []
    var children: [Int32] = []
    var constants: [Value] = []
    var names: [Name] = []
    var patterns: [Pattern] = []
    /// Where each node's text begins in the file of its policy.
    var offsets: [Int32] = []

    static let functions = ExtensionFunction.allCases

    /// The name of an attribute or a type.
    struct Name: Sendable {
        let text: Text
        /// What attributes of this name are told from others by.
        let fingerprint: UInt64

        init(_ text: Text) {
            self.text = text
            fingerprint = text.fingerprint
        }
    }

    /// The arrays of a program, lent for a decision: reading them counts no references.
    struct Tables {
        let nodes: UnsafeBufferPointer<Node>
        let children: UnsafeBufferPointer<Int32>
        let constants: UnsafeBufferPointer<Value>
        let names: UnsafeBufferPointer<Name>
        let patterns: UnsafeBufferPointer<Pattern>
    }

    @inline(__always)
    func withTables<R>(_ body: (Tables) -> R) -> R {
        nodes.withUnsafeBufferPointer { nodes in
            children.withUnsafeBufferPointer { children in
                constants.withUnsafeBufferPointer { constants in
                    names.withUnsafeBufferPointer { names in
                        patterns.withUnsafeBufferPointer { patterns in
                            body(
                                Tables(
                                    nodes: nodes, children: children, constants: constants, names: names,
                                    patterns: patterns))
                        }
                    }
                }
            }
        }
    }
}
