import Core
import Foundation
import Glibc
import Testing

/// What no command may write into or over, `--force` or not.
@Suite("What is given out", .timeLimit(.minutes(20)))
struct ProtectedPlaceTests {
    /// All that may not change: path and content of every file of the home and of the folder of keys and sessions.
    private func protected(_ place: VaultPlace, _ folders: [String] = ["vault", "state"]) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for folder in folders {
            for name in try FileManager.default.subpathsOfDirectory(atPath: place.file(folder)) {
                let path = place.file(folder) + "/" + name
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                    continue
                }
                files[path] = try Data(contentsOf: URL(filePath: path))
            }
        }
        return files
    }

    private func expectRefusals(_ place: VaultPlace, _ target: String, options: [String] = []) throws {
        for words in [
            ["export", "--purpose", "personalization", "--out", target, "--force"],
            ["export", "--purpose", "personalization", "--out", target],
            ["sample", "--profiles", "3", "--out", target, "--force"],
            ["sample", "--profiles", "3", "--out", "x.csv", "--events", target, "--force"],
            ["sample", "--profiles", "3", "--out", "x.csv", "--consents", target, "--force"],
        ] {
            let run = try place.start(words + options, input: "").finish()
            #expect(run.status == 1 && run.hasOneErrorAndHint, "\(words): \(run.errors)")
            #expect(run.errors.contains("name a place elsewhere with"), "\(words): \(run.errors)")
            #expect(!place.exists("x.csv"))
        }
    }

    @Test("never lands in the home, however the home is spelled")
    func home() throws {
        let place = try VaultPlace()
        try place.write("rows.csv", "customer_id,email\n,nobody\n")
        try FileManager.default.createSymbolicLink(
            atPath: place.file("link"), withDestinationPath: place.home)
        try FileManager.default.createSymbolicLink(
            atPath: place.file("database"), withDestinationPath: place.home + "/data.db")
        try FileManager.default.createDirectory(atPath: place.home + "/sub", withIntermediateDirectories: false)
        let before = try protected(place)
        for target in [
            "vault/data.db", "vault/keys.db", "vault/leak.csv", "vault/sub/leak.csv", "./vault/../vault//index.db",
            "link/leak.csv", "link/audit.spool", "database", place.home + "/vault.json",
        ] { try expectRefusals(place, target) }
        for rejects in ["vault/rejects.jsonl", "link/sub/rejects.jsonl"] {
            let run = try place.run("import", "rows.csv", "--rejects", rejects)
            #expect(run.status == 1 && run.hasOneErrorAndHint, "\(run.errors)")
        }
        #expect(try protected(place) == before)
        try FileManager.default.removeItem(atPath: place.home + "/sub")
        #expect(try place.isWell())
    }

    @Test("never takes the place of a key file, an epoch holder or a session")
    func keys() throws {
        let place = try VaultPlace()
        let before = try protected(place)
        let session = try #require(before.keys.first { $0.contains("/sessions/") })
        for target in try [place.keyFile, place.epochHolders[1], session, place.file("state/profilevault/new.csv")] {
            try expectRefusals(place, target)
        }
        #expect(try protected(place) == before)
    }

    @Test("never takes their place where they lie elsewhere, by a link or in the place of one that is gone")
    func elsewhere() throws {
        let place = try VaultPlace()
        let key = try place.keyFile
        for name in ["moved", "kept", "gone"] {
            try FileManager.default.createDirectory(
                atPath: place.file(name), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        }
        try FileManager.default.moveItem(atPath: key, toPath: place.file("moved/root.key"))
        let holder = try place.epochHolders[1]
        try FileManager.default.moveItem(atPath: holder, toPath: place.file("kept/epoch"))
        try place.rewriteHeader { $0.replacing(holder, with: place.file("kept/epoch")) }
        try FileManager.default.createSymbolicLink(
            atPath: place.file("alias"), withDestinationPath: place.file("moved/root.key"))
        let before = try protected(place, ["vault", "state", "moved", "kept"])
        for target in ["moved/root.key", "alias", "kept/epoch", "./moved/../kept/epoch"] {
            try expectRefusals(place, target, options: ["--key-file", "moved/root.key"])
        }
        #expect(try protected(place, ["vault", "state", "moved", "kept"]) == before)
        // One that is gone is to be put back there.
        try place.rewriteHeader { $0.replacing(place.file("kept/epoch"), with: place.file("gone/epoch")) }
        try expectRefusals(place, "gone/epoch", options: ["--key-file", "moved/root.key"])
        #expect(!place.exists("gone/epoch"))
    }

    @Test("stays out of every vault's home, also of one that the command does not work with")
    func otherHomes() throws {
        let place = try VaultPlace()
        let before = try protected(place)
        for target in ["vault/data.db", "vault/sample.csv"] {
            let run = try place.run("sample", "--profiles", "3", "--out", target, "--force", "--home", "nowhere")
            #expect(run.status == 1 && run.hasOneErrorAndHint, "\(run.errors)")
        }
        #expect(try protected(place) == before)
        #expect(try place.run("sample", "--profiles", "3", "--out", "out.csv", "--force").status == 0)
        #expect(try place.run("sample", "--profiles", "3", "--out", "out.csv", "--force").status == 0)
    }

    @Test("as a session replaces a session and no other file")
    func session() throws {
        let place = try VaultPlace()
        let key = try place.keyFile
        let before = try protected(place)
        for target in [key, place.home + "/vault.json"] {
            let run = try place.run(
                "login", "--password-file", "password", environment: ["PROFILEVAULT_SESSION": target])
            #expect(run.status != 0 && run.hasOneErrorAndHint, "\(run.errors)")
            #expect(try Data(contentsOf: URL(filePath: target)) == before[target])
        }
        #expect(try place.isWell())
    }
}
