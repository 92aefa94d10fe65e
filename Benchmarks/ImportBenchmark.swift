import Accounts
import Core
import Foundation
import Gate
import Ingest
import Secrets
import Vault

/// Imports the same CSV file into a vault and into plain SQLite, in turn.
struct ImportBenchmark {
    let rows: BenchmarkRows
    let folder: String
    let policies: PolicyBundle
    let rules: PolicyRules
    private var file: String { folder + "/rows.csv" }
    static let caller = Caller(principal: Principal(.operator, "owner"), roles: Founding.firstRoles, proof: .shown)

    init(rows: BenchmarkRows, folder: String, policies: String) throws {
        self.rows = rows
        self.folder = folder
        self.policies = try PolicyBundle(folder: policies)
        guard let rules = PolicyRules.read(self.policies).rules else {
            throw BenchmarkError("the policies in `\(policies)` are not sound")
        }
        self.rules = rules
        try rows.writeCSV(to: file)
    }

    /// Runs all contenders in turn, and leaves the last vault and the last plain database open for reading.
    func run(rounds: Int, into report: inout Report) throws -> (vault: OpenVault, plain: PlainSQLite) {
        var ours: [Double] = []
        var indexed: [Double] = []
        var bare: [Double] = []
        var last: (OpenVault, PlainSQLite)?
        for round in 0..<rounds {
            if let (vault, _) = last { try vault.close() }
            let (vault, seconds) = try importIntoVault(String(round))
            ours.append(Double(rows.count) / seconds)
            let (plain, plainSeconds) = try importPlainly(round, indexed: true)
            indexed.append(Double(rows.count) / plainSeconds)
            bare.append(Double(rows.count) / (try importPlainly(round, indexed: false)).seconds)
            last = (vault, plain)
        }
        report.add(
            "import, 12 fields, 3 indexes", ours: median(ours), peer: median(indexed), unit: "rows/s",
            peerName: "plain SQLite", goal: 0.8)
        report.add(
            "import beside an unindexed table", ours: median(ours), peer: median(bare), unit: "rows/s",
            peerName: "plain SQLite, no index")
        guard let last else { throw BenchmarkError("no round was run") }
        return (last.0, last.1)
    }

    func importIntoVault(
        _ name: String, strict: Bool = false
    ) throws -> (vault: OpenVault, seconds: Double) {
        let place = "\(folder)/vault-\(name)"
        let founding = Founding(
            root: .keyFile { _ in "\(place).key" }, epochReplica: { _ in "\(place).holder" }, policies: policies,
            rules: rules, tenant: "default", region: "TW", operatorName: "owner", strict: strict)
        let vault = try OpenVault.create(
            HomeFolder(path: place), from: founding,
            password: SecretBytes(copying: Array("benchmarks only".utf8)))
        let gate = try vault.gate(to: vault.tenants.named("default"))
        let importer = Importer(vault: vault, gate: gate, caller: Self.caller)
        let time = try seconds {
            let outcome = try importer.run(
                source: "bench", rejectsPath: "\(place).rejects.jsonl",
                open: { [file] in try MappedInput(ByteSource(path: file)) })
            precondition(outcome.counts.created == rows.count, "every row makes a profile: \(outcome.counts)")
        }
        return (vault, time)
    }

    /// How long plain SQLite takes with the same indexes.
    func plainSeconds() throws -> Double { try importPlainly(0, indexed: true).seconds }

    private func importPlainly(_ round: Int, indexed: Bool) throws -> (database: PlainSQLite, seconds: Double) {
        let database = PlainSQLite(path: "\(folder)/plain-\(indexed)-\(round).db", indexed: indexed)
        let time = try seconds {
            var reader: any RecordReader = try CSVReader(ByteSource(path: file))
            var inBatch = 0
            database.begin()
            while let row = try reader.next() {
                guard case .record(let record) = row else { continue }
                for field in 0..<BenchmarkRows.header.count { database.add(field) { record[$0] } }
                database.step()
                inBatch += 1
                if inBatch == 4000 {
                    database.commit()
                    database.begin()
                    inBatch = 0
                }
            }
            database.commit()
        }
        return (database, time)
    }
}

extension Caller.Proof {
    /// A second factor that is fresh however far a test turns the clock.
    static let shown = Caller.Proof(method: "otp", time: Timestamp(milliseconds: .max))
}
