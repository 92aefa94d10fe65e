import Foundation
import Testing

@testable import Cedar

/// Agreement with the reference engine, case by case.
@Suite("Published cases")
struct PublishedCaseTests {
    @Test("every expression probe has the value the reference gives it")
    func probes() throws {
        guard let folder = Vectors.folder(for: "expression probes") else { return }
        let json = try Vectors.json(folder.appending(path: "expr_probes.json"))
        let meta = try #require(json.member("meta"))
        let decoding = JSONDecoding(source: SourceText("", file: "probes"))
        let entities = try Entities(try decoding.entities(try #require(meta.member("entities"))))
        let request = Request(
            principal: EntityUID(type: "U", id: "a"), action: EntityUID(type: "Action", id: "x"),
            resource: EntityUID(type: "R", id: "r"), context: [:])
        var tally = Tally()
        for probe in json.elements("cases") {
            let expression = try #require(probe.member("expr")?.text)
            let wanted = try #require(probe.member("result")?.text)
            let policy = "permit(principal, action, resource) when { \(expression) };"
            let got: String
            do {
                let response = try PolicySet(parsing: policy).isAuthorized(request, entities: entities)
                got =
                    response.errors.isEmpty
                    ? String(response.decision == .allow) : "eval-error"
            } catch {
                got = "parse-error"
                #expect(error.errors.allSatisfy { $0.position != nil })
            }
            tally.requests += 1
            if got == wanted {
                tally.passed += 1
            } else {
                tally.failures.append("\(expression): \(got) instead of \(wanted)")
            }
        }
        tally.report("expression probes")
        #expect(tally.failures.isEmpty)
    }

    @Test("every handwritten case of cedar-integration-tests is decided as published")
    func handwritten() throws {
        guard let folder = Vectors.folder(for: "handwritten cases") else { return }
        let root = folder.appending(path: "tests")
        let enumerator = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        let files = enumerator.compactMap { $0 as? URL }.filter { $0.pathExtension == "json" }
        let tally = run(files.sorted { $0.path() < $1.path() }, root: folder, implicitForms: true)
        tally.report("handwritten cases")
        #expect(tally.failures.isEmpty)
    }

    @Test("every corpus case is decided as published")
    func corpus() throws {
        guard let folder = Vectors.folder(for: "corpus cases") else { return }
        let scratch = FileManager.default.temporaryDirectory.appending(path: "cedar-corpus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/env")
        tar.arguments = [
            "tar", "-xzf", folder.appending(path: "corpus-tests.tar.gz").path(percentEncoded: false),
            "-C", scratch.path(percentEncoded: false),
        ]
        try tar.run()
        tar.waitUntilExit()
        try #require(tar.terminationStatus == 0)
        let cases = scratch.appending(path: "corpus-tests")
        let names = try FileManager.default.contentsOfDirectory(atPath: cases.path(percentEncoded: false))
            .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".entities.json") }.sorted()
        let tally = run(names.map { cases.appending(path: $0) }, root: scratch)
        tally.report("corpus cases")
        #expect(tally.failures.isEmpty)
    }

    /// With `implicitForms`, leaves out cases that use attributes which only the schema tells to be entities.
    private func run(_ files: [URL], root: URL, implicitForms: Bool = false) -> Tally {
        var tally = Tally()
        for file in files {
            let name = file.deletingPathExtension().lastPathComponent
            do {
                let integration = try IntegrationCase(file, root: root)
                if implicitForms, try integration.needsSchemaToReadEntities(file, root: root) {
                    tally.skip("entities in the implicit form, which needs the schema")
                    continue
                }
                tally.requests += integration.requests.count
                let mismatches = try integration.mismatches()
                if mismatches.isEmpty {
                    tally.passed += 1
                } else {
                    tally.failures.append("\(name): \(mismatches.joined(separator: "; "))")
                }
            } catch {
                tally.failures.append("\(name): \(error)")
            }
        }
        return tally
    }

    @Test("sets of several policies, templates and links are decided as the reference decides them")
    func multiplePolicies() throws {
        guard let folder = Vectors.folder(for: "multi-policy cases") else { return }
        let json = try Vectors.json(folder.appending(path: "multi_policy_templates.json"))
        let decoding = JSONDecoding(source: SourceText("", file: "cases"))
        let entities = try Entities(try decoding.entities(try #require(json.member("entities"))))
        var tally = Tally()
        for example in json.elements("cases") {
            let text = try #require(example.member("policies")?.text)
            var policies = try PolicySet(parsing: text)
            let byAnnotation = [String: PolicyID](
                policies.templates.map { ($0.annotations["id"] ?? "", $0.id) }
            ) { first, _ in first }
            let links = try example.elements("links").map { link in
                let values = try #require(link.member("values"))
                func slot(_ name: Text) throws -> EntityUID? {
                    try values.member(name)?.text.map { try EntityUID(parsing: $0) }
                }
                return TemplateLink(
                    template: try #require(byAnnotation[link.member("template_id")?.text ?? ""]),
                    id: PolicyID(link.member("new_id")?.text ?? ""),
                    principal: try slot("?principal"), resource: try slot("?resource"))
            }
            policies = try policies.linking(links)
            var differences: [String] = []
            for request in example.elements("requests") {
                func uid(_ name: Text) throws -> EntityUID { try EntityUID(parsing: request.member(name)?.text ?? "") }
                let response = policies.isAuthorized(
                    Request(
                        principal: try uid("principal"), action: try uid("action"), resource: try uid("resource"),
                        context: try decoding.record(request.member("context"))),
                    entities: entities)
                tally.requests += 1
                if let difference = IntegrationCase.difference(response, request) { differences.append(difference) }
            }
            if differences.isEmpty {
                tally.passed += 1
            } else {
                tally.failures.append(differences.joined(separator: "; "))
            }
        }
        tally.report("multi-policy cases")
        #expect(tally.failures.isEmpty)
    }
}
