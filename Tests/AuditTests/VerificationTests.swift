import Core
import Foundation
import Secrets
import Storage
import Testing
import TestSupport

@testable import Audit

@Suite("Verification of the log")
struct VerificationTests {
    /// A log with reads and changes, closed; every case damages a copy of its own.
    private func filled(_ count: Int) throws -> (LogFixture, AuditLog) {
        let fixture = try LogFixture()
        let log = try fixture.open()
        for number in 0..<count {
            if number % 10 == 3 {
                try log.mutate(fixture.authorization(number)) { mutation in
                    mutation.changed(head(number, sequence: 1))
                    mutation.attach(detail: [5, 5, UInt8(number & 0xFF)])
                }
            } else {
                try log.record(fixture.entry(number, detail: number % 2 == 0 ? [1, 2, UInt8(number & 0xFF)] : nil))
            }
        }
        try log.fold()
        return (fixture, log)
    }

    private func head(_ number: Int, sequence: UInt64) -> HeadChange {
        HeadChange(
            kind: .profile, tenant: TenantID(1), profile: ProfileID(high: 3, low: UInt64(number)),
            sequence: sequence, digest: [UInt8](repeating: UInt8(number & 0xFF) | 1, count: 16))
    }

    private func change(_ fixture: LogFixture, _ sql: StaticString, _ values: SQLValue...) throws {
        let changed = try fixture.database.write { connection in try connection.run(sql, values) }
        #expect(changed == 1)
    }

    private func failure(of log: AuditLog, against checkpoint: String? = nil) throws -> AuditError {
        let error = try #require(#expect(throws: AuditError.self) { try log.verify(against: checkpoint) })
        #expect(error.code.exit == .integrity)
        return error
    }

    @Test("finds a whole log sound and counts what it saw", arguments: [0, 1, 255, 256, 257, 600])
    func sound(count: Int) throws {
        let (_, log) = try filled(count)
        var steps: [UInt64] = []
        let report = try log.verify { done, total in
            steps.append(done)
            #expect(total == UInt64(count))
        }
        #expect(report.entries == UInt64(count))
        #expect(report.headChanges == (0..<count).count { $0 % 10 == 3 })
        #expect(steps.last ?? 0 == UInt64(count))
        #expect(try Checkpoint(text: SignedNote(parsing: report.checkpoint).text).root == report.root)
    }

