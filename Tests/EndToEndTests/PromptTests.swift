import Foundation
import TestSupport
import Testing

/// What somebody meets who types at a terminal; util-linux's `script` gives the program one.
@Suite("A prompt for a password")
struct PromptTests {
    /// Runs a line of the shell at a terminal, types `text` when `question` is asked, and gives all that was shown.
    private static func talk(_ line: String, until question: String, type text: String, in place: VaultPlace) throws
        -> String
    {
        let shown = { (try? place.read("shown")) ?? "" }
        let run = try place.start(
            ["--quiet", "--flush", "--command", line, place.file("shown")], input: nil, program: "/usr/bin/script")
        while !shown().contains(question) {
            guard run.isRunning else { throw HarnessError("it was not asked: \(shown())") }
            usleep(10_000)
        }
        #expect(run.write(text))
        _ = try run.finish()
        return shown()
    }

    private static let login = "'\(RunningProgram.path)' login --operator owner"

    @Test("shows nothing of what is typed")
    func silent() throws {
        let place = try VaultPlace()
        // The second line is for the one-time code: none.
        let shown = try Self.talk(
            "\(Self.login); echo left $?", until: "password of owner: ", type: VaultPlace.password + "\n\n", in: place)
        #expect(shown.contains("Logged in as owner") && shown.contains("left 0"))
        #expect(!shown.contains(VaultPlace.password))
    }

    @Test("that is interrupted ends the program, and the terminal shows again what is typed")
    func interrupted() throws {
        let place = try VaultPlace()
        let shown = try Self.talk(
            "trap : INT; \(Self.login); echo left $?; stty -a", until: "password of owner: ", type: "half a pass\u{03}",
            in: place)
        #expect(shown.contains("left 130"))
        #expect(shown.contains(" echo ") && !shown.contains(" -echo "))
        #expect(!shown.contains("half a pass"))
    }
}
