import Core
import Secrets
import Storage
import Testing

@testable import Accounts
@testable import Factors

@Suite("Proving who somebody is")
struct ProvingTests {
    private let fixture: AccountsFixture
    private let later = AccountsFixture.start.adding(seconds: 30)

    init() throws { fixture = try AccountsFixture() }

    private func recoveryCodes() throws -> [RecoveryCode] {
        try fixture.mutate { try fixture.register.issueRecoveryCodes(of: "ada", in: $0).codes }
    }

    private func storedCost(_ name: String = "ada") throws -> PasswordCost? {
        let row = try fixture.database.read { try OperatorRow.find(name, on: $0, key: fixture.register.key) }
        return PasswordHash.cost(of: try fixture.register.open(#require(row)).password)
    }

    @Test("does one password hash, whoever it is said to be and whatever is wrong")
    func sameWork() throws {
        try fixture.add()
        try fixture.add("gone")
        try fixture.mutate { try fixture.register.disableOperator("gone", in: $0) }
        let tries: [(String, String, Factor?)] = [
            ("ada", AccountsFixture.password, nil), ("ada", "not the password", nil), ("nobody", "x", nil),
            ("gone", AccountsFixture.password, nil), ("ada", AccountsFixture.password, .oneTimeCode("123456")),
            ("ada", AccountsFixture.password, .recoveryCode("none")), ("nobody", "x", .oneTimeCode("123456")),
        ]
        for (name, password, factor) in tries {
            let before = fixture.register.turnstile.tally.passes
            _ = fixture.code { _ = try fixture.prove(name, password, factor) }
            #expect(fixture.register.turnstile.tally.passes == before + 1, "\(name)")
        }
    }

    @Test("answers a factor that is wrong, or was never enrolled, as it answers a wrong password")
    func sameAnswer() throws {
        try fixture.add()
        let wrong = fixture.error { _ = try fixture.prove("ada", "not the password") }
        #expect(wrong?.code == AccountsError.wrongCredentials)
        let factors: [Factor] = [
            .recoveryCode("0000-0000-0000-0000"), .recoveryCode("?"),
        ]
        for factor in factors {
            #expect(fixture.error { _ = try fixture.prove("ada", AccountsFixture.password, factor) } == wrong)
            try fixture.tamper("DELETE FROM attempt")
        }
    }

    @Test("takes a recovery code once, says that it is used up, and takes the others")
    func recovery() throws {
        let ada = try fixture.add()
        let codes = try recoveryCodes()
        #expect(codes.count == 10)
        let factor = Factor.recoveryCode(codes[3].text.uppercased())
        let proven = try fixture.prove("ada", AccountsFixture.password, factor)
        let opened = try fixture.mutate { try fixture.register.openSession(for: proven, in: $0) }
        #expect(opened.denied == [.recoveryCode(codes[3].digest(for: ada.id))])
        #expect(opened.session.proof == MFAProof(method: .recoveryCode, time: AccountsFixture.start))
        #expect(
            fixture.code { _ = try fixture.prove("ada", AccountsFixture.password, factor) }
                == AccountsError.wrongCredentials)
        #expect(try fixture.register.factors(of: "ada").recoveryCodes == 9)
        _ = try fixture.logIn("ada", AccountsFixture.password, .recoveryCode(codes[4].text))
        #expect(try fixture.findings().isEmpty)
    }

    @Test("takes no recovery code of another account, or from before new ones were made")
    func foreignCodes() throws {
        try fixture.add("ada")
        try fixture.add("eve")
        let old = try recoveryCodes()
        let (_, denied) = try fixture.mutate { try fixture.register.issueRecoveryCodes(of: "ada", in: $0) }
        #expect(denied.count == 10)
        for (name, code) in [("eve", old[0]), ("ada", old[0])] {
            let error = fixture.code {
                _ = try fixture.prove(name, AccountsFixture.password, .recoveryCode(code.text))
            }
            #expect(error == AccountsError.wrongCredentials, "\(name)")
        }
    }

    @Test("uses nothing up for a wrong password, nor before a session is opened")
    func notUsedUp() throws {
        try fixture.add()
        let codes = try recoveryCodes()
        let factor = Factor.recoveryCode(codes[0].text)
        #expect(fixture.code { _ = try fixture.prove("ada", "not the password", factor) } != nil)
        _ = try fixture.prove("ada", AccountsFixture.password, factor)
        _ = try fixture.logIn("ada", AccountsFixture.password, factor)
    }

    @Test("of one recovery code twice at once opens one session")
    func recoveryRace() throws {
        try fixture.add()
        let factor = Factor.recoveryCode(try recoveryCodes()[0].text)
        let first = try fixture.prove("ada", AccountsFixture.password, factor)
        let second = try fixture.prove("ada", AccountsFixture.password, factor)
        _ = try fixture.open(first)
        #expect(fixture.code { _ = try fixture.open(second) } == AccountsError.changedMeanwhile)
    }

    @Test("raises the cost of a stored hash to what is set, once, and the password stays the same")
    func upgraded() throws {
        try fixture.add()
        let dearer = PasswordCost(operations: 2, memory: 16384)
        let next = fixture.another(cost: dearer)
        #expect(try storedCost() == AccountsFixture.cheap)
        _ = try fixture.open(fixture.prove(through: next))
        #expect(try storedCost() == dearer)
        let revision = try fixture.register.list()[0].revision
        _ = try fixture.open(fixture.prove(through: next))
        #expect(try fixture.register.list()[0].revision == revision)
        #expect(try fixture.findings().isEmpty)
    }

    @Test("never lowers the cost of a stored hash, in neither respect")
    func neverDowngraded() throws {
        try fixture.add()
        _ = try fixture.open(fixture.prove(through: fixture.another(cost: PasswordCost(operations: 1, memory: 32768))))
        _ = try fixture.logIn()
        #expect(try storedCost() == PasswordCost(operations: 1, memory: 32768))
        _ = try fixture.open(fixture.prove(through: fixture.another(cost: PasswordCost(operations: 3, memory: 8192))))
        #expect(try storedCost() == PasswordCost(operations: 3, memory: 32768))
    }

    @Test("lets nobody in by a hash that cost less than the floor, and tells that to who knows the password")
    func floor() throws {
        try fixture.add()
        let strict = fixture.another(floor: .floor)
        #expect(fixture.code { _ = try fixture.prove(through: strict) } == AccountsError.passwordOutdated)
        #expect(
            fixture.code { _ = try fixture.prove("ada", "not the password", through: strict) }
                == AccountsError.wrongCredentials)
    }

