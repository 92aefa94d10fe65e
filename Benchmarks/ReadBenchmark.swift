import Core
import Gate
import Secrets
import Storage
import Vault

/// Reads three fields of random people, through the gate and from plain SQLite, in turn.
struct ReadBenchmark {
    let rows: BenchmarkRows
    let vault: OpenVault
    let plain: PlainSQLite

    private static let reads = 20_000
    private static let setSize = 200

    /// - Returns: the rate of single reads.
    func run(rounds: Int, into report: inout Report) throws -> Double {
        let gate = try vault.gate(to: vault.tenants.named("default"))
        let caller = ImportBenchmark.caller
        let request = ReadRequest(caller: caller, purpose: "support", fields: ["first_name", "city", "country"])
        var single: [Double] = []
        var plainly: [Double] = []
        var whole: [Double] = []
        var sets: [Double] = []
        let ids = try ids()
        for round in 0..<rounds {
            let emails = (0..<Self.reads).map { index in
                rows.row(Int(BenchmarkRows.mix(UInt64(round * Self.reads + index)) % UInt64(rows.count)))[1]
            }
            let plainSeconds = seconds {
                for email in emails { precondition(plain.read(email) > 0, "everybody is there") }
            }
            plainly.append(Double(Self.reads) / plainSeconds)
            let wholeSeconds = seconds {
                for email in emails { precondition(plain.readRow(email) > 0, "everybody is there") }
            }
            whole.append(Double(Self.reads) / wholeSeconds)
            let ourSeconds = try seconds {
                for email in emails {
                    var answer = try gate.permit(request, subject: .identifier(field: "email", value: email))
                    guard let permit = answer.permit.take() else { fatalError("support may read") }
                    let readings = try gate.read(with: permit)
                    precondition(readings.count == 3, "three fields come out")
                }
            }
            single.append(Double(Self.reads) / ourSeconds)
            let setSeconds = try seconds {
                for start in stride(from: 0, to: Self.reads, by: Self.setSize) {
                    let set = (start..<(start + Self.setSize)).map { index in
                        ids[Int(BenchmarkRows.mix(UInt64(round * Self.reads + index)) % UInt64(ids.count))]
                    }
                    var count = 0
                    try gate.read(with: gate.permit(request, set: set)) { _, readings in count += readings.count }
                    precondition(count == 3 * Self.setSize, "three fields of everybody come out")
                }
            }
            sets.append(Double(Self.reads) / setSeconds)
        }
        for (name, ours, goal) in [
            ("gated read by e-mail, 3 of 12 fields", single, 0.35),
            ("gated read in sets of \(Self.setSize)", sets, 0.6),
        ] {
            report.add(
                name, ours: median(ours), peer: median(whole), unit: "reads/s", peerName: "plain SQLite, row",
                goal: goal)
            report.add(
                name, ours: median(ours), peer: median(plainly), unit: "reads/s", peerName: "plain SQLite, 3 columns")
        }
        return median(single)
    }

    /// Reads of random people by so many threads at once, a second: what waits for the disk shares its turns.
    static func rate(of vault: OpenVault, _ rows: BenchmarkRows, threads: Int, reads: Int) throws -> Double {
        let gate = try vault.gate(to: vault.tenants.named("default"))
        let request = ReadRequest(
            caller: ImportBenchmark.caller, purpose: "support", fields: ["first_name", "city", "country"])
        let time = try seconds {
            let workers = (0..<threads).map { thread in
                Worker("reader") {
                    for index in 0..<(reads / threads) {
                        let number = Int(BenchmarkRows.mix(UInt64(thread * reads + index)) % UInt64(rows.count))
                        let email = rows.row(number)[1]
                        var answer = try gate.permit(request, subject: .identifier(field: "email", value: email))
                        guard let permit = answer.permit.take() else { fatalError("support may read") }
                        _ = try gate.read(with: permit)
                    }
                }
            }
            for worker in workers { try worker.join() }
        }
        return Double(reads) / time
    }

    private func ids() throws -> [ProfileID] {
        var ids: [ProfileID] = []
        var last: Int64 = 0
        let tenant = try vault.tenants.named("default").id
        while let reached = try vault.stores.data.read({ connection in
            try vault.profiles.rows(after: last, of: tenant, limit: 10_000, on: connection) {
                ids.append($0.subject.id)
            }
        }) { last = reached }
        return ids
    }
}
