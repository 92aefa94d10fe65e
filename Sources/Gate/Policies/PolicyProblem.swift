package import Cedar
package import Core

/// One thing wrong with a policy set, where it is and how to mend it.
package struct PolicyProblem: Sendable, Equatable, CustomStringConvertible {
    package let file: String
    /// Counted from 1; `nil` where the problem is the file as a whole.
    package let line: Int?
    package let column: Int?
    package let message: String
    /// The line itself, to set a caret under.
    package let source: String?

    package init(file: String, line: Int? = nil, column: Int? = nil, message: String, source: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.source = source
    }

    /// Where and what, in one line.
    package var place: String {
        var place = file
        if let line { place += ":\(line)" }
        if let column { place += ":\(column)" }
        return "\(place): \(message)"
    }

    /// The place, the line that it is in, and a caret under it.
    package var description: String {
        guard let source, let line, let column else { return place }
        return "\(place)\n\(SourceExcerpt(source, line: line, column: column))"
    }

    package var json: JSON {
        var object = JSONObject()
        object["file"] = JSON(file)
        if let line { object["line"] = JSON(line) }
        if let column { object["column"] = JSON(column) }
        object["message"] = JSON(message)
        if let source { object["source"] = JSON(source) }
        return .object(object)
    }
}

extension PolicyProblem {
    /// What Cedar complains of.
    package init(cedar error: CedarError) {
        self.init(
            file: error.position?.file ?? "policies", line: error.position?.line, column: error.position?.column,
            message: error.message, source: error.sourceLine)
    }

    /// Something at a place in a policy.
    init(in policy: Policy, at position: SourcePosition, _ message: String) {
        self.init(
            file: position.file, line: position.line, column: position.column, message: message,
            source: policy.line(at: position))
    }

    /// By file and place, so that a file is mended from its first line to its last.
    static func inOrder(_ problems: [PolicyProblem]) -> [PolicyProblem] {
        func key(_ problem: PolicyProblem) -> (String, Int, Int) {
            (problem.file, problem.line ?? 0, problem.column ?? 0)
        }
        return problems.enumerated().sorted { left, right in
            let (before, after) = (key(left.element), key(right.element))
            return before == after ? left.offset < right.offset : before < after
        }.map(\.element)
    }

    /// A text that is not JSON.
    init(file: String, _ content: [UInt8], _ error: JSONError) {
        self.init(
            file: file, line: error.line, column: error.column, message: error.reason,
            source: Self.line(error.line, of: content))
    }

    /// Each error where its member or element stands.
    static func all(_ errors: [JSONShapeError], in content: [UInt8], file: String) -> [PolicyProblem] {
        let places = JSONPlaces(of: content)
        return errors.map { error in
            let place = places[error.path]
            return PolicyProblem(
                file: file, line: place.line, column: place.column, message: error.message,
                source: line(place.line, of: content))
        }
    }

    /// A line by its number, from 1.
    private static func line(_ number: Int, of content: [UInt8]) -> String {
        let lines = content.split(separator: UInt8(ascii: "\n"), maxSplits: number, omittingEmptySubsequences: false)
        let line = number <= lines.count ? lines[number - 1] : []
        return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
}
