import Audit
import Core
import Foundation
import Secrets
import Storage
import TestSupport
import Testing

@testable import Accounts

@Suite("Account register")
struct AccountRegisterTests {
    private let fixture: AccountsFixture

    init() throws { fixture = try AccountsFixture() }

    @Test("lets in who knows the password, as themselves and with their roles")
    func logIn() throws {
        try fixture.add("ada", roles: ["support", "marketer", "support"])
        let session = try fixture.session(fixture.logIn())
        #expect(session.principal == Principal(.operator, "ada"))
        #expect(session.roles == ["marketer", "support"])
        #expect(session.expires == AccountsFixture.start.adding(seconds: 12 * 3600))
    }

    @Test("gives an unknown name, a wrong password and a disabled operator the same answer")
    func sameAnswer() throws {
        try fixture.add("ada")
        try fixture.add("gone")
        try fixture.mutate { try fixture.register.disableOperator("gone", in: $0) }
        var errors: [AccountsError] = []
        for (name, password) in [
            ("ada", "not the password"), ("nobody", AccountsFixture.password), ("gone", AccountsFixture.password),
            ("Ada", AccountsFixture.password), ("", "x"),
        ] {
            let error = #expect(throws: AccountsError.self) { try fixture.logIn(name, password) }
            if let error { errors.append(error) }
        }
        #expect(errors.count == 5)
        #expect(Set(errors.map(\.message)).count == 1)
        #expect(errors.allSatisfy { $0.code == AccountsError.wrongCredentials && $0.code.exit == .refused })
    }

    @Test("refuses names, roles and passwords that are none")
    func refusesMalformed() throws {
        for name in ["", "Ada", "ada lovelace", "-ada", "ad\u{00E9}", "a/b", String(repeating: "a", count: 65)] {
            #expect(fixture.code { try fixture.add(name) } == AccountsError.nameInvalid, "\(name)")
        }
        for roles in [[], ["Marketer"], ["a b"], [""]] {
            #expect(fixture.code { try fixture.add("ada", roles: roles) } == AccountsError.roleInvalid, "\(roles)")
        }
        #expect(fixture.code { try fixture.add(password: "elevenbytes") } == AccountsError.passwordTooShort)
        #expect(try fixture.register.list().isEmpty)
        try fixture.add("a.da-1_x")
        #expect(fixture.code { try fixture.add("a.da-1_x") } == AccountsError.operatorExists)
    }

    @Test("lists operators by name")
    func list() throws {
        for name in ["eve", "ada"] { try fixture.add(name) }
        try fixture.mutate { try fixture.register.disableOperator("eve", in: $0) }
        let list = try fixture.register.list()
        #expect(list.map(\.name) == ["ada", "eve"])
        #expect(list.map(\.disabled) == [nil, AccountsFixture.start])
    }

    @Test("binds an operator to one tenant where it is told to, and a writer of the database cannot free them")
    func tenant() throws {
        try fixture.mutate { mutation in
            try fixture.register.createOperator(
                "ada", roles: ["agent"], tenant: TenantID(7),
                password: SecretBytes(copying: Array(AccountsFixture.password.utf8)), in: mutation)
        }
        #expect(try fixture.session(fixture.logIn()).account.tenant == TenantID(7))
        for sql in [
            "UPDATE operator SET tenant = 8", "UPDATE operator SET tenant = NULL", "UPDATE operator SET tenant = 0",
        ] as [StaticString] {
            try fixture.tamper(sql)
            #expect(fixture.code { _ = try fixture.logIn() } == AccountsError.operatorChanged, "\(sql)")
        }
    }

    @Test("gives other roles, which open sessions have from then on")
    func roles() throws {
        try fixture.add("ada", roles: ["administrator"])
        let token = try fixture.logIn()
        try fixture.mutate { try fixture.register.setRoles(["support", "agent"], of: "ada", in: $0) }
        #expect(try fixture.session(token).roles == ["agent", "support"])
        #expect(try fixture.findings().isEmpty)
        let unknown = fixture.code {
            try fixture.mutate { _ = try fixture.register.setRoles(["a"], of: "eve", in: $0) }
        }
        #expect(unknown == AccountsError.operatorUnknown)
        let none = fixture.code { try fixture.mutate { _ = try fixture.register.setRoles([], of: "ada", in: $0) } }
        #expect(none == AccountsError.roleInvalid)
    }

