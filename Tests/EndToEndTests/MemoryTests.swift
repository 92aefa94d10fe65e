import Core
import Foundation
import TestSupport
import Testing

@Suite("The memory of an import", .timeLimit(.minutes(20)))
struct MemoryTests {
    /// What somebody may send who wants the program to hold more than it should.
    enum Flood: String, CaseIterable, CustomTestStringConvertible {
        case lineWithoutEnd = "a line without an end"
        case quoteWithoutEnd = "a quote without an end"
        case objectWithoutEnd = "an object without an end"
        case longRows = "rows as long as they may be"
        case longObjects = "objects as long as they may be"

        var testDescription: String { rawValue }

        /// What comes first, and a megabyte of what comes again and again.
        var text: (start: String, rest: String) {
            let megabyte = 1 << 20
            return switch self {
            case .lineWithoutEnd: ("customer_id,city\n1,", String(repeating: "x", count: megabyte))
            case .quoteWithoutEnd: ("customer_id,city\n1,\"", String(repeating: "\n", count: megabyte))
            case .objectWithoutEnd: ("{\"customer_id\":\"", String(repeating: "x", count: megabyte))
            case .longRows: ("customer_id,city\n", "," + String(repeating: "x", count: megabyte - 2) + "\n")
            case .longObjects: ("", "{\"a\":\"" + String(repeating: "x", count: megabyte - 9) + "\"}\n")
            }
        }

        /// Rows of their own are kept until their batch is full.
        var isOneRow: Bool { self != .longRows && self != .longObjects }
    }

    @Test("does not grow with its input, whatever comes", arguments: Flood.allCases)
    func bounded(_ flood: Flood) throws {
        let isLong = SeededGenerator.rounds(quick: 0, soak: 1) == 1
        guard isLong || flood.isOneRow else { return }
        let place = try VaultPlace()
        try place.write("map.json", "{\"columns\": {\"customer_id\": \"customer_id\"}, \"unlisted\": \"ignore\"}")
        let importing = try place.start(["import", "-", "--json", "--map", "map.json"], input: nil)
        let (start, rest) = flood.text
        #expect(importing.write(start))
        let megabytes = isLong ? 1000 : 64
        for _ in 0..<megabytes where !importing.write(rest) { Issue.record("the program stopped reading") }
        // Three times a row's bounds, or all batches that may be under way.
        #expect(try importing.peakMemory() < (isLong ? 200 : 80))
        let run = try importing.finish()
        #expect(run.status == 0, "\(run.errors)")
        let counts = try run.json()
        #expect(ImportTests.balances(counts) && counts["rejected"] == counts["read"])
    }
}
