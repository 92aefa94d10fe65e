import Audit
import Core
import Foundation
import Storage
import TestSupport
import Testing

@testable import Accounts

@Suite("Services")
struct ServiceTests {
    private let fixture: AccountsFixture
    private static let day: Int64 = 24 * 3600

    init() throws { fixture = try AccountsFixture() }

    private func time(_ seconds: Int64) -> Timestamp { AccountsFixture.start.adding(seconds: seconds) }

    @discardableResult
    private func add(
        _ name: String = "shop", tenant: TenantID? = nil, scope: ServiceScope = ServiceScope(), days: Int64 = 90
    ) throws -> ServiceKey {
        try fixture.mutate { mutation in
            try fixture.register.createService(
                name, roles: ["application"], tenant: tenant, scope: scope, expires: time(days * Self.day),
                in: mutation
            ).key
        }
    }

    private func rotate(
        _ name: String = "shop", at seconds: Int64 = 0, days: Int64 = 90, overlap: Int64 = AccountRegister.overlap
    ) throws -> ServiceKey {
        try fixture.mutate(at: time(seconds)) { mutation in
            try fixture.register.rotateKey(
                of: name, expires: time(seconds + days * Self.day), overlap: overlap, in: mutation
            ).key
        }
    }

    private func use(_ key: ServiceKey, after seconds: Int64 = 0) throws -> ServiceAccount {
        try fixture.register.service(of: key, at: time(seconds))
    }

    private func answer(_ key: ServiceKey, after seconds: Int64 = 0) -> AccountsError? {
        fixture.error { _ = try use(key, after: seconds) }
    }

    @Test("are known by their key, with roles, tenant and scope")
    func known() throws {
        let scope = ServiceScope(
            purposes: ["personalization"], actions: [.read, .recordConsent], fields: ["city", "first_name", "city"])
        let key = try add(tenant: TenantID(3), scope: scope)
        let service = try use(key)
        #expect(service.principal == Principal(.service, "shop"))
        #expect(service.roles == ["application"] && service.tenant == TenantID(3))
        #expect(service.scope == scope && service.scope.fields == ["city", "first_name"])
        #expect(service.scope.allows(action: .read) && !service.scope.allows(action: .export))
        #expect(service.scope.allows(purpose: "personalization") && !service.scope.allows(purpose: "support"))
        #expect(service.scope.allows(field: "city") && !service.scope.allows(field: "email"))
        #expect(try ServiceKey(#require(ServiceKey(key.text)).text)?.text == key.text)
        #expect(key.text.hasPrefix("pvk1-") && key.text.count == 69)
    }

    @Test("without limits may be allowed anything, with an empty list nothing")
    func limits() throws {
        let open = try use(add("open")).scope
        #expect(open.allows(action: .erase) && open.allows(purpose: "any") && open.allows(field: "any"))
        let shut = try use(add("shut", scope: ServiceScope(purposes: [], actions: [], fields: []))).scope
        #expect(!shut.allows(action: .read) && !shut.allows(purpose: "any") && !shut.allows(field: "any"))
    }

    @Test("get one answer for a key that is unknown, ran out, was revoked or belongs to a disabled service")
    func sameAnswer() throws {
        let old = try add("old", days: 1)
        let revoked = try add("revoked")
        let disabled = try add("disabled")
        let name = try #require(try fixture.register.services().first { $0.service.name == "revoked" }).service.keys[0]
        let denied = try fixture.mutate { try fixture.register.revokeKey(name.name, of: "revoked", in: $0) }
        #expect(denied == [.serviceKey(revoked.digest)])
        let gone = try fixture.mutate { try fixture.register.disableService("disabled", in: $0) }
        #expect(gone.count == 2 && gone.last == .serviceKey(disabled.digest))
        #expect(try fixture.mutate { try fixture.register.disableService("disabled", in: $0) } == [])
        let answers = [old, revoked, disabled, ServiceKey()].map { answer($0, after: Self.day) }
        #expect(answers[0]?.code == AccountsError.credentialRefused && answers[0]?.code.exit == .refused)
        #expect(answers.allSatisfy { $0 == answers[0] })
        _ = try use(old, after: Self.day - 1)
        #expect(try fixture.findings().isEmpty)
    }

    @Test("have an old and a new key for a day after a rotation")
    func overlap() throws {
        let old = try add()
        let new = try rotate(at: 60)
        #expect(try use(old, after: 60 + Self.day - 1) == use(new, after: 60))
        #expect(answer(old, after: 60 + Self.day)?.code == AccountsError.credentialRefused)
        _ = try use(new, after: 60 + Self.day)
        // A rotation makes no key live longer, and one without overlap ends the old ones at once.
        let brief = try rotate(at: 120, days: 1, overlap: 30 * Self.day)
        let last = try rotate(at: 180, overlap: 0)
        #expect(answer(brief, after: 180)?.code == AccountsError.credentialRefused)
        _ = try use(last, after: 180)
        #expect(try fixture.register.services()[0].service.keys.count == 4)
        // Keys that ran out go at the next change.
        _ = try rotate(at: 2 * Self.day)
        #expect(try fixture.register.services()[0].service.keys.count == 2)
    }

    @Test("have sixteen keys at the most, each with an end to come")
    func keyLimits() throws {
        try add()
        for _ in 1..<16 { _ = try rotate() }
        #expect(fixture.code { _ = try rotate() } == AccountsError.tooManyKeys)
        #expect(fixture.code { _ = try rotate(days: 0) } == AccountsError.expiryPast)
        #expect(fixture.code { _ = try add("late", days: 0) } == AccountsError.expiryPast)
    }

