import Foundation

@testable import Cedar

/// The engine of Cedar's authors, through the Python package `cedarpy`, where that is installed.
struct OfficialEngine {
    /// What is said about one request.
    struct Answer: Equatable {
        let decision: String
        let reasons: [String]
        /// The policies that were left out.
        let erred: [String]
    }

    private let package: URL
    private let environment: [String: String]
    let version: String

    /// `nil`, said out loud, where there is no `cedarpy`; `make peers` installs one that is found first.
    init?() throws {
        package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        var environment = ProcessInfo.processInfo.environment
        let peers = package.appending(path: ".peers/bin").path(percentEncoded: false)
        environment["PATH"] = peers + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        environment["PYTHONUTF8"] = "1"
        self.environment = environment
        let said = try Self.run(package, environment, ["--version"], input: nil)
        guard said.status == 0 else {
            print("cedarpy not found, skipped")
            return nil
        }
        version = said.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The answers to each case, in turn; `nil` where the engine refuses its texts.
    func answers(_ cases: [RandomCase]) throws -> [[Answer]?] {
        try ask(cases.map(\.line)).map { line in
            guard case .array(let answers) = line.form else { return nil }
            return answers.map { answer in
                let parts = answer.elements ?? []
                func ids(_ place: Int) -> [String] { (parts[place].elements ?? []).compactMap(\.text) }
                return Answer(decision: parts[0].text ?? "", reasons: ids(1), erred: ids(2))
            }
        }
    }

    /// Whether each policy is valid by its schema, in turn.
    func verdicts(_ cases: [RandomValidation]) throws -> [Bool] {
        try ask(cases.map(\.line)).map { line in
            guard let verdict = line.flag else { throw CocoaError(.coderInvalidValue) }
            return verdict
        }
    }

    /// The answers to lines of JSON, in turn.
    private func ask(_ lines: [String]) throws -> [JSONValue] {
        let file = FileManager.default.temporaryDirectory.appending(path: "cedar-cases-\(UUID().uuidString)")
        try Data(lines.joined(separator: "\n").utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let input = try FileHandle(forReadingFrom: file)
        let said = try Self.run(package, environment, [], input: input)
        guard said.status == 0 else { throw CocoaError(.executableLoad) }
        return try said.output.split(separator: "\n").map { line in
            var reader = JSONReader(SourceText(String(line), file: "answers"))
            return try reader.document()
        }
    }

    private static func run(
        _ package: URL, _ environment: [String: String], _ arguments: [String], input: FileHandle?
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["python3", package.appending(path: "scripts/cedar-answers.py").path(percentEncoded: false)] + arguments
        process.environment = environment
        process.standardInput = input ?? FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }
}
