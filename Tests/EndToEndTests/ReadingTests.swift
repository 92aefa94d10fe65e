import Core
import Foundation
import Testing

@Suite("get and put", .timeLimit(.minutes(20)))
struct ReadingTests {
    private func reasons(_ run: ProgramRun) throws -> Set<String> {
        Set((try run.json()["withheld"]?.array ?? []).compactMap { $0["reason"]?.string })
    }

    @Test(
        "know a person by each identifier, by the profile's id, and by standard input",
        arguments: ["email:ada@EXAMPLE.org", "phone:+886 912 345 678", "customer_id:1", "-"])
    func subjects(_ subject: String) throws {
        let place = try VaultPlace()
        let run = try place.run(
            "get", subject, "--purpose", "personalization", "--json", input: "email:Ada@example.org\n")
        #expect(run.status == 0)
        let view = try run.json()
        #expect(view.object?.keys == ["profile", "fields", "withheld", "decision"])
        #expect(view["fields"]?["first_name"] == "Ada")
        #expect(view["fields"]?["email"] == "A***@example.org")
        #expect(try reasons(run) == ["policy_denied", "absent"])
        let id = try #require(view["profile"]?.string)
        let again = try place.run("get", "profile:\(id)", "--purpose", "personalization", "--fields", "city", "--json")
        #expect(try again.json()["fields"] == ["city": "London"])
    }

    @Test("end with 3 when no field is allowed, and say why")
    func refused() throws {
        let place = try VaultPlace()
        for (subject, purpose, reason) in [
            ("customer_id:2", "personalization", "no_consent"), ("customer_id:3", "personalization", "no_consent"),
            ("customer_id:1", "no_such_purpose", "unknown_purpose"), ("customer_id:1", "profiling", "no_consent"),
        ] {
            let run = try place.run("get", subject, "--purpose", purpose, "--json")
            #expect(run.status == 3)
            #expect(try run.json()["fields"] == [:])
            #expect(try reasons(run) == [reason])
            let people = try place.run("get", subject, "--purpose", purpose)
            #expect(people.status == 3 && people.output.contains("withheld:"))
        }
    }

    @Test("end with 4 when nobody is known so")
    func unknown() throws {
        let place = try VaultPlace()
        for subject in ["email:nobody@example.org", "profile:0192f7c4-5e1a-7b3c-9d2e-4f5a6b7c8d9e"] {
            let read = try place.run("get", subject, "--purpose", "support")
            let change = try place.run("put", subject, "city=Taipei")
            for run in [read, change] {
                #expect(run.status == 4 && run.hasOneErrorAndHint && run.output.isEmpty)
                #expect(!run.errors.contains("nobody@"))
            }
        }
    }

    @Test("read what was put, in standard form, and say what did not change")
    func put() throws {
        let place = try VaultPlace()
        let put = try place.run(
            "put", "customer_id:1", "country=Taiwan", "lifetime_value=-", "loyalty_tier=", "--json", input: "1889.50\n")
        #expect(put.status == 0)
        #expect(try put.json()["changed"]?.array?.count == 2)
        #expect(try put.json()["removed"] == ["loyalty_tier"])
        let view = try place.run(
            "get", "customer_id:1", "--purpose", "personalization", "--fields", "country,lifetime_value,loyalty_tier",
            "--json")
        #expect(try view.json()["fields"]?["country"] == "TW")
        #expect(try view.json()["fields"]?["lifetime_value"]?.double == 1889.5)
        #expect(try view.json()["withheld"] == [["field": "loyalty_tier", "reason": "absent"]])
        let again = try place.run("put", "customer_id:1", "country=TW", "--json")
        #expect(again.status == 0)
        #expect(try again.json()["unchanged"] == ["country"])
        let bad = try place.run("put", "customer_id:1", "birth_date=tomorrow")
        #expect(bad.status == 2 && bad.hasOneErrorAndHint && !bad.errors.contains("tomorrow"), "\(bad.errors)")
    }
}

