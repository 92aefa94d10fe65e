import Core
import Foundation
import Testing

/// What the commands about policies say, and what they leave alone.
@Suite("The commands about policies", .timeLimit(.minutes(20)))
struct PolicyCommandTests {
    /// A place with a proposal: the default set, changed.
    private func place(_ changes: [String: (String) -> String] = [:]) throws -> VaultPlace {
        let place = try VaultPlace()
        try FileManager.default.copyItem(
            atPath: VaultPlace.package + "/policies", toPath: place.file("proposal"))
        for (name, change) in changes {
            try place.write("proposal/" + name, change((try? place.read("proposal/" + name)) ?? ""))
        }
        return place
    }

    @Test("`check` and `activate` refuse a set whole of which one policy does not fit the schema")
    func schema() throws {
        let place = try place([
            "extra.cedar": { _ in
                "permit (principal, action == Action::\"put\", resource)\nwhen { context.purpose == Purpose::\"support\" };\n"
            }
        ])
        let checked = try place.run("policy", "check", "proposal")
        #expect(checked.status == 1 && checked.hasOneErrorAndHint)
        #expect(checked.lines.count == 3 && checked.lines[0].hasPrefix("extra.cedar:2:8: `purpose` can be absent"))
        #expect(checked.lines[2] == "  |        ^")
        let refused = try place.run("policy", "activate", "proposal", "--json")
        #expect(refused.status == 1 && refused.hasOneErrorAndHint)
        #expect(try refused.json()["problems"]?[0]?["line"] == 2)
        #expect(try place.run("policy", "show", "--json").json()["version"] == 1)
        try FileManager.default.removeItem(atPath: place.file("proposal/extra.cedar"))
        try FileManager.default.removeItem(atPath: place.file("proposal/schema.cedarschema"))
        let bare = try place.run("policy", "check", "proposal")
        #expect(bare.status == 1 && bare.output.hasPrefix("schema.cedarschema: the file is missing"))
    }

