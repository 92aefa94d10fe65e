import Accounts
import Audit
import Core
@testable import Gate
import Secrets
import Testing
import Vault

@Suite("Logging in through the gate")
struct SessionTests {
    private func logIn(_ fixture: VaultFixture, _ name: String, _ password: String) throws -> SessionToken {
        try fixture.gate.logIn(
            name, password: SecretBytes(copying: Array(password.utf8)), from: VaultFixture.client,
            through: fixture.vault.accounts
        ).token
    }

    private func newest(_ fixture: VaultFixture) throws -> LoggedEntry {
        try #require(try fixture.vault.audit.show(limit: 1).first)
    }

    @Test("leaves one entry in the log, in the transaction that opens the session")
    func logged() throws {
        let fixture = try VaultFixture()
        let before = try fixture.vault.audit.verify().entries
        let token = try logIn(fixture, "owner", VaultFixture.password)
        #expect(try fixture.vault.audit.verify().entries == before + 1)
        let entry = try newest(fixture)
        #expect(entry.action == "login")
        #expect(entry.outcome == .done)
        #expect(entry.principal == "Operator::owner")
        #expect(
            try fixture.vault.accounts.session(of: token, from: VaultFixture.client, at: fixture.gate.now()).principal
                .name == "owner")
    }

    @Test("that fails is logged with the operator's name if there is such an operator, else with none")
    func failures() throws {
        let fixture = try VaultFixture()
        for (name, principal) in [("owner", "Operator::owner" as String?), ("correct-horse", nil)] {
            let error = #expect(throws: AccountsError.self) { try logIn(fixture, name, "not the password") }
            #expect(error?.code == AccountsError.wrongCredentials)
            let entry = try newest(fixture)
            #expect(entry.action == "login")
            #expect(entry.outcome == .denied)
            #expect(entry.principal == principal)
            #expect(String(decoding: entry.leaf, as: UTF8.self).contains("correct-horse") == false)
        }
    }

    @Test(
        "is over where its token comes to another client: the log says whose it was, and they are told when they log in"
    )
    func stolen() throws {
        let fixture = try VaultFixture()
        let token = try logIn(fixture, "owner", VaultFixture.password)
        let thief = Client(address: "203.0.113.9", properties: ["another machine"])
        let error = #expect(throws: AccountsError.self) {
            _ = try fixture.gate.caller(with: token, from: thief, through: fixture.vault.accounts)
        }
        #expect(error?.code == AccountsError.otherClient)
        let entry = try newest(fixture)
        #expect(entry.outcome == .denied && entry.principal == "Operator::owner")
        #expect(entry.facts["reason"] == "other_client")
        let over = #expect(throws: AccountsError.self) {
            _ = try fixture.gate.caller(with: token, from: VaultFixture.client, through: fixture.vault.accounts)
        }
        #expect(over?.code == AccountsError.noSession)
        fixture.time.advance(seconds: 1)
        let again = try logIn(fixture, "owner", VaultFixture.password)
        let (caller, _) = try fixture.gate.caller(
            with: again, from: VaultFixture.client, through: fixture.vault.accounts)
        let mine = Caller(principal: caller.principal, roles: ["marketer"])
        #expect(try fixture.gate.emergencies(tell: mine).strayedSessions == 1)
        #expect(try fixture.gate.emergencies(tell: VaultFixture.marketer).strayedSessions == 0)
    }

    @Test("to end all of one's own ends them everywhere, and is logged like any other")
    func everywhere() throws {
        let fixture = try VaultFixture()
        let tokens = try (0..<2).map { _ in try logIn(fixture, "owner", VaultFixture.password) }
        try fixture.gate.logOut(
            tokens[0], everywhere: true, from: VaultFixture.client, through: fixture.vault.accounts)
        #expect(try newest(fixture).action == "logout")
        for token in tokens {
            let error = #expect(throws: AccountsError.self) {
                _ = try fixture.gate.caller(with: token, from: VaultFixture.client, through: fixture.vault.accounts)
            }
            #expect(error?.code == AccountsError.noSession)
        }
    }

    @Test("asks the policies, once the password has shown who it is")
    func policies() throws {
        let fixture = try VaultFixture()
        let administrator = Caller(principal: Principal(.operator, "adam"), roles: ["administrator"], proof: .shown)
        var files = fixture.gate.policies.bundle.files
        files["locked.cedar"] = Array(
            #"@id("locked") forbid (principal == Operator::"owner", action == Action::"login", resource);"#.utf8)
        let bundle = PolicyBundle(files: files)
        _ = try fixture.gate.activate(
            bundle, #require(PolicyRules.read(bundle).rules), in: fixture.vault.archive, by: administrator)
        let error = #expect(throws: GateError.self) { try logIn(fixture, "owner", VaultFixture.password) }
        #expect(error?.code == GateError.denied)
        #expect(try newest(fixture).outcome == .denied)
        // A wrong password hears nothing of that.
        let wrong = #expect(throws: AccountsError.self) { try logIn(fixture, "owner", "not the password") }
        #expect(wrong?.code == AccountsError.wrongCredentials)
    }

    @Test("and out again leaves an entry, and the session is over")
    func logOut() throws {
        let fixture = try VaultFixture()
        let token = try logIn(fixture, "owner", VaultFixture.password)
        try fixture.gate.logOut(token, from: VaultFixture.client, through: fixture.vault.accounts)
        let entry = try newest(fixture)
        #expect(entry.action == "logout")
        #expect(entry.principal == "Operator::owner")
        let error = #expect(throws: AccountsError.self) {
            try fixture.vault.accounts.session(of: token, from: VaultFixture.client, at: fixture.gate.now())
        }
        #expect(error?.code == AccountsError.noSession)
        // A second time there is nothing to end, and nothing to log.
        let entries = try fixture.vault.audit.verify().entries
        try fixture.gate.logOut(token, from: VaultFixture.client, through: fixture.vault.accounts)
        #expect(try fixture.vault.audit.verify().entries == entries)
    }

    @Test("is refused with a set under which nobody could log in, before the set is in force")
    func noWayBack() throws {
        let fixture = try VaultFixture()
        var files = fixture.gate.policies.bundle.files
        files["shut.cedar"] = Array(#"@id("shut") forbid (principal, action == Action::"login", resource);"#.utf8)
        let bundle = PolicyBundle(files: files)
        let rules = try #require(PolicyRules.read(bundle).rules)
        let administrator = Caller(principal: Principal(.operator, "owner"), roles: ["administrator"], proof: .shown)
        let error = #expect(throws: GateError.self) {
            try fixture.gate.activate(bundle, rules, in: fixture.vault.archive, by: administrator)
        }
        #expect(error?.code == GateError.policiesLockOut)
    }
}
