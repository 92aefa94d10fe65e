/// A JSON text as read: strings by bytes, integers exact, every value with its place.
package struct JSONValue: Sendable {
    enum Form: Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        /// A number with a fraction, an exponent or too many digits.
        case otherNumber
        case string(Text)
        case array([JSONValue])
        /// Each name comes once.
        case object([(name: Text, value: JSONValue)])
    }

    let form: Form
    let offset: Int

    /// How deeply arrays and objects may nest.
    static let maximumDepth = 200

    /// The member of this name, where this is an object that has it.
    package func member(_ name: Text) -> JSONValue? {
        guard case .object(let members) = form else { return nil }
        return members.first { $0.name == name }?.value
    }

    var kind: String {
        switch form {
        case .null: "null"
        case .bool: "a truth value"
        case .integer, .otherNumber: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