    @Test("`check` names files that look like policies and are not read, and warns of others")
    func strays() throws {
        let place = try place()
        for (name, text) in [
            ("sub/x.cedar", "permit (principal, action, resource);"), ("UP.CEDAR", ""), (".hid.cedar", "nonsense"),
            ("notes.txt", ""), ("empty/readme", ""), ("tests/nested.cedar", ""), ("tests/notes.txt", ""),
        ] {
            let path = URL(filePath: place.file("proposal/" + name))
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: path)
        }
        let run = try place.run("policy", "check", "proposal", "--json")
        #expect(run.status == 1)
        let found = try run.json()
        #expect(found["problems"]?.array?.map { $0["file"] } == ["UP.CEDAR", "sub/x.cedar", "tests/nested.cedar"])
        #expect(
            found["warnings"]?.array?.map { $0["file"] } == [".hid.cedar", "empty", "notes.txt", "tests/notes.txt"])
        for name in ["UP.CEDAR", "sub", "tests/nested.cedar"] {
            try FileManager.default.removeItem(atPath: place.file("proposal/" + name))
        }
        let shown = try place.run("policy", "check", "proposal")
        #expect(shown.status == 0 && shown.lines.count(where: { $0.hasPrefix("warning: ") }) == 4)
    }

    @Test("`check` warns of a policy that can never apply, and names what is wrong with tests by their lines")
    func warnings() throws {
        let place = try place([
            "extra.cedar": { _ in
                "permit (principal, action == Action::\"read\", resource) when { resource is Tenant };\n"
            }
        ])
        let checked = try place.run("policy", "check", "proposal")
        #expect(checked.status == 0 && checked.errors.isEmpty)
        #expect(checked.output.hasPrefix("warning: extra.cedar:1:1: this policy can never apply\n"))
        #expect(try place.run("policy", "check", "proposal", "--json").json()["warnings"]?[0]?["line"] == 1)
        #expect(try place.run("policy", "test", "proposal").errors.contains("extra.cedar:1:1: this policy can never"))
        try place.write("proposal/tests/odd.json", "{\n  \"tests\": [\n    { \"name\": 1 }\n  ]\n}\n")
        for command in ["check", "test", "activate"] {
            let run = try place.start(["policy", command, "proposal", "--json"], input: "").finish()
            #expect(run.status == 1, "\(command)")
            let problems = try run.json()["problems"]?.array ?? []
            #expect(problems.map { $0["file"] } == ["tests/odd.json"] && problems.map { $0["line"] } == [3])
        }
    }

    @Test("`explain` takes a request as options, JSON, a file or standard input, and answers alike")
    func explain() throws {
        let place = try place()
        let request = #"{"roles": ["marketer"], "purpose": "personalization", "field": "birth_date"}"#
        try place.write("request.json", request)
        let words = ["policy", "explain", "--json", "--policies", "proposal"]
        let options = ["--role", "marketer", "--purpose", "personalization", "--field", "birth_date"]
        let answers = try [options, [request], ["request.json"], ["-"]].map { rest in
            try place.start(words + rest, input: request).finish().json()
        }
        #expect(Set(answers.map(\.description)).count == 1)
        #expect(answers[0]["allowed"] == false && answers[0]["closed"] == .null)
        let answer = try #require(answers[0]["answers"]?[0])
        #expect(answer["ruling"] == "denied" && answer["deciding"] == [])
        #expect(
            answer["opposite"]?["all"]?.array?.map { $0["text"] }
                == [#"principal in Role::"agent""#, #"context.purpose == Purpose::"support""#])
        #expect((answer["policies"]?.array?.count ?? 0) > 10)
        let shown = try place.start(["policy", "explain", "--policies", "proposal"] + options, input: "").finish()
        #expect(shown.status == 0 && shown.errors.isEmpty)
        #expect(shown.output.contains("   ├─ role `agent`  support.fields"))
        #expect(shown.output.contains("└─ context.purpose == Purpose::\"marketing_email\"  false, "))
        #expect(try place.run("policy", "explain", "nowhere.json").status == 1)
    }

    @Test("`explain` shows every field at a glance, a program, what the ledger closes, and a policy that fails")
    func explainMore() throws {
        let place = try place([
            "extra.cedar": { _ in
                """
                forbid (principal, action == Action::"put", resource)
                when { (if principal.name == "" then 0 else 9223372036854775807) + 1 == 0 };

                """
            }
        ])
        func explain(_ words: String...) throws -> String {
            let run = try place.start(["policy", "explain", "--policies", "proposal"] + words, input: "").finish()
            #expect(run.status == 0, "\(run.errors)")
            return run.output
        }
        let all = try explain("--role", "marketer", "--purpose", "personalization", "--consent", "refused")
        #expect(all.hasPrefix("withheld: no consent was given for this purpose, whatever the policies say\n"))
        #expect(all.contains("email           allowed in outline  personalization.email-outline"))
        #expect(try explain("--service", "profilevault", "--action", "maintain").hasPrefix("allowed: `maintain`\n"))
        let broken = try explain("--role", "agent", "--action", "put")
        #expect(broken.contains("a policy that cannot be evaluated closes it") && broken.contains("extra.cedar:1:1"))
        #expect(broken.components(separatedBy: "integer overflow").count == 2)
        // What would help lies inside of the sum that fails, where nothing is looked for.
        #expect(broken.hasSuffix("it is too much to explain what would make it otherwise\n"))
        #expect(
            try explain("--action", "read", "--purpose", "spying")
                == "withheld: nobody defined this purpose, whatever the policies say\n")
    }

    @Test("`explain --in-force` asks the set in the vault, not the folder")
    func explainInForce() throws {
        let place = try place([
            "default.cedar": {
                $0.replacing("Field::\"first_name\", Field::\"city\", ", with: "Field::\"first_name\", ")
            }
        ])
        let words = [
            "policy", "explain", "--json", "--role", "marketer", "--purpose", "personalization", "--field", "city",
        ]
        let proposed = try place.start(words + ["--policies", "proposal"], input: "").finish().json()
        let inForce = try place.start(words + ["--in-force"], input: "").finish().json()
        #expect(proposed["allowed"] == false && inForce["allowed"] == true)
        #expect(try place.run("logout").status == 0)
        #expect(try place.start(words + ["--in-force"], input: "").finish().status == 3)
    }

    @Test("`simulate` counts whose data a proposal opens, to whom and for what, and puts nothing in force")
    func simulate() throws {
        let place = try place([
            "default.cedar": {
                $0.replacing(
                    "Field::\"first_name\", Field::\"city\", ", with: "Field::\"first_name\", Field::\"last_name\", ")
            },
            "administration.cedar": {
                $0.replacing(
                    "action in [Action::\"audit.view\", Action::\"stats.view\"]",
                    with: "action == Action::\"audit.view\"")
            },
        ])
        let run = try place.run("policy", "simulate", "--with", "proposal", "--json")
        #expect(run.status == 0, "\(run.errors)")
        let result = try run.json()
        #expect(result["people"] == 3 && result["version"] == 1)
        let changes = result["changes"]?.array ?? []
        let role = changes.filter { $0["kind"] == "role" }
        #expect(role.map { $0["who"] } == ["marketer", "marketer"])
        #expect(role.map { $0["change"] } == ["gained", "lost"] && role.map { $0["people"] } == [1, 1])
        #expect(role[0]["fields"] == [["field": "last_name", "people": 1]])
        #expect(role[0]["examples"]?.array?.count == 1 && role[0]["examples"] == role[1]["examples"])
        // The operator has all six roles.
        #expect(changes.filter { $0["kind"] == "operator" }.map { $0["who"] } == ["owner", "owner"])
        #expect(
            result["actions"]?.array?.map { [$0["who"], $0["action"], $0["change"]] } == [
                ["auditor", "stats.view", "lost"]
            ])
        let shown = try place.run("policy", "simulate", "--with", "proposal", "--examples", "0")
        #expect(shown.status == 0 && shown.errors.isEmpty)
        #expect(shown.output.contains("role marketer gains for `personalization`, 1 person\n  last_name  1\n"))
        #expect(shown.output.contains("role auditor loses `stats.view`\n") && !shown.output.contains("such as"))
        #expect(try place.run("policy", "show", "--json").json()["version"] == 1)
        let same = try place.run("policy", "simulate", "--with", VaultPlace.package + "/policies")
        #expect(same.output.contains("nothing would change for anybody"))
        #expect(try place.run("audit", "show", "--action", "policy.simulate").lines.count >= 3)
        #expect(try place.run("logout").status == 0)
        #expect(try place.run("policy", "simulate", "--with", "proposal").status == 3)
    }

    @Test("`format` lays files out and says which, keeps rights and links, and with --check only says")
    func format() throws {
        let place = try place(["extra.cedar": { _ in "permit(principal,action==Action::\"put\",resource); // why\n" }])
        let file = place.file("proposal/extra.cedar")
        try place.chmod(file, 0o640)
        let before = try place.read("proposal/default.cedar")
        let checked = try place.run("policy", "format", "proposal", "--check")
        #expect(
            checked.status == 1 && checked.hasOneErrorAndHint && checked.output == "extra.cedar is laid out otherwise\n"
        )
        #expect(try place.read("proposal/extra.cedar").hasPrefix("permit(principal,"))
        try FileManager.default.createSymbolicLink(atPath: place.file("link.cedar"), withDestinationPath: file)
        let formatted = try place.run("policy", "format", "link.cedar")
        #expect(formatted.status == 0 && formatted.output == "link.cedar was laid out\n")
        #expect(
            try place.read("proposal/extra.cedar")
                == "permit (\n    principal,\n    action == Action::\"put\",\n    resource\n); // why\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: place.file("link.cedar"))) == file)
        let again = try place.run("policy", "format", "proposal", "--check", "--json")
        #expect(
            try again.status == 0
                && again.json()["files"]?.array?.map { $0["result"] } == ["unchanged", "unchanged", "unchanged"])
        #expect(try place.read("proposal/default.cedar") == before)
    }

    @Test("`format` leaves a file with errors as it is, and names them")
    func formatBroken() throws {
        let text = "permit(principal,action);\npermit(principal,action,resource) when {};\n"
        let place = try place([
            "broken.cedar": { _ in text }, "other.cedar": { _ in "permit(principal,action,resource);" },
        ])
        try Data([0xFF]).write(to: URL(filePath: place.file("proposal/odd.cedar")))
        let run = try place.run("policy", "format", "proposal")
        #expect(run.status == 1 && run.hasOneErrorAndHint && run.errors.contains("2 of 5 files have errors"))
        #expect(run.output.contains("broken.cedar:1:24: ") && run.output.contains("broken.cedar:2:41: "))
        #expect(run.output.contains("odd.cedar: the file is not UTF-8"))
        #expect(try place.read("proposal/broken.cedar") == text)
        #expect(try place.read("proposal/other.cedar") == "permit (principal, action, resource);\n")
        #expect(run.output.contains("1 | permit(principal,action);\n  |                        ^\n"))
        #expect(try place.run("policy", "format", "nowhere").status == 1)
        let schema = try place.run("policy", "format", "proposal/schema.cedarschema")
        #expect(schema.status == 1 && schema.output.isEmpty && schema.errors.contains("lays out policies"))
    }
}
