import Core
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Erasing", .timeLimit(.minutes(20)))
struct ErasureTests {
    @Test("says what was done in every store and what remains, and ends with 4 the second time")
    func erased() throws {
        let place = try VaultPlace()
        let run = try place.run("erase", "customer_id:1", "--reason", "objection", "--json")
        #expect(run.status == 0 && run.errors.isEmpty)
        let record = try run.json()
        let profile = try #require(record["profile"]?.string)
        #expect(record["reason"]?.string == "objection" && record["kind"]?.string == "erasure")
        #expect(record["suppressed"]?.integer == 3 && record["suppressed_until"] == .null)
        #expect(record["suppression"] == "forever" && record["by"] == "Operator::owner")
        #expect(record["pending"] == ["backups"])
        let stores = try #require(record["stores"]?.array)
        let done = Dictionary(
            uniqueKeysWithValues: stores.map { ($0["store"]?.string ?? "", $0["done"]?.string ?? "") })
        #expect(done["profile_key"] == "erased" && done["profile"] == "erased" && done["lookup"] == "erased")
        let remains = try #require(record["remains"]?.array).compactMap { $0["store"]?.string }
        #expect(Set(remains) == ["consent_head", "consent_record", "audit_entry", "denial", "suppression"])
        #expect(Set(remains) == Set(done.filter { $0.value == "kept" }.keys))
        for name in ["customer_id:1", "email:Ada@example.org", "profile:\(profile)"] {
            for words in [["erase", name], ["get", name, "--purpose", "support"], ["put", name, "city=Rome"]] {
                let again = try place.start(words, input: "").finish()
                #expect(again.status == 4 && again.hasOneErrorAndHint, "\(words)")
            }
        }
        #expect(try place.run("erase", "customer_id:nobody").status == 4)
        #expect(try place.isWell())
    }

    @Test("in words says that backups are pending, and what remains")
    func words() throws {
        let place = try VaultPlace()
        let run = try place.run("erase", "-", "--suppress-days", "30", input: "email:ada@example.org\n")
        #expect(run.status == 0)
        #expect(run.output.contains("done here, backups pending"))
        #expect(run.output.contains("what remains:"))
        #expect(!run.output.lowercased().contains("ada"))
        #expect(run.output.contains("this record, which keeps an older copy of a store from bringing them back"))
        #expect(try place.run("erase", "customer_id:2", "--reason", "she asked").status == 2)
        #expect(try place.run("erase", "customer_id:2", "--suppress-days", "-1").status == 2)
    }

    @Test("keeps who was erased out of the next import, and tells a privacy officer why")
    func importedAgain() throws {
        let place = try VaultPlace()
        let profile = try place.run("erase", "customer_id:1", "--json").json()["profile"]
        try place.write("customers.csv", VaultPlace.customers)
        let counts = try place.run("import", "customers.csv", "--json").json()
        #expect(counts["rejected"]?.integer == 1 && counts["created"]?.integer == 0)
        #expect(try place.read("customers.csv.rejects.jsonl").contains(#""code":"not_accepted""#))
        let timeline = try place.run("timeline", "email:ada@example.org", "--purpose", "support", "--json").json()
        #expect(timeline["profile"] == profile)
        #expect(timeline["erasure"]?["suppressed"]?.integer == 3)
        #expect(try place.run("timeline", "customer_id:2", "--purpose", "support").status == 0)
        #expect(try place.run("timeline", "customer_id:2", "--purpose", "gossip").status == 3)
        #expect(try place.run("timeline", "customer_id:nobody", "--purpose", "support").status == 4)
    }

    @Test("says apart that identifiers are refused for a time and that they may come back at once", arguments: [0, 30])
    func suppression(_ days: Int) throws {
        let place = try VaultPlace()
        let record = try place.run("erase", "customer_id:1", "--suppress-days", "\(days)", "--json").json()
        #expect(record["suppression"]?.string == (days == 0 ? "none" : "until"))
        #expect((record["suppressed_until"]?.string == nil) == (days == 0))
        #expect(record["suppressed"]?.integer == (days == 0 ? 0 : 3))
    }

