import Core
import Testing

@testable import Gate

@Suite("What is wrong with a policy set")
struct PolicyProblemTests {
    private let sound: PolicyBundle

    init() throws { sound = try PolicyBundle(folder: VaultFixture.policies) }

    /// The problems of the default set with one file changed, each as `file:line:column: message`, without its source.
    private func problems(_ file: String, _ change: (String) -> String, words: Bool = true) throws -> [String] {
        var files = sound.files
        files[file] = Array(change(String(decoding: try #require(files[file]), as: UTF8.self)).utf8)
        let (rules, problems, _) = PolicyRules.read(PolicyBundle(files: files), checkingWords: words)
        #expect((rules == nil) == !problems.isEmpty)
        return problems.map { String($0.description.prefix { $0 != "\n" }) }
    }

    private func problems(ofPolicy text: String, words: Bool = true) throws -> [String] {
        try problems("administration.cedar", { _ in text }, words: words)
    }

    @Test("is named for every field with line and column, and for every purpose")
    func json() throws {
        let fields = try problems("schema.json") { text in
            text.replacing("\"form\": \"email\"", with: "\"form\": \"emial\"")
                .replacing("\"past_only\": true", with: "\"past_only\": 1")
        }
        #expect(fields.count == 2)
        #expect(fields.first?.hasPrefix("schema.json:5:24: `fields[1].form` must be one of none") == true, "\(fields)")
        #expect(fields.last?.hasPrefix("schema.json:9:") == true, "\(fields)")
        let purposes = try problems("purposes.json") { $0.replacing("\"basis\": \"contract\"", with: "\"basis\": 7") }
        #expect(purposes.count == 2)
        #expect(purposes.allSatisfy { $0.hasSuffix("must be a text") && $0.hasPrefix("purposes.json:") }, "\(purposes)")
    }

    @Test("in one file does not hide what is wrong in the others")
    func together() throws {
        var files = sound.files
        files["purposes.json"] = Array("{\n  \"purposes\": 3}".utf8)
        files["schema.json"] = Array("{".utf8)
        files["broken.cedar"] = Array("permit (principal, action)".utf8)
        files["odd.cedar"] = Array("permit (principal, action == Action::\"red\", resource);".utf8)
        let places = PolicyRules.read(PolicyBundle(files: files)).problems.map { problem in
            "\(problem.file):\(problem.line ?? 0):\(problem.column ?? 0)"
        }
        #expect(Set(places) == ["purposes.json:2:3", "schema.json:1:2", "broken.cedar:1:26", "odd.cedar:1:30"])
    }

    @Test(
        "includes words that nothing answers to",
        arguments: [
            (
                "permit (principal, action == Action::\"red\", resource);",
                "1:30: the schema has no action `Action::\"red\"`; did you mean `read`?"
            ),
            (
                "permit (principal, action in [Action::\"put\", Action::\"pull\"], resource);",
                "1:46: the schema has no action `Action::\"pull\"`"
            ),
            ("permit (principal, action, resource == Field::\"emial\");", "1:40: there is no `Field::\"emial\"`"),
            ("permit (principal, action, resource in FieldClass::\"x\");", "1:40: there is no `FieldClass::\"x\"`"),
            (
                "permit (principal, action, resource is Feild);",
                "1:40: the schema has no entity type `Feild`; did you mean `Field`?"
            ),
            ("permit (principal in User::\"a\", action, resource);", "1:22: the schema has no entity type `User`"),
            (
                "permit (principal, action == Action::\"read\", resource)\nwhen { context.purpose == Purpose::\"suport\" };",
                "2:27: there is no `Purpose::\"suport\"`"
            ),
            (
                "permit (principal, action, resource)\nunless { resource is Fild };",
                "2:22: the schema has no entity type `Fild`; did you mean `Field`?"
            ),
            (
                "permit (principal, action, resource is Tenant)\nwhen { context.purpose == Purpose::\"support\" };",
                "2:8: `purpose` can be absent: ask `context has purpose` before"
            ),
            (
                "forbid (principal is Operator, action, resource) when { principal.shift == \"night\" };",
                "1:57: `Operator` has no attribute `shift`"
            ),
            (
                "permit (principal, action == Action::\"read\", resource is Tenant);",
                "1:1: the schema has no action for such a principal and resource"
            ),
            ("@reveals(\"masked\") permit (principal, action, resource);", "1:2: policy `policy0`: nothing obeys"),
            (
                "@reveal(\"mask\") permit (principal, action, resource);",
                "1:2: policy `policy0`: the obligation @reveal"
            ),
            (
                "@reveal(\"masked\") forbid (principal, action, resource);",
                "1:2: policy `policy0`: @reveal is for permits"
            ),
            (
                "@id(\"a\")\n@reveal(\"masked\") permit (principal, action == Action::\"put\", resource);",
                "2:2: policy `a`: @reveal is about how a field is read"
            ),
            (
                "@reveal(\"masked\") permit (principal, action, resource is Tenant);",
                "1:2: policy `policy0`: @reveal is about how a field is read"
            ),
            (
                "forbid (principal in ?principal, action == Action::\"read\", resource);",
                "1:22: templates are not linked here"
            ),
            (
                "forbid (principal, action == Action::\"read\", resource) when { context.basis == \"consnt\" };",
                "1:80: there is no legal basis `consnt`; there are consent, contract,"
            ),
            (
                "forbid (principal, action == Action::\"read\", resource) when { 9223372036854775807 + 1 == 1 };",
                "1:63: this fails whenever it is looked at"
            ),
        ] as [(String, String)])
    func words(_ policy: String, _ problem: String) throws {
        let found = try problems(ofPolicy: policy)
        #expect(found.count == 1 && found[0].hasPrefix("administration.cedar:" + problem), "\(found)")
    }

    @Test("is shown with its line and a caret, whichever file it is in")
    func carets() throws {
        var files = sound.files
        files["schema.json"] = Array("{\r\n\t\"fields\": 3\r\n}".utf8)
        files["purposes.json"] = Array("{".utf8)
        files["odd.cedar"] = Array("permit (principal, action == Action::\"red\", resource);".utf8)
        files["schema.cedarschema"]?.append(contentsOf: Array("entity X in Y;".utf8))
        let shown = PolicyRules.read(PolicyBundle(files: files)).problems.map(\.description)
        #expect(
            shown.contains {
                $0.hasPrefix("schema.json:2:2: ") && $0.hasSuffix("\n2 |     \"fields\": 3\n  |     ^")
            })
        #expect(shown.contains { $0.hasPrefix("purposes.json:1:2: ") && $0.hasSuffix("\n1 | {\n  |  ^") })
        #expect(
            shown.contains {
                $0.hasPrefix("schema.cedarschema:") && $0.hasSuffix(" | entity X in Y;\n   |             ^")
            })
    }

    @Test("is told in the order of the file, of one policy however little another can be read")
    func order() throws {
        let found = try problems(
            ofPolicy: """
                @odd permit (principal, action == Action::"red", resource);
                permit (principal, action);
                permit (principal, action, resource == Field::"emial");
                @reveal("x") permit (principal, action, resource) when { principal.shift == 1 };
                permit (principal == ?principal, action, resource);
                """)
        #expect(
            found.map { $0.split(separator: ":").prefix(3).joined(separator: ":") }
                == [
                    // None of the three kinds of principals has a shift.
                    "1:2", "1:35", "2:26", "3:40", "4:2", "4:58", "4:58", "4:58", "5:22",
                ].map { "administration.cedar:" + $0 }, "\(found)")
    }

