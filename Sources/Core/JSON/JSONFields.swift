/// Reads the members of one JSON object that people wrote, and refuses what it does not know.
///
/// Errors name the place as a path (`fields[2].form`), never a value. A member called `//` is a comment.
public struct JSONFields: ~Copyable {
    private let object: JSONObject
    private let path: String
    private var read: Set<String> = ["//"]

    /// `path` is where the object stands in its file; empty for the file itself.
    public init(_ json: JSON, at path: String) throws(JSONShapeError) {
        guard let object = json.object else { throw JSONShapeError(path: path, reason: "an object is expected here") }
        self.object = object
        self.path = path
    }

    /// The member, or `nil` when it is absent or null.
    public mutating func optional(_ name: String) -> JSON? {
        read.insert(name)
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    public mutating func required(_ name: String) throws(JSONShapeError) -> JSON {
        guard let value = optional(name) else { throw error(name, "is missing") }
        return value
    }

    public mutating func string(_ name: String) throws(JSONShapeError) -> String {
        guard let text = try required(name).string else { throw error(name, "must be a string") }
        return text
    }

    public mutating func optionalString(_ name: String) throws(JSONShapeError) -> String? {
        guard let value = optional(name) else { return nil }
        guard let text = value.string else { throw error(name, "must be a string") }
        return text
    }

    public mutating func integer(_ name: String) throws(JSONShapeError) -> Int {
        guard let number = try required(name).integer else { throw error(name, "must be a whole number") }
        return number
    }

    public mutating func optionalInteger(_ name: String) throws(JSONShapeError) -> Int? {
        guard let value = optional(name) else { return nil }
        guard let number = value.integer else { throw error(name, "must be a whole number") }
        return number
    }

    public mutating func array(_ name: String) throws(JSONShapeError) -> [JSON] {
        guard let elements = try required(name).array else { throw error(name, "must be an array") }
        return elements
    }

    /// The members of an object of strings; empty when it is absent.
    public mutating func strings(_ name: String) throws(JSONShapeError) -> [String: String] {
        guard let value = optional(name) else { return [:] }
        guard let object = value.object else { throw error(name, "must be an object") }
        var result: [String: String] = [:]
        for member in object.members where member.key != "//" {
            guard let text = member.value.string else { throw error("\(name).\(member.key)", "must be a string") }
            result[member.key] = text
        }
        return result
    }

    /// An error at one of the members.
    public func error(_ name: String, _ reason: String) -> JSONShapeError {
        JSONShapeError(path: path.isEmpty ? name : "\(path).\(name)", reason: reason)
    }

    /// Refuses members that were not asked for: a misspelt name must not be ignored.
    public consuming func finish() throws(JSONShapeError) {
        for key in object.keys where !read.contains(key) { throw error(key, "is not a known name") }
    }
}

/// What is wrong with the shape of a JSON file, and where.
public struct JSONShapeError: ReportableError, Equatable {
    public let path: String
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var code: ErrorCode { ErrorCode("json.shape") }
    public var message: String { path.isEmpty ? reason : "`\(path)` \(reason)" }
    public var remedy: String? { nil }
}