    @Test("says once what a disabled operator is denied by")
    func denied() throws {
        let ada = try fixture.add()
        #expect(
            try fixture.mutate { try fixture.register.disableOperator("ada", in: $0) } == [.operatorAccount(ada.id)])
        #expect(try fixture.mutate { try fixture.register.disableOperator("ada", in: $0) } == [])
        let unknown = fixture.code { try fixture.mutate { _ = try fixture.register.disableOperator("eve", in: $0) } }
        #expect(unknown == AccountsError.operatorUnknown)
    }

    @Test("ends a session after twelve hours of use, and after two without")
    func lifetimes() throws {
        try fixture.add()
        let idle = try fixture.logIn()
        _ = try fixture.session(idle, after: 7199)
        _ = try fixture.session(idle, after: 7199 + 7199)
        let lapsed = fixture.code { _ = try fixture.session(idle, after: 7199 + 7199 + 7200) }
        #expect(lapsed == AccountsError.sessionExpired)
        #expect(AccountsError.sessionExpired.exit == .refused)

        let busy = try fixture.logIn()
        for hour in 1..<12 as Range<Int64> { _ = try fixture.session(busy, after: hour * 3600) }
        _ = try fixture.session(busy, after: 12 * 3600 - 1)
        let over = fixture.code { _ = try fixture.session(busy, after: 12 * 3600) }
        #expect(over == AccountsError.sessionExpired)
    }

    @Test("a session that was closed, or of an operator disabled since, is over")
    func closed() throws {
        try fixture.add()
        let token = try fixture.logIn()
        try fixture.logOut(token)
        try fixture.logOut(token)
        #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.noSession)
        #expect(fixture.code { _ = try fixture.session(SessionToken()) } == AccountsError.noSession)

        let other = try fixture.logIn()
        try fixture.mutate { try fixture.register.disableOperator("ada", in: $0) }
        #expect(fixture.code { _ = try fixture.session(other) } == AccountsError.noSession)
        #expect(fixture.code { _ = try fixture.logIn() } == AccountsError.wrongCredentials)
    }

    @Test("sessions that are over leave the table at the next log-in")
    func sweeps() throws {
        try fixture.add()
        _ = try fixture.logIn()
        _ = try fixture.logIn(at: AccountsFixture.start.adding(seconds: 13 * 3600))
        let count = try fixture.database.read { try $0.first("SELECT COUNT(*) FROM session") { try $0.int(at: 0) } }
        #expect(count == 1)
    }

    @Test("finds what a writer of the database changed in an operator's row")
    func operatorTampering() throws {
        try fixture.add("ada")
        try fixture.add("eve", roles: ["administrator"])
        let token = try fixture.logIn()
        func expectFound(_ what: String) {
            #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.operatorChanged, "\(what)")
            #expect(fixture.code { _ = try fixture.logIn() } == AccountsError.operatorChanged, "\(what)")
            #expect(fixture.code { _ = try fixture.register.list() } == AccountsError.operatorChanged, "\(what)")
        }
        #expect(AccountsError.operatorChanged.exit == .integrity)
        try fixture.tamper("UPDATE operator SET roles = 'administrator' WHERE name = 'ada'")
        expectFound("role")
        try fixture.tamper("UPDATE operator SET roles = 'marketer' WHERE name = 'ada'")
        _ = try fixture.session(token)
        try fixture.tamper(
            "UPDATE operator SET credentials = (SELECT credentials FROM operator WHERE name = 'eve') WHERE name = 'ada'"
        )
        expectFound("password")
        try fixture.tamper("DELETE FROM operator WHERE name = 'ada'")
        try fixture.tamper("UPDATE operator SET name = 'ada' WHERE name = 'eve'")
        expectFound("name")
    }

    @Test("finds that a disabled operator was enabled in the database")
    func reenabled() throws {
        try fixture.add()
        try fixture.mutate { try fixture.register.disableOperator("ada", in: $0) }
        try fixture.tamper("UPDATE operator SET disabled = NULL")
        #expect(fixture.code { _ = try fixture.logIn() } == AccountsError.operatorChanged)
    }

    @Test("finds what a writer of the database changed in a session's row")
    func sessionTampering() throws {
        try fixture.add("ada")
        try fixture.add("eve", roles: ["administrator"])
        for sql in [
            "UPDATE session SET operator = 'eve'", "UPDATE session SET expires = expires + 1",
            "UPDATE session SET used = used + 3600000", "UPDATE session SET created = 0",
            "UPDATE session SET generation = generation + 1", "UPDATE session SET client = token",
            "UPDATE session SET method = 3, proved = 1800000000000",
            "UPDATE session SET operator_id = (SELECT id FROM operator WHERE name = 'eve')",
        ] as [StaticString] {
            let token = try fixture.logIn()
            try fixture.tamper(sql)
            #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.sessionChanged, "\(sql)")
            try fixture.logOut(token)
        }
        #expect(AccountsError.sessionChanged.exit == .integrity)
    }

    @Test("finds that an account was put back to an earlier state, code and all, and lets nobody in")
    func putBack() throws {
        try fixture.add("ada")
        try fixture.add("eve")
        let other = try fixture.logIn("eve")
        try fixture.tamper("CREATE TABLE kept AS SELECT * FROM operator WHERE name = 'ada'")
        try fixture.mutate { try fixture.register.disableOperator("ada", in: $0) }
        #expect(try fixture.findings().isEmpty)
        try fixture.tamper("DELETE FROM operator WHERE name = 'ada'")
        try fixture.tamper("INSERT INTO operator SELECT * FROM kept")
        // The row carries its own genuine code.
        #expect(try fixture.register.list().map(\.disabled) == [nil, nil])
        #expect(fixture.code { _ = try fixture.logIn("ada") } == AccountsError.operatorRolledBack)
        #expect(fixture.code { _ = try fixture.session(other) } == AccountsError.operatorRolledBack)
        #expect(AccountsError.operatorRolledBack.exit == .integrity)
        let findings = try fixture.findings()
        #expect(findings.map(\.code) == [AuditError.rowRolledBack])
        #expect(findings.first?.message == "operator `ada` is at revision 1, the log knows revision 2")
    }

    @Test("finds that an account was removed, and one that the log does not know")
    func removed() throws {
        try fixture.add("ada")
        let eve = try fixture.add("eve")
        try fixture.tamper("DELETE FROM operator WHERE name = 'eve'")
        #expect(fixture.code { _ = try fixture.logIn("ada") } == AccountsError.operatorRolledBack)
        let findings = try fixture.findings()
        #expect(findings.map(\.code) == [AuditError.rowMissing])
        #expect(findings.first?.message.contains("\(eve.id)") == true)

        // Made with the vault's keys, but by nobody whom the log knows.
        var heads = HeadMap()
        let unlogged = try fixture.register.verify(against: &heads) { "\($1)" }
        #expect(unlogged.map(\.code) == [AuditError.rowChanged])
    }

    @Test("names an account whose row was changed, once")
    func namesChanged() throws {
        try fixture.add("ada")
        try fixture.tamper("UPDATE operator SET roles = 'administrator'")
        let findings = try fixture.findings()
        #expect(findings.map(\.message) == ["operator `ada` is not as the vault wrote it"])
    }

    @Test("a session is not inherited by another account of the same name")
    func notInherited() throws {
        try fixture.add()
        let token = try fixture.logIn()
        try fixture.tamper("DELETE FROM operator")
        try fixture.add("ada", roles: ["administrator"])
        #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.operatorRolledBack)
        // Nor where the log had counted no more changes than the new account has.
        fixture.countNothingButWhatIsStored()
        #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.noSession)
    }

    @Test("neither password, its hash nor a token is in the database in the open")
    func nothingInTheOpen() throws {
        try fixture.add()
        let token = try fixture.logIn()
        _ = try fixture.database.checkpoint(.truncate)
        let file = [UInt8](try Data(contentsOf: URL(filePath: fixture.folder.file("data.db"))))
        for canary in [AccountsFixture.password, "$argon2", token.text, String(token.text.dropFirst(5))] {
            #expect(file.firstRange(of: Array(canary.utf8)) == nil, "\(canary.prefix(8))")
        }
        #expect("\(token)" == "(secret)")
        #expect(!String(reflecting: token).contains(token.text.dropFirst(5)))
    }
}