    @Test("keeps some things from being looked at, which is said")
    func unlooked() throws {
        var files = sound.files
        files["purposes.json"] = Array("{".utf8)
        files["schema.json"] = Array("{".utf8)
        files["schema.cedarschema"] = Array("entity;".utf8)
        let warnings = PolicyRules.read(PolicyBundle(files: files)).warnings
        #expect(warnings.map(\.file) == ["purposes.json", "schema.cedarschema", "schema.json"])
        #expect(warnings.allSatisfy { $0.message.contains("were not ") })
    }

    @Test(
        "may be a free name that only one policy uses and that is nearly another: then it is a warning",
        arguments: [
            ("principal in Role::\"agnet\", action, resource", ["1:22"]),
            ("principal in Role::\"intern\", action, resource", []),
            ("principal in Role::\"cpo\", action, resource", []),
            ("principal, action == Action::\"put\", resource == Tenant::\"defualt\"", ["1:57"]),
            ("principal, action == Action::\"put\", resource == Tenant::\"acme\"", []),
        ])
    func nearNames(_ scope: String, _ places: [String]) throws {
        var files = sound.files
        files["odd.cedar"] = Array("forbid (\(scope));".utf8)
        let (rules, _, warnings) = PolicyRules.read(PolicyBundle(files: files))
        #expect(rules != nil)
        #expect(warnings.map { "\($0.line ?? 0):\($0.column ?? 0)" } == places, "\(warnings)")
        #expect(warnings.allSatisfy { $0.message.contains("; did you mean ") })
        // Used twice, it is a word like any other.
        files["odd.cedar"]? += Array("\nforbid (\(scope)) when { context.tenant == Tenant::\"acme\" };".utf8)
        #expect(PolicyRules.read(PolicyBundle(files: files)).warnings == [])
    }

