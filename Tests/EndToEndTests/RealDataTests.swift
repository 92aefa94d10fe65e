import Core
import Foundation
import TestSupport
import Testing

@Suite("Real data", .timeLimit(.minutes(20)))
struct RealDataTests {
    private func place() throws -> VaultPlace {
        let place = try VaultPlace.empty()
        try place.make()
        return place
    }

    /// Imports a file with one of the published maps, twice.
    private func importTwice(_ file: String, _ map: String, into place: VaultPlace) throws -> (
        first: JSON, second: JSON
    ) {
        var counts: [JSON] = []
        for number in 1...2 {
            let run = try place.run(
                "import", file, "--map", "\(VaultPlace.package)/docs/examples/\(map)", "--rejects",
                place.file("\(number).rejects.jsonl"), "--json")
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
            counts.append(try run.json())
            #expect(ImportTests.balances(counts[counts.count - 1]))
        }
        let second = counts[1]
        for key in ["created", "updated", "merged", "appended", "events"] { #expect(second[key] == 0, "\(key)") }
        #expect(second["read"] == counts[0]["read"] && second["rejected"] == counts[0]["rejected"])
        #expect(try place.isWell())
        return (counts[0], second)
    }

    @Test("of a telephone company: 7,043 customers, each with a report, and nothing new the second time")
    func telco() throws {
        guard let file = SharedFile.path("data/telco/Telco-Customer-Churn.csv") else { return }
        let place = try place()
        let (first, second) = try importTwice(file, "telco.map.json", into: place)
        for key in ["read", "created", "events"] { #expect(first[key] == 7043, "\(key)") }
        #expect(first["rejected"] == 0 && second["unchanged"] == 7043)
        #expect(try place.run("stats", "--json").json()["profiles"] == 7043)
    }

    @Test("of a web shop: every order line is an event or nobody's, and nothing is new the second time")
    func retail() throws {
        guard let file = SharedFile.path("data/retail/online_retail_2010-12_to_2011-08.csv.gz") else { return }
        let place = try place()
        let isWhole = SeededGenerator.rounds(quick: 0, soak: 1) == 1
        let slice = "gzip -dc '\(file)' | head -n \(isWhole ? 1_000_000 : 10_001) > lines.csv"
        #expect(try place.start(["-c", slice], input: "", program: "/bin/sh").finish().status == 0)
        // Descriptions have commas, what stands before the last one has none: the country follows the customer.
        let lines = try place.read("lines.csv").split(whereSeparator: \.isNewline).dropFirst()
        let customers = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().last ?? "" }
        let named = customers.filter { !$0.isEmpty }
        let (first, second) = try importTwice("lines.csv", "retail.map.json", into: place)
        #expect(first["read"]?.integer == lines.count)
        #expect(first["rejected"]?.integer == lines.count - named.count)
        #expect(first["events"]?.integer == named.count)
        #expect(first["created"]?.integer == Set(named).count)
        #expect(second["unchanged"]?.integer == named.count)
        let rejects = try place.read("1.rejects.jsonl").split(separator: "\n")
        #expect(rejects.count == lines.count - named.count)
        #expect(rejects.allSatisfy { $0.hasSuffix(#""column":"CustomerID","code":"value_missing"}"#) })
        let stats = try place.run("stats", "--json").json()
        #expect(stats["events"]?.integer == named.count && stats["profiles"]?.integer == Set(named).count)
        if isWhole {
            #expect(lines.count == 320_705 && named.count == 320_705 - 88_652 && Set(named).count == 3360)
        }
    }
}