    @Test("names an entry that was flipped", arguments: [0, 100, 256, 599])
    func flipped(number: Int) throws {
        let (fixture, log) = try filled(600)
        let leaf = try fixture.leaves()[number].replacingOccurrences(of: #""tenant":1"#, with: #""tenant":2"#)
        try change(
            fixture, "UPDATE audit_entry SET leaf = $1 WHERE number = $2", .blob(Array(leaf.utf8)), .integer(number))
        let error = try failure(of: log)
        #expect(error.code == AuditError.entryChanged)
        #expect(error.message == "audit entry \(number) is not what was logged")
    }

    @Test("names an entry that was dropped, also the last", arguments: [0, 300, 599])
    func dropped(number: Int) throws {
        let (fixture, log) = try filled(600)
        try change(fixture, "DELETE FROM audit_entry WHERE number = $1", .integer(number))
        let error = try failure(of: log)
        #expect(error.code == AuditError.entryMissing)
        #expect(error.message == "audit entry \(number) is missing")
    }

    @Test("names entries that were swapped")
    func swapped() throws {
        let (fixture, log) = try filled(600)
        for (from, to) in [(40, -1), (41, 40), (-1, 41)] {
            try change(
                fixture, "UPDATE audit_entry SET number = $1 WHERE number = $2", .integer(to), .integer(from))
        }
        let error = try failure(of: log)
        #expect(error.code == AuditError.entryMoved)
        #expect(error.message.hasPrefix("where audit entry 40 belongs stands entry 41"))
    }

    @Test("names entries that were changed together with their hash, by their range")
    func changedWithHash() throws {
        let (fixture, log) = try filled(600)
        let leaf = Array(try fixture.leaves()[300].replacingOccurrences(of: "allowed", with: "denied").utf8)
        try change(fixture, "UPDATE audit_entry SET leaf = $1 WHERE number = 300", .blob(leaf))
        let address = TileAddress(level: 0, position: 1)
        var tile = try fixture.database.read { try AuditLog.tile(address, on: $0) }
        tile.replaceSubrange((44 * 32)..<(45 * 32), with: MerkleTree.leaf(leaf))
        try change(fixture, "UPDATE audit_tile SET hashes = $1 WHERE place = $2", .blob(tile), .integer(address.key))
        let error = try failure(of: log)
        #expect(error.code == AuditError.entryChanged)
        #expect(error.message.hasPrefix("among audit entries 256 to 511"))
    }

    @Test("finds an entry that was added beyond the end")
    func added() throws {
        let (fixture, log) = try filled(20)
        let leaf = Array(try fixture.leaves()[19].utf8)
        try change(fixture, "INSERT INTO audit_entry (number, leaf) VALUES (20, $1)", .blob(leaf))
        #expect(try failure(of: log).code == AuditError.entryAdded)
    }

    @Test("finds sealed detail that was changed, moved or put where none was")
    func detail() throws {
        var (fixture, log) = try filled(20)
        try change(fixture, "UPDATE audit_entry SET detail = $1 WHERE number = 4", .blob([1, 2, 5]))
        #expect(try failure(of: log).message == "the sealed detail of audit entry 4 is not what was logged")
        (fixture, log) = try filled(20)
        try change(fixture, "UPDATE audit_entry SET detail = $1 WHERE number = 5", .blob([1, 2, 5]))
        #expect(try failure(of: log).code == AuditError.detailChanged)
    }

    @Test("finds head changes that were changed or dropped")
    func heads() throws {
        var (fixture, log) = try filled(20)
        try change(fixture, "UPDATE audit_entry SET heads = NULL WHERE number = 13")
        #expect(try failure(of: log).code == AuditError.headsChanged)
        (fixture, log) = try filled(20)
        try change(
            fixture, "UPDATE audit_entry SET heads = $1 WHERE number = 13",
            .blob(HeadList.seal([head(1, sequence: 9)], with: fixture.keys.box)))
        #expect(try failure(of: log).code == AuditError.headsChanged)
    }

    @Test("finds a tile of any level that was changed")
    func tiles() throws {
        for address in [TileAddress(level: 0, position: 0), TileAddress(level: 1, position: 0)] {
            let (fixture, log) = try filled(600)
            var tile = try fixture.database.read { try AuditLog.tile(address, on: $0) }
            tile[3] ^= 1
            try change(
                fixture, "UPDATE audit_tile SET hashes = $1 WHERE place = $2", .blob(tile), .integer(address.key))
            #expect(try failure(of: log).code == AuditError.treeChanged || address.level == 1)
        }
        // The open tile at the end, too.
        let (fixture, log) = try filled(20)
        let address = TileAddress(level: 0, position: 0)
        var tile = try fixture.database.read { try AuditLog.tile(address, on: $0) }
        tile[3] ^= 1
        try change(fixture, "UPDATE audit_tile SET hashes = $1 WHERE place = $2", .blob(tile), .integer(address.key))
        #expect(try failure(of: log).code == AuditError.treeChanged)
        #expect(throws: AuditError.self) { try fixture.open() }
    }

    @Test("finds a state row that was changed, at the next use and at the next opening")
    func state() throws {
        let (fixture, log) = try filled(20)
        try change(fixture, "UPDATE audit_state SET size = 19")
        #expect(try failure(of: log).code == AuditError.stateChanged)
        #expect(throws: AuditError.self) { try log.mutate(fixture.authorization(1)) { _ in } }
        #expect(throws: AuditError.self) { try fixture.open() }
    }

    @Test("finds a stored checkpoint that this log never signed")
    func storedCheckpoint() throws {
        let (fixture, log) = try filled(20)
        let other = try SigningKey.random()
        let key = try #require(NoteKey(name: fixture.origin, key: try other.verifyingKey))
        let note = try Checkpoint(origin: fixture.origin, size: 3, root: MerkleTree.emptyRoot)
            .signed(as: key, with: other)
        try change(fixture, "UPDATE audit_state SET note = $1", .text(note.description))
        #expect(try failure(of: log).code == AuditError.checkpointInvalid)
    }

    @Test("holds the log against a checkpoint kept elsewhere")
    func external() throws {
        let (fixture, log) = try filled(300)
        let kept = try log.checkpoint()
        for number in 300..<700 { try log.record(fixture.entry(number)) }
        #expect(try log.verify(against: kept).continues == 300)
        // A log of as many other entries under the same keys: what the holder of the keys can make.
        let (rewritten, other) = try filled(700)
        _ = rewritten
        let foreign = try other.checkpoint()
        #expect(throws: AuditError.self) { try log.verify(against: foreign) }
        let wrong = try Checkpoint(origin: fixture.origin, size: 300, root: MerkleTree.emptyRoot)
            .signed(as: log.noteKey, with: fixture.keys.signing)
        #expect(try failure(of: log, against: wrong.description).code == AuditError.historyRewritten)
        let later = try Checkpoint(origin: fixture.origin, size: 5000, root: MerkleTree.emptyRoot)
            .signed(as: log.noteKey, with: fixture.keys.signing)
        #expect(try failure(of: log, against: later.description).code == AuditError.rolledBack)
    }

    @Test("forgives sealed detail that is gone once its person is erased, and only then")
    func shredded() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        let (first, second) = (ProfileID(high: 1, low: 1), ProfileID(high: 2, low: 2))
        for number in 0..<10 {
            try log.record(fixture.entry(number, subject: number % 2 == 0 ? first : second, detail: [UInt8(number)]))
        }
        let shredded = try log.mutate(fixture.authorization(20)) { mutation in
            try log.shredDetails(of: [first], in: mutation)
        }
        // The entry of the shredding itself had not folded them yet.
        #expect(shredded == 0)
        let again = try log.mutate(fixture.authorization(21)) { mutation in
            try log.shredDetails(of: [first], in: mutation)
        }
        #expect(again == 5)
        #expect(try failure(of: log).code == AuditError.detailMissing)
        try log.mutate(fixture.authorization(22)) { mutation in
            mutation.changed(.removal(kind: .profile, tenant: TenantID(1), profile: first, sequence: 2))
        }
        #expect(try log.verify().shreddedDetails == 5)
        #expect(try log.prove(entry: 0).holds(for: log.noteKey))
    }

