import Foundation
import Testing

@testable import profilevault_conformance

/// What the program makes of cases that are right, wrong or broken.
@Suite("A folder of cases")
struct CaseFolderTests {
    private static let schema = """
        entity User { level: Long };
        entity Doc { owner: User };
        action read appliesTo { principal: User, resource: Doc, context: { at?: datetime } };
        """
    private static let entities = """
        [{"uid": {"type": "User", "id": "ada"}, "attrs": {"level": 3}, "parents": []},
         {"uid": {"type": "Doc", "id": "d"}, "attrs": {"owner": {"type": "User", "id": "ada"}}, "parents": []}]
        """

    /// The files of one case in the layout of cedar-integration-tests, by their paths.
    private static func files(
        policy: String = "permit (principal, action, resource) when { resource.owner == principal };",
        entities: String = entities, shouldValidate: Bool = true, action: String = "read", context: String = "{}",
        validateRequest: String = "true", decision: String = "allow", reason: String = #"["policy0"]"#,
        errors: String = "[]"
    ) -> [String: String] {
        [
            "cases/a.cedar": policy, "cases/a.cedarschema": schema, "cases/a.entities.json": entities,
            "cases/a.json": """
            {"policies": "cases/a.cedar", "entities": "cases/a.entities.json", "schema": "cases/a.cedarschema",
             "shouldValidate": \(shouldValidate), "requests": [{"description": "one",
             "principal": {"type": "User", "id": "ada"}, "action": {"type": "Action", "id": "\(action)"},
             "resource": {"type": "Doc", "id": "d"}, "context": \(context), "validateRequest": \(validateRequest),
             "decision": "\(decision)", "reason": \(reason), "errors": \(errors)}]}
            """,
        ]
    }

    /// Runs the program over a folder of these files.
    private func run(_ files: [String: String], under part: String = "") throws -> (status: Int32, lines: [String]) {
        let root = FileManager.default.temporaryDirectory.appending(path: "cases-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let url = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        var lines: [String] = []
        let folder = root.appending(path: part).path(percentEncoded: false)
        let status = Conformance.run(["cedar", folder]) { lines.append($0) }
        return (status, lines)
    }

    @Test("passes what is as it should be, and counts cases in the last line")
    func right() throws {
        let outcome = try run(Self.files())
        #expect(outcome.status == 0)
        #expect(outcome.lines == ["cases: 1, requests: 1", "1 passed, 0 failed"])
    }

    @Test("is read from where the cases lie, and where their files lie beside them")
    func places() throws {
        #expect(try run(Self.files(), under: "cases").status == 0)
        let flat = Dictionary(
            uniqueKeysWithValues: Self.files().map { (String($0.key.dropFirst("cases/".count)), $0.value) })
        #expect(try run(flat).status == 0)
    }

    @Test(
        "fails a case, and names it with the reason, where anything differs",
        arguments: [
            (files(decision: "deny", reason: "[]"), "instead of deny"),
            (files(reason: #"["policy1"]"#), "instead of allow by [\"policy1\"]"),
            (files(errors: #"["policy0"]"#), "errors [\"policy0\"]"),
            (files(shouldValidate: false), "should not validate"),
            (files(policy: "permit (principal, action, resource) when { principal.levl == 3 };"), "should validate"),
            (files(policy: "permit (principal, action, resource) when {"), "cannot be run"),
            (files(entities: "[{]"), "cannot be run"),
            (files(entities: #"[{"uid": {"type": "User", "id": "ada"}, "attrs": {}, "parents": []}]"#), "`level`"),
            (files(action: "write"), "no such action"),
            (files(context: #"{"when": 1}"#), "no such attribute"),
            (files(context: #"{"at": "today"}"#), "is no datetime"),
            (files(decision: "maybe"), "instead of maybe"),
        ])
    func wrong(files: [String: String], reason: String) throws {
        let outcome = try run(files)
        #expect(outcome.status == 1)
        #expect(outcome.lines.first?.hasPrefix("failed: cases/a.json: ") == true)
        #expect(outcome.lines.first?.contains(reason) == true, "\(outcome.lines)")
        #expect(outcome.lines.last == "0 passed, 1 failed")
    }

    @Test("does not check a request against the schema where the case says so")
    func unchecked() throws {
        #expect(try run(Self.files(context: #"{"when": 1}"#, validateRequest: "false")).status == 0)
    }

    @Test("fails a case whose files are missing, whose JSON is none, or that has no requests")
    func broken() throws {
        for path in ["cases/a.cedar", "cases/a.cedarschema", "cases/a.entities.json"] {
            var files = Self.files()
            files[path] = nil
            #expect(try run(files).lines.last == "0 passed, 1 failed", "\(path)")
        }
        var files = Self.files()
        files["cases/b.json"] = "{"
        files["cases/c.json"] = #"{"policies": "cases/a.cedar"}"#
        let outcome = try run(files)
        #expect(outcome.status == 1)
        #expect(outcome.lines.last == "1 passed, 2 failed")
    }

    @Test("is no success where there are no cases, and no run where there is no folder")
    func nothing() throws {
        #expect(try run(["notes.json": "[1, 2]"]).status == 1)
        for (word, sentence) in [
            ("cedar", "there is no such folder"), ("cedar-probes", "`all` cannot be read: is it there, and a file?"),
        ] {
            var lines: [String] = []
            #expect(Conformance.run([word, "/nowhere/at/all"]) { lines.append($0) } == 2)
            #expect(lines == ["/nowhere/at/all: " + sentence])
        }
        #expect(Conformance.run(["cedar"]) { _ in } == 2)
        #expect(Conformance.run(["other", "/"]) { _ in } == 2)
    }
}
