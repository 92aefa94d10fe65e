import Activation
import Core
import Foundation
import Gate
import Ingest
import Vault

/// Writes four fields of everybody to a CSV file: through the gate, each with a consent of their own, and from plain
/// SQLite, in turn.
struct ExportBenchmark {
    let rows: BenchmarkRows
    let vault: OpenVault
    let plain: PlainSQLite
    let folder: String

    private static let fields = ["first_name", "city", "country", "loyalty_tier"]

    func run(rounds: Int, into report: inout Report) throws {
        let gate = try vault.gate(to: vault.tenants.named("default"))
        try recordConsents(through: gate)
        var ours: [Double] = []
        var theirs: [Double] = []
        for round in 0..<rounds {
            let file = try BenchmarkFile("\(folder)/export-\(round).csv")
            let time = try seconds {
                let outcome = try Exporter(gate: gate).run(
                    ReadRequest(caller: ImportBenchmark.caller, purpose: "personalization", fields: Self.fields),
                    as: .csv, to: file)
                precondition(outcome.people == rows.count, "everybody agreed: \(outcome)")
            }
            ours.append(Double(rows.count) / time)
            let plainFile = try BenchmarkFile("\(folder)/plain-\(round).csv")
            theirs.append(Double(rows.count) / (try seconds { try exportPlainly(to: plainFile) }))
        }
        report.add(
            "export, 4 fields of everybody, CSV", ours: median(ours), peer: median(theirs), unit: "rows/s",
            peerName: "plain SQLite")
    }

    private func recordConsents(through gate: Gate) throws {
        var text = "customer_id,consent_personalization\n"
        for number in 0..<rows.count { text += rows.row(number)[0] + ",yes\n" }
        let bytes = Array(text.utf8)
        _ = try Importer(vault: vault, gate: gate, caller: ImportBenchmark.caller).run(
            source: "consents", rejectsPath: "\(folder)/consents.rejects.jsonl",
            open: { try MappedInput(ByteSource(bytes)) })
    }

    private func exportPlainly(to file: BenchmarkFile) throws {
        try file.write(Array(("number," + Self.fields.joined(separator: ",") + "\r\n").utf8))
        try plain.forEach(Self.fields) { line in try file.write(line) }
        try file.settle()
    }
}

/// A file with a buffer, for both sides alike.
private final class BenchmarkFile: Destination {
    let delivery = Export.Delivery.file
    private let handle: FileHandle
    private var pending = Data()

    init(_ path: String) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        handle = try FileHandle(forWritingTo: URL(filePath: path))
    }

    func write(_ bytes: [UInt8]) throws {
        pending.append(contentsOf: bytes)
        guard pending.count >= 256 << 10 else { return }
        try handle.write(contentsOf: pending)
        pending.removeAll(keepingCapacity: true)
    }

    func settle() throws {
        try handle.write(contentsOf: pending)
        pending.removeAll()
        try handle.synchronize()
    }

    func remove(_ pieces: [Range<Int>]) throws { precondition(pieces.isEmpty, "nobody withdraws in a benchmark") }
    func publish() throws { try handle.close() }
}
