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
    var names: [Text] = []
    var patterns: [Pattern] = []
    /// Where each node's text begins in the file of its policy.
    var offsets: [Int32] = []

    static let functions = ExtensionFunction.allCases
}
