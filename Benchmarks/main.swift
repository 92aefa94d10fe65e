import Core
import Foundation
import Gate

// Prints ours, the peer's and the ratio, measured in one run, and writes them as JSON.
//
//   profilevault-bench [--rows N] [--rounds N] [--policies DIR] [--peers DIR] [--out FILE]
//                     [--only growth|cedar|accounts] [--sizes N,N]
do {
    try Benchmark(CommandLine.arguments.dropFirst()).run()
} catch {
    let why = (error as? any ReportableError)?.message ?? String(describing: error)
    FileHandle.standardError.write(Data("profilevault-bench: error: \(why)\n".utf8))
    exit(1)
}

/// One run of everything that is measured.
private struct Benchmark {
    var rowCount = 200_000
    var rounds = 3
    var policies = "policies"
    var peers = "Benchmarks/peers"
    var output = ".build/bench.json"
    var only: String?
    var sizes = [10_000, 100_000, 1_000_000]

    init(_ arguments: ArraySlice<String>) throws {
        var arguments = arguments
        while let name = arguments.popFirst() {
            guard let value = arguments.popFirst() else { throw BenchmarkError("`\(name)` needs a value") }
            switch name {
            case "--rows": rowCount = try Self.number(name, value)
            case "--rounds": rounds = try Self.number(name, value)
            case "--policies": policies = value
            case "--peers": peers = value
            case "--out": output = value
            case "--only":
                guard ["growth", "cedar", "accounts"].contains(value) else {
                    throw BenchmarkError("`--only` takes growth, cedar or accounts")
                }
                only = value
            case "--sizes":
                sizes = try value.split(separator: ",").map { try Self.number(name, String($0)) }
            default: throw BenchmarkError("there is no option `\(name)`")
            }
        }
    }

    private static func number(_ name: String, _ value: String) throws -> Int {
        guard let number = Int(value), number > 0 else {
            throw BenchmarkError("`\(name)` takes a whole number above 0")
        }
        return number
    }

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "profilevault-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }

        var report = Report()
        let growing = GrowthBenchmark(
            folder: folder.path(percentEncoded: false), policies: policies, sizes: sizes)
        let peers = PeerProgram(folder: peers)
        let deciding = CedarBenchmark(folder: folder.path(percentEncoded: false), peers: peers)
        guard only == nil else {
            switch only {
            case "cedar": try deciding.run(into: &report)
            case "accounts": try accounts(folder, into: &report)
            default: try growing.run(into: &report)
            }
            return try report.write(to: output)
        }
        print("\(rowCount) profiles of 12 fields, medians of \(rounds) rounds in turn\n")
        try SealingBenchmark.run(into: &report)
        let rows = BenchmarkRows(count: rowCount)
        let importing = try ImportBenchmark(rows: rows, folder: folder.path(percentEncoded: false), policies: policies)
        let (vault, plain) = try importing.run(rounds: rounds, into: &report)
        let single = try ReadBenchmark(rows: rows, vault: vault, plain: plain).run(rounds: rounds, into: &report)
        try ExportBenchmark(rows: rows, vault: vault, plain: plain, folder: folder.path(percentEncoded: false)).run(
            rounds: rounds, into: &report)
        try vault.close()
        let few = BenchmarkRows(count: min(rowCount, 20_000))
        let strictFolder = folder.appending(path: "strict")
        try FileManager.default.createDirectory(at: strictFolder, withIntermediateDirectories: false)
        let strict = try ImportBenchmark(
            rows: few, folder: strictFolder.path(percentEncoded: false), policies: policies
        ).importIntoVault("strict", strict: true).vault
        for threads in [1, 8] {
            report.add(
                "strict gated read, \(threads) at once",
                ours: try ReadBenchmark.rate(of: strict, few, threads: threads, reads: 2000 * threads), peer: nil,
                unit: "reads/s",
                peerName: "")
        }
        try strict.close()
        try PeerBenchmark(rows: few, folder: folder.path(percentEncoded: false), peers: peers).run(
            ours: single, into: &report)
        try growing.run(into: &report)
        try deciding.run(into: &report)
        try accounts(folder, into: &report)
        try report.write(to: output)
        print("\nwritten to \(output)")
    }
}

extension Benchmark {
    /// A vault of its own, with a few people in it.
    fileprivate func accounts(_ folder: URL, into report: inout Report) throws {
        let place = folder.appending(path: "accounts")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        let rows = BenchmarkRows(count: min(rowCount, 20_000))
        let vault = try ImportBenchmark(rows: rows, folder: place.path(percentEncoded: false), policies: policies)
            .importIntoVault("accounts").vault
        try AccountBenchmark(rows: rows, vault: vault).run(into: &report)
        try vault.close()
    }
}

/// Why nothing was measured.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
