import Accounts
import Audit
import Core
import Gate
import Secrets
import Testing
import Vault

/// Accounts that work for one tenant alone, and what they and others may do with them.
@Suite("Accounts through the gate")
struct AccountReachTests {
    private static let month: Int64 = 30 * 24 * 3600

    private let fixture: VaultFixture
    /// The door of another tenant.
    private let other: Gate
    /// An administrator who works for the first tenant alone.
    private let confined: Caller

    init() throws {
        fixture = try VaultFixture()
        other = try fixture.addTenant("other")
        confined = Caller(
            principal: Principal(.operator, "cora"), roles: ["administrator"], proof: .shown,
            tenant: fixture.gate.tenant.id)
    }

    private var accounts: AccountRegister { fixture.vault.accounts }
    private static func password() throws -> SecretBytes { try SecretBytes(copying: Array(VaultFixture.password.utf8)) }

    private func addOperator(_ name: String, confined: Bool, at gate: Gate) throws {
        _ = try gate.addOperator(
            name, roles: ["marketer"], confined: confined, password: Self.password(), by: VaultFixture.administrator,
            through: accounts)
    }

    private func addService(_ name: String, confined: Bool, at gate: Gate) throws -> ServiceKey {
        try gate.addService(
            name, roles: ["engineer"], scope: ServiceScope(), confined: confined, expires: expiry,
            by: VaultFixture.administrator, through: accounts)
    }

    private var expiry: Timestamp { fixture.vault.clock.now().adding(seconds: Self.month) }

    private func denied(_ body: () throws -> Void) -> Bool {
        #expect(throws: GateError.self) { try body() }?.code == GateError.denied
    }

