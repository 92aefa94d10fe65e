import Foundation
import Testing

@Suite("The demo", .timeLimit(.minutes(5)))
struct DemoTests {
    @Test("tells its story to the end: a read with consent, refusals, nothing in clear, a log that proves itself")
    func demo() throws {
        let place = try VaultPlace.empty()
        let run = try place.start(
            [RunningProgram.path], input: "", program: VaultPlace.package + "/scripts/demo.sh",
            environment: ["TMPDIR": place.folder]
        ).finish()
        #expect(run.status == 0, "\(run.errors)")
        for words in [
            "Made a vault in", "created  2,000", "first_name    Ada", "no consent was given for this purpose",
            "recorded: withdrawn", "the consent was withdrawn", "vault/data.db:0", "vault/keys.db:0",
            "vault/index.db:0",
            "the log is whole", "2,000 profiles and",
        ] { #expect(run.output.contains(words), "\(words) is missing in: \(run.output)") }
        #expect(!run.errors.contains("profilevault: error"))
    }
}
