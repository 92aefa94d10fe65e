import Core
import Testing

@testable import Secrets

@Suite("Derived keys and indexes")
struct DerivationTests {
    @Test("a derived key is HKDF of the documented label, which other tools can recompute")
    func documented() throws {
        let root: RootKey = try key(Array(0..<32))
        let derived: WrappingKey = try root.derive("epoch")
        #expect(hex(exposed(derived)) == "d41993ea158dabc19c1f395c806ec0003de595af6b9e4f622e2c0bc37969af1b")
        let tenant: IndexKey = try root.derive("index", context: [0, 0, 0, 3])
        #expect(hex(exposed(tenant)) == "921cc3dc05c5a0e6376db05999dd52e9a0bbf174d9c64c3d9aeacd0acc5cae80")
    }

    @Test("a label, a context or a root more gives another key")
    func separated() throws {
        let root = try RootKey.random()
        let keys: [WrappingKey] = [
            try root.derive("a"), try root.derive("b"), try root.derive("a", context: [1]),
            try root.derive("a", context: [1, 0]), try root.derive("a", context: [0, 1]), try root.derive("ab"),
            try RootKey.random().derive("a"),
        ]
        #expect(Set(keys.map(exposed)).count == keys.count)
    }

    @Test("one value has one entry under one key, and another under another")
    func blindIndex() throws {
        let secret: IndexKey = try key(Array(0..<32))
        let index = BlindIndex(secret)
        #expect(index.entry("jane@example.com") == index.entry("jane@example.com"))
        #expect(index.entry("jane@example.com") != index.entry("jane@example.con"))
        #expect(index.entry("jane@example.com") != BlindIndex(try .random()).entry("jane@example.com"))
        // The first eight bytes of BLAKE2b-128 keyed with 00…1f, big-endian.
        #expect(UInt64(bitPattern: index.entry("jane@example.com")) == 0xec4d7d009c095326)
        #expect(index.pair(Array("jane@example.com".utf8)).0 == index.entry("jane@example.com"))
        _ = index.entry("")
    }

    @Test("a signature verifies under its own key, for its own message, to the bit")
    func signing() throws {
        let signing = try SigningKey.random()
        let verifying = try signing.verifyingKey
        let message = Array("tree head 7".utf8)
        let signature = try signing.sign(message)
        #expect(verifying.verifies(signature, of: message))
        #expect(try signing.sign(message) == signature)
        #expect(!verifying.verifies(signature, of: Array("tree head 8".utf8)))
        #expect(!(try SigningKey.random().verifyingKey).verifies(signature, of: message))
        #expect(!verifying.verifies(Array(signature.dropLast()), of: message))
        for bit in 0..<512 {
            var changed = signature
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(!verifying.verifies(changed, of: message))
        }
        #expect(verifying.verifies(try signing.sign([]), of: []))
        #expect(VerifyingKey(bytes: [1, 2, 3]) == nil)
    }

    @Test("Ed25519 keys and signatures are those of RFC 8032, test 1")
    func rfc8032() throws {
        let seed = try #require(bytes(hex: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        let signing: SigningKey = try key(seed)
        #expect(
            hex(try signing.verifyingKey.bytes) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        #expect(
            hex(try signing.sign([]))
                == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                + "d25bf5f0595bbe24655141438e7a100b")
        // The public half alone, as others have it.
        let verifying = try #require(VerifyingKey(bytes: signing.verifyingKey.bytes))
        let signature = try signing.sign([])
        #expect(verifying.verifies(signature, of: []))
        #expect(!verifying.verifies(signature, of: [0]))
        #expect(VerifyingKey(bytes: [1, 2, 3]) == nil)
    }
}

@Suite("Password hashes")
struct PasswordHashTests {
    private let cheap = PasswordCost(operations: 1, memory: 8192)

    @Test("verify the password they were made of and no other")
    func verifies() throws {
        let hash = try PasswordHash.make(try password("correct horse"), cost: cheap)
        #expect(hash.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
        #expect(try isPassword("correct horse", hash))
        #expect(try !isPassword("correct horsE", hash))
        #expect(try !isPassword("correct horse\0", hash))
        #expect(try PasswordHash.make(try password("correct horse"), cost: cheap) != hash)
    }

    @Test("say what they cost, and which of two costs is the lower")
    func costs() throws {
        let hash = try PasswordHash.make(try password("x"), cost: cheap)
        #expect(PasswordHash.cost(of: hash) == cheap)
        #expect(PasswordHash.cost(of: "nonsense") == nil)
        #expect(PasswordCost.interactive.covers(.floor) && !cheap.covers(.floor))
        #expect(!PasswordCost(operations: 9, memory: 8192).covers(.floor))
        let mixed = PasswordCost(operations: 9, memory: 8192).raised(to: .floor)
        #expect(mixed == PasswordCost(operations: 9, memory: 19 << 20))
    }

    @Test("need the memory that they are to cost, and say so when there is none")
    func noMemory() throws {
        // More than Argon2id can be asked for (RFC 9106 section 3.1).
        let endless = PasswordCost(operations: 1, memory: 1 << 43)
        let error = #expect(throws: SecretsError.self) { _ = try PasswordHash.make(password("x"), cost: endless) }
        #expect(error?.code == SecretsError.outOfSecureMemory && error?.remedy != nil)
    }

    @Test("that are decoys cost what they say, and no password fits them")
    func decoys() throws {
        let decoy = PasswordHash.decoy(cost: cheap)
        let real = try PasswordHash.make(try password("x"), cost: cheap)
        #expect(decoy.utf8.count == real.utf8.count)
        #expect(PasswordHash.cost(of: decoy) == cheap)
        #expect(try !isPassword("x", decoy))
        #expect(PasswordHash.decoy(cost: cheap) != decoy)
    }

    @Test(
        "that are malformed, or would cost the machine, are refused at once",
        arguments: [
            "", "$", "nonsense", "$argon2id$v=19$m=4194304,t=4294967295,p=1$c29tZXNhbHQ$AAAA",
            "$argon2id$v=19$m=1048577,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=8,t=17,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=-8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
            "$argon2id$v=19$m=8,t=1,p=1$" + String(repeating: "A", count: 300) + "$AAAA",
            "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFh\0",
        ])
    func hostile(_ hash: String) throws {
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try !isPassword("password", hash))
        #expect(start.duration(to: clock.now) < .seconds(20))
    }
}
