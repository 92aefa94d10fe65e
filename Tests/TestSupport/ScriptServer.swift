public import Foundation
import Glibc

/// A server of `scripts` that runs until the test lets go of it: its first line says where it is, and it ends by itself when
/// nobody holds its input any more.
public final class ScriptServer: Sendable {
    private let process: Process
    private let input: Pipe
    /// The JSON of its first line.
    public let said: Data

    /// - Throws: where it does not come to run.
    public init(_ script: String, python: URL, arguments: [String] = []) throws {
        process = Process()
        input = Pipe()
        let output = Pipe()
        process.executableURL = python
        process.arguments = [Peers.folder.appending(path: "scripts/\(script)").path(percentEncoded: false)] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while !line.contains(0x0A) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw CocoaError(.executableLoad) }
            line += more
        }
        said = line
    }

    deinit {
        // Threads of tests keep other signals from the processes that they start.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
