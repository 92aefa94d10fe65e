import Audit
import Core
import Foundation
import Gate
import Secrets
import Storage
import Testing
import Vault

@Suite("The log and its spool under tampering")
struct TamperedLogTests {
    private let fixture: VaultFixture
    private let ada: Subject

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        for _ in 0..<4 { _ = try fixture.read(.profile(ada.id), for: "personalization") }
    }

    private func readAda() throws { _ = try fixture.read(.profile(ada.id), for: "personalization") }

    /// Entries: 0 to 2 the founding, 3 the person, 4 to 7 the reads.
    @Test(
        "an entry flipped, dropped, swapped or robbed of what is sealed beside it is named",
        arguments: [
            (
                .blob(
                    "SELECT leaf FROM audit_entry WHERE number = 5", .flipped,
                    "UPDATE audit_entry SET leaf = $1 WHERE number = 5"),
                AuditError.entryChanged, "audit entry 5 is not what was logged"
            ),
            (
                .blob(
                    "SELECT leaf FROM audit_entry WHERE number = 5", .cut,
                    "UPDATE audit_entry SET leaf = $1 WHERE number = 5"), AuditError.entryChanged,
                "audit entry 5"
            ),
            (.sql("DELETE FROM audit_entry WHERE number = 0"), AuditError.entryMissing, "audit entry 0 is missing"),
            (.sql("DELETE FROM audit_entry WHERE number = 5"), AuditError.entryMissing, "audit entry 5 is missing"),
            (.sql("DELETE FROM audit_entry WHERE number = 7"), AuditError.entryMissing, "audit entry 7 is missing"),
            (
                .sql("UPDATE audit_entry SET leaf = (SELECT leaf FROM audit_entry WHERE number = 6) WHERE number = 5"),
                AuditError.entryMoved, "where audit entry 5 belongs stands entry 6"
            ),
            (
                .blob(
                    "SELECT detail FROM audit_entry WHERE number = 5", .zeroed,
                    "UPDATE audit_entry SET detail = $1 WHERE number = 5"), AuditError.detailChanged,
                "the sealed detail of audit entry 5"
            ),
            (
                .sql(
                    "UPDATE audit_entry SET detail = (SELECT detail FROM audit_entry WHERE number = 6) WHERE number = 5"
                ),
                AuditError.detailChanged, "the sealed detail of audit entry 5"
            ),
            (
                .sql("UPDATE audit_entry SET detail = NULL WHERE number = 5"), AuditError.detailMissing,
                "entry 5 is gone"
            ),
            (.sql("UPDATE audit_entry SET heads = NULL WHERE number = 3"), AuditError.headsChanged, "audit entry 3"),
        ] as [(Tampering, ErrorCode, String)])
    func entries(tampering: Tampering, code: ErrorCode, named: String) throws {
        #expect(try fixture.vault.audit.verify().entries == 8)
        try fixture.change(.data, tampering)
        let error = expectBroken(code) { try fixture.vault.audit.verify() }
        #expect(error?.message.contains(named) == true, "\(error?.message ?? "")")
        // What holds rows against the log stops there, too: a log that lies proves nothing.
        expectBroken(code) { _ = try fixture.findings() }
    }

    @Test("two entries swapped are named")
    func swapped() throws {
        _ = try fixture.vault.audit.verify()
        try fixture.change(.data) { connection in
            for (from, to) in [(5, 99), (6, 5), (99, 6)] {
                try connection.run("UPDATE audit_entry SET number = $1 WHERE number = $2", .integer(to), .integer(from))
            }
        }
        try fixture.open()
        let error = expectBroken(AuditError.entryMoved) { try fixture.vault.audit.verify() }
        #expect(error?.message.hasPrefix("where audit entry 5 belongs stands entry 6") == true)
    }

    @Test(
        "a row or tile that says how far the log reaches, once it was changed, opens no vault, nor does an entry beyond the end",
        arguments: [
            (.sql("UPDATE audit_state SET size = size - 1"), AuditError.stateChanged),
            (
                .blob(
                    "SELECT root FROM audit_state WHERE number = 1", .zeroed,
                    "UPDATE audit_state SET root = $1 WHERE number = 1"), AuditError.stateChanged
            ),
            (.sql("UPDATE audit_state SET spooled = spooled + 1"), AuditError.stateChanged),
            (.sql("UPDATE audit_state SET time = time - 86400000"), AuditError.stateChanged),
            (
                .blob("SELECT hashes FROM audit_tile", .flipped, "UPDATE audit_tile SET hashes = $1"),
                AuditError.treeChanged
            ),
            (.sql("DELETE FROM audit_tile"), AuditError.treeChanged),
            (.sql("DELETE FROM audit_state"), AuditError.rolledBack),
            (
                .sql("INSERT INTO audit_entry (number, leaf) SELECT 8, leaf FROM audit_entry WHERE number = 7"),
                AuditError.entryAdded
            ),
        ] as [(Tampering, ErrorCode)])
    func state(tampering: Tampering, code: ErrorCode) throws {
        try fixture.vault.audit.fold()
        try fixture.change(.data, tampering, reopens: false)
        expectBroken(code) { try fixture.open() }
    }

    @Test("a log cut at its end and counted anew is found against a checkpoint kept elsewhere")
    func cutWithDatabase() throws {
        try fixture.vault.close()
        let early = try fixture.copyHome("early")
        try fixture.open()
        try readAda()
        let kept = try fixture.vault.audit.checkpoint()
        try fixture.vault.close()
        // Database and spool of the same earlier moment, put back together.
        for name in ["data.db", "audit.spool"] {
            try fixture.putBack(fixture.home.path + "/" + name, from: early.path + "/" + name)
        }
        try fixture.open()
        _ = try fixture.vault.audit.verify()
        expectBroken(AuditError.rolledBack) { try fixture.vault.audit.verify(against: kept) }
    }

    @Test("a database put back to an earlier time than its spool opens no vault")
    func databaseRolledBack() throws {
        try fixture.vault.close()
        let early = try fixture.copyHome("early")
        try fixture.open()
        try readAda()
        try fixture.vault.close()
        try fixture.putBack(fixture.home.database(.data), from: early.database(.data))
        expectBroken(AuditError.rolledBack) { try fixture.open() }
    }

    /// Whose or when a spool is that lies where the vault's own belongs.
    enum Foreign: CaseIterable { case earlier, anotherVaults, none, empty, text }

    @Test("a spool of an earlier time, of another vault, or none opens no vault", arguments: Foreign.allCases)
    func spoolReplaced(by foreign: Foreign) throws {
        let early = try fixture.copyHome("early")
        try readAda()
        try fixture.vault.close()
        let code: ErrorCode
        switch foreign {
        case .earlier:
            try fixture.putBack(fixture.home.spool, from: early.spool)
            code = AuditError.spoolBroken
        case .anotherVaults:
            let other = try VaultFixture()
            try other.vault.close()
            try fixture.putBack(fixture.home.spool, from: other.home.spool)
            code = AuditError.spoolForeign
        case .none:
            try FileManager.default.removeItem(atPath: fixture.home.spool)
            code = AuditError.spoolMissing
        case .empty:
            try FileHandle(forWritingTo: URL(filePath: fixture.home.spool)).truncate(atOffset: 0)
            code = AuditError.spoolBroken
        case .text:
            try FileHandle(forWritingTo: URL(filePath: fixture.home.spool)).write(contentsOf: Data("no spool".utf8))
            code = AuditError.spoolBroken
        }
        expectBroken(code) { try fixture.open() }
    }

    @Test("an unfolded spool opens after a crash, but with no bit of it changed")
    func spoolFlipped() throws {
        let killed = try fixture.copyHome("killed")
        let size = try #require(FileManager.default.contents(atPath: killed.spool)).count
        #expect(size > 1000, "the reads must be in the spool alone")
        try fixture.vault.close()
        for offset in stride(from: 0, to: size, by: 97) {
            try fixture.putBack(fixture.home.path, from: killed.path)
            try fixture.flip(fixture.home.spool, at: offset)
            do {
                try fixture.open()
                try fixture.vault.close()
                Issue.record("byte \(offset) was changed and nobody saw it")
            } catch let error as AuditError {
                #expect([AuditError.spoolBroken, AuditError.spoolForeign].contains(error.code), "byte \(offset)")
                #expect(error.code.exit == .integrity)
            }
        }
        try fixture.putBack(fixture.home.path, from: killed.path)
        try fixture.open()
        #expect(fixture.vault.audit.recovery.foldedEntries == 4)
    }

    @Test("a spool that is taken away while the vault is open ends the reading at the latest when it is folded")
    func spoolRemoved() throws {
        try FileManager.default.removeItem(atPath: fixture.home.spool)
        expectBroken(AuditError.spoolMissing) { try fixture.vault.audit.fold() }
        expectBroken(AuditError.spoolMissing) { try readAda() }
    }
}
