import Foundation

@testable import Cedar

/// Published cases beside the project, where they are.
enum Vectors {
    /// The folder `shared/vectors/cedar` next to the package; `nil`, said out loud, where it is absent.
    static func folder(for what: String) -> URL? {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["PROFILEVAULT_SHARED"].map { URL(filePath: $0) }
            ?? package.deletingLastPathComponent().appending(path: "shared")
        let folder = shared.appending(path: "vectors/cedar")
        if FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) { return folder }
        print("\(what): not found, skipped")
        return nil
    }

    static func json(_ url: URL) throws -> JSONValue {
        let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        var reader = JSONReader(SourceText(text, file: url.lastPathComponent))
        return try reader.document()
    }
}

extension JSONValue {
    var elements: [JSONValue] {
        if case .array(let elements) = form { elements } else { [] }
    }
    var text: String? {
        if case .string(let text) = form { text.string } else { nil }
    }
    var texts: [String] { elements.compactMap(\.text) }
    func elements(_ name: Text) -> [JSONValue] { member(name)?.elements ?? [] }
}

/// What became of a set of cases.
struct Tally {
    var passed = 0
    var requests = 0
    var failures: [String] = []
    var skipped: [String: Int] = [:]

    mutating func skip(_ reason: String) { skipped[reason, default: 0] += 1 }

    func report(_ name: String) {
        let left = skipped.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        print(
            "\(name): \(passed) passed (\(requests) requests), \(failures.count) failed, "
                + "out of scope: \(left.isEmpty ? "none" : left)")
        for failure in failures.prefix(20) { print("  \(failure)") }
    }
}

/// A case in the layout of cedar-integration-tests.
struct IntegrationCase {
    let policies: PolicySet
    let entities: Entities
    let requests: [JSONValue]

    init(_ url: URL, root: URL) throws {
        let json = try Vectors.json(url)
        func text(_ member: Text) throws -> String {
            let path = json.member(member)?.text ?? ""
            return String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
        }
        policies = try PolicySet(parsing: try text("policies"))
        entities = try Entities(json: try text("entities"))
        requests = json.elements("requests")
    }

    /// Whether the policies read an attribute written `{"type", "id"}`: a record, unless a schema says it is an entity.
    func needsSchemaToReadEntities(_ url: URL, root: URL) throws -> Bool {
        let path = try Vectors.json(url).member("entities")?.text ?? ""
        var names: Set<Text> = []
        func looksLikeEntity(_ value: JSONValue) -> Bool {
            if case .object(let members) = value.form { return Set(members.map(\.name)) == ["type", "id"] }
            return value.elements.contains(where: looksLikeEntity)
        }
        for entity in try Vectors.json(root.appending(path: path)).elements {
            guard case .object(let attributes)? = entity.member("attrs")?.form else { continue }
            for attribute in attributes where looksLikeEntity(attribute.value) { names.insert(attribute.name) }
        }
        return policies.policies.contains { policy in
            policy.conditions.contains { $0.body.mentions(names) }
        }
    }

    /// What differs from the published answers.
    func mismatches() throws -> [String] {
        var result: [String] = []
        for (number, json) in requests.enumerated() {
            let decoding = JSONDecoding(source: SourceText("", file: "request"))
            func uid(_ member: Text) throws -> EntityUID {
                try decoding.uid(json.member(member) ?? JSONValue(form: .null, offset: 0))
            }
            let request = Request(
                principal: try uid("principal"), action: try uid("action"), resource: try uid("resource"),
                context: try decoding.record(json.member("context")))
            if let difference = Self.difference(policies.isAuthorized(request, entities: entities), json) {
                result.append("request \(number): \(difference)")
            }
        }
        return result
    }

    static func difference(_ response: Response, _ json: JSONValue) -> String? {
        let ours = (
            response.decision.rawValue, response.reasons.map(\.description).sorted(),
            response.errors.map(\.policy.description).sorted()
        )
        let theirs = (
            json.member("decision")?.text ?? "", json.elements("reason").compactMap(\.text).sorted(),
            json.elements("errors").compactMap(\.text).sorted()
        )
        return ours == theirs ? nil : "\(ours) instead of \(theirs); \(response.errors)"
    }
}

extension Cedar.Expression {
    /// Whether one of these attributes is read anywhere.
    func mentions(_ names: Set<Text>) -> Bool {
        if case .attribute(_, let name) = form, names.contains(name) { return true }
        return form.children.contains { $0.mentions(names) }
    }
}
