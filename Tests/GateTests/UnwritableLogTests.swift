import Core
import Gate
import Glibc
import Secrets
import Storage
import Synchronization
import Testing
import Vault

@testable import Audit

@Suite("A gate whose log cannot be written")
struct UnwritableLogTests {
    /// A disk that can be full or broken, and remembers what it was asked.
    private final class Disk: Sendable {
        enum State: Sendable { case sound, full, fullAfterTenBytes, unsynchronised }

        let state = Mutex(State.sound)
        let asked = Mutex<[String]>([])

        var calls: SpoolFile.Calls {
            var calls = SpoolFile.Calls()
            let sound = SpoolFile.Calls()
            calls.write = { [self] descriptor, bytes, count, offset in
                asked.withLock { $0.append("write") }
                switch state.withLock({ $0 }) {
                case .sound, .unsynchronised: return sound.write(descriptor, bytes, count, offset)
                case .fullAfterTenBytes where count > 10: return sound.write(descriptor, bytes, 10, offset)
                case .full, .fullAfterTenBytes:
                    errno = ENOSPC
                    return -1
                }
            }
            calls.synchronise = { [self] descriptor in
                asked.withLock { $0.append("synchronise") }
                guard state.withLock({ $0 }) != .unsynchronised else {
                    errno = EIO
                    return -1
                }
                return sound.synchronise(descriptor)
            }
            return calls
        }
    }

    private let fixture: VaultFixture
    private let disk = Disk()
    private let ada: Subject
    private let audit: AuditLog
    private let gate: Gate

    /// The vault's rooms, with a log on `disk` in the place of its own.
    private init(strict: Bool) throws {
        fixture = try VaultFixture(strict: strict)
        ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        let vault = fixture.vault
        try vault.audit.close()
        audit = try AuditLog(
            database: vault.stores.data, spoolPath: fixture.home.spool,
            keys: AuditKeys(
                signing: vault.tree.logSigningKey, box: try vault.tree.auditBoxKey(),
                spool: try vault.tree.auditSpoolKey()),
            origin: vault.audit.origin, clock: vault.clock, durability: strict ? .strict : .buffered,
            accepting: nil, boot: BootIdentity.current, foldingDelay: nil, calls: disk.calls)
        gate = Gate(
            tenant: fixture.gate.tenant, policies: PoliciesInForce(fixture.gate.policies), profiles: vault.profiles,
            lookup: vault.lookup, ledger: vault.ledger, approvals: vault.approvals, audit: audit,
            data: vault.stores.data, clock: vault.clock)
        disk.asked.withLock { $0 = [] }
    }

    init() throws { try self.init(strict: false) }

    private func first() throws -> String? {
        var answer = try gate.permit(
            ReadRequest(caller: VaultFixture.marketer, purpose: "personalization", fields: ["first_name"]),
            subject: .profile(ada.id))
        guard let permit = answer.permit.take() else { return nil }
        return try gate.read(with: permit).first?.value.text
    }

    private func refusal() -> AuditError? {
        #expect(throws: AuditError.self) { _ = try first() }
    }

    @Test("gives nothing while the disk is full, and goes on when there is room again", arguments: [true, false])
    func diskFull(atOnce: Bool) throws {
        #expect(try first() == "Ada")
        let entries = try audit.verify().entries
        disk.state.withLock { $0 = atOnce ? .full : .fullAfterTenBytes }
        for _ in 0..<3 { #expect(refusal()?.code == AuditError.notRecorded) }
        let error = #expect(throws: AuditError.self) {
            _ = try gate.permit(
                ReadRequest(caller: VaultFixture.marketer, purpose: "personalization"), set: [ada.id])
        }
        #expect(error?.code == AuditError.notRecorded)
        #expect(throws: AuditError.self) {
            try gate.transform("compare", items: 1, by: VaultFixture.engineer) { _ in Issue.record("the work began") }
        }
        disk.state.withLock { $0 = .sound }
        #expect(try first() == "Ada")
        // What was refused left nothing behind: one entry more, and the log is whole.
        #expect(try audit.verify().entries == entries + 1)
    }

    @Test("writes once before the permit, and in an ordinary vault waits for no disk")
    func ordinary() throws {
        _ = try first()
        #expect(disk.asked.withLock { $0 } == ["write"])
    }

    @Test("of a strict vault has the entry on the disk before there is a permit")
    func strict() throws {
        let test = try UnwritableLogTests(strict: true)
        let answer = try test.gate.permit(
            ReadRequest(caller: VaultFixture.marketer, purpose: "personalization"), subject: .profile(test.ada.id))
        #expect(answer.verdict.allows)
        #expect(test.disk.asked.withLock { $0 } == ["write", "synchronise"])
        test.disk.asked.withLock { $0 = [] }
        _ = try test.gate.permit(
            ReadRequest(caller: VaultFixture.marketer, purpose: "personalization"), set: [test.ada.id])
        #expect(test.disk.asked.withLock { $0 } == ["write", "synchronise"])
    }

    @Test("of a strict vault stays closed for good once the disk has refused to take an entry")
    func unsynchronised() throws {
        let test = try UnwritableLogTests(strict: true)
        test.disk.state.withLock { $0 = .unsynchronised }
        #expect(test.refusal()?.code == AuditError.notRecorded)
        // After a failed fdatasync nobody knows what the disk has: trying again would prove nothing.
        test.disk.state.withLock { $0 = .sound }
        #expect(test.refusal()?.code == AuditError.notRecorded)
    }
}
