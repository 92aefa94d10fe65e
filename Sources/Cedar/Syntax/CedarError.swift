/// One thing wrong with a policy, an entity or a request, and where.
public struct CedarError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for programs: `cedar.` and a name that stays the same between versions.
    public let code: String
    /// What is wrong, for people: lower case, no full stop, input in backticks.
    public let message: String
    /// Where; absent for what was not read from text.
    public let position: SourcePosition?
    /// The line the position is in; absent for entities and contexts, which are about people.
    public let sourceLine: String?

    init(_ code: String, _ message: String) {
        self.code = "cedar." + code
        self.message = message
        position = nil
        sourceLine = nil
    }

    init(_ code: String, _ message: String, in source: SourceText, at offset: Int) {
        self.code = "cedar." + code
        self.message = message
        position = source.position(at: offset)
        sourceLine = source.isPersonal ? nil : source.line(at: offset)
    }

    /// `file:line:column: message`.
    public var description: String { position.map { "\($0): \(message)" } ?? message }

    /// The description, the line, and a caret under the place.
    public var rendering: String {
        guard let position, let sourceLine else { return description }
        return "\(description)\n\(SourceExcerpt(sourceLine, line: position.line, column: position.column))"
    }
}

/// Everything that was found wrong in one reading; never empty.
public struct CedarErrors: Error, Hashable, Sendable, CustomStringConvertible {
    public let errors: [CedarError]

    init(_ errors: [CedarError]) {
        precondition(!errors.isEmpty, "a failure has at least one error")
        self.errors = errors
    }

    public var description: String { errors.map(\.description).joined(separator: "\n") }

    /// Every error with its line and caret.
    public var rendering: String { errors.map(\.rendering).joined(separator: "\n\n") }
}
