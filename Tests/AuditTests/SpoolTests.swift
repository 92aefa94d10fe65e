import Core
import Foundation
import Secrets
import Storage
import Synchronization
import Testing
import TestSupport

@testable import Audit

@Suite("The spool")
struct SpoolTests {
    /// A log that was killed with `pending` frames in its spool, after `folded` entries that are in the log.
    struct Killed {
        let fixture: LogFixture
        let state: SpoolMark
        let bytes: [UInt8]
        /// Where each frame ends; the first is the header's end.
        let ends: [Int]

        init(folded: Int = 5, pending: Int = 4, durability: AuditLog.Durability = .buffered) throws {
            fixture = try LogFixture(durability: durability)
            var log: AuditLog? = try fixture.open()
            for number in 0..<folded { try log?.record(fixture.entry(number)) }
            try log?.fold()
            var ends = [SpoolHeader.length]
            for number in folded..<(folded + pending) {
                try log?.record([fixture.entry(number, detail: [9, 9]), fixture.entry(number + 1000)])
                ends.append(try Data(contentsOf: URL(filePath: fixture.spoolPath)).count)
            }
            state = try #require(try log?.storedState().mark)
            log = nil
            bytes = Array(try Data(contentsOf: URL(filePath: fixture.spoolPath)))
            self.ends = ends
        }

        func read(_ bytes: [UInt8], afterRestart: Bool = false) throws(AuditError) -> SpoolReading {
            try SpoolReading(
                bytes, state: state, origin: SpoolHeader.originDigest(fixture.origin), key: fixture.keys.spool,
                afterRestart: afterRestart)
        }

        func put(_ bytes: [UInt8]) throws {
            let handle = try FileHandle(forWritingTo: URL(filePath: fixture.spoolPath))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: bytes)
            try handle.close()
        }

