import Core
import Secrets
import Testing

@testable import Accounts
@testable import Factors

/// A passkey of Ed25519 that signs with whatever count it is told.
struct TestPasskey {
    static let party = Passkeys.RelyingParty(id: "vault.example", origins: ["https://vault.example"])

    let id = Random.bytes(16)
    private let key: SigningKey

    init() throws { key = try .random() }

    func enrolled(count: UInt32 = 0) throws -> EnrolledPasskey {
        EnrolledPasskey(
            Passkeys.Credential(
                id: id, publicKey: Passkeys.PublicKey(algorithm: .edDSA, bytes: try key.verifyingKey.bytes),
                signCount: count, aaguid: UniqueID(high: 0, low: 0), isBackupEligible: false, isBackedUp: false,
                attestation: .none),
            name: "ring")
    }

    /// What the browser answers to `challenge`, with the user present and verified.
    func factor(
        count: UInt32, to challenge: Passkeys.Challenge = Passkeys.Challenge(), asking asked: Passkeys.Challenge? = nil
    ) throws -> Factor {
        let client = Array(
            #"{"type":"webauthn.get","challenge":"\#(challenge.text)","origin":"https://vault.example"}"#.utf8)
        var data = SHA256.digest("vault.example".utf8) + [0x05]
        data.append(bigEndian: count)
        let assertion = Passkeys.Assertion(
            credentialID: id, clientDataJSON: client, authenticatorData: data,
            signature: try key.sign(data + SHA256.digest(client)))
        return .passkey(assertion, challenge: asked ?? challenge, for: Self.party)
    }
}

#if Passkeys
    @Suite("Logging in with passkeys")
    struct PasskeyProvingTests {
        private let fixture: AccountsFixture
        private let passkey: TestPasskey

        init() throws {
            fixture = try AccountsFixture()
            passkey = try TestPasskey()
        }

        private func enrol(count: UInt32 = 0) throws {
            try fixture.add()
            try fixture.mutate { try fixture.register.addPasskey(passkey.enrolled(count: count), of: "ada", in: $0) }
        }

        private func refusal(_ password: String, _ factor: Factor) -> ErrorCode? {
            do {
                _ = try fixture.prove("ada", password, factor)
                return nil
            } catch {
                return (error as? any ReportableError)?.code
            }
        }

        @Test("proves a second factor, and keeps the count of its signatures")
        func accepted() throws {
            try enrol(count: 7)
            let token = try fixture.logIn("ada", AccountsFixture.password, passkey.factor(count: 8))
            #expect(try fixture.session(token).proof == MFAProof(method: .passkey, time: AccountsFixture.start))
            #expect(try fixture.register.factors(of: "ada").passkeys.map(\.credential.signCount) == [8])
            #expect(try fixture.findings().isEmpty)
        }

        @Test("takes no answer twice, to another challenge, or of another passkey")
        func refused() throws {
            try enrol()
            let password = AccountsFixture.password
            let factor = try passkey.factor(count: 1)
            _ = try fixture.logIn("ada", password, factor)
            #expect(refusal(password, factor) == FactorsError.clonedCounter)
            let elsewhere = try passkey.factor(count: 2, asking: Passkeys.Challenge())
            #expect(refusal(password, elsewhere) == FactorsError.challengeMismatch)
            #expect(refusal(password, try TestPasskey().factor(count: 2)) == AccountsError.wrongCredentials)
        }

        @Test("tells what a passkey was refused for to who knows the password, and to nobody else")
        func silent() throws {
            try enrol()
            let elsewhere = try passkey.factor(count: 2, asking: Passkeys.Challenge())
            #expect(refusal("not the password", elsewhere) == AccountsError.wrongCredentials)
            #expect(refusal("not the password", try passkey.factor(count: 3)) == AccountsError.wrongCredentials)
        }

        @Test("has each passkey once, and not after it was removed")
        func removed() throws {
            try enrol()
            let twice = fixture.code {
                try fixture.mutate { try fixture.register.addPasskey(passkey.enrolled(), of: "ada", in: $0) }
            }
            #expect(twice == AccountsError.passkeyRefused)
            #expect(
                try fixture.mutate { try fixture.register.removePasskey(passkey.id, of: "ada", in: $0) }
                    == [.passkey(passkey.id)])
            #expect(
                refusal(AccountsFixture.password, try passkey.factor(count: 1)) == AccountsError.wrongCredentials)
            let gone = fixture.code {
                _ = try fixture.mutate { try fixture.register.removePasskey(passkey.id, of: "ada", in: $0) }
            }
            #expect(gone == AccountsError.passkeyUnknown)
        }
    }
#endif
