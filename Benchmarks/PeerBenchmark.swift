import Foundation

/// Reads as teams do them elsewhere: Fernet on SQLite in Python, pgcrypto in PostgreSQL. A peer that is not installed is
/// named as missing.
struct PeerBenchmark {
    let rows: BenchmarkRows
    let folder: String
    /// The folder of the peers' programs.
    let peers: String

    private static let fernetRows = 20_000
    private static let fernetReads = 20_000
    /// Sealing one row takes pgcrypto milliseconds.
    private static let pgcryptoRows = 3000
    private static let pgcryptoSeconds = 5

    /// `ours` is the rate of gated reads by e-mail.
    func run(ours: Double, into report: inout Report) throws {
        try add(
            "Fernet on SQLite", program: "fernet.py", rows: Self.fernetRows, argument: Self.fernetReads, goal: 2, ours,
            &report)
        try add(
            "pgcrypto", program: "pgcrypto.sh", rows: Self.pgcryptoRows, argument: Self.pgcryptoSeconds, goal: 10, ours,
            &report)
    }

    private func add(
        _ name: String, program: String, rows count: Int, argument: Int, goal: Double, _ ours: Double,
        _ report: inout Report
    ) throws {
        let file = "\(folder)/peer-\(count).csv"
        try BenchmarkRows(count: min(count, rows.count)).writeCSV(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "\(peers)/\(program)")
        process.arguments = [file, String(argument)]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        process.waitUntilExit()
        let title = "gated read beside \(name)"
        guard process.terminationStatus == 0, let peer = Double(said) else {
            report.missing(title, said.hasPrefix("missing: ") ? String(said.dropFirst(9)) : "\(program) failed")
            return
        }
        report.add(title, ours: ours, peer: peer, unit: "reads/s", peerName: name, goal: goal)
    }
}
