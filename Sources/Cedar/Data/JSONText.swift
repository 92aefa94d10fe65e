/// A JSON text that holds entities, requests or contexts beside other things, as published cases do.
package struct JSONText: Sendable {
    package let root: JSONValue
    private let source: SourceText

    /// Reads the whole text.
    ///
    /// - Throws: the first thing that is wrong with it, with its place.
    package init(_ text: String, file: String) throws(CedarError) {
        source = SourceText(text, file: file)
        var reader = JSONReader(source)
        root = try reader.document()
    }

    /// The entities that a part of the text lists.
    package func entities(_ json: JSONValue) throws(CedarError) -> Entities {
        try JSONDecoding(source: source).hierarchy(json)
    }

    /// The attributes that a part of the text holds; none where there is no such part.
    package func record(_ json: JSONValue?) throws(CedarError) -> Record {
        try JSONDecoding(source: source).record(json)
    }

    /// The request whose `principal`, `action`, `resource` and `context` a part of the text has.
    package func request(_ json: JSONValue, schema: Schema?) throws(CedarError) -> Request {
        let decoding = JSONDecoding(source: source, schema: schema)
        func uid(_ name: Text) throws(CedarError) -> EntityUID {
            guard let value = json.member(name) else {
                throw decoding.fail("invalid_value", "the request has no `\(name)`", json)
            }
            return try decoding.uid(value)
        }
        let action = try uid("action")
        return Request(
            principal: try uid("principal"), action: action, resource: try uid("resource"),
            context: try decoding.context(json.member("context"), of: action))
    }
}

extension JSONValue {
    /// The elements, where this is an array.
    package var elements: [JSONValue]? { if case .array(let elements) = form { elements } else { nil } }

    /// The text, where this is one.
    package var text: String? { if case .string(let text) = form { text.string } else { nil } }

    /// The truth value, where this is one.
    package var flag: Bool? { if case .bool(let flag) = form { flag } else { nil } }
}
