import Accounts
import Core
import Gate
import Secrets
import Storage
import Vault

/// Log-ins, how long wrong ones take, and what it costs to look at a session beside a read.
struct AccountBenchmark {
    let rows: BenchmarkRows
    let vault: OpenVault
    private let gate: Gate

    private static let operators = 32
    private static let password = "benchmarks only"

    init(rows: BenchmarkRows, vault: OpenVault) throws {
        self.rows = rows
        self.vault = vault
        gate = try vault.gate(to: vault.tenants.named("default"))
    }

    func run(into report: inout Report) throws {
        for number in 0..<Self.operators {
            _ = try gate.addOperator(
                "operator\(number)", roles: ["agent"], confined: false, password: Self.secret(Self.password),
                by: ImportBenchmark.caller, through: vault.accounts)
        }
        for threads in [1, 8, Self.operators] {
            PeakMemory.forget()
            let before = PeakMemory.megabytes
            report.add(
                "log-ins, \(threads) at once", ours: try logIns(threads), peer: nil, unit: "log-ins/s", peerName: "")
            if let before, let peak = PeakMemory.megabytes {
                report.add("memory that they take", ours: peak - before, peer: nil, unit: "MB", peerName: "")
            }
        }
        try guesses(into: &report)
        try sessions(into: &report)
    }

    private static func secret(_ text: String) throws -> SecretBytes { try SecretBytes(copying: Array(text.utf8)) }

    private func logIn(_ name: String, _ password: String, from address: String) throws -> SessionToken {
        try gate.logIn(
            name, password: Self.secret(password), from: Client(address: address, properties: ["bench"]),
            through: vault.accounts
        ).token
    }

    /// Log-ins a second of so many people at once, each of whom waits for their own.
    private func logIns(_ threads: Int) throws -> Double {
        let each = max(2, Self.operators / threads)
        let time = try seconds {
            let workers = (0..<threads).map { thread in
                Worker("log-in") {
                    for _ in 0..<each { _ = try logIn("operator\(thread)", Self.password, from: "address \(thread)") }
                }
            }
            for worker in workers { try worker.join() }
        }
        return Double(threads * each) / time
    }

    /// Wrong log-ins in turn: of an operator with a wrong password, and of nobody.
    private func guesses(into report: inout Report) throws {
        var times: [String: [Double]] = [:]
        for turn in 0..<(Self.operators * 3) {
            for (kind, name) in [
                ("wrong password", "operator\(turn % Self.operators)"), ("unknown name", "nobody\(turn)"),
            ] {
                let time = try seconds {
                    do {
                        _ = try logIn(name, "not the password", from: "\(kind) \(turn)")
                        throw BenchmarkError("a wrong password opened a session")
                    } catch let error as AccountsError where error.code == AccountsError.wrongCredentials {}
                }
                times[kind, default: []].append(time * 1000)
            }
        }
        for kind in ["wrong password", "unknown name"] {
            let sorted = (times[kind] ?? []).sorted()
            for (part, name) in [(10, "fastest tenth"), (50, "median"), (90, "slowest tenth")] {
                report.add(
                    "\(kind), \(name)", ours: sorted[sorted.count * part / 100], peer: nil, unit: "ms", peerName: "")
            }
        }
    }

    /// Reads with the session looked at each time, beside reads of a caller who is known already.
    private func sessions(into report: inout Report) throws {
        let client = Client(address: "reader", properties: ["bench"])
        let token = try logIn("operator0", Self.password, from: client.address)
        let checks = 20_000
        let time = try seconds {
            for _ in 0..<checks { _ = try gate.caller(with: token, from: client, through: vault.accounts) }
        }
        report.add("look at a session", ours: time / Double(checks) * 1_000_000, peer: nil, unit: "µs", peerName: "")
        let caller = try gate.caller(with: token, from: client, through: vault.accounts).caller
        let known = try reads { caller }
        let looked = try reads { try gate.caller(with: token, from: client, through: vault.accounts).caller }
        report.add(
            "gated read, its session looked at", ours: looked, peer: known, unit: "reads/s", peerName: "caller known")
    }

    private func reads(by caller: () throws -> Caller) throws -> Double {
        let count = 10_000
        let time = try seconds {
            for index in 0..<count {
                let email = rows.row(Int(BenchmarkRows.mix(UInt64(index)) % UInt64(rows.count)))[1]
                let request = ReadRequest(
                    caller: try caller(), purpose: "support", fields: ["first_name", "city", "country"])
                var answer = try gate.permit(request, subject: .identifier(field: "email", value: email))
                guard let permit = answer.permit.take() else { throw BenchmarkError("support may read") }
                _ = try gate.read(with: permit)
            }
        }
        return Double(count) / time
    }
}
