import Core
import Foundation
import Glibc
import Testing

/// Each failure gives one error with a hint and the right exit status, and the vault works once its cause is gone.
@Suite("When something is wrong", .timeLimit(.minutes(20)))
struct FailureTests {
    private func expectFailure(
        _ run: ProgramRun, _ status: Int32, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
        #expect(run.hasOneErrorAndHint, "\(run.errors)", sourceLocation: sourceLocation)
        #expect(run.output.isEmpty, sourceLocation: sourceLocation)
        #expect(run.errors.contains(words), "\(run.errors)", sourceLocation: sourceLocation)
    }

    @Test("with the key file, the vault stays shut and says what is wrong with it")
    func keyFiles() throws {
        let place = try VaultPlace()
        let other = try VaultPlace.empty()
        try other.make()
        let file = try place.keyFile
        let key = try String(contentsOfFile: file, encoding: .utf8)
        // Another vault's key, under its own name and under this vault's.
        expectFailure(try place.run("stats", "--key-file", other.keyFile), 1, "belongs to vault")
        let digits = try String(contentsOfFile: other.keyFile, encoding: .utf8).split(separator: "\n")[2]
        let wrong = key.split(separator: "\n")[..<2] + [digits]
        try place.write("wrong.key", wrong.joined(separator: "\n") + "\n", mode: 0o600)
        expectFailure(try place.run("stats", "--key-file", "wrong.key"), 1, "the root key does not open")
        try place.write("half.key", String(key.dropLast(20)), mode: 0o600)
        expectFailure(try place.run("stats", "--key-file", "half.key"), 1, "64 hexadecimal digits")
        let example = try String(contentsOfFile: VaultPlace.package + "/keys-example/example-root.key", encoding: .utf8)
        try place.write("example.key", example, mode: 0o600)
        expectFailure(try place.run("stats", "--key-file", "example.key"), 1, "published example key")
        expectFailure(try place.run("stats", "--key-file", "state"), 1, "name the file in it that is meant")
        let fresh = place.file("fresh")
        expectFailure(
            try place.run(
                "init", "--home", fresh, "--key-file", "example.key", "--policies", VaultPlace.package + "/policies"),
            1, "published example key")
        try place.chmod(file, 0o644)
        expectFailure(try place.run("stats"), 1, "chmod 600")
        try place.chmod(file, 0o600)
        try FileManager.default.moveItem(atPath: file, toPath: file + ".away")
        expectFailure(try place.run("stats"), 1, "o such file")
        #expect(try place.run("stats", "--key-file", file + ".away").status == 0)
        try FileManager.default.moveItem(atPath: file + ".away", toPath: file)
        #expect(try place.isWell())
    }

    @Test("with one epoch holder, the vault works and doctor warns; with all of them, it stays shut")
    func epochHolders() throws {
        let place = try VaultPlace()
        let holders = try place.epochHolders
        #expect(holders.count == 2)
        // Elsewhere: what lies in the home and is no part of the vault is warned about, too.
        func away(_ holder: String) -> String { place.file(holder == holders[0] ? "first.away" : "second.away") }
        for holder in holders {
            try FileManager.default.moveItem(atPath: holder, toPath: away(holder))
            #expect(try place.run("get", "customer_id:1", "--purpose", "personalization").status == 0)
            let doctor = try place.run("doctor", "--json")
            #expect(doctor.status == 0 && doctor.errors.isEmpty)
            #expect(try doctor.json()["state"] == "warning")
            let checks = try doctor.json()["checks"]?.array ?? []
            let warnings = checks.filter { $0["state"] == "warning" }
            #expect(warnings.compactMap { $0["name"]?.string } == ["epoch holders"])
            // What the warning advises.
            let left = try #require(holders.first { $0 != holder })
            try FileManager.default.copyItem(atPath: left, toPath: holder)
            try place.chmod(holder, 0o600)
            #expect(try place.run("doctor", "--json").json()["state"] == "ok")
        }
        for holder in holders { try FileManager.default.removeItem(atPath: holder) }
        expectFailure(try place.run("stats"), 5, "no epoch holder gives its key")
        for holder in holders { try FileManager.default.moveItem(atPath: away(holder), toPath: holder) }
        #expect(try place.isWell())
    }