    @Test("show when a key was used last, to the minute")
    func lastUsed() throws {
        let key = try add()
        func lastUsed() throws -> [Timestamp?] { try fixture.register.services()[0].lastUsed }
        #expect(try lastUsed() == [nil])
        _ = try use(key, after: 5)
        #expect(try lastUsed() == [time(5)])
        _ = try use(key, after: 64)
        #expect(try lastUsed() == [time(5)])
        _ = try use(key, after: 65)
        #expect(try lastUsed() == [time(65)])
        // Using a key is no change that the log would have to know.
        #expect(try fixture.findings().isEmpty)
        try fixture.tamper("UPDATE key_use SET used = used + 1")
        #expect(answer(key, after: 200)?.code == AccountsError.keyUseChanged)
        #expect(AccountsError.keyUseChanged.exit == .integrity)
    }

    @Test("leave no key and no use of a revoked one in the database in the open")
    func nothingInTheOpen() throws {
        let key = try add()
        _ = try use(key)
        let name = try fixture.register.services()[0].service.keys[0].name
        _ = try fixture.mutate { try fixture.register.revokeKey(name, of: "shop", in: $0) }
        let uses = try fixture.database.read { try $0.first("SELECT COUNT(*) FROM key_use") { try $0.int(at: 0) } }
        #expect(uses == 0)
        _ = try fixture.database.checkpoint(.truncate)
        let file = [UInt8](try Data(contentsOf: URL(filePath: fixture.folder.file("data.db"))))
        for canary in [key.text, String(key.text.dropFirst(5))] {
            #expect(file.firstRange(of: Array(canary.utf8)) == nil)
        }
        #expect("\(key) \(String(reflecting: key))" == "(secret) (secret)")
        // The digest, too, is under a label of its own: no session's token is a key.
        #expect(SessionToken(key.text) == nil && ServiceKey(SessionToken().text) == nil)
    }

    @Test("are refused with names, roles and scopes that are none, and twice")
    func malformed() throws {
        try add()
        #expect(fixture.code { try add() } == AccountsError.serviceExists)
        #expect(fixture.code { try add("Shop") } == AccountsError.nameInvalid)
        for scope in [ServiceScope(purposes: ["a b"]), ServiceScope(fields: [""])] {
            #expect(fixture.code { try add("other", scope: scope) } == AccountsError.scopeInvalid)
        }
        #expect(fixture.code { _ = try rotate("nobody") } == AccountsError.serviceUnknown)
        let unknown = fixture.code { _ = try fixture.mutate { try fixture.register.disableService("x", in: $0) } }
        #expect(unknown == AccountsError.serviceUnknown)
        let key = fixture.code { _ = try fixture.mutate { try fixture.register.revokeKey("x", of: "shop", in: $0) } }
        #expect(key == AccountsError.keyUnknown)
        try fixture.mutate { _ = try fixture.register.disableService("shop", in: $0) }
        #expect(fixture.code { _ = try rotate() } == AccountsError.serviceDisabled)
    }

    @Test("that a writer of the database changed are found")
    func tampering() throws {
        let scope = ServiceScope(purposes: ["support"], actions: [.read], fields: ["city"])
        let key = try add(tenant: TenantID(1), scope: scope)
        let others = SQLValue.blob([UInt8](repeating: 0, count: 48))
        for (sql, values) in [
            ("UPDATE service SET roles = 'administrator'", []), ("UPDATE service SET tenant = NULL", []),
            ("UPDATE service SET tenant = 2", []), ("UPDATE service SET tenant = 0", []),
            ("UPDATE service SET purposes = NULL", []), ("UPDATE service SET actions = NULL", []),
            ("UPDATE service SET actions = 'read fly'", []), ("UPDATE service SET fields = ''", []),
            ("UPDATE service SET keys = ?", [others]), ("UPDATE service SET keys = id", []),
            ("UPDATE service SET created = 0", []), ("UPDATE service SET name = 'desk'", []),
        ] as [(StaticString, [SQLValue])] {
            try fixture.tamper("CREATE TABLE kept AS SELECT * FROM service")
            try fixture.database.write { _ = try $0.run(sql, values) }
            #expect(answer(key)?.code == AccountsError.serviceChanged, "\(sql)")
            #expect(try fixture.findings().map(\.code) == [AuditError.rowChanged], "\(sql)")
            try fixture.tamper("DELETE FROM service")
            try fixture.tamper("INSERT INTO service SELECT * FROM kept")
            try fixture.tamper("DROP TABLE kept")
        }
        _ = try use(key)
        #expect(AccountsError.serviceChanged.exit == .integrity)
    }

    @Test("that were put back to before a key was revoked, or removed, are found, and no service is let in")
    func putBack() throws {
        let key = try add()
        let other = try add("other")
        try fixture.tamper("CREATE TABLE kept AS SELECT * FROM service WHERE name = 'shop'")
        let name = try #require(try fixture.register.services().last).service.keys[0].name
        _ = try fixture.mutate { try fixture.register.revokeKey(name, of: "shop", in: $0) }
        try fixture.tamper("DELETE FROM service WHERE name = 'shop'")
        #expect(answer(other)?.code == AccountsError.serviceRolledBack)
        #expect(try fixture.findings().map(\.code) == [AuditError.rowMissing])
        try fixture.tamper("INSERT INTO service SELECT * FROM kept")
        #expect(answer(key)?.code == AccountsError.serviceRolledBack)
        #expect(AccountsError.serviceRolledBack.exit == .integrity)
        let findings = try fixture.findings()
        #expect(findings.map(\.message) == ["service `shop` is at revision 1, the log knows revision 2"])
    }
}
