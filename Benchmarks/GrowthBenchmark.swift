import Core
import Foundation
import Gate
import Ingest
import Vault

/// What becomes of imports, their memory and erasures as vaults grow, and of erasures as a person's events do.
struct GrowthBenchmark {
    let folder: String
    let policies: String
    /// How many profiles the vaults have.
    let sizes: [Int]

    private static let erasures = 40
    private static let events = [1, 100, 1000]

    func run(into report: inout Report) throws {
        for size in sizes {
            let rows = BenchmarkRows(count: size)
            let place = try subfolder("growth-\(size)")
            let importing = try ImportBenchmark(rows: rows, folder: place, policies: policies)
            PeakMemory.forget()
            let (vault, seconds) = try importing.importIntoVault("growth")
            let peak = PeakMemory.megabytes
            report.add(
                "import \(size)", ours: Double(size) / seconds, peer: Double(size) / (try importing.plainSeconds()),
                unit: "rows/s", peerName: "plain SQLite")
            if let peak { report.add("memory of it at most", ours: peak, peer: nil, unit: "MB", peerName: "") }
            let times = try (0..<Self.erasures).map { turn -> Double in
                // Odd steps, so that no two of them meet.
                let row = rows.row((turn * 2 + 1) * (size / (Self.erasures * 2 + 2)))
                return try erase(.identifier(field: "email", value: row[1]), from: vault)
            }
            report.add(
                "erase one of \(size)", ours: median(times) * 1000, peer: nil, unit: "ms", peerName: "")
            try vault.close()
            try FileManager.default.removeItem(atPath: place)
        }
        try linear(into: &report)
    }

    /// Four people each of a small vault who have so many events.
    private func linear(into report: inout Report) throws {
        let rows = BenchmarkRows(count: 2000)
        let place = try subfolder("growth-events")
        let vault = try ImportBenchmark(rows: rows, folder: place, policies: policies).importIntoVault("events").vault
        let gate = try vault.gate(to: vault.tenants.named("default"))
        let map = """
            {"columns": {"email": "email"}, "event": {"type": "Order Completed", "id": ["order"], "properties": {"order": "order"}}}
            """
        for (place, count) in Self.events.enumerated() {
            let people = (0..<4).map { rows.row(place * 10 + $0)[1] }
            var text = "email,order\n"
            for email in people { for order in 0..<count { text += "\(email),\(place)-\(order)\n" } }
            _ = try Importer(vault: vault, gate: gate, caller: ImportBenchmark.caller).run(
                source: "bench", rejectsPath: folder + "/events.rejects.jsonl",
                open: { [text] in
                    try MappedInput(ByteSource(Array(text.utf8)), map: MapFile(parsing: Array(map.utf8)), region: "TW")
                })
            let times = try people.map { try erase(.identifier(field: "email", value: $0), from: vault) }
            report.add(
                "erase one with \(count) events", ours: median(times) * 1000, peer: nil, unit: "ms", peerName: "")
        }
        try vault.close()
        try FileManager.default.removeItem(atPath: place)
    }

    private func erase(_ reference: SubjectReference, from vault: OpenVault) throws -> Double {
        let gate = try vault.gate(to: vault.tenants.named("default"))
        return try seconds {
            let record = try gate.erase(reference, by: ImportBenchmark.caller, through: vault.erasure)
            precondition(record.outcome != nil, "an erasure is acknowledged when it is whole")
        }
    }

    private func subfolder(_ name: String) throws -> String {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }
}
