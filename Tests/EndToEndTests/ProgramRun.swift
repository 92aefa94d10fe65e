import Core
import Foundation
import Glibc
import TestSupport

/// One run of the built program: its exit status and what it wrote.
struct ProgramRun: Sendable {
    let status: Int32
    let output: String
    let errors: String

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// Standard output as the one JSON value that `--json` promises.
    func json() throws -> JSON {
        guard lines.count == 1, let line = lines.first else {
            throw HarnessError("standard output is not one JSON value but \(lines.count) lines; \(errors)")
        }
        return try JSON(parsing: Array(line.utf8))
    }

    /// Whether standard error is one error with its hint and nothing else.
    var hasOneErrorAndHint: Bool {
        let lines = errors.split(separator: "\n")
        return lines.count == 2 && lines[0].hasPrefix("profilevault: error: ")
            && lines[1].hasPrefix("profilevault: hint: ")
    }
}

/// The program while it runs.
final class RunningProgram {
    /// The built program: SwiftPM puts it beside the tests.
    static let path: String = {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appending(path: "profilevault").path(percentEncoded: false)
    }()

    /// What a build that counts lines or watches memory has to be told in the program, too.
    private static let instruments: [String: String] = {
        var found = ProcessInfo.processInfo.environment.filter {
            ["LLVM_PROFILE_FILE", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "LD_PRELOAD"].contains($0.key)
        }
        // The tests' own are not counted: what a Swift global holds in a tagged pointer would pass for lost.
        if let options = found["ASAN_OPTIONS"] { found["ASAN_OPTIONS"] = options + ":detect_leaks=1" }
        return found
    }()

    private let process = Process()
    private let streams: TemporaryDirectory
    /// The writing end of its standard input, when it is fed by hand.
    private var feed: Int32 = -1

    /// Starts `words[0]` with the rest as arguments.
    ///
    /// `input` is what stands on standard input; `nil` for what `write` brings.
    init(_ words: [String], environment: [String: String], folder: String, input: String?) throws {
        // A program that was killed takes its end of the pipe along; the write that meets it must only fail.
        signal(SIGPIPE, SIG_IGN)
        streams = try TemporaryDirectory()
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = environment.merging(Self.instruments) { own, _ in own }
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardOutput = try Self.file(streams.file("output"), "")
        process.standardError = try Self.file(streams.file("errors"), "")
        var reading: Int32 = -1
        if let input {
            let file = try Self.file(streams.file("input"), input)
            try file.seek(toOffset: 0)
            process.standardInput = file
        } else {
            // Closed on exec, or another test's program would hold the end open; read without waiting for a writer.
            let path = streams.file("input")
            guard mkfifo(path, 0o600) == 0 else { throw HarnessError("no pipe") }
            reading = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            feed = open(path, O_WRONLY | O_CLOEXEC)
            guard reading >= 0, feed >= 0, fcntl(reading, F_SETFL, 0) == 0 else { throw HarnessError("no pipe") }
            process.standardInput = FileHandle(fileDescriptor: reading, closeOnDealloc: false)
        }
        try process.run()
        if reading >= 0 { close(reading) }
    }

    deinit { if feed >= 0 { close(feed) } }

    /// Waits until the program, or the pipe to it, has taken all of `text`; `false` when it is gone.
    func write(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(feed, $0.baseAddress! + written, bytes.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// The most memory it has had at once, in megabytes, while it runs.
    func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw HarnessError("the program's memory is not known")
        }
        return kilobytes >> 10
    }

    var isRunning: Bool { process.isRunning }

    /// How large the file without a name is that it has open in a folder; 0 when there is none.
    func bytesWrittenNameless(in folder: String) throws -> Int {
        let descriptors = "/proc/\(process.processIdentifier)/fd"
        // Both may go while they are looked at.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? [] {
            let link = "\(descriptors)/\(name)"
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link),
                target.hasPrefix(folder), target.hasSuffix(" (deleted)")
            else { continue }
            var status = stat()
            if stat(link, &status) == 0, status.st_size > 0 { return Int(status.st_size) }
        }
        return 0
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Ends its standard input and waits for it.
    func finish() throws -> ProgramRun {
        if feed >= 0 { close(feed) }
        feed = -1
        process.waitUntilExit()
        return ProgramRun(
            status: process.terminationStatus, output: try Self.text(streams.file("output")),
            errors: Self.withoutInstruments(try Self.text(streams.file("errors"))))
    }

    /// Where the program may write no file, its counts of lines are lost, and what counts them says so.
    private static func withoutInstruments(_ errors: String) -> String {
        errors.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("LLVM Profile Error: ") }.joined(separator: "\n")
    }

    private static func file(_ path: String, _ content: String) throws -> FileHandle {
        let handle = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard handle >= 0 else { throw HarnessError("no file at \(path)") }
        let file = FileHandle(fileDescriptor: handle, closeOnDealloc: true)
        try file.write(contentsOf: Data(content.utf8))
        return file
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
}

struct HarnessError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