    @Test("proves every entry and every earlier size to whoever has the log's key")
    func proofs() throws {
        let (fixture, log) = try filled(300)
        let leaves = try fixture.leaves().map { MerkleTree.leaf($0.utf8) }
        for number in stride(from: UInt64(0), to: 300, by: 37) {
            let proof = try log.prove(entry: number)
            #expect(try proof.holds(for: log.noteKey))
            #expect(proof.description.hasPrefix("c2sp.org/tlog-proof@v1\nindex \(number)\n"))
            let consistency = try log.proveConsistency(from: number + 1)
            let earlier = MerkleTree.root(ofLeafHashes: Array(leaves.prefix(Int(number) + 1)))
            #expect(try consistency.holds(for: log.noteKey, earlierRoot: earlier))
            #expect(try !consistency.holds(for: log.noteKey, earlierRoot: leaves[0]) || number == 0)
        }
        let error = #expect(throws: AuditError.self) { try log.prove(entry: 300) }
        #expect(error?.code.exit == .notFound)
    }

    @Test("replays the last head of everybody")
    func headMap() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        var random = SeededGenerator.announced("headMap")
        var expected: [UInt64: UInt64] = [:]
        for batch in 0..<20 {
            try log.mutate(fixture.authorization(batch)) { mutation in
                for _ in 0..<300 {
                    let person = UInt64.random(in: 0..<2000, using: &random)
                    expected[person, default: 0] += 1
                    mutation.changed(
                        HeadChange(
                            kind: person % 2 == 0 ? .profile : .consent, tenant: TenantID(UInt32(person % 3)),
                            profile: ProfileID(high: person, low: person << 7), sequence: expected[person] ?? 0,
                            digest: [UInt8](repeating: UInt8(person & 0x7F) + 1, count: 16)))
                }
            }
        }
        var map = try log.heads()
        #expect(map.count == expected.count)
        for (person, sequence) in expected {
            let head = map.take(
                person % 2 == 0 ? .profile : .consent, of: ProfileID(high: person, low: person << 7),
                tenant: TenantID(UInt32(person % 3)))
            #expect(head?.sequence == sequence)
            #expect(head?.digest == [UInt8](repeating: UInt8(person & 0x7F) + 1, count: 16))
        }
        #expect(map.count == 0)
        map.forEach { _ in Issue.record("nothing may be left") }
    }

    @Test("shows the newest entries of one person, one action, one time")
    func show() throws {
        let fixture = try LogFixture()
        let log = try fixture.open()
        let person = ProfileID(high: 8, low: 8)
        for number in 0..<50 {
            try log.record(
                fixture.entry(
                    number, action: number % 5 == 0 ? "export" : "read", subject: number % 7 == 0 ? person : nil))
        }
        var filter = AuditFilter()
        filter.subject = person
        #expect(try log.show(filter, limit: 3).map { $0.decision?.low } == [49, 42, 35])
        filter.action = "export"
        let found = try log.show(filter, limit: 100)
        #expect(found.map(\.number) == [35, 0])
        #expect(found[0].tenant == TenantID(1) && found[0].outcome == .allowed)
        #expect(found[0].facts["fields"]?.array?.count == 2)
        filter = AuditFilter()
        filter.since = found[0].time
        #expect(try log.show(filter, limit: 100).count == 15)
        filter.until = found[0].time?.adding(seconds: 0)
        #expect(try log.show(filter, limit: 100).isEmpty)
        filter = AuditFilter()
        filter.principal = Principal(.operator, "nobody")
        #expect(try log.show(filter, limit: 100).isEmpty)
        #expect(try log.entry(7)?.subject == person)
        #expect(try log.entry(50) == nil)
    }
}
