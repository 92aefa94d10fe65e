import Core
import Foundation
import Testing

@Suite("sample", .timeLimit(.minutes(20)))
struct SampleTests {
    @Test("writes customers and their consents over time, which agree whichever is imported first")
    func consents() throws {
        let place = try VaultPlace.empty()
        let made = try place.run(
            "sample", "--profiles", "400", "--seed", "5", "--out", "people.csv", "--consents", "consents.csv", "--json")
        #expect(made.status == 0 && made.errors.isEmpty)
        let lines = try place.read("consents.csv").split(whereSeparator: \.isNewline)
        #expect(lines.first?.hasPrefix("customer_id,email,consent_time,consent_personalization,") == true)
        #expect(try made.json()["consents"]?.integer == lines.count - 1)
        #expect(try place.read("people.csv").contains("last_seen,consent_time,consent_personalization,"))
        var stats: [JSON?] = []
        for files in [["people.csv", "consents.csv"], ["consents.csv", "people.csv"]] {
            let other = try VaultPlace.empty()
            try other.make()
            for file in files + files {
                try other.write(file, place.read(file))
                let run = try other.run("import", file, "--json", "--rejects", other.file("\(UUID()).jsonl"))
                #expect(run.status == 0)
                #expect(try ImportTests.balances(run.json()))
            }
            stats.append(try other.run("stats", "--json").json()["consents"])
            #expect(try other.isWell())
        }
        #expect(stats[0] != nil && stats[0] == stats[1])
    }

    @Test("says what to import next, the map file of the events with it")
    func next() throws {
        let place = try VaultPlace()
        let run = try place.run(
            "sample", "--profiles", "50", "--out", "people.csv", "--events", "events.csv", "--consents", "consents.csv")
        #expect(run.status == 0)
        let next = run.output.split(separator: "`").filter { $0.hasPrefix("profilevault import ") }
        #expect(next.count == 3)
        for words in next.map({ $0.split(separator: " ").dropFirst().map(String.init) }) {
            let imported = try place.start(words, input: "").finish()
            #expect(imported.status == 0, "\(words): \(imported.errors)")
        }
        #expect(try place.run("stats", "--json").json()["events"]?.integer ?? 0 > 0)
    }

    @Test("refuses two of its files under one name, and standard output for any but the customers")
    func files() throws {
        let place = try VaultPlace.empty()
        for words in [
            ["--out", "a.csv", "--consents", "a.csv"],
            ["--out", "a.csv", "--events", "b.csv", "--consents", "./b.csv"],
            ["--out", "a.csv", "--consents", "-"], ["--out", "a.csv", "--events", "-"],
        ] {
            let run = try place.start(["sample", "--profiles", "3"] + words, input: "").finish()
            #expect(run.status == 2 && run.hasOneErrorAndHint, "\(run.errors)")
            #expect(!place.exists("a.csv") && !place.exists("b.csv"))
        }
        try place.write("consents.jsonl", "mine\n")
        let words = ["sample", "--profiles", "3", "--out", "a.jsonl", "--consents", "consents.jsonl"]
        let run = try place.start(words, input: "").finish()
        #expect(run.status != 0 && run.hasOneErrorAndHint)
        #expect(try place.read("consents.jsonl") == "mine\n")
        #expect(try place.start(words + ["--force"], input: "").finish().status == 0)
        #expect(try place.read("consents.jsonl").hasPrefix(#"{"customer_id":"#))
    }
}
