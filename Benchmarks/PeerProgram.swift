import Foundation

/// A program of the peers' folder, run with the Python that `make peers` has set up where it is there.
struct PeerProgram {
    /// The folder of the peers' programs.
    let folder: String

    /// What it prints: figures, or `missing: why`.
    ///
    /// - Throws: when it fails.
    func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "\(folder)/\(program)")
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        let python = FileManager.default.currentDirectoryPath + "/.peers/bin"
        environment["PATH"] = python + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError("\(program) failed") }
        return said.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
