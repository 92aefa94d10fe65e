import Core
import Gate
import Storage
import Testing
import Vault

@Suite("Every person's key")
struct KeyVerificationTests {
    private let fixture: VaultFixture
    private let ada: Subject
    private let bob: Subject

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada)
        bob = try fixture.add(["customer_id": "43", "email": "bob@example.org"])
    }

    /// The people whose keys are found wrong after `script` on the key store.
    private func findings(after script: String) throws -> [String] {
        try fixture.tamper(.keys, script)
        try fixture.open()
        let keys = try fixture.vault.profiles.verifyKeys { _ in }
        #expect(keys.findings.allSatisfy { $0.code == VaultError.keyChanged && $0.code.exit == .integrity })
        #expect(keys.sound + keys.findings.count == 2)
        return keys.findings.map(\.message)
    }

    @Test("is found sound where nobody touched the store")
    func sound() throws {
        var seen = 0
        let keys = try fixture.vault.profiles.verifyKeys { seen = $0 }
        #expect(keys.findings == [] && keys.sound == 2 && seen == 2)
    }

    @Test(
        "is found out when it was overwritten",
        arguments: [
            "wrapped = zeroblob(73), commitment = zeroblob(32)", "wrapped = x'01'", "commitment = zeroblob(32)",
            "key_id = key_id + 1", "epoch = epoch + 1", "tenant = tenant + 1", "id = zeroblob(16)",
        ])
    func overwritten(_ change: String) throws {
        let found = try findings(after: "UPDATE profile_key SET \(change) WHERE number = \(ada.number)")
        #expect(found.count == 1 && found[0].contains(ada.id.description), "\(found)")
    }

    @Test("is found out when it changed places with somebody else's, alone or with the whole row")
    func swapped() throws {
        let (first, second) = (ada.number, bob.number)
        let found = try findings(
            after: """
                CREATE TEMP TABLE old AS SELECT * FROM profile_key;
                UPDATE profile_key SET
                    wrapped = (SELECT wrapped FROM old WHERE old.number = \(first + second) - profile_key.number),
                    commitment = (SELECT commitment FROM old WHERE old.number = \(first + second) - profile_key.number);
                """)
        #expect(found.count == 2)
        let rows = try findings(
            after: """
                UPDATE profile_key SET number = -\(first) WHERE number = \(first);
                UPDATE profile_key SET number = \(first) WHERE number = \(second);
                UPDATE profile_key SET number = \(second) WHERE number = -\(first);
                """)
        #expect(rows.count == 2)
    }
}
