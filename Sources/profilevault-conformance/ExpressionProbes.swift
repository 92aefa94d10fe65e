import Cedar
import Foundation

/// Single expressions, each the condition of a policy, and what the reference makes of it.
struct ExpressionProbes {
    private let json: JSONText

    init(_ file: URL) throws { json = try JSONText(try Conformance.text(file), file: file.lastPathComponent) }

    func run() throws -> Report {
        guard let entities = json.root.member("meta")?.member("entities"),
            let cases = json.root.member("cases")?.elements
        else { throw IntegrationCase.Malformed(description: "there are no `cases`, or no entities in `meta`") }
        let world = try json.entities(entities)
        let request = Request(
            principal: EntityUID(type: "U", id: "a"), action: EntityUID(type: "Action", id: "x"),
            resource: EntityUID(type: "R", id: "r"))
        var report = Report()
        for probe in cases {
            let expression = probe.member("expr")?.text ?? ""
            let wanted = probe.member("result")?.text ?? ""
            let found = Self.outcome(of: expression, request, world)
            report.add(expression, differences: found == wanted ? [] : ["\(found) instead of \(wanted)"])
        }
        return report
    }

    private static func outcome(of expression: String, _ request: Request, _ entities: Entities) -> String {
        do throws(CedarErrors) {
            let policies = try PolicySet(parsing: "permit(principal, action, resource) when { \(expression) };")
            let response = policies.isAuthorized(request, entities: entities)
            return response.errors.isEmpty ? String(response.decision == .allow) : "eval-error"
        } catch {
            return "parse-error"
        }
    }
}
