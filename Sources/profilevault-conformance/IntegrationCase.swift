import Cedar

/// One case of cedar-integration-tests: policies, entities and a schema, and how requests are to be decided.
struct IntegrationCase {
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    let requests: [JSONValue]
    private let json: JSONText
    private let policies: PolicySet
    private let schema: Schema?
    private let entities: Entities

    /// - Throws: when a file is missing, or cannot be read as what it is.
    init(_ json: JSONText, text: (String) throws -> String) throws {
        self.json = json
        func read(_ member: Text) throws -> (text: String, file: String) {
            guard let path = json.root.member(member)?.text else {
                throw Malformed(description: "the case has no `\(member)`")
            }
            return (try text(path), path)
        }
        guard let requests = json.root.member("requests")?.elements else {
            throw Malformed(description: "the case has no `requests`")
        }
        self.requests = requests
        let policyFile = try read("policies")
        policies = try PolicySet(parsing: policyFile.text, file: policyFile.file)
        let entityFile = try read("entities")
        guard json.root.member("schema")?.text != nil else {
            schema = nil
            entities = try Entities(json: entityFile.text, file: entityFile.file)
            return
        }
        let schemaFile = try read("schema")
        let schema =
            schemaFile.file.hasSuffix(".json")
            ? try Schema(json: schemaFile.text, file: schemaFile.file)
            : try Schema(parsing: schemaFile.text, file: schemaFile.file)
        self.schema = schema
        entities = try Entities(json: entityFile.text, file: entityFile.file, schema: schema)
    }

    /// What is otherwise than the case has it.
    func differences() -> [String] {
        var differences: [String] = []
        if let wanted = json.root.member("shouldValidate")?.flag {
            let errors = schema.map { Validator($0).validate(policies).filter { $0.severity == .error } } ?? []
            if schema == nil {
                differences.append("there is no schema to validate against")
            } else if errors.isEmpty != wanted {
                let found = errors.first?.description ?? "nothing was found"
                differences.append("should \(wanted ? "" : "not ")validate: \(found)")
            }
        }
        for (number, example) in requests.enumerated() {
            do {
                // A request is checked unless the case says otherwise.
                let schema = example.member("validateRequest")?.flag == false ? nil : schema
                let request = try json.request(example, schema: schema)
                try schema?.validate(request: request)
                let response = policies.isAuthorized(request, entities: entities)
                if let difference = Self.difference(response, example) {
                    differences.append("request \(number): \(difference)")
                }
            } catch {
                differences.append("request \(number): \(error)")
            }
        }
        return differences
    }

    /// How a response differs from the one that is written down.
    static func difference(_ response: Response, _ wanted: JSONValue) -> String? {
        func ids(_ member: Text) -> [String] { (wanted.member(member)?.elements ?? []).compactMap(\.text).sorted() }
        let ours = (
            response.decision.rawValue, response.reasons.map(\.description).sorted(),
            response.errors.map(\.policy.description).sorted()
        )
        let theirs = (wanted.member("decision")?.text?.lowercased() ?? "", ids("reason"), ids("errors"))
        guard ours != theirs else { return nil }
        return "\(ours.0) by \(ours.1), errors \(ours.2), instead of \(theirs.0) by \(theirs.1), errors \(theirs.2)"
    }
}
