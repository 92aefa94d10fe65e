public import Foundation

/// Python and the packages that ours is held against.
public enum Peers {
    public static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Any Python of this machine; `nil`, said out loud, where there is none.
    public static let python: URL? = {
        let here = [own, URL(filePath: "/usr/bin/python3"), URL(filePath: "/usr/local/bin/python3")]
            .first { FileManager.default.isExecutableFile(atPath: $0.path(percentEncoded: false)) }
        if here == nil { print("python3: not found, skipped") }
        return here
    }()

    /// One with `moto` and `botocore`, which `make peers` installs where they are missing; `nil`, said out loud, where it
    /// cannot.
    public static let moto: URL? = {
        func isThere() -> Bool {
            succeeds(own, [scripts("moto-server.py"), "--version"])
                && succeeds(own, [scripts("aws-signatures.py"), "--version"])
        }
        if isThere() { return own }
        let make = ["make", "-C", folder.path(percentEncoded: false), "peers"]
        guard succeeds(URL(filePath: "/usr/bin/env"), ["PIP_RETRIES=1", "PIP_DEFAULT_TIMEOUT=10"] + make), isThere()
        else {
            print("moto: not found, skipped")
            return nil
        }
        return own
    }()

    private static let own = folder.appending(path: ".peers/bin/python3")

    private static func scripts(_ name: String) -> String {
        folder.appending(path: "scripts/\(name)").path(percentEncoded: false)
    }

    private static func succeeds(_ executable: URL, _ arguments: [String]) -> Bool {
        (try? output(of: executable, arguments)) != nil
    }

    /// What a program says; throws where it does not run or does not end well.
    public static func output(of executable: URL, _ arguments: [String], input: Data = Data()) throws -> Data {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        let (question, answer) = (Pipe(), Pipe())
        process.standardInput = question
        process.standardOutput = answer
        process.standardError = FileHandle.nullDevice
        try process.run()
        try question.fileHandleForWriting.write(contentsOf: input)
        try question.fileHandleForWriting.close()
        let said = answer.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return said
    }
}
