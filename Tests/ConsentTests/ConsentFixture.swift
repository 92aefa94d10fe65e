import Audit
import Core
import Secrets
import Storage
import Synchronization
import TestSupport

@testable import Consent

/// A ledger over a database of its own, and a few purposes of every legal basis.
final class ConsentFixture: Sendable {
    static let start = Timestamp(milliseconds: 1_800_000_000_000)
    static let tenant = TenantID(1)

    static func purpose(
        _ name: String, _ basis: LegalBasis = .consent, days: Int? = nil, notice: Notice? = nil, marketing: Bool = false
    ) -> PurposeDefinition {
        PurposeDefinition(
            name: name, iri: "https://w3id.org/dpv#Purpose", basis: basis, title: name, description: name,
            retentionDays: 365, consentDays: days, notice: notice, isDirectMarketing: marketing)
    }

    let letter = purpose("letter")
    let offers = purpose("offers", days: 30, notice: Notice(id: "privacy", version: "1"))
    let support = purpose("support", .contract)
    let fraud = purpose("fraud", .legitimateInterests)

    let folder: TemporaryDirectory
    let database: SQLiteDatabase
    let log: AuditLog
    let ledger: ConsentLedger
    private let people = Mutex<Int64>(0)

    init() throws {
        folder = try TemporaryDirectory()
        database = try SQLiteDatabase(path: folder.file("data.db"), options: .store(.data))
        try database.migrate(to: Schema(.data, declarations: ConsentLedger.tables + AuditLog.tables))
        log = try AuditLog(
            database: database, spoolPath: folder.file("audit.spool"),
            keys: AuditKeys(signing: .random(), box: .random(), spool: .random()), origin: "test.example/consent",
            clock: Clock { Self.start }, durability: .buffered)
        let keys = [TenantID(1): try AuthenticationKey.random(), TenantID(2): try AuthenticationKey.random()]
        ledger = ConsentLedger { tenant in
            guard let key = keys[tenant] else { throw UnknownTenant() }
            return key
        }
    }

    /// A subject that no store knows yet.
    func subject(tenant: TenantID = tenant) -> Subject {
        let number = people.withLock { number in
            number += 1
            return number
        }
        let random = Random.bytes(16)
        return Subject(tenant: tenant, number: number, id: ProfileID(bytes: random)!)
    }

    func authorization(at time: Timestamp, tenant: TenantID = tenant) -> Authorization {
        Authorization(
            principal: Principal(.operator, "owner"), action: .recordConsent, tenant: tenant, purpose: nil,
            decision: UniqueID(at: time, random: Random.words()), time: time)
    }

    @discardableResult
    func mutate<R>(
        at time: Timestamp = start, tenant: TenantID = tenant, _ body: (Mutation) throws -> R
    ) throws -> R {
        try log.mutate(authorization(at: time, tenant: tenant), body)
    }

    /// A subject with a head and nothing agreed.
    func newPerson(tenant: TenantID = tenant) throws -> Subject {
        let subject = subject(tenant: tenant)
        try mutate(tenant: tenant) { try ledger.createHead(of: subject, in: $0) }
        return subject
    }

    @discardableResult
    func record(
        _ changes: [ConsentChange], of subject: Subject, at time: Timestamp = start, effective: Timestamp? = nil,
        evidence: ConsentEvidence? = nil
    ) throws -> ConsentOutcome {
        try mutate(at: time, tenant: subject.tenant) { mutation in
            try ledger.append(
                changes, from: ConsentOrigin(source: "test", effective: effective, evidence: evidence), to: subject,
                in: mutation)
        }
    }

    func head(of subject: Subject) throws -> ConsentHead {
        try database.read { try ledger.head(of: subject, on: $0) }
    }

    func history(of subject: Subject) throws -> [ConsentRecord] {
        try database.read { try ledger.history(of: subject, on: $0) }
    }

    func standing(of subject: Subject, for purpose: PurposeDefinition, at time: Timestamp = start) throws -> Standing {
        try head(of: subject).standing(for: purpose, at: time)
    }

    /// What somebody with the database file and no key can do.
    func tamper(_ sql: StaticString, _ values: SQLValue...) throws {
        try database.write { _ = try $0.run(sql, values) }
    }

    /// The code of the error that `body` throws, and whether a command would end with the integrity status.
    func code(_ body: () throws -> Void) -> ErrorCode? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ConsentError)?.code
        }
    }

    /// The newest heads as the log knows them now.
    func loggedHeads() throws -> HeadMap { try log.heads() }

    func verify(logged: HeadMap, erased: Set<Int64> = []) throws -> ConsentVerification {
        var heads = logged
        return try ledger.verify(database, erased: { erased.contains($0) }, against: &heads)
    }
}

/// What a vault without such a tenant throws.
private struct UnknownTenant: Error {}

extension Timestamp {
    func days(_ count: Int64) -> Timestamp { adding(seconds: count * 86_400) }
}
