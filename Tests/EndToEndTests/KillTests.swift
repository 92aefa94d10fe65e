import Core
import Foundation
import Glibc
import TestSupport
import Testing

/// The built program, killed at moments that the seed says.
@Suite("kill -9 at any moment", .timeLimit(.minutes(60)))
struct KillTests {
    /// A command and a question whose answer it changes.
    private struct Command {
        let words: [String]
        let question: [String]
        /// The members of the answer that count: others are new each time.
        let members: [String]

        init(_ words: String, asking question: String, _ members: String...) {
            self.words = words.split(separator: " ").map(String.init)
            self.question = question.split(separator: " ").map(String.init)
            self.members = members
        }
    }

    private static let reading = "get customer_id:1 --purpose support --json"
    private static let standing = "consent show customer_id:1 --json"
    /// Each undoes what another one does, so that there is always something to do.
    private static let commands = [
        Command("put customer_id:1 city=Madrid email=ada@example.net", asking: reading, "fields", "withheld"),
        Command("consent withdraw customer_id:1 --purpose personalization", asking: standing, "purposes"),
        Command("import customers.csv", asking: reading, "fields", "withheld"),
        Command("consent grant customer_id:1 --purpose personalization", asking: standing, "purposes"),
        Command("login --password-file password", asking: "stats --json", "profiles", "consents"),
        Command(
            // By a program, which needs no second factor: an operator's would not be fresh for so many rounds.
            "export --purpose personalization --out out.csv --force --service-key-file key", asking: "stats --json",
            "profiles", "consents"),
    ]

    /// The answer's members that count.
    private func ask(_ command: Command, _ place: VaultPlace) throws -> [String] {
        let json = try place.start(command.question, input: "").finish().json()
        return command.members.map { member in
            json[member].map { String(decoding: Self.timeless($0).bytes(), as: UTF8.self) } ?? ""
        }
    }

    /// Without the times that a command which is run again leaves anew.
    private static func timeless(_ json: JSON) -> JSON {
        guard let array = json.array else { return json }
        return .array(
            array.map { element in
                guard var object = element.object else { return element }
                for time in ["recorded", "effective"] { object[time] = nil }
                return .object(object)
            })
    }

    /// Ends the program after a part of the time that a command takes: where that is, only chance knows.
    private func kill(
        _ running: RunningProgram, within seconds: Double, _ generator: inout SeededGenerator
    ) throws -> ProgramRun {
        usleep(UInt32.random(in: 0...UInt32(min(seconds, 5) * 1.2e6), using: &generator))
        running.send(SIGKILL)
        return try running.finish()
    }

    @Test("leaves the answer as it was or as it is to be, and a vault that is well")
    func commands() throws {
        var generator = SeededGenerator.announced("kill -9 of commands")
        let place = try VaultPlace()
        try place.write("customers.csv", VaultPlace.customers)
        #expect(try place.run("service", "add", "exporter", "--role", "marketer", "--key-out", "key").status == 0)
        // How long each command takes when nobody kills it.
        let durations = try Self.commands.map { command in
            let start = Date()
            let run = try place.start(command.words, input: "").finish()
            #expect(run.status == 0)
            return Date().timeIntervalSince(start)
        }
        var killed = 0
        for round in 0..<SeededGenerator.rounds(quick: 18, soak: 400) {
            let command = Self.commands[round % Self.commands.count]
            let before = try ask(command, place)
            let seconds = durations[round % Self.commands.count]
            let run = try kill(place.start(command.words, input: ""), within: seconds, &generator)
            if run.status == SIGKILL { killed += 1 }
            let after = try ask(command, place)
            let doctor = try place.run("doctor", "--json")
            #expect(doctor.status == 0, "\(command.words): \(doctor.output)")
            // Run again to its end it comes to what it was to come to.
            let again = try place.start(command.words, input: "").finish()
            #expect(again.status == 0, "\(command.words): \(again.errors)")
            let whole = try ask(command, place)
            #expect(after == whole || run.status == SIGKILL && after == before, "\(command.words)")
        }
        print("kill -9 of commands: \(killed) killed before their end")
        #expect(killed > 0)
        #expect(try place.isWell())
    }

    @Test("of erase leaves the person, or nobody for good")
    func erasing() throws {
        var generator = SeededGenerator.announced("kill -9 of erase")
        let start = Date()
        #expect(try VaultPlace().run("erase", "customer_id:2").status == 0)
        // With the making of a vault, which takes about as long: that only lets some come to their end.
        let seconds = Date().timeIntervalSince(start) / 2
        for _ in 0..<SeededGenerator.rounds(quick: 4, soak: 50) {
            let place = try VaultPlace()
            let before = try place.run("get", "customer_id:1", "--purpose", "support", "--json")
            let erasing = try place.start(["erase", "customer_id:1"], input: "")
            let run = try kill(erasing, within: seconds, &generator)
            let after = try place.run("get", "customer_id:1", "--purpose", "support", "--json")
            #expect(after.status == 4 || run.status == SIGKILL && after.status == before.status)
            #expect(try place.isWell())
            let again = try place.run("erase", "customer_id:1")
            #expect(again.status == (after.status == 4 ? 4 : 0), "\(again.errors)")
        }
    }

    @Test("of init leaves a vault, or a folder in which the next init makes one and clears up")
    func founding() throws {
        var generator = SeededGenerator.announced("kill -9 of init")
        let start = Date()
        try VaultPlace.empty().make()
        let seconds = Date().timeIntervalSince(start)
        for _ in 0..<SeededGenerator.rounds(quick: 5, soak: 50) {
            let place = try VaultPlace.empty()
            let words = ["init", "--policies", VaultPlace.package + "/policies", "--password-file", "password"]
            _ = try kill(place.start(words, input: ""), within: seconds, &generator)
            if !place.exists("vault/vault.json") { try place.make() }
            #expect(try place.run("login", "--password-file", "password").status == 0)
            #expect(try place.isWell())
            for folder in ["keys", "epochs"] {
                let files = try FileManager.default.contentsOfDirectory(
                    atPath: place.file("state/profilevault/" + folder))
                #expect(files.count == 1, "\(files)")
            }
            #expect(!place.exists("vault/init.unfinished"))
        }
    }
}