    @Test(
        "may be that conditions exclude each other: then it is a warning",
        arguments: [
            ("resource", "context.purpose == Purpose::\"support\" && context.purpose == Purpose::\"service\""),
            ("resource == Field::\"email\"", "resource == Field::\"phone\""),
        ])
    func contradictions(_ resource: String, _ condition: String) throws {
        var files = sound.files
        files["odd.cedar"] = Array(
            "permit (principal, action == Action::\"read\", \(resource)) when { \(condition) };".utf8)
        let (rules, _, warnings) = PolicyRules.read(PolicyBundle(files: files))
        #expect(rules != nil && warnings.count == 1)
        #expect(warnings.first?.message.hasPrefix("this policy can never apply: ") == true)
    }

    @Test("is nothing in the set that this project comes with, not even a warning")
    func none() {
        let (rules, problems, warnings) = PolicyRules.read(sound)
        #expect(rules != nil && problems.isEmpty && warnings.isEmpty)
    }

    @Test("may be that it can never apply: then it is a warning, and the set is sound")
    func impossible() throws {
        var files = sound.files
        files["odd.cedar"] = Array(
            "permit (principal, action == Action::\"read\", resource) when { resource is Tenant };".utf8)
        let (rules, problems, warnings) = PolicyRules.read(PolicyBundle(files: files))
        #expect(rules != nil && problems == [])
        #expect(warnings.map(\.place) == ["odd.cedar:1:1: this policy can never apply"])
        #expect(warnings.first?.source?.hasPrefix("permit (") == true)
    }

    @Test("is nothing with roles, operators, services and tenants, whose names are free")
    func freeWords() throws {
        let policy = """
            permit (principal in Role::"intern", action, resource) when { context.tenant == Tenant::"acme" };
            forbid (principal == Operator::"eve", action, resource) unless { principal == Service::"nightly" };
            """
        #expect(try problems(ofPolicy: policy) == [])
    }

    @Test("keeps no set from being read that is in force already, as long as it can be obeyed")
    func inForce() throws {
        #expect(try problems(ofPolicy: "permit (principal, action == Action::\"red\", resource);", words: false) == [])
        #expect(try problems(ofPolicy: "@reveal(\"x\") permit (principal, action, resource);", words: false).count == 1)
        #expect(try problems("schema.cedarschema", { _ in "entity;" }, words: false) == [])
        var files = sound.files
        files["schema.cedarschema"] = nil
        #expect(PolicyRules.read(PolicyBundle(files: files), checkingWords: false).rules != nil)
        #expect(
            try problems(ofPolicy: "permit (principal == ?principal, action, resource);", words: false) == [])
        let missing = PolicyRules.read(PolicyBundle(files: files)).problems.map(\.place)
        #expect(
            missing == ["schema.cedarschema: the file is missing; the source has one at policies/schema.cedarschema"])
        files["schema.cedarschema"] = [0xFF]
        let unreadable = PolicyRules.read(PolicyBundle(files: files)).problems.map(\.place)
        #expect(unreadable == ["schema.cedarschema: the file is not UTF-8"])
    }
}
