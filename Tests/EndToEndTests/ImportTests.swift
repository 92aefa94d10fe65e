import Core
import Foundation
import Testing

@Suite("import", .timeLimit(.minutes(20)))
struct ImportTests {
    private static let keys = [
        "read", "created", "updated", "merged", "unchanged", "appended", "quarantined", "rejected", "events", "seconds",
    ]

    /// Whether each row counts once.
    static func balances(_ counts: JSON) -> Bool {
        let parts = keys[1...7].compactMap { counts[$0]?.integer }
        return parts.count == 7 && counts["read"]?.integer == parts.reduce(0, +)
    }

    @Test("accounts for every row: made, joined, changed, unchanged, rejected")
    func accounts() throws {
        let place = try VaultPlace()
        try place.write(
            "more.csv",
            """
            customer_id,email,phone,city,consent_personalization
            1,Ada@example.org,,London,yes
            2,bob@example.org,+886911111111,,
            3,eve@example.org,,Lyon,
            3,eve@example.org,,Lyon,yes
            4,new@example.org,,,
            5,broken@@example.org,,,
            ,,,Nowhere,
            6,x@example.org,,,perhaps
            7,y@example.org

            """)
        let run = try place.run("import", "more.csv", "--json")
        #expect(run.status == 0 && run.errors.isEmpty)
        let counts = try run.json()
        #expect(counts.object?.keys == Self.keys)
        #expect(Self.balances(counts))
        for (key, count) in [
            "read": 9, "created": 1, "merged": 1, "updated": 2, "unchanged": 1, "appended": 0, "quarantined": 0,
            "rejected": 4, "events": 0,
        ] { #expect(counts[key]?.integer == count, "\(key)") }
        #expect(
            try place.read("more.csv.rejects.jsonl") == """
                {"line":7,"column":"email","code":"email_malformed"}
                {"line":8,"column":null,"code":"identifier_missing"}
                {"line":9,"column":"consent_personalization","code":"consent_unreadable"}
                {"line":10,"column":null,"code":"ragged_row"}

                """)
        #expect(try place.isWell())
    }

    @Test("never overwrites a list of rejected rows")
    func rejects() throws {
        let place = try VaultPlace()
        try place.write("bad.csv", "customer_id,email\n9,not-an-address\n")
        for name in ["bad.csv.rejects.jsonl", "bad.csv.rejects.2.jsonl", "bad.csv.rejects.3.jsonl"] {
            #expect(!place.exists(name))
            #expect(try place.run("import", "bad.csv").status == 0)
            #expect(try place.read(name) == "{\"line\":2,\"column\":\"email\",\"code\":\"email_malformed\"}\n")
        }
        let named = try place.run("import", "bad.csv", "--rejects", "bad.csv.rejects.jsonl")
        #expect(named.status == 2 && named.hasOneErrorAndHint)
        #expect(try place.run("import", "-", input: "customer_id,email\n9,not-an-address\n").status == 0)
        #expect(place.exists("import.rejects.jsonl"))
    }

    @Test("reads JSON lines, standard input, gzip and pipes alike")
    func sources() throws {
        let place = try VaultPlace()
        let lines =
            "{\"customer_id\":\"1\",\"city\":\"Oslo\"}\n{\"customer_id\":\"9\",\"email\":\"nine@example.org\"}\n"
        let first = try place.run("import", "-", "--source", "app", "--json", input: lines)
        #expect(try first.json()["created"] == 1 && first.json()["updated"] == 1)
        try place.write("lines", lines)
        let words = ["-c", "exec '\(RunningProgram.path)' import <(cat lines) --json --rejects r.jsonl"]
        let piped = try place.start(words, input: "", program: "/bin/bash").finish()
        #expect(piped.status == 0)
        #expect(try piped.json()["unchanged"] == 2)
        let packed = ["-c", "gzip -k lines && exec '\(RunningProgram.path)' import lines.gz --json"]
        let unpacked = try place.start(packed, input: "", program: "/bin/bash").finish()
        #expect(unpacked.status == 0)
        #expect(try unpacked.json()["unchanged"] == 2)
        // The source is part of what the log and the consents remember, so it has a name of its own.
        let shown = try place.run("audit", "show", "--action", "import", "--json")
        #expect(shown.status == 0 && !shown.lines.isEmpty)
    }

    @Test("of a file that is not there, empty, no text, or has a broken header ends with 1, of a wrong map with 2")
    func unreadable() throws {
        let place = try VaultPlace()
        let before = try place.totals()
        try place.write("empty.csv", "")
        try place.write("twice.csv", "email,email\na@example.org,b@example.org\n")
        try place.write("quote.csv", "customer_id,\"email\n1,2\n")
        try place.write("sheet.csv", "PK\u{3}\u{4}....")
        try place.write("good.csv", "customer_id,shoe_size\n1,40\n")
        try place.write("map.json", "{\"colums\":{}}")
        for (words, status) in [
            (["none.csv"], Int32(1)), (["."], 1), (["empty.csv"], 1), (["twice.csv"], 1), (["quote.csv"], 1),
            (["sheet.csv"], 1), (["good.csv"], 2), (["good.csv", "--map", "map.json"], 2),
            (["good.csv", "--map", "none.json"], 1), (["good.csv", "--encoding", "klingon"], 2),
        ] {
            let run = try place.start(["import"] + words, input: "").finish()
            #expect(run.status == status, "\(words): \(run.errors)")
            #expect(run.hasOneErrorAndHint, "\(words): \(run.errors)")
        }
        #expect(try place.totals() == before)
        #expect(try place.isWell())
    }

    @Test("that meets a damaged file says what is in by then, and goes on when the file is whole")
    func damaged() throws {
        let place = try VaultPlace.empty()
        try place.make()
        let count = 9000
        try place.write("rows.csv", Self.rows(0..<count))
        let cut = "gzip -k rows.csv && head -c $(( $(stat -c %s rows.csv.gz) - 9 )) rows.csv.gz > cut.csv.gz"
        #expect(try place.start(["-c", cut], input: "", program: "/bin/bash").finish().status == 0)
        let broken = try place.run("import", "cut.csv.gz", "--json")
        #expect(broken.status == 1 && broken.hasOneErrorAndHint)
        let counts = try broken.json()
        #expect(counts["error"]?["code"] != nil)
        #expect(Self.balances(counts))
        let taken = try #require(counts["read"]?.integer)
        #expect(taken == 8000)
        #expect(try place.run("stats", "--json").json()["profiles"]?.integer == taken)
        let whole = try place.run("import", "rows.csv.gz", "--json").json()
        #expect(whole["unchanged"]?.integer == taken && whole["created"]?.integer == count - taken)
        #expect(try place.isWell())
    }

    /// Customers with a consent, as CSV.
    static func rows(_ numbers: Range<Int>, header: Bool = true) -> String {
        var text = header ? "customer_id,email,city,consent_personalization\n" : ""
        for number in numbers {
            text += "\(number),c\(number)@example.org,City \(number % 50),\(number % 3 == 0 ? "no" : "yes")\n"
        }
        return text
    }
}
