import Audit
import Cedar
import Core
import Foundation
import Gate
import Storage
import TestSupport
import Testing
import Vault

@Suite("Policy files")
struct PolicyFilesTests {
    private static func bundle() throws -> PolicyBundle { try PolicyBundle(folder: VaultFixture.policies) }

    private static func rules() throws -> PolicyRules { try #require(PolicyRules.read(bundle()).rules) }

    private static func code(_ body: () throws -> Void) -> ErrorCode? {
        #expect(throws: GateError.self) { try body() }?.code
    }

    private func folder(_ files: [String: String]) throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        for (name, text) in files {
            let path = URL(filePath: folder.file(name))
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: path)
        }
        return folder
    }

    @Test("that are missing or cannot be read are said to be, whether folder, file or test")
    func unreadable() throws {
        let empty = try TemporaryDirectory()
        #expect(Self.code { _ = try PolicyBundle(folder: empty.file("nowhere")) } == GateError.policiesMissing)
        #expect(Self.code { _ = try PolicyBundle(folder: empty.path) } == GateError.policiesMissing)
        #expect(Self.code { _ = try PolicyTestRun.tests(in: empty.path) } == GateError.policiesMissing)
        // A folder with the name of a file.
        let odd = try folder([
            "purposes.json": "{}", "schema.json": "{}", "a.cedar/b": "", "tests/a.json/b": "", "tests/b.txt": "",
        ])
        #expect(Self.code { _ = try PolicyBundle(folder: odd.path) } == GateError.policiesMissing)
        #expect(Self.code { _ = try PolicyTestRun.tests(in: odd.path) } == GateError.policiesMissing)
    }

    @Test("that look like a part of the set and are not read are problems; what else lies there is told")
    func strays() throws {
        let folder = try folder([
            "purposes.json": "{}", "tests/a.json": "{}", "tests/.hidden": "", "tests/deep/b.json": "",
            "tests/sub/c.cedar": "", "tests/d.cedar": "", "tests/e.txt": "", ".git/HEAD": "", "Schema.json": "",
        ])
        let (problems, warnings) = try PolicyBundle.strays(in: folder.path)
        #expect(problems.map(\.file) == ["Schema.json", "tests/d.cedar", "tests/sub/c.cedar"])
        #expect(warnings.map(\.file) == [".git", "tests/.hidden", "tests/deep", "tests/e.txt"])
    }

    @Test("with something wrong in them are named with the place, and the line is shown")
    func problems() throws {
        var files = try Self.bundle().files
        func found(_ name: String, _ content: [UInt8]?) -> [PolicyProblem] {
            var changed = files
            changed[name] = content
            let (rules, problems, _) = PolicyRules.read(PolicyBundle(files: changed))
            #expect(rules == nil)
            return problems
        }
        #expect(found("purposes.json", nil).map(\.message) == ["the file is missing"])
        #expect(found("default.cedar", [0xFF]).map(\.message) == ["the file is not UTF-8"])
        let json = try #require(found("schema.json", Array("{\n  \"fields\": [,]\n}".utf8)).first)
        #expect(json.file == "schema.json" && json.line == 2 && json.column != nil)
        #expect(json.description.hasPrefix("schema.json:2:"))
        let shape = try #require(found("schema.json", Array("{\"fields\": 1}".utf8)).first)
        #expect(shape.line == 1 && shape.description.hasPrefix("schema.json:1:"))
        let cedar = try #require(found("z.cedar", Array("permit (principal, action, resource);\npermit (".utf8)).first)
        #expect(cedar.line == 2)
        #expect(cedar.description.hasSuffix("^"))
        #expect(cedar.json["file"] == "z.cedar" && cedar.json["line"] == 2 && cedar.json["message"] != nil)
        let reveal = #"@id("odd") @reveal("half") permit (principal, action, resource);"#
        #expect(
            found("z.cedar", Array(reveal.utf8)).map(\.message) == [
                "policy `odd`: the obligation @reveal must be \"masked\""
            ])
        files["purposes.json"] = Array("{\"purposes\": 1}".utf8)
        #expect(found("schema.json", files["schema.json"]).count == 1)
    }

    @Test("of tests that make no sense are named with the word that is wrong, and where it stands")
    func wrongTests() throws {
        for (text, word) in [
            (#"{"tests": [{"name": "a", "roles": [], "action": "dance", "allowed": true}]}"#, "action"),
            (#"{"tests": [{"name": "a", "roles": [], "purpose": "p", "consent": "perhaps"}]}"#, "consent"),
            (#"{"tests": [{"name": "a", "roles": [], "purpose": "p", "reason": "mood"}]}"#, "reason"),
            (#"{"tests": [{"name": "a", "roles": [], "allowed": 1}]}"#, "allowed"),
            (#"{"tests": [{"name": "a", "roles": []}]}"#, "purpose"),
            (#"{"tests": [{"name": "a", "roles": [1], "purpose": "p"}]}"#, "roles"),
            (#"{"tests": [{"name": "a", "roles": ["dpo"], "custodian": true, "purpose": "p"}]}"#, "custodian"),
            (#"{"tests": [{"name": "a", "custodian": false, "action": "put", "allowed": true}]}"#, "custodian"),
            (#"{"tests": [{"name": "a", "roles": [], "action": "put", "allowed": true, "mfa": -1}]}"#, "mfa"),
            ("{", "a.json"), (#"{"tests": 1}"#, "tests"),
        ] {
            let folder = try folder(["tests/a.json": "\n" + text])
            let (tests, problems) = try PolicyTestRun.tests(in: folder.path)
            #expect(tests.isEmpty && problems.count == 1)
            let problem = try #require(problems.first)
            #expect(problem.file == "tests/a.json" && problem.line == 2 && problem.column != nil)
            #expect(problem.description.contains(word) && problem.description.hasSuffix("^"))
        }
        let several = try folder([
            "tests/a.json": #"{"tests": [{"name": 1}, {"name": "b", "roles": [], "action": "put", "allowed": false}]}"#,
            "tests/b.json": #"{"tests": [], "odd": 1}"#,
        ])
        let (tests, problems) = try PolicyTestRun.tests(in: several.path)
        #expect(tests.map(\.name) == ["b"] && problems.map(\.file) == ["tests/a.json", "tests/b.json"])
    }

    @Test("of tests that expect otherwise fail with what came instead")
    func differences() throws {
        let text = """
            {"tests": [
            {"name": "one", "roles": ["marketer"], "action": "import", "allowed": true},
            {"name": "two", "roles": ["engineer"], "action": "import", "allowed": false},
            {"name": "three", "roles": ["marketer"], "purpose": "marketing_email", "consent": "granted",
             "clear": ["city", "shoe_size"], "masked": ["email"]},
            {"name": "four", "roles": ["marketer"], "purpose": "personalization", "consent": "granted",
             "clear": ["first_name", "city", "country", "loyalty_tier", "lifetime_value", "last_seen"]},
            {"name": "five", "roles": ["agent"], "purpose": "support", "consent": "granted"}
            ]}
            """
        let run = try PolicyTestRun(
            PolicyTest.parse(Array(text.utf8), file: "a.json").tests, against: Self.rules())
        #expect(run.passed == 0)
        #expect(
            run.failures.map(\.differences) == [
                ["`import` is denied"], ["`import` is allowed"],
                [
                    "there is no field `shoe_size`", "`email` is given, expected given masked",
                    "`first_name` is given, expected withheld (policy_denied)",
                    "`city` is withheld (policy_denied), expected given",
                ],
                ["`email` is given masked, expected withheld (policy_denied)"],
                // Its basis is a contract, so nobody can have agreed to it.
                ["`support` rests on `contract`, not on consent"],
            ])
    }

    @Test("that differ from the set in force are told apart by name: new, gone, changed")
    func changes() throws {
        let old = try Self.bundle()
        var files = old.files
        files["administration.cedar"] = nil
        files["new.cedar"] = Array(#"@id("new") permit (principal, action == Action::"read", resource);"#.utf8)
        files["default.cedar"]?.append(0x0A)
        let drift = old.drift(of: PolicyBundle(files: files))
        #expect(drift.added == ["new.cedar"] && drift.removed == ["administration.cedar"])
        #expect(drift.changed == ["default.cedar"] && !drift.isEmpty)
        #expect(drift.json["added"]?.array?.compactMap(\.string) == ["new.cedar"])
        #expect(old.drift(of: old).isEmpty)

        let changes = PolicyChanges(
            from: try Self.rules(), to: try #require(PolicyRules.read(PolicyBundle(files: files)).rules))
        #expect(!changes.isEmpty && changes.fields.isEmpty && changes.purposes.isEmpty)
        #expect(changes.policies.added == ["new"] && changes.policies.removed.contains("engineer.data"))
        #expect(PolicyChanges(from: try Self.rules(), to: try Self.rules()).isEmpty)
    }

    @Test(
        "in the vault are refused when there are none, when there is no number left, or when this program cannot read them"
    )
    func archive() throws {
        let fixture = try VaultFixture()
        let authorization = try fixture.gate.authorize(
            .activatePolicy,
            by: Caller(principal: Principal(.operator, "owner"), roles: ["administrator"], proof: .shown))
        let archive = fixture.vault.archive
        let rules = fixture.gate.policies.rules
        func newest() throws { _ = try fixture.vault.stores.data.read { try archive.newest(on: $0) } }
        func activate(_ bundle: PolicyBundle) throws {
            _ = try fixture.vault.audit.mutate(authorization) { _ = try archive.activate(bundle, rules, in: $0) }
        }
        // As an older program finds a set of a newer one: signed by this vault, with words it does not know.
        try activate(PolicyBundle(files: ["purposes.json": Array("{}".utf8)]))
        #expect(Self.code { try newest() } == GateError.policiesMalformed)
        try fixture.vault.stores.data.write {
            _ = try $0.run("UPDATE policy_set SET version = 65535 WHERE version = 2")
        }
        #expect(Self.code { try activate(fixture.gate.policies.bundle) } == GateError.policiesMalformed)
        try fixture.vault.stores.data.write { _ = try $0.run("DELETE FROM policy_set") }
        #expect(Self.code { try newest() } == GateError.policiesMissing)
    }
}
