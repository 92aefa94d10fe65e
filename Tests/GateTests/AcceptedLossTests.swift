import Accounts
import Audit
import Core
import Foundation
@testable import Gate
import Secrets
import Testing
import Vault

@Suite("A vault whose spool is lost")
struct AcceptedLossTests {
    private func accept(
        _ fixture: VaultFixture, _ proof: LossProof, reason: String = "the disk died"
    ) throws -> OpenVault {
        try OpenVault.acceptingLoss(
            fixture.home, unlock: RootUnlock(), tenant: "default", reason: reason, proof: proof,
            clock: fixture.time.clock)
    }

    private func session(
        _ fixture: VaultFixture, roles: [String]? = nil, for gate: Gate? = nil
    ) throws -> SessionToken {
        let name = roles == nil ? "owner" : "other"
        if let roles {
            let owner = Caller(principal: Principal(.operator, "owner"), roles: ["administrator"], proof: .shown)
            _ = try fixture.vault.audit.mutate(fixture.gate.authorize(.addOperator, by: owner)) { mutation in
                try fixture.vault.accounts.createOperator(
                    name, roles: roles, tenant: gate?.tenant.id,
                    password: SecretBytes(copying: Array(VaultFixture.password.utf8)), in: mutation)
            }
        }
        return try (gate ?? fixture.gate).logIn(
            name, password: SecretBytes(copying: Array(VaultFixture.password.utf8)),
            factor: roles == nil ? .recoveryCode(fixture.recoveryCodes[9]) : nil, from: VaultFixture.client,
            through: fixture.vault.accounts
        ).token
    }

    private func loseSpool(_ fixture: VaultFixture) throws {
        try fixture.vault.close()
        try FileManager.default.removeItem(atPath: fixture.home.spool)
        let error = #expect(throws: AuditError.self) { try fixture.open() }
        #expect(error?.remedy?.contains("accept-loss") == true)
    }

    @Test("opens again when an administrator with a session accepts the loss, and the next entry says so")
    func bySession() throws {
        let fixture = try VaultFixture()
        let ada = try fixture.add(VaultFixture.ada, granting: ["personalization"])
        let token = try session(fixture)
        try loseSpool(fixture)
        let entries = try { () -> UInt64 in
            let vault = try accept(fixture, .session(token, VaultFixture.client))
            let report = try vault.audit.verify()
            let entry = try #require(try vault.audit.show(limit: 1).first)
            #expect(entry.action == "audit.accept_loss")
            #expect(entry.principal == "Operator::owner")
            #expect(entry.facts["reason"] == "the disk died")
            try vault.close()
            return report.entries
        }()
        try fixture.open()
        #expect(try fixture.vault.audit.verify().entries == entries)
        #expect(try fixture.read(.profile(ada.id), for: "personalization").values["first_name"] == "Ada")
    }

    @Test("opens again with the password and a code, since nobody can log in meanwhile")
    func byPassword() throws {
        let fixture = try VaultFixture()
        try loseSpool(fixture)
        try accept(fixture, fixture.ownersProof()).close()
        try fixture.open()
        // The code was good for that once, as for any log-in.
        let again = #expect(throws: AccountsError.self) {
            _ = try fixture.gate.logIn(
                "owner", password: SecretBytes(copying: Array(VaultFixture.password.utf8)),
                factor: .recoveryCode(fixture.recoveryCodes[0]), from: VaultFixture.client,
                through: fixture.vault.accounts)
        }
        #expect(again?.code == AccountsError.wrongCredentials)
        try loseSpool(fixture)
        let lossAgain = #expect(throws: AccountsError.self) { try accept(fixture, fixture.ownersProof()) }
        #expect(lossAgain?.code == AccountsError.wrongCredentials)
        try accept(fixture, fixture.ownersProof(1)).close()
        try fixture.open()
    }

    @Test("stays closed for a wrong password, for whom no policy allows it, and for a clock that was turned back")
    func refused() throws {
        let fixture = try VaultFixture()
        let marketer = try session(fixture, roles: ["marketer"])
        try loseSpool(fixture)
        let wrong = #expect(throws: AccountsError.self) {
            try accept(
                fixture,
                fixture.ownersProof(password: "not the password"))
        }
        #expect(wrong?.code == AccountsError.wrongCredentials)
        let denied = #expect(throws: GateError.self) { try accept(fixture, .session(marketer, VaultFixture.client)) }
        #expect(denied?.code == GateError.denied)
        fixture.time.advance(seconds: -3600)
        let clock = #expect(throws: GateError.self) { try accept(fixture, fixture.ownersProof()) }
        #expect(clock?.code == GateError.clockMovedBack)
        fixture.time.advance(seconds: 3600)
        #expect(!FileManager.default.fileExists(atPath: fixture.home.spool))
        #expect(throws: AuditError.self) { try fixture.open() }
    }

    @Test("stays closed for who works for another tenant alone")
    func elsewhere() throws {
        let fixture = try VaultFixture()
        let token = try session(fixture, roles: ["administrator"], for: fixture.addTenant("other"))
        try loseSpool(fixture)
        let error = #expect(throws: AccountsError.self) { try accept(fixture, .session(token, VaultFixture.client)) }
        #expect(error?.code == AccountsError.otherTenant)
        #expect(throws: AuditError.self) { try fixture.open() }
    }

    @Test("must be one: where nothing is lost there is nothing to accept")
    func nothingLost() throws {
        let fixture = try VaultFixture()
        let token = try session(fixture)
        try fixture.vault.close()
        let error = #expect(throws: AuditError.self) { try accept(fixture, .session(token, VaultFixture.client)) }
        #expect(error?.code == AuditError.nothingLost)
        try fixture.open()
    }
}
