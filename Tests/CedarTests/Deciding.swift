@testable import Cedar

/// A small world that most tests ask about.
enum World {
    static let ada = EntityUID(type: "User", id: "ada")
    static let staff = EntityUID(type: "Role", id: "staff")
    static let everyone = EntityUID(type: "Role", id: "everyone")
    static let read = EntityUID(type: "Action", id: "read")
    static let report = EntityUID(type: "Report", id: "q3")
    static let ghost = EntityUID(type: "User", id: "ghost")

    static func entities() throws -> Entities {
        try Entities([
            Entity(
                ada,
                attributes: [
                    "age": 36, "name": "Ada", "tags": ["a", "b"], "home": ["city": ["name": "London"]],
                    "boss": .entity(ghost), "active": true,
                ],
                parents: [staff], tags: ["region": "eu"]),
            Entity(staff, parents: [everyone]),
            Entity(read, parents: [EntityUID(type: "Action", id: "all")]),
            Entity(report, attributes: ["owner": .entity(ada)]),
        ])
    }

    static func request(_ context: [String: Value] = [:]) -> Request {
        Request(principal: ada, action: read, resource: report, context: context)
    }

    /// How a permit with this condition decides: `true`, `false`, or the code of its error.
    static func outcome(_ condition: String, context: [String: Value] = [:]) throws -> String {
        let policies = try PolicySet(parsing: "permit (principal, action, resource) when { \(condition) };")
        let response = policies.isAuthorized(request(context), entities: try entities())
        if let error = response.errors.first { return error.code }
        return String(response.decision == .allow)
    }

    /// What is wrong with a text, as `code@line:column`.
    static func complaints(_ text: String) -> [String] {
        do {
            _ = try PolicySet(parsing: text, file: "t")
            return []
        } catch {
            return error.errors.map { "\($0.code)@\($0.position?.line ?? 0):\($0.position?.column ?? 0)" }
        }
    }

    static func complaints(inCondition condition: String) -> [String] {
        complaints("permit(principal, action, resource) when {\n\(condition)\n};")
    }
}