    @Test("opens no session when the account was changed in between")
    func overtaken() throws {
        try fixture.add()
        let proven = try fixture.prove()
        try fixture.mutate { try fixture.register.disableOperator("ada", in: $0) }
        #expect(fixture.code { _ = try fixture.open(proven) } == AccountsError.changedMeanwhile)
        let count = try fixture.database.read { try $0.first("SELECT COUNT(*) FROM session") { try $0.int(at: 0) } }
        #expect(count == 0)
    }

    @Test("begins anew with a password alone after a reset, and says what is out of use")
    func reset() throws {
        let ada = try fixture.add()
        let codes = try recoveryCodes()
        let passkey = try TestPasskey()
        try fixture.mutate { try fixture.register.addPasskey(passkey.enrolled(), of: "ada", in: $0) }
        let token = try fixture.logIn()
        let denied = try fixture.mutate { mutation in
            try fixture.register.reset(
                "ada", password: SecretBytes(copying: Array("another password".utf8)), in: mutation)
        }
        #expect(Set(denied) == Set(codes.map { .recoveryCode($0.digest(for: ada.id)) } + [.passkey(passkey.id)]))
        #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.noSession)
        #expect(fixture.code { _ = try fixture.logIn() } == AccountsError.wrongCredentials)
        #expect(try fixture.session(fixture.logIn("ada", "another password")).proof == nil)
        let factors = try fixture.register.factors(of: "ada")
        #expect(!factors.oneTimeCodes && factors.recoveryCodes == 0 && factors.passkeys.isEmpty)
    }

    @Test("goes by the new password after a change, which ends every session")
    func newPassword() throws {
        try fixture.add()
        let codes = try recoveryCodes()
        let token = try fixture.logIn()
        func change(_ password: String) throws {
            try fixture.mutate { mutation in
                try fixture.register.setPassword(
                    SecretBytes(copying: Array(password.utf8)), of: "ada", in: mutation)
            }
        }
        #expect(fixture.code { try change("elevenbytes") } == AccountsError.passwordTooShort)
        try change("another password")
        #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.noSession)
        #expect(fixture.code { _ = try fixture.logIn() } == AccountsError.wrongCredentials)
        _ = try fixture.logIn("ada", "another password", .recoveryCode(codes[0].text))
    }
}