@Suite("consent", .timeLimit(.minutes(20)))
struct ConsentTests {
    @Test("is granted, shown, withdrawn twice without harm, and remembered")
    func life() throws {
        let place = try VaultPlace()
        let grant = try place.run(
            "consent", "grant", "customer_id:3", "--purpose", "personalization", "--notice", "shop@3", "--expires",
            "2099-12-31", "--json")
        #expect(grant.status == 0)
        #expect(try grant.json()["standing"] == "holds")
        #expect(try place.run("get", "customer_id:3", "--purpose", "personalization").status == 0)
        let shown = try place.run("consent", "show", "customer_id:3", "--purpose", "personalization", "--json").json()
        #expect(shown["purposes"]?[0]?["notice"] == "shop@3")
        #expect(shown["purposes"]?[0]?["expires"] == "2099-12-31T00:00:00Z")
        // Each time, since an import may yet bring a yes of a time between.
        for _ in 0..<2 {
            let run = try place.run("consent", "withdraw", "customer_id:3", "--purpose", "personalization", "--json")
            #expect(run.status == 0)
            #expect(try run.json()["changed"] == true && run.json()["results"]?[0]?["result"] == "recorded")
        }
        let read = try place.run("get", "customer_id:3", "--purpose", "personalization", "--json")
        #expect(read.status == 3)
        #expect(try read.json()["withheld"]?[0]?["reason"] == "consent_withdrawn")
        let history = try place.run("consent", "history", "customer_id:3", "--json")
        let states = try history.lines.map { try JSON(parsing: Array($0.utf8))["changes"]?[0]?["state"] }
        #expect(states == ["granted", "withdrawn", "withdrawn"])
        #expect(try place.isWell())
    }

    @Test("is shown with when it was given, which may be long before it was recorded, or unknown")
    func given() throws {
        let place = try VaultPlace()
        try place.write(
            "answers.csv", "customer_id,consent_time,consent_analytics\n1,2024-02-01T08:00+08:00,yes\n1,2024-01-01,no\n"
        )
        #expect(try place.run("import", "answers.csv").status == 0)
        #expect(try place.run("consent", "withdraw", "customer_id:1", "--purpose", "analytics").status == 0)
        let history = try place.run("consent", "history", "customer_id:1")
        // The consent of the place's own file, then the others in their order.
        let given = history.lines.compactMap { line in
            ["unknown", "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "then"].first { line.contains("  \($0)  ") }
        }
        #expect(given == ["unknown", "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "then"], "\(history.output)")
        #expect(try place.isWell())
    }

    @Test("that ends in the past is not recorded, and evidence must be there to be sealed")
    func refusals() throws {
        let place = try VaultPlace()
        for (option, value, status) in [("--expires", "2020-01-01", Int32(2)), ("--evidence", "@none.eml", 1)] {
            let run = try place.run("consent", "grant", "customer_id:3", "--purpose", "personalization", option, value)
            #expect(run.status == status && run.hasOneErrorAndHint, "\(run.errors)")
        }
        #expect(try place.run("get", "customer_id:3", "--purpose", "personalization").status == 3)
    }

    @Test(
        "restricted or objected to closes the purpose until it is lifted",
        arguments: [
            ("restrict", "restricted"), ("object", "objected"),
        ])
    func closing(_ word: String, _ reason: String) throws {
        let place = try VaultPlace()
        for (changed, result) in [(true, "recorded"), (false, "unchanged")] {
            let run = try place.run("consent", word, "customer_id:1", "--json")
            #expect(run.status == 0)
            #expect(try run.json()["changed"]?.bool == changed)
            #expect(try run.json()["results"]?[0]?["result"]?.string == result)
        }
        let run = try place.run("get", "customer_id:1", "--purpose", "personalization", "--json")
        #expect(run.status == 3)
        #expect(try run.json()["withheld"]?[0]?["reason"]?.string == reason)
        #expect(try place.run("consent", "lift", "customer_id:1").status == 0)
        #expect(try place.run("get", "customer_id:1", "--purpose", "personalization").status == 0)
    }

    @Test("of somebody unknown ends with 4, for a purpose nobody defined with 3")
    func unknown() throws {
        let place = try VaultPlace()
        for word in ["grant", "withdraw", "show", "history"] {
            let run = try place.run("consent", word, "email:nobody@example.org", "--purpose", "personalization")
            #expect(run.status == 4 && run.hasOneErrorAndHint)
            let purpose = try place.run("consent", word, "customer_id:1", "--purpose", "no_such_purpose")
            #expect(purpose.status == 3 && purpose.hasOneErrorAndHint)
        }
    }
}
