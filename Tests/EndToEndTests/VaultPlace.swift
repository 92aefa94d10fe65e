import Core
import Foundation
import Glibc
import TestSupport

/// A folder with a vault, what lies outside of it, and files to work with.
final class VaultPlace: Sendable {
    /// The package's own folder.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)

    /// Ada consents to personalisation, Bob refuses it, of Eve it is not known.
    static let customers = """
        customer_id,email,phone,first_name,last_name,city,country,loyalty_tier,consent_personalization
        1,Ada@example.org,+886912345678,Ada,Lovelace,London,GB,gold,yes
        2,bob@example.org,,Bob,Babbage,Taipei,TW,silver,no
        3,eve@example.org,,Eve,Hopper,Paris,FR,,

        """

    static let password = "correct horse battery"

    /// Made once: hashing a password takes longer than copying a folder.
    private static let template: Result<(place: VaultPlace, made: ContinuousClock.Instant), any Error> = Result {
        let place = try VaultPlace(making: ())
        // Nothing lets go of it before the tests end.
        atexit(removeTemplate)
        return (place, .now)
    }

    private let directory: TemporaryDirectory
    var folder: String { directory.path }
    var home: String { file("vault") }
    var header: String { home + "/vault.json" }
    private var state: String { file("state") }

    /// A vault with three people and an operator who is logged in.
    convenience init() throws {
        let (template, made) = try Self.template.get()
        try self.init(copying: template)
        // The second factor of the template's session is fresh for five minutes.
        if made.duration(to: .now) > .seconds(60) { try stepUp() }
    }

    /// A place with no vault yet.
    static func empty() throws -> VaultPlace { try VaultPlace(directory: TemporaryDirectory()) }

    private init(directory: TemporaryDirectory) throws {
        self.directory = directory
        try write("password", Self.password + "\n", mode: 0o600)
    }

    private convenience init(making: Void) throws {
        try self.init(directory: TemporaryDirectory())
        try make("--recovery-out", file("recovery"))
        try write("customers.csv", Self.customers)
        let run = try self.run("import", "customers.csv")
        guard run.status == 0 else { throw HarnessError("the template was not filled: \(run.errors)") }
    }

    private convenience init(copying other: VaultPlace) throws {
        try self.init(directory: TemporaryDirectory())
        let copy = Process()
        copy.executableURL = URL(filePath: "/bin/cp")
        copy.arguments = ["-a", other.home, other.state, other.file("recovery"), folder]
        try copy.run()
        copy.waitUntilExit()
        guard copy.terminationStatus == 0 else { throw HarnessError("the vault could not be copied") }
        // The header names the key file and the second epoch holder by their whole paths.
        try rewriteHeader { $0.replacing(other.folder, with: folder) }
    }

    fileprivate static func forgetTemplate() throws {
        try FileManager.default.removeItem(atPath: template.get().place.folder)
    }

    /// Makes a vault here.
    @discardableResult
    func make(_ options: String...) throws -> ProgramRun {
        let words =
            ["init", "--policies", Self.package + "/policies", "--password-file", file("password")] + options
        let run = try start(words, input: "").finish()
        guard run.status == 0 else { throw HarnessError("no vault was made: \(run.errors)") }
        return run
    }

    /// Logs in with the password and the next recovery code, so that what takes a fresh second factor can be done.
    func stepUp(environment: [String: String] = [:]) throws {
        var codes = try read("recovery").split(separator: "\n").map(String.init)
        guard !codes.isEmpty else { throw HarnessError("there is no recovery code left") }
        try write("code", codes.removeFirst() + "\n", mode: 0o600)
        try write("recovery", codes.joined(separator: "\n"), mode: 0o600)
        let run = try run(
            "login", "--operator", "owner", "--password-file", file("password"), "--recovery-file", file("code"),
            environment: environment)
        guard run.status == 0 else { throw HarnessError("nobody could log in: \(run.errors)") }
    }

    /// Runs the program to its end.
    func run(_ words: String..., input: String = "", environment: [String: String] = [:]) throws -> ProgramRun {
        try start(words, input: input, environment: environment).finish()
    }

    /// Starts the program, or another one that runs it; `prefix` stands before, such as `prlimit` with its options.
    func start(
        _ words: [String], input: String?, program: String = RunningProgram.path,
        environment: [String: String] = [:], prefix: [String] = []
    ) throws -> RunningProgram {
        let all = ["PATH": "/usr/bin:/bin", "XDG_STATE_HOME": state, "PROFILEVAULT_HOME": home]
            .merging(environment) { $1 }
        return try RunningProgram(
            prefix + [program] + words, environment: all, folder: folder, input: input)
    }

    func file(_ name: String) -> String { directory.file(name) }

    func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
        let path = file(name)
        try Data(text.utf8).write(to: URL(filePath: path))
        try chmod(path, mode)
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: file(name))), as: UTF8.self)
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    func chmod(_ path: String, _ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    func rewriteHeader(_ change: (String) -> String) throws {
        let text = change(String(decoding: try Data(contentsOf: URL(filePath: header)), as: UTF8.self))
        try Data(text.utf8).write(to: URL(filePath: header))
        try chmod(header, 0o600)
    }

    /// What the header says of where things are.
    func headerJSON() throws -> JSON { try JSON(parsing: [UInt8](Data(contentsOf: URL(filePath: header)))) }

    var keyFile: String {
        get throws {
            guard let path = try headerJSON()["root_key"]?[0]?["parameters"]?["path"]?.string else {
                throw HarnessError("the header names no key file")
            }
            return path
        }
    }

    /// The holder in the home and the one outside.
    var epochHolders: [String] {
        get throws {
            try (headerJSON()["epoch_holders"]?.array ?? []).compactMap(\.string).map {
                $0.hasPrefix("/") ? $0 : home + "/" + $0
            }
        }
    }

    /// The vault answers, and its examination and the log's find nothing.
    func isWell() throws -> Bool {
        let stats = try run("stats")
        let doctor = try run("doctor")
        let verification = try run("audit", "verify")
        for run in [stats, doctor, verification] where run.status != 0 { print(run.output, run.errors) }
        return [stats, doctor, verification].allSatisfy { $0.status == 0 && $0.errors.isEmpty }
    }

    /// People, events and consents as they are counted: what must be the same after the same imports.
    func totals() throws -> [JSON?] {
        let stats = try run("stats", "--json").json()
        let verified = try run("audit", "verify", "--json").json()
        return [stats["profiles"], stats["events"], stats["consents"], verified["people"], verified["consent_records"]]
    }
}

/// What runs at the exit captures nothing.
private func removeTemplate() { try? VaultPlace.forgetTemplate() }
