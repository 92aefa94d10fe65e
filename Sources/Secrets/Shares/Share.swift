/// What all shares of one set say of it.
public struct ShareParameters: Sendable, Equatable {
    /// Fifteen random bits, by which people and programs see what belongs together.
    public let identifier: UInt16
    /// Whether more sets can be made that give the same secret under the same passphrase.
    public let isExtendable: Bool
    /// How often the work of trying a passphrase is doubled, 0 to 15.
    public let iterationExponent: Int
    /// How many groups it takes.
    public let groupThreshold: Int
    public let groupCount: Int

    /// The first of them in which the other differs.
    func difference(from other: ShareParameters) -> StaticString? {
        if identifier != other.identifier { return "the identifier" }
        if isExtendable != other.isExtendable { return "whether they can be extended" }
        if iterationExponent != other.iterationExponent { return "the iteration exponent" }
        if groupThreshold != other.groupThreshold { return "how many groups it takes" }
        return groupCount == other.groupCount ? nil : "how many groups there are"
    }
}

/// One share of a secret, which people keep as words (SLIP-0039).
///
/// Its words are secret: they are given when they are asked for, and nothing else shows them.
public struct Share: Sendable, CustomStringConvertible, CustomReflectable {
    public let parameters: ShareParameters
    /// From 0, like the member's.
    public let groupIndex: Int
    public let memberIndex: Int
    /// How many shares of this group it takes.
    public let memberThreshold: Int
    let value: ShareValue

    /// Its place in the group, as the polynomials know it.
    var point: SecretSharing.Point { SecretSharing.Point(index: UInt8(memberIndex), value: value) }

    public var description: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