        func frame(_ place: Int) -> [UInt8] { Array(bytes[ends[place]..<ends[place + 1]]) }
        var header: [UInt8] { Array(bytes[..<ends[0]]) }
    }

    @Test("gives every acknowledged entry to the log after a kill")
    func kill() throws {
        let killed = try Killed()
        let log = try killed.fixture.open()
        #expect(log.recovery.foldedEntries == 8)
        #expect(log.recovery.tornBytes == 0)
        #expect(try killed.fixture.decisions() == [0, 1, 2, 3, 4, 5, 1005, 6, 1006, 7, 1007, 8, 1008])
        #expect(try log.verify().entries == 13)
        try log.close()
        let again = try killed.fixture.open()
        #expect(again.recovery.isClean)
        try again.close()
    }

    @Test("cut at any byte, gives back exactly the entries that are whole")
    func cutAnywhere() throws {
        let killed = try Killed()
        for cut in SpoolHeader.length...killed.bytes.count {
            let reading = try killed.read(Array(killed.bytes.prefix(cut)))
            let whole = killed.ends.dropFirst().count { $0 <= cut }
            #expect(reading.frames.count == whole)
            #expect(reading.tornBytes == cut - killed.ends[whole])
        }
        for cut in 0..<SpoolHeader.length {
            #expect(throws: AuditError.self) { try killed.read(Array(killed.bytes.prefix(cut))) }
        }
    }

    @Test("cut in the middle of its last entry, opens, says so in the log, and goes on")
    func tornEntry() throws {
        let killed = try Killed()
        try killed.put(Array(killed.bytes.dropLast(11)))
        let log = try killed.fixture.open()
        #expect(log.recovery.foldedEntries == 6)
        #expect(log.recovery.tornBytes == killed.frame(3).count - 11)
        try log.record(killed.fixture.entry(50))
        try log.close()
        let leaves = try killed.fixture.leaves()
        #expect(leaves.count == 13)
        #expect(leaves[11].contains(#""action":"audit.recover""#))
        #expect(leaves[11].contains(#""torn_bytes":\#(killed.frame(3).count - 11)"#))
        #expect(try killed.fixture.open().verify().entries == 13)
    }

    @Test("with any byte flipped, is refused with exit status 5")
    func flippedAnywhere() throws {
        let killed = try Killed()
        for place in killed.bytes.indices {
            for bit in [UInt8(0x01), 0x80] {
                var bytes = killed.bytes
                bytes[place] ^= bit
                let error = #expect(throws: AuditError.self, "byte \(place)") { try killed.read(bytes) }
                #expect(error?.code.exit == .integrity)
            }
        }
    }

    @Test("with entries dropped, swapped, doubled or joined, is refused and named")
    func rearranged() throws {
        let killed = try Killed()
        let (header, frames) = (killed.header, (0..<4).map { killed.frame($0) })
        let arrangements: [(String, [[UInt8]])] = [
            ("dropped first", Array(frames[1...])), ("dropped in the middle", [frames[0], frames[2], frames[3]]),
            ("swapped", [frames[0], frames[2], frames[1], frames[3]]),
            ("doubled", [frames[0], frames[1], frames[1], frames[2], frames[3]]),
            ("put at the end again", frames + [frames[0]]),
        ]
        for (name, arrangement) in arrangements {
            try killed.put(header + arrangement.flatMap { $0 })
            let error = #expect(throws: AuditError.self, "\(name)") { try killed.fixture.open() }
            #expect(error?.code == AuditError.spoolBroken)
            #expect(error?.code.exit == .integrity)
        }
        try killed.put(header + frames.flatMap { $0 })
        #expect(try killed.fixture.open().recovery.foldedEntries == 8)
    }

    @Test("copied before a fold and put back after it, is refused as an older copy")
    func olderCopy() throws {
        let killed = try Killed()
        let log = try killed.fixture.open()
        for number in 100..<110 { try log.record(killed.fixture.entry(number)) }
        try log.close()
        try killed.put(killed.bytes)
        let error = #expect(throws: AuditError.self) { try killed.fixture.open() }
        #expect(error?.code == AuditError.spoolBroken)
        // An empty one of an earlier time is no better.
        try killed.put(killed.header)
        #expect(throws: AuditError.self) { try killed.fixture.open() }
    }

    @Test("of another vault is refused, even under the same keys")
    func foreign() throws {
        let killed = try Killed()
        killed.fixture.origin = "profilevault.example/other"
        let error = #expect(throws: AuditError.self) { try killed.fixture.open() }
        // The state's code is bound to the origin as well and is met first.
        #expect(error?.code == AuditError.stateChanged)
        let other = SpoolHeader(
            origin: SpoolHeader.originDigest("profilevault.example/other"), durability: .buffered, mark: killed.state
        ).encoded(key: killed.fixture.keys.spool)
        killed.fixture.origin = LogFixture.origin
        try killed.put(other)
        let foreign = #expect(throws: AuditError.self) { try killed.fixture.open() }
        #expect(foreign?.code == AuditError.spoolForeign)
        #expect(foreign?.code.exit == .integrity)
    }

    @Test("under other keys is refused")
    func forged() throws {
        let killed = try Killed()
        let header = SpoolHeader(
            origin: SpoolHeader.originDigest(LogFixture.origin), durability: .buffered, mark: killed.state)
        try killed.put(header.encoded(key: try AuthenticationKey.random()))
        let error = #expect(throws: AuditError.self) { try killed.fixture.open() }
        #expect(error?.code == AuditError.spoolBroken)
    }

    @Test("missing, is refused until the loss is accepted; the first entry after says by whom, and why")
    func missing() throws {
        let killed = try Killed()
        try FileManager.default.removeItem(atPath: killed.fixture.spoolPath)
        let error = #expect(throws: AuditError.self) { try killed.fixture.open() }
        #expect(error?.code == AuditError.spoolMissing)
        #expect(error?.remedy?.contains("audit accept-loss") == true)
        let log = try killed.fixture.open(accepting: killed.fixture.acceptance)
        #expect(log.recovery.lostSpool?.problem == AuditError.spoolMissing)
        #expect(log.recovery.lostSpool?.evidence == nil)
        try log.record(killed.fixture.entry(70))
        try log.close()
        let entry = try JSON(parsing: try killed.fixture.leaves()[5])
        #expect(entry["action"] == "audit.accept_loss")
        #expect(entry["principal"] == "Operator::owner")
        #expect(entry["facts"]?["reason"] == "the disk died")
        #expect(entry["facts"]?["problem"] == "audit.spool_missing")
        #expect(entry["facts"]?["last_kept"] == JSON(killed.state.sequence))
        #expect(try killed.fixture.open().verify().entries == 7)
    }

    @Test("broken, is kept beside for its owner alone when its loss is accepted, and the log knows its hash")
    func brokenAccepted() throws {
        let killed = try Killed()
        var bytes = killed.bytes
        bytes[killed.ends[1] + 60] ^= 4
        try killed.put(bytes)
        let log = try killed.fixture.open(accepting: killed.fixture.acceptance)
        let lost = try #require(log.recovery.lostSpool)
        try log.close()
        let evidence = try #require(lost.evidence)
        #expect(evidence.hasPrefix(killed.fixture.spoolPath + ".lost-2026"))
        #expect(try Array(Data(contentsOf: URL(filePath: evidence))) == bytes)
        let mode = try FileManager.default.attributesOfItem(atPath: evidence)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(lost.claimed == 8)
        let facts = try JSON(parsing: try killed.fixture.leaves()[5])["facts"]
        #expect(facts?["evidence_hash"] == JSON(hex(BLAKE2b.digest(bytes))))
        #expect(facts?["claimed_entries"] == 8)
        try killed.fixture.open().close()
        // What was refused once is refused for good.
        try killed.put(killed.bytes)
        let again = #expect(throws: AuditError.self) { try killed.fixture.open() }
        #expect(again?.code == AuditError.spoolBroken)
    }

    @Test("accepted as lost, is replaced together with its entry: a process killed right then leaves both")
    func acceptanceIsAtomic() throws {
        let killed = try Killed()
        try FileManager.default.removeItem(atPath: killed.fixture.spoolPath)
        let opening = SpoolOpening(
            path: killed.fixture.spoolPath, origin: SpoolHeader.originDigest(LogFixture.origin),
            keys: killed.fixture.keys, durability: .buffered, boot: "boot-1", calls: SpoolFile.Calls())
        let state = try opening.state(in: killed.fixture.database)
        let problem = try #require(try opening.problem(killed.fixture.database))
        _ = try opening.replace(nil, state: state, problem: problem, by: killed.fixture.acceptance)
        let log = try killed.fixture.open()
        #expect(log.recovery.foldedEntries == 1)
        #expect(try killed.fixture.leaves().last?.contains("audit.accept_loss") == true)
    }

    @Test("that is whole, has nothing to accept: looking says so and changes nothing")
    func outlook() throws {
        let killed = try Killed()
        func look() throws -> AuditLog.Outlook {
            try AuditLog.look(
                database: killed.fixture.database, spoolPath: killed.fixture.spoolPath, keys: killed.fixture.keys,
                origin: LogFixture.origin, durability: .buffered)
        }
        #expect(try look().problem == nil)
        #expect(try Array(Data(contentsOf: URL(filePath: killed.fixture.spoolPath))) == killed.bytes)
        try FileManager.default.removeItem(atPath: killed.fixture.spoolPath)
        #expect(try look().problem?.code == AuditError.spoolMissing)
        #expect(try look().lastTime == killed.state.time)
        #expect(!FileManager.default.fileExists(atPath: killed.fixture.spoolPath))
    }

    @Test("finds a database that was put back to an earlier time")
    func databaseRolledBack() throws {
        let fixture = try LogFixture()
        var log: AuditLog? = try fixture.open()
        try log?.record(fixture.entry(1))
        try log?.close()
        let old = fixture.directory.file("old.db")
        try fixture.reopenDatabase { try FileManager.default.copyItem(atPath: fixture.databasePath, toPath: old) }
        log = try fixture.open()
        for number in 2...4 { try log?.record(fixture.entry(number)) }
        try log?.close()
        try fixture.reopenDatabase {
            try FileManager.default.removeItem(atPath: fixture.databasePath)
            try FileManager.default.copyItem(atPath: old, toPath: fixture.databasePath)
        }
        let error = #expect(throws: AuditError.self) { try fixture.open() }
        #expect(error?.code == AuditError.rolledBack)
        #expect(error?.code.exit == .integrity)
    }

    @Test("finds a database that was put back to before a change, though no entry went through the spool since")
    func changeRolledBack() throws {
        let fixture = try LogFixture()
        var log: AuditLog? = try fixture.open()
        try log?.mutate(fixture.authorization(1)) { _ in }
        try log?.close()
        let old = fixture.directory.file("old.db")
        try fixture.reopenDatabase { try FileManager.default.copyItem(atPath: fixture.databasePath, toPath: old) }
        log = try fixture.open()
        try log?.mutate(fixture.authorization(2)) { _ in }
        // Also when the process is killed right after.
        log = nil
        try fixture.reopenDatabase {
            try FileManager.default.removeItem(atPath: fixture.databasePath)
            try FileManager.default.copyItem(atPath: old, toPath: fixture.databasePath)
        }
        let error = #expect(throws: AuditError.self) { try fixture.open() }
        #expect(error?.code == AuditError.rolledBack)
        let look = try SpoolOpening(
            path: fixture.spoolPath, origin: SpoolHeader.originDigest(LogFixture.origin), keys: fixture.keys,
            durability: .buffered, boot: "boot-1", calls: SpoolFile.Calls()
        ).problem(fixture.database)
        #expect(look?.code == AuditError.rolledBack)
        // A power cut may take a change from a buffered log; the log then says how many entries are gone, and goes on.
        fixture.boot = "boot-2"
        log = try fixture.open()
        #expect(log?.recovery.lostEntries == 1)
        try log?.close()
        log = try fixture.open()
        #expect(log?.recovery.isClean == true)
        #expect(try log?.verify().entries == 2)
    }

    @Test("newer than the database, is replaced when that is accepted, and the log says how many entries are missing")
    func rollbackAccepted() throws {
        let fixture = try LogFixture()
        try fixture.open().close()
        let old = fixture.directory.file("old.db")
        try fixture.reopenDatabase { try FileManager.default.copyItem(atPath: fixture.databasePath, toPath: old) }
        let log = try fixture.open()
        for number in 1...3 { try log.mutate(fixture.authorization(number)) { _ in } }
        try log.close()
        try fixture.reopenDatabase {
            try FileManager.default.removeItem(atPath: fixture.databasePath)
            try FileManager.default.copyItem(atPath: old, toPath: fixture.databasePath)
        }
        let accepted = try fixture.open(accepting: fixture.acceptance)
        #expect(accepted.recovery.lostSpool?.missing == 3)
        try accepted.close()
        #expect(try JSON(parsing: try fixture.leaves()[0])["facts"]?["missing_entries"] == 3)
        try fixture.open().close()
    }

    @Test("with entries that wait while a change is made, tells of the change and keeps the entries")
    func changeBesideEntries() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        try log.record(fixture.entry(1))
        var later: SpoolMark?
        later = try fixture.database.write { connection in
            try log.append(DirectEntry(entry: fixture.entry(2), heads: nil), signs: false, on: connection)
        }
        // Recorded between the change's commit and what the spool learns of it.
        try log.record(fixture.entry(3))
        try log.spool.folded(to: try #require(later))
        let bytes = try Array(Data(contentsOf: URL(filePath: fixture.spoolPath)))
        let header = try SpoolHeader(
            bytes.prefix(SpoolHeader.length), origin: SpoolHeader.originDigest(LogFixture.origin),
            key: fixture.keys.spool)
        #expect(header.mark.size == 2)
        let again = try fixture.open()
        #expect(again.recovery.foldedEntries == 1)
        try again.close()
        #expect(try fixture.decisions() == [1, 2, 3])
    }

    @Test("removed while in use, refuses further entries and keeps those it had")
    func removedInUse() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        var acknowledged: [UInt64] = []
        for number in 0..<10 {
            try log.record(fixture.entry(number))
            acknowledged.append(UInt64(number))
        }
        try FileManager.default.removeItem(atPath: fixture.spoolPath)
        var failure: AuditError?
        for number in 10..<200 {
            do throws(AuditError) {
                try log.record(fixture.entry(number))
                acknowledged.append(UInt64(number))
            } catch {
                failure = error
                break
            }
        }
        #expect(failure?.code == AuditError.spoolMissing)
        #expect(throws: AuditError.self) { try log.record(fixture.entry(999)) }
        let closing = #expect(throws: AuditError.self) { try log.close() }
        #expect(closing?.code == AuditError.spoolMissing)
        #expect(try fixture.decisions() == acknowledged)
    }

    @Test("replaced while in use, is found at the next fold")
    func replacedInUse() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        try log.record(fixture.entry(1))
        let copy = fixture.directory.file("copy")
        try FileManager.default.copyItem(atPath: fixture.spoolPath, toPath: copy)
        try FileManager.default.removeItem(atPath: fixture.spoolPath)
        try FileManager.default.moveItem(atPath: copy, toPath: fixture.spoolPath)
        let error = #expect(throws: AuditError.self) { try log.fold() }
        #expect(error?.code == AuditError.spoolMissing)
        #expect(throws: AuditError.self) { try log.record(fixture.entry(2)) }
        #expect(try fixture.decisions() == [1])
    }

    @Test("on a full disk, refuses the entry, keeps the others and goes on when there is room")
    func fullDisk() throws {
        let fixture = try LogFixture()
        let room = RoomBox()
        fixture.calls.write = { descriptor, bytes, count, offset in
            let allowed = room.take(count)
            if allowed == 0 {
                errno = ENOSPC
                return -1
            }
            return pwrite(descriptor, bytes, allowed, off_t(offset))
        }
        let log = try fixture.open()
        try log.record(fixture.entry(1))
        for left in [0, 1, 4, 100, 350] {
            room.set(left)
            let error = #expect(throws: AuditError.self) { try log.record(fixture.entry(1000 + left)) }
            #expect(error?.code == AuditError.notRecorded)
        }
        room.set(.max)
        try log.record(fixture.entry(2))
        // What is in the file is what a kill would leave.
        let state = try log.storedState().mark
        let reading = try SpoolReading(
            Array(try Data(contentsOf: URL(filePath: fixture.spoolPath))), state: state,
            origin: SpoolHeader.originDigest(fixture.origin), key: fixture.keys.spool, afterRestart: false)
        #expect(reading.frames.count == 2 && reading.tornBytes == 0)
        try log.close()
        #expect(try fixture.decisions() == [1, 2])
    }

    @Test("in strict mode, acknowledges nothing that the disk did not take")
    func strictFailure() throws {
        let fixture = try LogFixture(durability: .strict)
        let room = RoomBox()
        fixture.calls.synchronise = { descriptor in room.take(1) == 1 ? fdatasync(descriptor) : -1 }
        let log = try fixture.open()
        try log.record(fixture.entry(1))
        room.set(0)
        let error = #expect(throws: AuditError.self) { try log.record(fixture.entry(2)) }
        #expect(error?.code == AuditError.notRecorded)
        room.set(.max)
        // What happened to the pages is unknown, so nothing more is promised before the next opening.
        #expect(throws: AuditError.self) { try log.record(fixture.entry(3)) }
    }

    @Test("in strict mode, lets threads that come together share a flush")
    func groupCommit() throws {
        let fixture = try LogFixture(durability: .strict)
        let counter = FlushBox()
        fixture.calls.synchronise = { descriptor in
            counter.count.wrappingAdd(1, ordering: .relaxed)
            usleep(2000)
            return fdatasync(descriptor)
        }
        let log = try fixture.open()
        let before = counter.count.load(ordering: .relaxed)
        let entries = (0..<160).map { fixture.entry($0) }
        concurrently(8) { thread in
            for number in (thread * 20)..<(thread * 20 + 20) { try? log.record(entries[number]) }
        }
        let used = counter.count.load(ordering: .relaxed) - before
        #expect(used < 100, "\(used) flushes for 160 entries")
        try log.close()
        #expect(try Set(fixture.decisions()) == Set((0..<160).map { UInt64($0) }))
    }

    @Test("after a restart of the machine, forgives what a power cut can do to a buffered spool, and says so")
    func powerCut() throws {
        // The spool's last bytes read as zeros.
        var killed = try Killed()
        var bytes = killed.bytes
        for place in (bytes.count - 40)..<bytes.count { bytes[place] = 0 }
        try killed.put(bytes)
        #expect(throws: AuditError.self) { try killed.fixture.open() }
        killed.fixture.boot = "boot-2"
        var log = try killed.fixture.open()
        #expect(log.recovery.foldedEntries == 6 && log.recovery.tornBytes == killed.frame(3).count)
        try log.close()
        // The database lost its last commits: the spool is ahead of it.
        killed = try Killed()
        let ahead = SpoolMark(
            sequence: killed.state.sequence + 3, chain: [UInt8](repeating: 5, count: 32), time: killed.state.time)
        let header = SpoolHeader(
            origin: SpoolHeader.originDigest(LogFixture.origin), durability: .buffered, mark: ahead)
        try killed.put(header.encoded(key: killed.fixture.keys.spool))
        #expect(throws: AuditError.self) { try killed.fixture.open() }
        killed.fixture.boot = "boot-2"
        log = try killed.fixture.open()
        #expect(log.recovery.lostEntries == 3)
        try log.record(killed.fixture.entry(60))
        try log.close()
        #expect(try killed.fixture.leaves()[5].contains(#""lost_entries":3"#))
        // The same is not forgiven without a restart in between.
        try killed.put(killed.header)
        #expect(throws: AuditError.self) { try killed.fixture.open() }
    }

    @Test(
        "after a restart of the machine, does not forgive a spool without its header: no power cut takes that",
        arguments: [AuditLog.Durability.buffered, .strict])
    func headerless(durability: AuditLog.Durability) throws {
        let killed = try Killed(durability: durability)
        killed.fixture.boot = "boot-2"
        let whole = killed.bytes
        for bytes in [
            [], Array(whole.prefix(SpoolHeader.length - 1)), [UInt8](repeating: 0, count: SpoolHeader.length),
            [UInt8](repeating: 0, count: whole.count),
        ] {
            try killed.put(bytes)
            let error = #expect(throws: AuditError.self) { try killed.fixture.open() }
            #expect(error?.code.exit == .integrity)
        }
    }

    @Test(
        "is refused where the log was begun with another durability",
        arguments: [AuditLog.Durability.buffered, .strict])
    func otherDurability(durability: AuditLog.Durability) throws {
        let killed = try Killed(durability: durability)
        killed.fixture.durability = durability == .strict ? .buffered : .strict
        let error = #expect(throws: AuditError.self) { try killed.fixture.open() }
        #expect(error?.code == AuditError.durabilityChanged)
        #expect(error?.code.exit == .integrity)
        killed.fixture.durability = durability
        let log = try killed.fixture.open()
        #expect(log.recovery.foldedEntries == 8)
        try log.close()
    }

    @Test("after a restart of the machine, ends where its entries stop following each other")
    func pages() throws {
        let killed = try Killed()
        let (header, frames) = (killed.header, (0..<4).map { killed.frame($0) })
        var changed = frames[2]
        changed[30] ^= 1
        // Old pages among new ones: what was written first is missing, in part or altogether.
        for (kept, rest) in [
            (frames[..<2], changed + frames[3]), (frames[..<1], frames[2] + frames[3]), (frames[..<0], frames[1]),
            (frames[..<3], [UInt8](repeating: 0xAA, count: 900)),
        ] {
            let bytes = header + kept.flatMap { $0 } + rest
            let reading = try killed.read(bytes, afterRestart: true)
            #expect(reading.frames.count == kept.count)
            #expect(reading.tornBytes == rest.count)
            let error = #expect(throws: AuditError.self) { try killed.read(bytes) }
            #expect(error?.code == AuditError.spoolBroken)
        }
    }

    @Test("that was cut after a fold before its new header came to the disk, is begun anew after a restart")
    func cutBeforeHeader() throws {
        let fixture = try LogFixture(durability: .strict)
        var log: AuditLog? = try fixture.open()
        try log?.record(fixture.entry(0))
        let before = Array(try Data(contentsOf: URL(filePath: fixture.spoolPath)).prefix(SpoolHeader.length))
        try log?.fold()
        log = nil
        try Data(before).write(to: URL(filePath: fixture.spoolPath))
        let error = #expect(throws: AuditError.self) { try fixture.open() }
        #expect(error?.code == AuditError.spoolBroken)
        fixture.boot = "boot-2"
        log = try fixture.open()
        try log?.record(fixture.entry(1))
        try log?.close()
        #expect(try fixture.decisions() == [0, 1])
    }

    @Test("moves to a new file when it has grown while others go on recording")
    func shortened() throws {
        let fixture = try LogFixture()
        fixture.foldingDelay = nil
        let log = try fixture.open()
        let detail = [UInt8](repeating: 7, count: 1 << 20)
        for number in 0..<6 { try log.record(fixture.entry(number, detail: detail)) }
        // What comes in between the fold's reading and its end stays in the spool.
        let mark = try fixture.database.write { connection in
            try log.append(nil, signs: false, on: connection)
        }
        try log.record(fixture.entry(6))
        try log.spool.folded(to: try #require(mark))
        let size = try Data(contentsOf: URL(filePath: fixture.spoolPath)).count
        #expect(size < 2000)
        try log.record(fixture.entry(7))
        #expect(log.spool.pendingCount == 2)
        try log.close()
        #expect(try fixture.decisions() == (0..<8).map { UInt64($0) })
        try fixture.open().close()
    }
}

/// How many bytes, or calls, a fake disk still takes.
final class RoomBox: Sendable {
    private let left = Mutex(Int.max)

    func set(_ count: Int) { left.withLock { $0 = count } }

    func take(_ count: Int) -> Int {
        left.withLock { left in
            let taken = min(left, count)
            if left != .max { left -= taken }
            return taken
        }
    }
}

final class FlushBox: Sendable {
    let count = Atomic<Int>(0)
}
