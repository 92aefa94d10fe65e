import Core
import Storage
import Testing
import TestSupport

@testable import Audit

@Suite("The audit log")
struct AuditLogTests {
    @Test("writes an entry as JSON with its members in order")
    func leafForm() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        try log.record(fixture.entry(5, detail: [1, 2, 3]))
        try log.close()
        let leaf = try fixture.leaves()[0]
        let expected =
            #"{"v":1,"time":"2026-09-21T14:13:20.002Z","decision":"00000000-0000-0001-0000-000000000005","#
            + #""outcome":"allowed","principal":"Operator::owner","action":"read","tenant":1,"#
            + #""purpose":"marketing_email","subject":"00000000-0000-0007-0000-000000000007","#
            + #""facts":{"fields":["email","first_name"],"withheld":{}},"detail":""#
        #expect(leaf.hasPrefix(expected), "\(leaf)")
        #expect(JSONNumber(literal: "1") == (try JSON(parsing: leaf))["v"]?.number)
    }

    @Test("has every read at the latest when it is closed, in the order they were acknowledged")
    func recordsReads() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        for number in 1...500 { try log.record(fixture.entry(number)) }
        try log.record((501...600).map { fixture.entry($0) })
        try log.close()
        #expect(try fixture.decisions() == (1...600).map { UInt64($0) })
    }

    @Test("logs a change in the change's own transaction, after the reads before it")
    func mutation() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        try log.record(fixture.entry(1))
        let answer = try log.mutate(fixture.authorization(2)) { mutation in
            mutation.note("people", 1)
            mutation.setSubject(ProfileID(high: 9, low: 9))
            return 42
        }
        #expect(answer == 42)
        #expect(try fixture.decisions() == [1, 2])
        try log.close()
    }

    @Test("logs nothing of a change that throws, and loses no read by it")
    func mutationUndone() throws {
        struct Refusal: Error {}
        let fixture = try LogFixture()
        let log = try fixture.open()
        try log.record(fixture.entry(1))
        #expect(throws: Refusal.self) {
            try log.mutate(fixture.authorization(2)) { _ in throw Refusal() }
        }
        #expect(try fixture.decisions().isEmpty)
        try log.mutate(fixture.authorization(3)) { _ in }
        #expect(try fixture.decisions() == [1, 3])
        try log.close()
    }
}
