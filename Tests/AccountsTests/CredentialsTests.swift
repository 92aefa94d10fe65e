import Core
import Testing

@testable import Accounts
@testable import Factors

@Suite("What proves an operator")
struct CredentialsTests {
    private func passkey(
        _ id: [UInt8], signCount: UInt32 = 0, isBackedUp: Bool = false, name: String
    ) -> EnrolledPasskey {
        EnrolledPasskey(
            Passkeys.Credential(
                id: id, publicKey: Passkeys.PublicKey(algorithm: .es256, bytes: [UInt8](repeating: 6, count: 64)),
                signCount: signCount, aaguid: UniqueID(high: 1, low: 2), isBackupEligible: true,
                isBackedUp: isBackedUp, attestation: .packed),
            name: name)
    }

    private var full: Credentials {
        var credentials = Credentials(password: "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA")
        credentials.oneTime = Credentials.OneTimeSecret(secret: Array(1...20), acceptedStep: 60_000_000)
        credentials.recoveryCodes = (0..<10).map { [UInt8](repeating: $0, count: 32) }
        credentials.passkeys = [
            passkey([1, 2, 3], signCount: 9, name: "key on the ring"),
            passkey([], signCount: .max, isBackedUp: true, name: ""),
        ]
        return credentials
    }

    @Test("is read as it was written")
    func roundTrip() throws {
        let read = try #require(Credentials(decoding: full.encoded))
        #expect(read.password == full.password)
        #expect(read.oneTime?.secret == Array(1...20) && read.oneTime?.acceptedStep == 60_000_000)
        #expect(read.recoveryCodes == full.recoveryCodes)
        #expect(read.passkeys == full.passkeys)
        let bare = try #require(Credentials(decoding: Credentials(password: "$x").encoded))
        #expect(bare.password == "$x" && bare.oneTime == nil)
        #expect(bare.recoveryCodes.isEmpty && bare.passkeys.isEmpty)
        var unused = full
        unused.oneTime?.acceptedStep = nil
        let fresh = try #require(Credentials(decoding: unused.encoded))
        #expect(fresh.oneTime?.secret == Array(1...20) && fresh.oneTime?.acceptedStep == nil)
    }

    @Test("lies byte by byte as the design says")
    func bytes() {
        var credentials = Credentials(password: "$p")
        credentials.oneTime = Credentials.OneTimeSecret(secret: [7], acceptedStep: 2)
        credentials.recoveryCodes = [[UInt8](repeating: 8, count: 32)]
        credentials.passkeys = [passkey([5], signCount: 3, isBackedUp: true, name: "k")]
        let expected: [UInt8] =
            [1, 0, 0, 0, 2, 0x24, 0x70, 1, 0, 0, 0, 1, 7, 0, 0, 0, 0, 0, 0, 0, 2, 1]
            + [UInt8](repeating: 8, count: 32)
            + [1, 0, 0, 0, 1, 5, 0, 0, 0, 68, 0xFF, 0xFF, 0xFF, 0xF9] + [UInt8](repeating: 6, count: 64)
            + [0, 0, 0, 3] + UniqueID(high: 1, low: 2).bytes + [3, 0, 0, 0, 6] + Array("packed".utf8)
            + [0, 0, 0, 1, 0x6B]
        #expect(Array(credentials.encoded.prefix(expected.count)) == expected)
        #expect(credentials.encoded.dropFirst(expected.count).allSatisfy { $0 == 0 })
    }

    @Test("has the same length with and without a second factor")
    func length() {
        var second = Credentials(password: full.password)
        second.oneTime = full.oneTime
        second.recoveryCodes = full.recoveryCodes
        #expect(second.encoded.count == Credentials.block)
        #expect(Credentials(password: full.password).encoded.count == Credentials.block)
        var many = full
        many.passkeys = (0..<UInt8(Credentials.mostPasskeys)).map {
            passkey([$0], name: "key \($0)")
        }
        #expect(many.encoded.count.isMultiple(of: Credentials.block))
        #expect(Credentials(decoding: many.encoded)?.passkeys == many.passkeys)
    }

    @Test("that was a password alone is still one")
    func earlier() {
        let read = Credentials(decoding: Array(full.password.utf8))
        #expect(read?.password == full.password)
        #expect(read?.oneTime == nil && read?.recoveryCodes == [] && read?.passkeys == [])
    }

    @Test("is refused when it is cut, of another form, or has something behind its end")
    func malformed() throws {
        let bytes = full.encoded
        let end = try #require(bytes.lastIndex { $0 != 0 }) + 1
        // The last name is empty, so its length, four zeros, is beyond `end`.
        for count in 0..<end { #expect(Credentials(decoding: Array(bytes[..<count])) == nil, "\(count)") }
        #expect(Credentials(decoding: [2] + bytes.dropFirst()) == nil)
        #expect(Credentials(decoding: bytes + [1]) == nil)
        var wrong = bytes
        wrong[1 + 4 + full.password.utf8.count] = 2
        #expect(Credentials(decoding: wrong) == nil)
    }

    @Test("shows nothing of itself")
    func silent() {
        #expect("\(full) \(String(reflecting: full))".contains("argon2id") == false)
        var dumped = ""
        dump(full, to: &dumped)
        #expect(!dumped.contains("argon2id"))
    }
}
