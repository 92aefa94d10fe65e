import Foundation
import Testing

@Suite("The demo", .timeLimit(.minutes(20)))
struct DemoTests {
    @Test(
        "tells its story to the end: a read with consent, refusals, an export, nothing in clear, an erasure, the proof")
    func demo() throws {
        let place = try VaultPlace.empty()
        let temporary = place.folder + "/temporary"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
        let run = try place.start(
            [RunningProgram.path], input: "", program: VaultPlace.package + "/scripts/demo.sh",
            environment: ["TMPDIR": temporary]
        ).finish()
        #expect(run.status == 0, "\(run.errors)")
        for words in [
            "A vault is made", "rows about 2,000 people", "created   3  new profiles", "first_name      Ada",
            "a***@example.org      masked", "no consent was given for this purpose", "-> exit 3",
            "recorded: withdrawn", "the consent was withdrawn", "people in ", "in none of the vault's files",
            "-> exit 5", "erased: done here", "-> exit 4", "the log is whole", "consent records stand",
        ] { #expect(run.output.contains(words), "\(words) is missing in: \(run.output)") }
        #expect(!run.errors.contains("profilevault: error"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    }
}
