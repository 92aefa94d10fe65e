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

    package var description: String {
        var place = file
        if let line { place += ":\(line)" }
        if let column { place += ":\(column)" }
        guard let source, let column else { return "\(place): \(message)" }
        let indent = String(repeating: " ", count: max(0, column - 1))
        return "\(place): \(message)\n    \(source)\n    \(indent)^"
    }

    package var json: JSON {
        var object = JSONObject()
        object["file"] = JSON(file)
        if let line { object["line"] = JSON(line) }
        if let column { object["column"] = JSON(column) }
        object["message"] = JSON(message)
        return .object(object)
    }
}
