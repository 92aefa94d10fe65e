import Cedar
import Foundation

/// Sets of several policies over the same entities, some of them templates with links.
struct LinkedCases {
    private let json: JSONText

    init(_ file: URL) throws { json = try JSONText(try Conformance.text(file), file: file.lastPathComponent) }

    func run() throws -> Report {
        guard let entities = json.root.member("entities"), let cases = json.root.member("cases")?.elements else {
            throw IntegrationCase.Malformed(description: "there are no `cases`, or no `entities`")
        }
        let world = try json.entities(entities)
        var report = Report()
        for (number, example) in cases.enumerated() {
            let requests = example.member("requests")?.elements ?? []
            do {
                let policies = try Self.policies(of: example)
                var differences: [String] = []
                for (place, wanted) in requests.enumerated() {
                    let response = policies.isAuthorized(try Self.request(wanted, json), entities: world)
                    if let difference = IntegrationCase.difference(response, wanted) {
                        differences.append("request \(place): \(difference)")
                    }
                }
                report.add("case \(number)", requests: requests.count, differences: differences)
            } catch {
                report.add("case \(number)", requests: 0, differences: ["cannot be run: \(error)"])
            }
        }
        return report
    }

    /// The case's policies with its links, which name templates by their `@id`.
    private static func policies(of example: JSONValue) throws -> PolicySet {
        let policies = try PolicySet(parsing: example.member("policies")?.text ?? "")
        let templates = [String: PolicyID](policies.templates.map { ($0.annotations["id"] ?? "", $0.id) }) { one, _ in
            one
        }
        let links = try (example.member("links")?.elements ?? []).map { link in
            func slot(_ name: Text) throws -> EntityUID? {
                try link.member("values")?.member(name)?.text.map { try EntityUID(parsing: $0) }
            }
            return TemplateLink(
                template: templates[link.member("template_id")?.text ?? ""] ?? "",
                id: PolicyID(link.member("new_id")?.text ?? ""), principal: try slot("?principal"),
                resource: try slot("?resource"))
        }
        return try policies.linking(links)
    }

    /// These cases write entities as Cedar does, `User::"ada"`.
    private static func request(_ example: JSONValue, _ json: JSONText) throws -> Request {
        func uid(_ name: Text) throws -> EntityUID { try EntityUID(parsing: example.member(name)?.text ?? "") }
        return Request(
            principal: try uid("principal"), action: try uid("action"), resource: try uid("resource"),
            context: try json.record(example.member("context")))
    }
}
