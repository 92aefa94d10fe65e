import Core
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("export", .timeLimit(.minutes(20)))
struct ExportTests {
    private static let words = ["export", "--purpose", "personalization"]

    private func export(_ place: VaultPlace, _ more: String...) throws -> ProgramRun {
        try place.start(Self.words + more, input: "").finish()
    }

    /// What the log says of exports, the oldest first.
    private func entries(_ place: VaultPlace) throws -> [JSON] {
        let run = try place.run("audit", "show", "--action", "export", "--limit", "100", "--json")
        return try run.lines.reversed().map { try JSON(parsing: Array($0.utf8)) }
    }

    private func leftovers(_ place: VaultPlace) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place.folder).filter { $0.contains(".partial") }
    }

    @Test("writes who may be in it, says what came of it, and lists them to who may see the log")
    func contract() throws {
        let place = try VaultPlace()
        let run = try export(place, "--out", "out.csv", "--json")
        #expect(run.status == 0 && run.errors.isEmpty)
        let json = try run.json()
        #expect(json["people"] == 1 && json["withheld"] == ["no_consent": 2] && json["format"] == "csv")
        #expect(json["fields"]?.array?.contains("first_name") == true && json["masked"] == ["email"])
        #expect(json["file"]?.string == place.file("out.csv"))
        let lines = try place.read("out.csv").components(separatedBy: "\r\n")
        #expect(lines.count == 3 && lines[0].hasPrefix("profile,email,first_name,city") && lines[2].isEmpty)
        #expect(lines[1].contains(",A***@example.org,Ada,London,GB,gold,"))
        let mode = try FileManager.default.attributesOfItem(atPath: place.file("out.csv"))[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let decision = try #require(json["decision"]?.string)
        let released = try place.run("audit", "released", decision)
        #expect(released.status == 0 && released.lines == ["profile:" + lines[1].prefix(36)])
        #expect(try entries(place).map { $0["outcome"] } == ["allowed", "done"])
        let lines2 = try export(place, "--out", "out.jsonl", "--fields", "city", "--json")
        #expect(try lines2.json()["format"] == "jsonl")
        #expect(try JSON(parsing: Array(place.read("out.jsonl").utf8))["city"] == "London")
        #expect(try leftovers(place) == [] && place.isWell())
    }

    @Test("of nobody ends with 0 and a header; an action or a purpose that is refused ends with 3 and makes no file")
    func statuses() throws {
        let place = try VaultPlace()
        let none = try place.run("export", "--purpose", "marketing_email", "--out", "none.csv", "--json")
        #expect(none.status == 0)
        #expect(try none.json()["people"] == 0)
        #expect(try place.read("none.csv") == "profile,email,first_name\r\n")
        for purpose in ["support", "analytics", "nothing"] {
            let run = try place.run("export", "--purpose", purpose, "--out", "no.csv")
            #expect(run.status == 3 && run.hasOneErrorAndHint, "\(run.errors)")
        }
        for fields in ["birth_date", "birth_date,last_name"] {
            let run = try place.run("export", "--purpose", "marketing_email", "--fields", fields, "--out", "no.csv")
            #expect(run.status == 3 && run.hasOneErrorAndHint, "\(run.errors)")
        }
        #expect(!place.exists("no.csv"))
        let unknown = try place.run("audit", "released", "01234567-89ab-7def-8123-456789abcdef")
        #expect(unknown.status == 4 && unknown.hasOneErrorAndHint)
        for words in [
            ["--out", "no.csv", "--format", "xml"], ["--out", "-", "--json"], [],
            ["--out", "no.csv", "--fields", "shoe_size"],
        ] {
            let run = try place.start(Self.words + words, input: "").finish()
            #expect(run.status == 2 && run.hasOneErrorAndHint, "\(run.errors)")
        }
    }

    @Test("replaces no file without --force, and leaves the old one when it comes to nothing")
    func replacing() throws {
        let place = try VaultPlace()
        try place.write("out.csv", "precious")
        let refused = try export(place, "--out", "out.csv")
        #expect(refused.status == 1 && refused.hasOneErrorAndHint && refused.errors.contains("--force"))
        #expect(try place.run("export", "--purpose", "support", "--out", "out.csv", "--force").status == 3)
        #expect(try place.read("out.csv") == "precious")
        #expect(try export(place, "--out", "out.csv", "--force").status == 0)
        #expect(try place.read("out.csv").hasPrefix("profile,"))
        #expect(try leftovers(place) == [])
    }

    @Test("goes to standard output as nothing but rows")
    func output() throws {
        let place = try VaultPlace()
        let run = try export(place, "--out", "-", "--format", "jsonl")
        #expect(run.status == 0 && run.errors.isEmpty && run.lines.count == 1)
        #expect(try JSON(parsing: Array(run.output.utf8))["first_name"] == "Ada")
        #expect(try entries(place).map { $0["outcome"] } == ["allowed", "allowed", "done"])
    }

    @Test("to a device without room says so, and the log has it as failed")
    func fullDevice() throws {
        let place = try VaultPlace()
        let words = ["-c", #"exec "$0" export --purpose personalization --out - > /dev/full"#, RunningProgram.path]
        let run = try place.start(words, input: "", program: "/bin/sh").finish()
        #expect(run.status == 1 && run.hasOneErrorAndHint && run.errors.contains("no space left"), "\(run.errors)")
        let last = try #require(try entries(place).last)
        #expect(last["outcome"] == "failed" && last["facts"]?["reason"] == "command.output_unwritable")
    }

    private static let count = 60_000

    private func filled() throws -> VaultPlace {
        let place = try VaultPlace()
        var text = "customer_id,first_name,consent_personalization\n"
        for number in 0..<Self.count { text += "x\(number),Name \(number),yes\n" }
        try place.write("many.csv", text)
        #expect(try place.run("import", "many.csv").status == 0)
        return place
    }

    /// Starts an export and ends it by a signal when the log has its beginning.
    private func interrupt(_ place: VaultPlace, by signal: Int32) throws -> ProgramRun {
        let before = try entries(place).count
        let running = try place.start(Self.words + ["--out", "out.csv"], input: "")
        // The file has no name yet, but the program has it open, and writes to it when the log has the beginning.
        while running.isRunning, try running.bytesWrittenNameless(in: place.folder) == 0 { sched_yield() }
        running.send(signal)
        let run = try running.finish()
        #expect(try entries(place).count > before)
        return run
    }

    @Test("that is killed leaves no file under any name, and the attempt in the log")
    func killed() throws {
        let place = try filled()
        #expect(try interrupt(place, by: SIGKILL).status == SIGKILL)
        #expect(!place.exists("out.csv"))
        #expect(try leftovers(place) == [])
        let attempt = try #require(try entries(place).last)
        #expect(attempt["outcome"] == "allowed" && attempt["facts"]?["stage"] == "begun")
        let decision = try #require(attempt["decision"]?.string)
        let released = try place.run("audit", "released", decision)
        #expect(released.status == 0 && released.output.isEmpty && released.errors.contains("never came to its end"))
        let again = try export(place, "--out", "out.csv", "--json")
        #expect(try again.json()["people"]?.integer == Self.count + 1)
        #expect(try place.isWell())
    }

    @Test("that is interrupted leaves no file, and the log says that it failed")
    func interrupted() throws {
        let place = try filled()
        let run = try interrupt(place, by: SIGINT)
        #expect(run.status == 1 && run.hasOneErrorAndHint && run.errors.contains("no file was made"), "\(run.errors)")
        #expect(!place.exists("out.csv"))
        #expect(try leftovers(place) == [])
        let last = try #require(try entries(place).last)
        #expect(last["outcome"] == "failed" && last["facts"]?["reason"] == "stopped")
    }

    @Test("that finds no room on the disk leaves no file, and the log says that it failed")
    func noRoom() throws {
        let place = try filled()
        let run = try place.start(
            Self.words + ["--out", "out.csv"], input: "", prefix: ["/usr/bin/prlimit", "--fsize=300000"]
        ).finish()
        #expect(run.status == 1 && run.hasOneErrorAndHint, "\(run.errors)")
        #expect(!place.exists("out.csv"))
        #expect(try leftovers(place) == [])
        let last = try #require(try entries(place).last)
        #expect(last["outcome"] == "failed" && last["facts"]?["reason"] == "command.output_unwritable")
    }
}
