import Core
import Foundation
import Glibc
import Testing

@Suite("A full disk", .timeLimit(.minutes(20)))
struct DiskFullTests {
    private static let count = 12_000

    /// Imports until there is no more room, then shows that nothing that was counted is lost and the rest comes in.
    private func fill(_ place: VaultPlace, _ home: [String], prefix: [String], makeRoom: () throws -> Void) throws {
        try place.write("rows.csv", ImportTests.rows(0..<Self.count))
        let words = ["import", "rows.csv", "--json"] + home
        let full = try place.start(words, input: "", prefix: prefix).finish()
        #expect(full.status == 1)
        #expect(full.hasOneErrorAndHint, "\(full.errors)")
        #expect(full.errors.contains("no space left"), "\(full.errors)")
        let taken = full.output.isEmpty ? 0 : try full.json()["read"]?.integer ?? 0
        #expect(taken < Self.count)
        try makeRoom()
        let stats = try place.start(["stats", "--json"] + home, input: "").finish()
        let kept = try #require(try stats.json()["profiles"]?.integer)
        #expect(kept >= taken)
        let rest = try place.start(words, input: "").finish().json()
        #expect(ImportTests.balances(rest) && rest["read"]?.integer == Self.count)
        #expect(rest["unchanged"]?.integer == kept && rest["created"]?.integer == Self.count - kept)
        for words in [["doctor"], ["audit", "verify"]] {
            let run = try place.start(words + home, input: "").finish()
            #expect(run.status == 0, "\(run.output) \(run.errors)")
        }
    }

    @Test("stops an import with a clear error; with room again it goes on and nothing is lost", arguments: [400, 1500])
    func limitedFiles(_ kibibytes: Int) throws {
        let place = try VaultPlace.empty()
        try place.make()
        try fill(place, [], prefix: ["/usr/bin/prlimit", "--fsize=\(kibibytes * 1024)"], makeRoom: {})
    }

    @Test("that is really full does the same")
    func smallDisk() throws {
        let place = try VaultPlace.empty()
        try place.make()
        let disk = place.file("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        guard mount("tmpfs", disk, "tmpfs", 0, "size=2500k,mode=700") == 0 else {
            return print("leave to mount a small disk: not found, skipped")
        }
        defer { umount2(disk, Int32(MNT_DETACH)) }
        let copy = try place.start(["-a", place.home, disk + "/vault"], input: "", program: "/bin/cp").finish()
        #expect(copy.status == 0)
        try fill(place, ["--home", disk + "/vault"], prefix: []) {
            #expect(mount("tmpfs", disk, "tmpfs", UInt(MS_REMOUNT), "size=64m,mode=700") == 0)
        }
    }
}
