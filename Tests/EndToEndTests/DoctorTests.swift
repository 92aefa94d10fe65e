import Core
import Foundation
import Testing

@Suite("The doctor", .timeLimit(.minutes(20)))
struct DoctorTests {
    /// The checks of a run and how each stands.
    private func states(_ run: ProgramRun) throws -> [String: String] {
        let checks = try run.json()["checks"]?.array ?? []
        return Dictionary(
            checks.compactMap { check in
                check["name"]?.string.flatMap { name in check["state"]?.string.map { (name, $0) } }
            }, uniquingKeysWith: { first, _ in first })
    }

    private static let works: Set<String> = [
        "close files to others than their owner", "put lost epoch holders back", "make the look-up index again",
    ]

    /// What the log says was repaired, with how many pieces.
    private func repairs(_ place: VaultPlace) throws -> [String: JSON?] {
        let run = try place.run("audit", "show", "--json", "--action", "maintain", "--limit", "1000")
        let entries = try run.lines.map { try JSON(parsing: Array($0.utf8)) }
        return Dictionary(
            entries.compactMap { entry in
                entry["facts"]?["work"]?.string.flatMap { work in
                    Self.works.contains(work) ? (work, entry["facts"]?["items"]) : nil
                }
            }, uniquingKeysWith: { first, _ in first })
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func sqlite(_ place: VaultPlace, _ store: String, _ script: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sqlite3", "\(place.home)/\(store).db", script]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw HarnessError("sqlite3 failed") }
    }

    @Test("looks at everything that docs/commands.md explains, and at nothing else")
    func explained() throws {
        let text = try String(contentsOfFile: VaultPlace.package + "/docs/commands.md", encoding: .utf8)
        let table = try #require(text.components(separatedBy: "## What doctor looks at").dropFirst().first)
        let rows = table.components(separatedBy: "\n## ")[0].split(separator: "\n").filter { $0.hasPrefix("| `") }
        let named = rows.flatMap { row in
            row.split(separator: "|")[0].split(separator: "`").filter { !$0.allSatisfy { $0 == " " } }.map(String.init)
        }
        let place = try VaultPlace()
        let states = try states(try place.run("doctor", "--json"))
        #expect(Set(states.keys) == Set(named))
        #expect(states.values.allSatisfy { $0 == "ok" || $0 == "warning" }, "\(states)")
    }

    @Test("closes the vault's files to others when it may repair, gives no right to anybody, follows no link")
    func permissions() throws {
        let place = try VaultPlace()
        try place.write("elsewhere", "somebody else's", mode: 0o644)
        try FileManager.default.createSymbolicLink(
            atPath: place.home + "/link", withDestinationPath: place.file("elsewhere"))
        let keyFile = try place.keyFile
        let open = [
            (place.home, 0o755, 0o700), (place.home + "/data.db", 0o644, 0o600),
            (place.home + "/audit.spool", 0o666, 0o600), (try place.epochHolders[1], 0o604, 0o600),
            (keyFile, 0o440, 0o400),
        ]
        for (path, mode, _) in open { try place.chmod(path, mode) }
        let look = try place.run("doctor", "--json")
        #expect(look.status == 1)
        #expect(try states(look)["permissions"] == "error")
        for (path, mode, _) in open { #expect(try self.mode(path) == mode) }

        let mended = try place.run("doctor", "--repair", "--json")
        #expect(mended.status == 0, "\(mended.output)")
        #expect(try states(mended)["permissions"] == "repaired")
        #expect(try states(mended)["key files"] == "repaired")
        for (path, _, mode) in open { #expect(try self.mode(path) == mode, "\(path)") }
        #expect(try mode(place.file("elsewhere")) == 0o644)
        #expect(try repairs(place) == ["close files to others than their owner": 5])
        try place.chmod(keyFile, 0o600)
        #expect(try place.isWell())
    }

    /// What may have become of an epoch holder.
    enum Loss: String, CaseIterable, CustomTestStringConvertible {
        case removed = "that was removed"
        case empty = "that is empty"
        case zeroed = "of zeros"
        case torn = "torn in its middle"

        var testDescription: String { rawValue }
    }

    @Test("puts an epoch holder back from the one that is left", arguments: Loss.allCases)
    func epochHolders(_ loss: Loss) throws {
        let place = try VaultPlace()
        for holder in try place.epochHolders {
            let url = URL(filePath: holder)
            var content = try Data(contentsOf: url)
            switch loss {
            case .removed: break
            case .empty: content = Data()
            case .zeroed: content = Data(count: content.count)
            case .torn: content.replaceSubrange(64..<content.count, with: Data(count: content.count - 64))
            }
            try FileManager.default.removeItem(at: url)
            if loss != .removed {
                try content.write(to: url)
                try place.chmod(holder, 0o600)
            }
            #expect(try states(try place.run("doctor", "--json"))["epoch holders"] == "warning")
            let mended = try place.run("doctor", "--repair", "--json")
            #expect(mended.status == 0)
            #expect(try states(mended)["epoch holders"] == "repaired")
            // It alone opens the vault now.
            let other = try #require(try place.epochHolders.first { $0 != holder })
            try FileManager.default.moveItem(atPath: other, toPath: other + ".away")
            #expect(try place.run("get", "customer_id:1", "--purpose", "personalization").status == 0)
            try FileManager.default.moveItem(atPath: other + ".away", toPath: other)
        }
        #expect(try repairs(place) == ["put lost epoch holders back": 1])
        #expect(try place.isWell())
    }

    @Test("leaves a file in an epoch holder's place alone that never was one of this vault")
    func strangers() throws {
        let place = try VaultPlace()
        let holder = try place.epochHolders[1]
        try FileManager.default.removeItem(atPath: holder)
        let letter = Data("Dear Ada,".utf8)
        try letter.write(to: URL(filePath: holder))
        try place.chmod(holder, 0o600)
        let mended = try place.run("doctor", "--repair", "--json")
        #expect(try states(mended)["epoch holders"] == "warning")
        #expect(try Data(contentsOf: URL(filePath: holder)) == letter)
        #expect(try repairs(place).isEmpty)
    }

    @Test(
        "makes the look-up index again, whether its file is lost, all entries are or one is",
        arguments: ["the file", "all entries", "one entry"])
    func index(lost: String) throws {
        let place = try VaultPlace()
        switch lost {
        case "the file":
            for ending in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: place.home + "/index.db" + ending)
            }
        case "all entries": try sqlite(place, "index", "DELETE FROM lookup")
        default: try sqlite(place, "index", "DELETE FROM lookup WHERE entry = (SELECT min(entry) FROM lookup)")
        }
        let look = try place.run("doctor", "--json")
        let isSeenByCommands = lost != "one entry"
        #expect(look.status == (isSeenByCommands ? 0 : 1))
        #expect(try states(look)["look-up index"] == (isSeenByCommands ? "warning" : "error"))
        let mended = try place.run("doctor", "--repair", "--json")
        #expect(mended.status == 0, "\(mended.output)")
        #expect(try states(mended)["look-up index"] == "repaired")
        #expect(try repairs(place)["make the look-up index again"] == .some(JSON(7)))
        #expect(try place.run("get", "email:ada@example.org", "--purpose", "personalization").status == 0)
        #expect(try place.isWell())
    }

    @Test("makes no index from rows that somebody changed, and deletes no key of a row that somebody took away")
    func evidence() throws {
        let place = try VaultPlace()
        try sqlite(place, "index", "DELETE FROM lookup")
        try sqlite(place, "data", "DELETE FROM profile WHERE number = 2")
        let mended = try place.run("doctor", "--repair", "--json")
        #expect(mended.status == 5)
        let states = try states(mended)
        #expect(states["look-up index"] == "warning")
        #expect(states["profiles"] == "error")
        #expect(states["orphans"] == "warning")
        #expect(try place.run("stats", "--json").json()["keys"]?["profile_keys"] == 3)
        #expect(try repairs(place).isEmpty)
    }

    @Test("names what lies in the home and is no part of the vault, and removes none of it")
    func foreignFiles() throws {
        let place = try VaultPlace()
        #expect(try states(place.run("doctor", "--json"))["foreign files"] == "ok")
        try Data("Ada,London\n".utf8).write(to: URL(filePath: place.home + "/leak.csv"))
        try FileManager.default.createDirectory(atPath: place.home + "/old", withIntermediateDirectories: false)
        // Evidence that is kept, and what a crash leaves, are the vault's own.
        for name in ["audit.spool.lost-20260101000000", "vault.json.new", "epoch.holder.new"] {
            try Data().write(to: URL(filePath: place.home + "/" + name))
            try place.chmod(place.home + "/" + name, 0o600)
        }
        let look = try place.run("doctor", "--repair", "--json")
        #expect(look.status == 0, "\(look.output)")
        let check = try #require(look.json()["checks"]?.array?.first { $0["name"] == "foreign files" })
        #expect(check["state"] == "warning")
        #expect(
            check["detail"]?.string
                == "no part of the vault, and perhaps in clear: `leak.csv`, `old`")
        #expect(FileManager.default.fileExists(atPath: place.home + "/leak.csv"))
    }

