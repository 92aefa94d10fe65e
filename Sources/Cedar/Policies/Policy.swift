/// The name of a policy within its set.
public struct PolicyID: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    private let text: Text

    public init(_ string: String) { text = Text(string) }
    public init(stringLiteral value: String) { self.init(value) }

    public var description: String { text.string }

    public static func < (left: PolicyID, right: PolicyID) -> Bool { left.text < right.text }
}

/// What a policy does where it applies.
public enum Effect: String, Hashable, Sendable {
    case permit, forbid
}

/// One policy, template or linked template, as written.
public struct Policy: Sendable {
    /// A `when` or `unless` clause.
    struct Condition: Sendable {
        let isUnless: Bool
        let body: Expression
    }

    /// A type, or an entity of one, that the policy names.
    public struct Mention: Sendable {
        public let type: String
        /// `nil` where only the type is named.
        public let id: String?
        public let position: SourcePosition
    }

    /// A slot of a template's scope, `?principal` or `?resource`.
    public struct Slot: Sendable {
        public let name: String
        public let position: SourcePosition
    }

    public internal(set) var id: PolicyID
    public let effect: Effect
    /// By name, as in `@reveal("masked")`; one without a value has the empty one.
    public let annotations: [String: String]
    /// Where the policy's text begins.
    public let position: SourcePosition
    /// The policy's own text, from its first annotation to the semicolon.
    public let text: String
    /// The template this policy was linked from.
    public internal(set) var template: PolicyID?

    /// Everything that is named, in the order of the text.
    public let mentions: [Mention]
    /// Where the slots of a template stand; a policy linked from it has them filled.
    public private(set) var slots: [Slot] = []

    var scope: Scope
    let conditions: [Condition]
    let source: SourceText
    /// Where the name of each annotation stands.
    private(set) var annotationOffsets: [String: Int] = [:]

    /// Where an annotation stands: its name, or the policy where it has no such annotation.
    public func position(ofAnnotation name: String) -> SourcePosition {
        annotationOffsets[name].map { source.position(at: $0) } ?? position
    }

    /// The line of the file in which a position of the policy is.
    public func line(at position: SourcePosition) -> String { source.line(at: position.offset) }

    /// Whether the scope has a slot that a link must fill before the policy can decide anything.
    public var isTemplate: Bool { scope.principal.hasSlot || scope.resource.hasSlot }
}
