import Foundation

/// Reads as teams do them elsewhere: Fernet on SQLite in Python, pgcrypto in PostgreSQL. A peer that is not installed is
/// named as missing.
struct PeerBenchmark {
    let rows: BenchmarkRows
    let folder: String
    let peers: PeerProgram

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
        let said = try? peers.run(program, [file, String(argument)])
        let title = "gated read beside \(name)"
        guard let said, let peer = Double(said) else {
            let why = said.flatMap { $0.hasPrefix("missing: ") ? String($0.dropFirst(9)) : nil }
            report.missing(title, why ?? "\(program) failed")
            return
        }
        report.add(title, ours: ours, peer: peer, unit: "reads/s", peerName: name, goal: goal)
    }
}
