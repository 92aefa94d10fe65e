import Core
import Foundation
import Testing

/// What commands say of what they did, and what they refuse to do.
@Suite("The answers of commands", .timeLimit(.minutes(20)))
struct AnswerTests {
    @Test("name the state that was recorded: a refusal after a grant is a withdrawal")
    func refusalAfterGrant() throws {
        let place = try VaultPlace()
        let words = ["consent", "refuse", "--purpose", "personalization"]
        let withdrawn = try place.start(words + ["customer_id:1"], input: "").finish()
        #expect(withdrawn.status == 0 && withdrawn.output.contains("recorded: withdrawn, `personalization`"))
        let refused = try place.start(words + ["customer_id:3", "--json"], input: "").finish().json()
        #expect(refused["results"] == [["state": "refused", "result": "recorded"]])
    }

    @Test("to `consent lift` end the restriction, the objection or both, as it was asked")
    func lift() throws {
        let place = try VaultPlace()
        func states(_ option: String...) throws -> [String] {
            for word in ["restrict", "object"] { #expect(try place.run("consent", word, "customer_id:1").status == 0) }
            let run = try place.start(["consent", "lift", "customer_id:1", "--json"] + option, input: "").finish()
            return try (run.json()["results"]?.array ?? []).compactMap { $0["state"]?.string }
        }
        #expect(try states("--objection") == ["objection_lifted"])
        #expect(try states("--restriction") == ["restriction_lifted"])
        #expect(try states() == ["restriction_lifted", "objection_lifted"])
    }

    @Test("name the profiles that share an identifier, by ids that lead to each")
    func ambiguous() throws {
        let place = try VaultPlace()
        try place.write("more.csv", "customer_id,email,first_name\n8,bob@example.org,Robert\n")
        #expect(try place.run("import", "more.csv").status == 0)
        let run = try place.run("get", "email:bob@example.org", "--purpose", "support")
        #expect(run.status == 1 && run.hasOneErrorAndHint)
        let ids = run.errors.matches(of: /`(profile:[0-9a-f-]{36})`/).map { String($0.1) }
        #expect(Set(ids).count == 2, "\(run.errors)")
        for id in ids { #expect(try place.run("get", id, "--purpose", "support").status == 0) }
    }

    @Test("refuse to leave somebody without anything to look them up by")
    func lastIdentifier() throws {
        let place = try VaultPlace()
        let run = try place.run("put", "customer_id:1", "customer_id=", "email=", "phone=")
        #expect(run.status == 2 && run.hasOneErrorAndHint && run.errors.contains("nobody could look the person up"))
        #expect(try place.run("put", "customer_id:1", "customer_id=", "email=").status == 0)
        #expect(try place.run("put", "phone:+886912345678", "phone=").status == 2)
        #expect(try place.run("put", "phone:+886912345678", "phone=", "email=ada@example.com").status == 0)
        #expect(try place.run("get", "email:ada@example.com", "--purpose", "support").status == 0)
    }

    @Test("refuse text that is not UTF-8, in arguments and on standard input")
    func encoding() throws {
        let place = try VaultPlace()
        for command in [
            "exec \"$0\" put customer_id:1 \"$(printf 'city=M\\374nchen')\"",
            "printf 'M\\374nchen\\n' | \"$0\" put customer_id:1 city=-",
        ] {
            let run = try place.start(["-c", command, RunningProgram.path], input: "", program: "/bin/sh").finish()
            #expect(run.status == 2 && run.hasOneErrorAndHint && run.errors.contains("is not UTF-8"), "\(run.errors)")
        }
        let view = try place.run("get", "customer_id:1", "--purpose", "support", "--fields", "city,city", "--json")
        #expect(try view.json()["fields"] == ["city": "London"])
    }

    @Test("refuse a region that is no country, and a consent's end that depends on who reads it")
    func values() throws {
        let region = try VaultPlace.empty().run(
            "init", "--region", "ZZ", "--policies", VaultPlace.package + "/policies")
        #expect(region.status == 2 && region.hasOneErrorAndHint)
        let place = try VaultPlace()
        let words = ["consent", "grant", "customer_id:3", "--purpose", "personalization", "--expires"]
        #expect(try place.start(words + ["2999-01-01T10:00"], input: "").finish().status == 2)
        for end in ["2999-01-01T10:00Z", "2999-01-01T10:00:00+08:00", "2999-01-01"] {
            #expect(try place.start(words + [end], input: "").finish().status == 0)
        }
    }

    @Test("to `doctor` name the person whose key does not open, and end with 5")
    func keys() throws {
        let place = try VaultPlace()
        let tamper = try place.start(
            ["sqlite3", place.home + "/keys.db", "UPDATE profile_key SET wrapped = zeroblob(73) WHERE number = 1"],
            input: "", program: "/usr/bin/env"
        ).finish()
        #expect(tamper.status == 0, "\(tamper.errors)")
        let run = try place.run("doctor", "--json")
        #expect(run.status == 5 && run.hasOneErrorAndHint)
        let broken = try (run.json()["checks"]?.array ?? []).filter { $0["state"] == "error" }
        #expect(broken.map { $0["name"]?.string } == ["profile keys"])
        #expect(try run.json()["error"]?["code"] == "check_failed")
    }

    @Test("refuse a key folder that others may write, and warn of one that they may look into")
    func keyFolder() throws {
        let place = try VaultPlace()
        let folder = URL(filePath: try place.keyFile).deletingLastPathComponent().path(percentEncoded: false)
        try place.chmod(folder, 0o777)
        let open = try place.run("stats")
        #expect(open.status == 1 && open.hasOneErrorAndHint && open.errors.contains("chmod go-w"))
        try place.chmod(folder, 0o755)
        #expect(try place.run("stats").status == 0)
        let checks = try place.run("doctor", "--json").json()["checks"]?.array ?? []
        #expect(checks.filter { $0["state"] == "warning" }.map { $0["name"]?.string } == ["key folders"])
        try place.chmod(folder, 0o700)
        for holder in try place.epochHolders {
            try place.chmod(holder, 0o644)
            #expect(try place.run("doctor").status == 1)
            try place.chmod(holder, 0o600)
        }
        #expect(try place.isWell())
    }

    @Test("refuse to put a set in force whose own tests fail, and advise what was asked about")
    func activation() throws {
        let place = try VaultPlace()
        let folder = place.file("proposal")
        try FileManager.default.copyItem(atPath: VaultPlace.package + "/policies", toPath: folder)
        let rules = try place.read("proposal/default.cedar")
        let wide = "permit (principal in Role::\"auditor\", action == Action::\"read\", resource is Field);\n"
        try place.write("proposal/default.cedar", rules + wide)
        #expect(try place.run("policy", "show", "proposal").output.contains("policy activate 'proposal'"))
        let refused = try place.run("policy", "activate", "proposal")
        #expect(refused.status == 1 && refused.hasOneErrorAndHint && refused.output.contains("failed"))
        #expect(try place.run("policy", "show", "--json").json()["version"] == 1)
        try FileManager.default.removeItem(atPath: folder + "/tests")
        let untested = try place.run("policy", "activate", "proposal")
        #expect(untested.status == 0 && untested.errors.contains("the set has no tests"))
        try place.write("proposal/default.cedar", rules + "permit (principal, action == Action::\"red\", resource);\n")
        let shown = try place.run("policy", "show", "proposal")
        #expect(shown.output.contains("policy check 'proposal'") && !shown.output.contains("policy activate"))
    }
}
