import Core
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("An import that is cut short", .timeLimit(.minutes(20)))
struct InterruptionTests {
    private static let count = 12_000
    private static let map = """
        {"columns": {"customer_id": "customer_id"}, "event": {"type": "Order Completed", "id": ["order"],
         "properties": {"order_id": "order"}}}
        """

    /// Three rows a customer, each with an order of its own.
    private static let orders: String = {
        var text = "customer_id,email,city,consent_personalization,order\n"
        for row in 0..<count {
            let number = row / 3
            text += "\(number),c\(number)@example.org,City \(number % 50),\(number % 2 == 0 ? "yes" : "no"),o\(row)\n"
        }
        return text
    }()

    private func place() throws -> VaultPlace {
        let place = try VaultPlace()
        try place.write("orders.csv", Self.orders)
        try place.write("map.json", Self.map)
        return place
    }

    private static let words = ["import", "-", "--source", "orders", "--map", "map.json", "--json"]

    @Test("by kill -9 at any moment comes to the same when it is run again")
    func killed() throws {
        var generator = SeededGenerator.announced("kill -9 during import")
        let undisturbed = try place()
        let whole = try undisturbed.start(Self.words, input: Self.orders).finish().json()
        #expect(ImportTests.balances(whole) && whole["events"]?.integer == Self.count)
        let disturbed = try place()
        for _ in 0..<SeededGenerator.rounds(quick: 4, soak: 60) {
            let importing = try disturbed.start(Self.words, input: nil)
            // The writing waits for the reading, so how much was written is how far the import is.
            let bytes = Int.random(in: 1...Self.orders.utf8.count, using: &generator)
            #expect(importing.write(String(Self.orders.prefix(bytes))))
            importing.send(SIGKILL)
            #expect(try importing.finish().status == SIGKILL)
            let doctor = try disturbed.run("doctor", "--json")
            #expect(doctor.status == 0, "\(doctor.output)")
        }
        let rest = try disturbed.start(Self.words, input: Self.orders).finish()
        #expect(rest.status == 0)
        #expect(ImportTests.balances(try rest.json()))
        #expect(try disturbed.totals() == undisturbed.totals())
        let again = try disturbed.start(Self.words, input: Self.orders).finish().json()
        #expect(again["unchanged"]?.integer == Self.count && again["events"] == 0)
        #expect(try disturbed.isWell())
    }

    @Test("by an interrupt ends at a good place, says what is in, and goes on")
    func interrupted() throws {
        let place = try place()
        let importing = try place.start(Self.words, input: nil)
        #expect(importing.write(Self.orders))
        importing.send(SIGINT)
        let run = try importing.finish()
        // What was read before the interrupt may have been all there was.
        if run.status != 0 {
            #expect(run.status == 1 && run.hasOneErrorAndHint)
            #expect(run.errors.contains("run the same command again"))
        }
        #expect(ImportTests.balances(try run.json()))
        let rest = try place.start(Self.words, input: Self.orders).finish().json()
        #expect(rest["read"]?.integer == Self.count)
        #expect(try place.run("stats", "--json").json()["events"]?.integer == Self.count)
        #expect(try place.isWell())
    }
}
