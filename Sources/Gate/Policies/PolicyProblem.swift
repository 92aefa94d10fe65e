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
        guard let source, let column else { return place }
        let indent = source.unicodeScalars.prefix(max(0, column - 1)).map { $0 == "\t" ? "\t" : " " }.joined()
        return "\(place)\n    \(source)\n    \(indent)^"
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