    @Test("of a confined administrator's own tenant are all that they see, add and change")
    func reach() throws {
        try addOperator("ours", confined: true, at: fixture.gate)
        try addOperator("theirs", confined: true, at: other)
        try addOperator("everywhere", confined: false, at: fixture.gate)
        let gate = fixture.gate
        #expect(try gate.operators(for: confined, through: accounts).map(\.account.name) == ["ours"])
        for name in ["theirs", "everywhere", "owner"] {
            #expect(denied { try gate.disableOperator(name, by: confined, through: accounts) })
            #expect(denied { try gate.endSessions(of: name, by: confined, through: accounts) })
            #expect(
                denied { _ = try gate.resetOperator(name, password: Self.password(), by: confined, through: accounts) })
        }
        try gate.disableOperator("ours", by: confined, through: accounts)
        #expect(
            denied {
                _ = try gate.addOperator(
                    "more", roles: [], confined: false, password: Self.password(), by: confined, through: accounts)
            })
        _ = try gate.addOperator(
            "more", roles: ["agent"], confined: true, password: Self.password(), by: confined, through: accounts)
        #expect(try accounts.list().first { $0.name == "more" }?.tenant == gate.tenant.id)
        let unknown = #expect(throws: AccountsError.self) {
            try gate.disableOperator("nobody", by: confined, through: accounts)
        }
        #expect(unknown?.code == AccountsError.operatorUnknown)
    }

    @Test(
        "of a confined administrator's put no policies in force, which are the whole vault's; what is beyond their reach is logged"
    )
    func wholeVault() throws {
        var files = fixture.gate.policies.bundle.files
        files["more.cedar"] = Array(#"@id("more") forbid (principal, action == Action::"timeline", resource);"#.utf8)
        let bundle = PolicyBundle(files: files)
        let rules = try #require(PolicyRules.read(bundle).rules)
        #expect(denied { _ = try fixture.gate.activate(bundle, rules, in: fixture.vault.archive, by: confined) })
        let entry = try #require(try fixture.vault.audit.show(limit: 1).first)
        #expect(entry.action == "policy.activate" && entry.outcome == .denied)
        #expect(entry.principal == "Operator::cora" && entry.facts["reason"] == "beyond_reach")
    }

    @Test("change their own password, and nobody else's with it; sessions end")
    func ownPassword() throws {
        let gate = fixture.gate
        try addOperator("mia", confined: false, at: gate)
        func logIn(_ password: String) throws -> SessionToken {
            try gate.logIn(
                "mia", password: SecretBytes(copying: Array(password.utf8)), from: VaultFixture.client,
                through: accounts
            ).token
        }
        let token = try logIn(VaultFixture.password)
        let mia = Caller(principal: Principal(.operator, "mia"), roles: ["marketer"], proof: .shown)
        let fresh = try SecretBytes(copying: Array("only mia knows this".utf8))
        let stale = #expect(throws: GateError.self) {
            try gate.changePassword(
                to: fresh, by: Caller(principal: mia.principal, roles: mia.roles), through: accounts)
        }
        #expect(stale?.code == GateError.mfaRequired)
        try gate.changePassword(to: fresh, by: mia, through: accounts)
        #expect(throws: AccountsError.self) {
            _ = try gate.caller(with: token, from: VaultFixture.client, through: accounts)
        }
        #expect(throws: AccountsError.self) { _ = try logIn(VaultFixture.password) }
        _ = try logIn("only mia knows this")
        let entry = try #require(try fixture.vault.audit.show(limit: 5).first { $0.action == "operator.renew" })
        #expect(entry.principal == "Operator::mia" && entry.facts["operator"] == "mia")
    }

    @Test("whose words no policy in force knows are told apart from those that one does")
    func unknownWords() {
        let told = fixture.gate.policies.unknownWords(
            roles: ["agent", "agnet"], purposes: ["support", "suport"], fields: ["city", "citty"])
        #expect(
            told.map { $0.contains("`agnet`") || $0.contains("`suport`") || $0.contains("`citty`") } == [
                true, true, true,
            ])
    }

    @Test("are never all disabled: one stays who can give others new factors; who is disabled is not given any")
    func last() throws {
        let gate = fixture.gate
        let error = #expect(throws: GateError.self) {
            try gate.disableOperator("owner", by: VaultFixture.administrator, through: accounts)
        }
        #expect(error?.code == GateError.lastAdministrator)
        try addOperator("marketer", confined: false, at: gate)
        #expect(throws: GateError.self) {
            try gate.disableOperator("owner", by: VaultFixture.administrator, through: accounts)
        }
        try gate.disableOperator("marketer", by: VaultFixture.administrator, through: accounts)
        _ = try gate.addOperator(
            "second", roles: ["administrator"], confined: false, password: Self.password(),
            by: VaultFixture.administrator, through: accounts)
        try gate.disableOperator("owner", by: VaultFixture.administrator, through: accounts)
        let reset = #expect(throws: AccountsError.self) {
            _ = try gate.resetOperator(
                "owner", password: Self.password(), by: VaultFixture.administrator, through: accounts)
        }
        #expect(reset?.code == AccountsError.operatorDisabled)
    }

    @Test("change only when what proves them has reached who needs it")
    func handing() throws {
        let (gate, administrator) = (fixture.gate, VaultFixture.administrator)
        func fail(_: some Any) throws { throw FixtureError("the disk is full") }
        #expect(throws: FixtureError.self) {
            _ = try gate.addOperator(
                "new", roles: ["agent"], confined: false, password: Self.password(), by: administrator,
                through: accounts, handing: fail)
        }
        #expect(try accounts.list().map(\.name) == ["owner"])
        #expect(throws: FixtureError.self) {
            _ = try gate.recoverOperator("owner", password: Self.password(), through: accounts, handing: fail)
        }
        let key = try addService("shop", confined: false, at: gate)
        #expect(throws: FixtureError.self) {
            _ = try gate.rotateKey(
                of: "shop", expires: expiry, overlap: 0, by: administrator, through: accounts, handing: fail)
        }
        #expect(throws: FixtureError.self) {
            _ = try gate.addService(
                "more", roles: ["agent"], scope: ServiceScope(), confined: false, expires: expiry, by: administrator,
                through: accounts, handing: fail)
        }
        #expect(try gate.caller(with: key, through: accounts).principal.name == "shop")
        #expect(try accounts.services().count == 1)
        _ = try gate.logIn(
            "owner", password: Self.password(), factor: .recoveryCode(fixture.recoveryCodes[0]),
            from: VaultFixture.client, through: accounts)
    }

    @Test("that are services change no field that their key is not for")
    func fields() throws {
        let ada = try fixture.add(VaultFixture.ada)
        let key = try fixture.gate.addService(
            "till", roles: ["engineer"], scope: ServiceScope(fields: ["city"]), confined: false, expires: expiry,
            by: VaultFixture.administrator, through: accounts)
        let caller = try fixture.gate.caller(with: key, through: accounts)
        #expect(
            denied {
                _ = try fixture.gate.edit(
                    .profile(ada.id), ProfileEdit(values: [("city", "Bath"), ("loyalty_tier", "gold")]), by: caller)
            })
        let edit = ProfileEdit(values: [("city", "Bath")])
        #expect(try fixture.gate.edit(.profile(ada.id), edit, by: caller).changed == ["city"])
    }

    @Test("that are services of another tenant, or of all, are beyond a confined administrator, too")
    func services() throws {
        _ = try addService("ours", confined: true, at: fixture.gate)
        _ = try addService("theirs", confined: true, at: other)
        _ = try addService("everywhere", confined: false, at: fixture.gate)
        let gate = fixture.gate
        #expect(try gate.services(for: confined, through: accounts).map(\.service.name) == ["ours"])
        for name in ["theirs", "everywhere"] {
            #expect(denied { try gate.revokeService(name, key: nil, by: confined, through: accounts) })
            #expect(
                denied {
                    _ = try gate.rotateKey(of: name, expires: expiry, overlap: 0, by: confined, through: accounts)
                })
        }
        _ = try gate.rotateKey(of: "ours", expires: expiry, overlap: 0, by: confined, through: accounts)
        #expect(
            denied {
                _ = try gate.addService(
                    "more", roles: [], scope: ServiceScope(), confined: false, expires: expiry, by: confined,
                    through: accounts)
            })
        let unknown = #expect(throws: AccountsError.self) {
            try gate.revokeService("nothing", key: nil, by: confined, through: accounts)
        }
        #expect(unknown?.code == AccountsError.serviceUnknown)
    }

    @Test("of one tenant open no session at another, and no session of theirs is taken there")
    func elsewhere() throws {
        try addOperator("theirs", confined: true, at: other)
        let key = try addService("theirs", confined: true, at: other)
        func logIn(at gate: Gate) throws -> SessionToken {
            try gate.logIn("theirs", password: Self.password(), from: VaultFixture.client, through: accounts).token
        }
        let token = try logIn(at: other)
        #expect(try other.caller(with: token, from: VaultFixture.client, through: accounts).caller.tenant != nil)
        #expect(try other.caller(with: key, through: accounts).tenant == other.tenant.id)
        let ada = try fixture.add(VaultFixture.ada, granting: ["marketing_email"])
        let caller = try other.caller(with: key, through: accounts)
        let request = ReadRequest(caller: caller, purpose: "marketing_email")
        for attempt in [
            { _ = try logIn(at: fixture.gate) },
            { _ = try fixture.gate.caller(with: token, from: VaultFixture.client, through: accounts) },
            { _ = try fixture.gate.caller(with: key, through: accounts) },
            // Who was let in at the other tenant asks here.
            { _ = try fixture.gate.authorize(.import, by: caller) },
            { _ = try fixture.gate.permit(request, subject: .profile(ada.id)) },
            { _ = try fixture.gate.permit(request, set: [ada.id]) },
            { _ = try fixture.gate.export(request, as: "csv", by: .file) },
        ] {
            let error = #expect(throws: AccountsError.self) { try attempt() }
            #expect(error?.code == AccountsError.otherTenant)
            let entry = try #require(try fixture.vault.audit.show(limit: 1).first)
            #expect(entry.outcome == .denied && entry.facts["reason"] == "other_tenant")
        }
    }

    @Test("that the denial ledger knows stay out, whatever their rows say: these may be from a copy of before")
    func denials() throws {
        try addOperator("mia", confined: false, at: fixture.gate)
        let (revoked, ended) = try (
            addService("shop", confined: false, at: fixture.gate), addService("till", confined: false, at: fixture.gate)
        )
        let token = try fixture.gate.logIn(
            "mia", password: Self.password(), from: VaultFixture.client, through: accounts
        ).token
        let till = try #require(try accounts.services().first { $0.service.name == "till" }).service
        let mia = try #require(try accounts.list().first { $0.name == "mia" })
        let denials = fixture.vault.profiles.denials
        // What a log-in with a recovery code uses up, told by one that comes to nothing.
        var used: [Denied] = []
        let proven = try accounts.prove(
            "owner", password: Self.password(), factor: .recoveryCode(fixture.recoveryCodes[0]),
            from: VaultFixture.client,
            at: fixture.vault.clock.now())
        #expect(throws: FixtureError.self) {
            _ = try fixture.vault.audit.mutate(fixture.gate.authorize(.login, by: VaultFixture.administrator)) {
                used = try accounts.openSession(for: proven, in: $0).denied
                throw FixtureError("not after all")
            }
        }
        guard case .recoveryCode(let code) = try #require(used.first) else { throw FixtureError("no code") }
        _ = try fixture.vault.audit.mutate(fixture.gate.authorize(.disableOperator, by: VaultFixture.administrator)) {
            try denials.deny(.init(.operator, mia.id.bytes), in: $0)
            try denials.deny(.init(.service, till.id.bytes), in: $0)
            try denials.deny(.init(.serviceKey, revoked.digest), in: $0)
            try denials.deny(.init(.recoveryCode, code), in: $0)
        }
        try denials.remember()
        for key in [revoked, ended] {
            let error = #expect(throws: AccountsError.self) { try fixture.gate.caller(with: key, through: accounts) }
            #expect(error?.code == AccountsError.credentialRefused)
            let entry = try #require(try fixture.vault.audit.show(limit: 1).first)
            #expect(entry.principal == nil && entry.facts["reason"] == "refused_key")
        }
        let kept = #expect(throws: AccountsError.self) {
            _ = try fixture.gate.caller(with: token, from: VaultFixture.client, through: accounts)
        }
        #expect(kept?.code == AccountsError.operatorDisabled)
        for (name, factor) in [("mia", nil), ("owner", Factor.recoveryCode(fixture.recoveryCodes[0]))] {
            let again = #expect(throws: AccountsError.self) {
                _ = try fixture.gate.logIn(
                    name, password: Self.password(), factor: factor, from: VaultFixture.client, through: accounts)
            }
            #expect(again?.code == AccountsError.wrongCredentials)
        }
        // Another of the owner's codes is as good as ever.
        _ = try fixture.gate.logIn(
            "owner", password: Self.password(), factor: .recoveryCode(fixture.recoveryCodes[1]),
            from: VaultFixture.client, through: accounts)
    }
}
