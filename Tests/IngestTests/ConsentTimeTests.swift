import Consent
import Core
import Gate
import TestSupport
import Testing

@testable import Ingest

@Suite("An import of consents with their time")
struct ConsentTimeTests {
    private let fixture: ImportFixture

    init() throws { fixture = try ImportFixture() }

    @discardableResult
    private func run(_ text: String, map: String = "{}") throws -> ImportCounts {
        let counts = try fixture.run(Array(text.utf8), map: MapFile(parsing: Array(map.utf8)))
        #expect(counts.balances)
        return counts
    }

    /// A file with one purpose.
    private func file(_ rows: [String]) -> String {
        "customer_id,consent_time,consent_analytics\n" + rows.map { $0 + "\n" }.joined()
    }

    private func history(_ subject: String) throws -> [String] {
        try fixture.history(subject).map { record in
            "\(record.effective?.description.prefix(10) ?? "-") \(record.changes.map(\.state.description))"
        }
    }

    @Test("lets the newest answer hold, and has every change in its order in the history")
    func newest() throws {
        let rows = ["1,2024-05-01,no", "1,2024-01-01,yes", "1,2024-09-01,yes", "1,2024-03-01,yes"]
        let counts = try run(file(rows))
        #expect(counts.created == 1 && counts.updated == 3)
        #expect(try fixture.answer("customer_id:1", "analytics") == .granted)
        #expect(
            try history("customer_id:1") == [
                "2024-01-01 [\"granted\"]", "2024-03-01 [\"granted\"]", "2024-05-01 [\"withdrawn\"]",
                "2024-09-01 [\"granted\"]",
            ])
        let again = try run(file(rows))
        #expect(again.unchanged == 4)
        #expect(try history("customer_id:1").count == 4)
    }

    @Test("ends the same in every order of the rows, in one file or in many")
    func order() throws {
        var random = SeededGenerator.announced("order of rows with consents")
        let days = [
            "2024-01-01", "2024-02-01T10:00:00+08:00", "2024-02-01T02:00:00Z", "2024-03-01 12:30", "1711929600",
        ]
        var open = 0
        for round in 0..<12 {
            let acts = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                "\(days.randomElement(using: &random)!),\(["yes", "no"].randomElement(using: &random)!)"
            }
            var answers: Set<String> = []
            for (order, isOneFile) in [(0, true), (1, true), (2, false), (3, false)] {
                let person = "\(round)-\(order)"
                let rows = acts.shuffled(using: &random).map { "\(person),\($0)" }
                for rows in isOneFile ? [rows] : rows.map({ [$0] }) { try run(file(rows)) }
                let standing = try fixture.standing("customer_id:\(person)", "analytics")
                answers.insert("\(standing)")
                if standing.holds { open += 1 }
                let again = try run(file(rows.shuffled(using: &random)))
                #expect(again.unchanged == rows.count, "\(acts)")
            }
            #expect(answers.count == 1, "\(acts)")
        }
        #expect((1..<48).contains(open))
    }

    @Test("reopens what was withdrawn with a later yes, and not with an older one")
    func reopening() throws {
        try run(file(["1,2024-06-01,no"]))
        #expect(try run(file(["1,2024-05-31T23:59:59Z,yes"])).balances)
        #expect(try !fixture.standing("customer_id:1", "analytics").holds)
        #expect(try run(file(["1,2024-06-01,yes"])).unchanged == 1)
        #expect(try !fixture.standing("customer_id:1", "analytics").holds)
        #expect(try run(file(["1,2024-06-02,yes"])).updated == 1)
        #expect(try fixture.standing("customer_id:1", "analytics").holds)
        #expect(try run(file(["1,2024-06-01,no"])).unchanged == 1)
        #expect(try fixture.standing("customer_id:1", "analytics").holds)
    }

    @Test("takes a blank time as unknown: such a yes reopens nothing, such a no always closes")
    func blank() throws {
        try run(file(["1,2024-06-01,yes", "2,2024-06-01,no", "3,n/a,yes"]))
        let counts = try run(file(["1,,no", "2,,yes"]))
        #expect(counts.updated == 1 && counts.unchanged == 1)
        #expect(try fixture.answer("customer_id:1", "analytics") == .withdrawn)
        #expect(try fixture.answer("customer_id:2", "analytics") == .refused)
        #expect(try history("customer_id:3") == ["- [\"granted\"]"])
        // The no was said before it was recorded, but nobody knows how long before.
        #expect(try run(file(["1,2024-06-02,yes"])).unchanged == 1)
        #expect(try !fixture.standing("customer_id:1", "analytics").holds)
    }

    @Test("rejects a row whose time is to come or cannot be read, where it has an answer")
    func unusable() throws {
        let counts = try run(
            file(["1,2099-01-01,yes", "2,soon,no", "3,2099-01-01,", "4,soon,", "5,03/04/2024,yes"]))
        #expect(counts.rejected == 3 && counts.created == 2)
        #expect(fixture.rejections.map { $0["line"]?.integer } == [2, 3, 6])
        #expect(
            fixture.rejections.map { $0["code"]?.string } == [
                "consent_time_in_future", "timestamp_malformed", "date_ambiguous",
            ])
        #expect(fixture.rejections.allSatisfy { $0["column"]?.string == "consent_time" })
    }

    @Test("takes a time that two machines' clocks may differ by as now")
    func skew() throws {
        let now = try fixture.gate.now()
        let ahead = now.adding(seconds: 120)
        #expect(try run(file(["1,\(ahead),yes", "2,\(now.adding(seconds: 600)),yes"])).rejected == 1)
        let record = try #require(try fixture.history("customer_id:1").first)
        let effective = try #require(record.effective)
        #expect(effective >= now && effective <= record.recorded && effective < ahead)
    }

    @Test("reads the time from the column that the map names, in the form that it says")
    func mapped() throws {
        let map = #"""
            { "columns": {"id": "customer_id", "ok": {"consent": "analytics"}}, "unlisted": "refuse",
              "consent_time": {"column": "signed", "date_order": "day-month-year", "time_zone": "Asia/Taipei"} }
            """#
        #expect(try run("id,ok,signed\n1,yes,03/04/2024 08:00\n", map: map).created == 1)
        #expect(try fixture.history("customer_id:1").first?.effective?.description == "2024-04-03T00:00:00Z")
        let lines = #"{"id":"2","ok":"no"}"# + "\n" + #"{"signed":"2024-01-01","ok":"yes","id":"2"}"# + "\n"
        #expect(try run(lines, map: map).created == 1)
        #expect(try fixture.answer("customer_id:2", "analytics") == .withdrawn)
    }

    @Test("closes what a row says no to for all whom it fits, but for who agreed later")
    func ambiguous() throws {
        let header = "customer_id,email,consent_time,consent_analytics\n"
        try run(header + "8,two@example.org,2024-01-01,yes\n9,two@example.org,2024-12-01,yes\n")
        #expect(try run(header + ",two@example.org,2024-06-01,no\n").rejected == 1)
        #expect(try fixture.answer("customer_id:8", "analytics") == .withdrawn)
        #expect(try fixture.answer("customer_id:9", "analytics") == .granted)
    }
}