    @Test("with the modes of files, what others may read is refused")
    func permissions() throws {
        let place = try VaultPlace()
        for name in ["vault.json", "data.db", "keys.db", "index.db", "audit.spool"] {
            let file = place.home + "/" + name
            try place.chmod(file, 0o644)
            expectFailure(try place.run("stats"), 1, name)
            try place.chmod(file, 0o600)
        }
        try place.chmod(place.home, 0o755)
        let doctor = try place.run("doctor")
        #expect(doctor.status == 1 && doctor.errors.contains("chmod go= '\(place.home)'"))
        try place.chmod(place.home, 0o700)
        // Root may look everywhere, so somebody else does.
        let user = geteuid() == 0 ? ["/usr/bin/setpriv", "--reuid=65534", "--clear-groups", "--"] : []
        try place.chmod(place.home, 0o000)
        let test = try place.start(
            ["-x", RunningProgram.path], input: "", program: "/usr/bin/test", prefix: user
        ).finish()
        if test.status == 0 {
            expectFailure(try place.start(["stats"], input: "", prefix: user).finish(), 1, "may not be looked into")
        } else {
            print("a user who may not look into the home: not found, skipped")
        }
        try place.chmod(place.home, 0o700)
        #expect(try place.isWell())
    }

    @Test("with the header or the home, it says which")
    func homes() throws {
        let place = try VaultPlace()
        expectFailure(try place.run("stats", "--home", "nowhere"), 1, "there is no vault in")
        let doctor = try place.run("doctor", "--home", "nowhere")
        #expect(doctor.status == 1 && doctor.hasOneErrorAndHint && doctor.output.contains("there is no vault in"))
        try place.rewriteHeader { $0.replacing("\"format\": 1", with: "\"format\": 2") }
        expectFailure(try place.run("stats"), 1, "the vault has format 2, this program knows up to 1")
        try place.rewriteHeader { String($0.replacing("\"format\": 2", with: "\"format\": 1").dropLast(9)) }
        expectFailure(try place.run("stats"), 5, "vault.json cannot be read")
        let whole = try VaultPlace()
        expectFailure(try whole.run("stats", "--tenant", "elsewhere"), 4, "there is no tenant `elsewhere`")
        expectFailure(
            try whole.run("init", "--policies", VaultPlace.package + "/policies"), 1, "there is a vault in")
        let entries = try #require(try whole.run("audit", "verify", "--json").json()["entries"]?.integer)
        // The question itself is an entry.
        expectFailure(
            try whole.run("audit", "prove", "99999"), 4,
            "its \(entries + 1) entries have the numbers 0 to \(entries)")
        #expect(try whole.isWell())
    }

    @Test("with the session, the gate refuses until somebody logs in")
    func sessions() throws {
        let place = try VaultPlace()
        #expect(try place.run("logout").status == 0)
        for words in [["stats"], ["get", "customer_id:1", "--purpose", "support"], ["import", "customers.csv"]] {
            try place.write("customers.csv", VaultPlace.customers)
            expectFailure(try place.start(words, input: "").finish(), 3, "profilevault login")
        }
        expectFailure(try place.run("logout"), 3, "nobody is logged in")
        try place.write("wrong", "not the password\n", mode: 0o600)
        expectFailure(
            try place.run("login", "--password-file", "wrong"), 3, "the name, the password or the code is wrong")
        expectFailure(
            try place.run("login", "--operator", "nobody", "--password-file", "password"), 3,
            "the name, the password or the code is wrong")
        // A token of no session, such as one that has ended and was swept away.
        let file = place.file("session")
        #expect(
            try place.run("login", "--password-file", "password", environment: ["PROFILEVAULT_SESSION": file]).status
                == 0)
        let token = try place.read("session")
        try place.write("session", String(token.dropLast(5)) + String(token.suffix(5).reversed()), mode: 0o600)
        let stale = try place.run("stats", environment: ["PROFILEVAULT_SESSION": file])
        #expect([1, 3].contains(stale.status) && stale.hasOneErrorAndHint && stale.errors.contains("login"))
        try place.write("session", token, mode: 0o644)
        expectFailure(try place.run("stats", environment: ["PROFILEVAULT_SESSION": file]), 3, "may be read by others")
        #expect(try place.run("login", "--password-file", "password", "--json").status == 0)
        #expect(try place.isWell())
    }

    @Test("with another process in the home, the second is told who has it and the first goes on")
    func secondProcess() throws {
        let place = try VaultPlace()
        let first = try place.start(["import", "-", "--json"], input: nil)
        // More than a pipe holds: that it is taken shows that the vault is open.
        #expect(first.write(ImportTests.rows(0..<9000)))
        for words in [["stats"], ["login", "--password-file", "password"], ["audit", "verify"]] {
            expectFailure(try place.start(words, input: "").finish(), 1, "this vault is in use by process")
        }
        let doctor = try place.run("doctor")
        #expect(doctor.status == 1 && doctor.errors.contains("wait for it to end"))
        #expect(first.write(ImportTests.rows(9000..<9010, header: false)))
        let run = try first.finish()
        #expect(run.status == 0)
        #expect(try run.json()["read"] == 9010)
        #expect(try place.isWell())
    }
}