    /// What keeps a vault from being opened.
    enum Damage: String, CaseIterable, CustomTestStringConvertible {
        case spoolGone = "without its spool"
        case keysDamaged = "with a damaged keys.db"
        case dataGone = "without its data.db"
        case dataOpen = "with a data.db that others may read"
        case rootGone = "without its key file"
        case headerTorn = "with a torn header"
        case headerGone = "without its header"

        var testDescription: String { rawValue }
    }

    @Test("looks at the databases of a vault that does not open, too", arguments: Damage.allCases)
    func unopened(_ damage: Damage) throws {
        let place = try VaultPlace()
        let manager = FileManager.default
        var expected = ["data.db": "ok", "keys.db": "ok", "index.db": "ok"]
        let reason: String
        switch damage {
        case .spoolGone:
            try manager.removeItem(atPath: place.home + "/audit.spool")
            reason = "opening"
        case .keysDamaged:
            let url = URL(filePath: place.home + "/keys.db")
            try Data(repeating: 7, count: try Data(contentsOf: url).count).write(to: url)
            try place.chmod(place.home + "/keys.db", 0o600)
            expected["keys.db"] = "error"
            reason = "opening"
        case .dataGone:
            try manager.removeItem(atPath: place.home + "/data.db")
            expected["data.db"] = "error"
            reason = "opening"
        case .dataOpen:
            try place.chmod(place.home + "/data.db", 0o644)
            reason = "opening"
        case .rootGone:
            try manager.removeItem(atPath: place.keyFile)
            reason = "root key"
        case .headerTorn:
            try place.rewriteHeader { String($0.dropLast(20)) }
            reason = "header"
        case .headerGone:
            try manager.removeItem(atPath: place.header)
            reason = "home"
        }
        let before = try manager.contentsOfDirectory(atPath: place.home).sorted()
        let run = try place.run("doctor", "--json")
        #expect(run.status == 1 || run.status == 5)
        // An opening that came as far as the log has had the databases open, and leaves a log of SQLite's without content.
        if damage != .spoolGone { #expect(try manager.contentsOfDirectory(atPath: place.home).sorted() == before) }
        let found = try states(run)
        #expect(found[reason] == "error", "\(found)")
        #expect(found.filter { $0.key.hasSuffix(".db") } == expected)
        #expect(found["tables"] == nil && found["lock"] == "ok")
    }

    @Test("looks at no database while another process uses the home")
    func inUse() throws {
        let place = try VaultPlace()
        let other = try place.start(["import", "-", "--json"], input: nil)
        // More than a pipe holds: that it is taken shows that the vault is open.
        #expect(other.write(ImportTests.rows(0..<9000)))
        let run = try place.run("doctor", "--json")
        #expect(run.status == 1)
        let found = try states(run)
        #expect(found["lock"] == "error" && found["opening"] == nil && found["data.db"] == nil)
        #expect(try other.finish().status == 0)
    }
}
