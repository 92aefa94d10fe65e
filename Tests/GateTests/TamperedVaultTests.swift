import Accounts
import Audit
import Core
import Foundation
import Gate
import Secrets
import Storage
import TestSupport
import Testing
import Vault

@Suite("Policies, accounts, tenants and holders under tampering")
struct TamperedVaultTests {
    private let fixture: VaultFixture

    init() throws {
        fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada, granting: ["personalization"])
    }

    /// Changes the store; everything below opens, the door does not.
    private func expectClosedDoor(_ code: ErrorCode, after store: Store, _ tampering: Tampering) throws {
        try fixture.change(store, tampering, reopens: false)
        let vault = try OpenVault(fixture.home, unlock: RootUnlock(), clock: fixture.time.clock)
        defer { try? vault.close() }
        expectBroken(code) { _ = try vault.gate(to: vault.tenants.named("default")) }
    }

    @Test(
        "a policy set that is not as it was signed opens no door",
        arguments: [
            .blob("SELECT bundle FROM policy_set", .flipped, "UPDATE policy_set SET bundle = $1"),
            .blob("SELECT bundle FROM policy_set", .cut, "UPDATE policy_set SET bundle = $1"),
            .blob("SELECT hash FROM policy_set", .zeroed, "UPDATE policy_set SET hash = $1"),
            .sql("UPDATE policy_set SET version = 2"), .sql("UPDATE policy_set SET activated = activated + 1"),
            .sql("UPDATE policy_set SET principal = 'Operator::\"eve\"'"),
            .blob("SELECT signature FROM policy_set", .flipped, "UPDATE policy_set SET signature = $1"),
        ] as [Tampering])
    func policies(tampering: Tampering) throws {
        try expectClosedDoor(GateError.policiesChanged, after: .data, tampering)
    }

    @Test("a policy set that the log never heard of opens no door, though its signature is of an activated one")
    func policyAdded() throws {
        try expectClosedDoor(
            VaultError.rowsRolledBack, after: .data,
            .sql(
                """
                INSERT INTO policy_set (version, hash, bundle, activated, principal, signature)
                SELECT 2, hash, bundle, activated, principal, signature FROM policy_set
                """))
    }

    @Test(
        "tenants and numbers of fields that were changed open no door",
        arguments: [
            .sql("UPDATE tenant SET region = 'US'"),
            .blob("SELECT mac FROM tenant", .zeroed, "UPDATE tenant SET mac = $1"),
            .sql("UPDATE tenant SET number = 2"),
            .sql(
                """
                INSERT INTO tenant (number, name, region, created, mac) SELECT 2, 'evil', region, created, mac FROM tenant
                """),
            .sql("UPDATE field SET name = CASE name WHEN 'email' THEN 'e2' ELSE name || '_' END"),
            .sql("UPDATE field SET number = number + 100 WHERE name = 'email'"),
            .blob(
                "SELECT mac FROM field WHERE name = 'city'", .emptied, "UPDATE field SET mac = $1 WHERE name = 'city'"),
        ] as [Tampering])
    func tenantsAndFields(tampering: Tampering) throws {
        try expectClosedDoor(VaultError.headerMalformed, after: .data, tampering)
    }

    @Test(
        "an operator's row that was changed logs nobody in",
        arguments: [
            .sql("UPDATE operator SET roles = roles || ' root'"),
            .blob("SELECT id FROM operator", .flipped, "UPDATE operator SET id = $1"),
            .blob("SELECT credentials FROM operator", .zeroed, "UPDATE operator SET credentials = $1"),
            .sql("UPDATE operator SET disabled = 1"),
            .sql("UPDATE operator SET created = created + 1"),
            .blob("SELECT code FROM operator", .flipped, "UPDATE operator SET code = $1"),
        ] as [Tampering])
    func operators(tampering: Tampering) throws {
        let password = { try SecretBytes(copying: Array("correct horse battery".utf8)) }
        let (token, _) = try fixture.gate.logIn(
            "owner", password: try password(), from: VaultFixture.client, through: fixture.vault.accounts)
        try fixture.change(.data, tampering)
        let accounts = fixture.vault.accounts
        let now = fixture.vault.clock.now()
        expectBroken(AccountsError.operatorChanged) { _ = try accounts.list() }
        expectBroken(AccountsError.operatorChanged) {
            _ = try accounts.session(of: token, from: VaultFixture.client, at: now)
        }
        expectBroken(AccountsError.operatorChanged) {
            _ = try fixture.gate.logIn("owner", password: try password(), from: VaultFixture.client, through: accounts)
        }
    }

    @Test("a session that was prolonged is none")
    func sessions() throws {
        let (token, _) = try fixture.gate.logIn(
            "owner", password: try SecretBytes(copying: Array("correct horse battery".utf8)), from: VaultFixture.client,
            through: fixture.vault.accounts)
        try fixture.change(.data, "UPDATE session SET expires = expires + 86400000")
        expectBroken(AccountsError.sessionChanged) {
            _ = try fixture.vault.accounts.session(of: token, from: VaultFixture.client, at: fixture.vault.clock.now())
        }
    }

    @Test(
        "the vault's own keys, once exchanged or changed, open no vault or no door",
        arguments: [
            (
                .blob(
                    "SELECT wrapped FROM vault_key WHERE name = 'log-signing'", .flipped,
                    "UPDATE vault_key SET wrapped = $1 WHERE name = 'log-signing'"), SecretsError.authenticationFailed
            ),
            (
                .blob(
                    "SELECT commitment FROM vault_key WHERE name = 'log-signing'", .zeroed,
                    "UPDATE vault_key SET commitment = $1 WHERE name = 'log-signing'"),
                SecretsError.commitmentMismatch
            ),
            (.sql("DELETE FROM vault_key WHERE name = 'log-signing'"), VaultError.keyMissing),
            (
                .sql(
                    """
                    UPDATE vault_key SET wrapped = (SELECT wrapped FROM vault_key WHERE name = 'snapshot-signing'),
                    commitment = (SELECT commitment FROM vault_key WHERE name = 'snapshot-signing')
                    WHERE name = 'log-signing'
                    """), SecretsError.authenticationFailed
            ),
            (
                .sql(
                    "UPDATE vault_key SET wrapped = (SELECT wrapped FROM vault_key WHERE name = 'log-signing') WHERE name = 'wrap'"
                ),
                SecretsError.authenticationFailed
            ),
            (.sql("UPDATE vault_key SET version = 2 WHERE name = 'wrap'"), VaultError.keyMissing),
            (.sql("UPDATE vault_key SET tenant = 2 WHERE name = 'derivation' AND tenant = 1"), VaultError.keyMissing),
        ] as [(Tampering, ErrorCode)])
    func keys(tampering: Tampering, code: ErrorCode) throws {
        try fixture.change(.keys, tampering, reopens: false)
        expectBroken(code) {
            try fixture.open()
            _ = try fixture.read(.identifier(field: "customer_id", value: "42"), for: "personalization")
        }
    }

    /// What can be wrong with an epoch holder.
    enum HolderFault: CaseIterable { case flipped, cut, anotherVaults, gone }

    @Test(
        "one epoch holder that fails is made up for by the other; when both do, nothing opens",
        arguments: HolderFault.allCases)
    func holders(fault: HolderFault) throws {
        try fixture.vault.close()
        let replica = fixture.directory.file("replica.holder")
        func spoil(_ path: String) throws {
            switch fault {
            case .flipped: try fixture.flip(path, at: 40)
            case .cut: try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 255)
            case .anotherVaults:
                let other = try VaultFixture()
                try other.vault.close()
                try fixture.putBack(path, from: other.home.epochHolder)
            case .gone: try FileManager.default.removeItem(atPath: path)
            }
        }
        try spoil(fixture.home.epochHolder)
        try fixture.open()
        #expect(
            try fixture.read(.identifier(field: "customer_id", value: "42"), for: "personalization")
                .values["first_name"] == "Ada")
        try fixture.vault.close()
        try spoil(replica)
        expectBroken(SecretsError.epochKeyMissing) { try fixture.open() }
    }

    @Test("stores that changed places are not taken for each other")
    func storesExchanged() throws {
        try fixture.vault.close()
        let copy = try fixture.copyHome("copy")
        try fixture.putBack(fixture.home.database(.data), from: copy.database(.index))
        expectBroken(.storageForeignFile) { try fixture.open() }
    }
}