    @Test("leaves what was agreed, whole: when it was given and until when, on which notice, recorded by whom")
    func agreements() throws {
        let place = try VaultPlace()
        let granted = try place.run(
            "consent", "grant", "customer_id:1", "--purpose", "personalization", "--notice", "web@3", "--expires",
            "2099-01-01", "--json")
        #expect(granted.status == 0, "\(granted.errors)")
        let history = try place.run("consent", "history", "customer_id:1", "--json")
        let records = try history.lines.map { try JSON(parsing: Array($0.utf8)) }
        let profile = try #require(try place.run("erase", "customer_id:1", "--json").json()["profile"]?.string)
        let run = try place.run("timeline", "profile:\(profile)", "--purpose", "support", "--json")
        let items = try #require(run.json()["timeline"]?.array).filter { $0["kind"] == "consent" }
        #expect(items.count == 2 && items.count == records.count)
        for (item, record) in zip(items, records) {
            let change = try #require(record["changes"]?[0])
            for name in ["purpose", "state", "basis", "expires", "notice"] {
                #expect(item[name] != nil && item[name] == change[name], "\(name)")
            }
            for name in ["sequence", "effective", "actor", "source", "evidence", "decision"] {
                #expect(item[name] != nil && item[name] == record[name], "\(name)")
            }
            #expect(item["time"] == record["recorded"])
        }
        #expect(items.last?["notice"] == "web@3" && items.last?["expires"]?.string?.hasPrefix("209") == true)
        let words = try place.run("timeline", "profile:\(profile)", "--purpose", "support")
        #expect(words.output.contains("notice web@3") && words.output.contains("given unknown"), "\(words.output)")
        #expect(!words.output.contains("::\""))
    }

    @Test("killed at any moment leaves somebody who is wholly there or wholly gone")
    func killed() throws {
        var generator = SeededGenerator.announced("kill -9 during erasures")
        let place = try VaultPlace()
        let count = SeededGenerator.rounds(quick: 10, soak: 200)
        let rows = (10..<(10 + count)).map { "\($0),p\($0)@example.org,Name" }
        try place.write("more.csv", "customer_id,email,first_name\n" + rows.joined(separator: "\n") + "\n")
        #expect(try place.run("import", "more.csv").status == 0)
        var erased = 0
        for number in 10..<(10 + count) {
            let erasing = try place.start(["erase", "customer_id:\(number)"], input: "")
            // From the first sign of a change on, so many looks later.
            let looks = Int.random(in: 0...4000, using: &generator)
            let sign = Bool.random(using: &generator) ? "keys.db-journal" : "data.db-wal"
            let acknowledged = try erasing.kill(once: place.home + "/" + sign, looks: looks)
            // Opening completes what was cut short.
            let doctor = try place.run("doctor", "--json")
            #expect(doctor.status == 0, "\(doctor.output)")
            let statuses = try ["customer_id:\(number)", "email:p\(number)@example.org"].map {
                try place.run("get", $0, "--purpose", "support").status
            }
            #expect(statuses == [0, 0] || statuses == [4, 4], "\(statuses)")
            if acknowledged { #expect(statuses == [4, 4]) }
            if statuses == [4, 4] { erased += 1 }
        }
        print("kill -9 during erasures: \(erased) of \(count) gone")
        let stats = try place.run("stats", "--json").json()
        #expect(stats["profiles"]?.integer == 3 + count - erased)
        #expect(stats["keys"]?["profile_keys"]?.integer == 3 + count - erased)
        #expect(try place.isWell())
    }
}

extension RunningProgram {
    /// Kills the program when a file has appeared and was looked at so often, or the program has ended before.
    ///
    /// Returns whether it had ended well.
    fileprivate func kill(once path: String, looks: Int) throws -> Bool {
        var status = stat()
        var seen = 0
        while seen <= looks, isRunning {
            if seen > 0 || stat(path, &status) == 0 { seen += 1 }
        }
        send(SIGKILL)
        return try finish().status == 0
    }
}
