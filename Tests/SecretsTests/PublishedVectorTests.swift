import Core
import Testing

@testable import Secrets

@Suite("Published vectors")
struct PublishedVectorTests {
    struct AEADGroup: Decodable {
        struct Test: Decodable {
            let tcId: Int
            let key: Hex
            let iv: Hex
            let aad: Hex
            let msg: Hex
            let ct: Hex
            let tag: Hex
            let result: Expectation
        }
        let ivSize: Int
        let keySize: Int
        let tests: [Test]
    }

    @Test("XChaCha20-Poly1305 seals and opens as Wycheproof says")
    func xchacha() throws {
        let file = try PublishedVectors.read(
            "wycheproof/xchacha20_poly1305_test.json", as: Wycheproof<AEADGroup>.self)
        guard let file else { return }
        var count = VectorCount()
        for group in file.testGroups {
            guard group.ivSize == 192, group.keySize == 256 else {
                count.outOfScope["nonces or keys of other lengths", default: 0] += group.tests.count
                continue
            }
            for test in group.tests {
                let secret = try key(test.key.bytes, as: BoxRole.self)
                let sealed = test.iv.bytes + test.ct.bytes + test.tag.bytes
                let opened = try? BoxOpener(secret).open(sealed, label: test.aad.bytes)
                #expect(opened == (test.result == .valid ? test.msg.bytes : nil), "tcId \(test.tcId)")
                if test.result == .valid {
                    var body = test.msg.bytes + [UInt8](repeating: 0, count: AEAD.tagLength)
                    body.withUnsafeMutableBufferPointer { body in
                        test.aad.bytes.withUnsafeBytes { binding in
                            test.iv.bytes.withUnsafeBufferPointer { nonce in
                                AEAD.seal(
                                    inPlace: body.baseAddress!, length: test.msg.bytes.count, key: secret.secret,
                                    binding: binding, nonce: nonce.baseAddress!)
                            }
                        }
                    }
                    #expect(body == test.ct.bytes + test.tag.bytes, "tcId \(test.tcId)")
                }
                count.passed(test.result)
            }
        }
        count.report("Wycheproof XChaCha20-Poly1305")
    }

    struct MACGroup: Decodable {
        struct Test: Decodable {
            let tcId: Int
            let key: Hex
            let msg: Hex
            let tag: Hex
            let result: Expectation
        }
        let tagSize: Int
        let tests: [Test]
    }

    @Test("HMAC-SHA-256 agrees with Wycheproof, cut codes too")
    func hmac() throws {
        let file = try PublishedVectors.read("wycheproof/hmac_sha256_test.json", as: Wycheproof<MACGroup>.self)
        guard let file else { return }
        var count = VectorCount()
        for group in file.testGroups {
            for test in group.tests {
                let code = authenticationCode(of: test.msg.bytes, key: test.key.bytes)
                let holds = equalInConstantTime(Array(code.prefix(group.tagSize / 8)), test.tag.bytes)
                #expect(holds == (test.result == .valid), "tcId \(test.tcId)")
                count.passed(test.result)
            }
        }
        count.report("Wycheproof HMAC-SHA-256")
    }

    struct HKDFGroup: Decodable {
        struct Test: Decodable {
            let tcId: Int
            let ikm: Hex
            let salt: Hex
            let info: Hex
            let size: Int
            let okm: Hex
            let result: Expectation
        }
        let tests: [Test]
    }

    @Test("HKDF-SHA-256 agrees with Wycheproof")
    func hkdf() throws {
        let file = try PublishedVectors.read("wycheproof/hkdf_sha256_test.json", as: Wycheproof<HKDFGroup>.self)
        guard let file else { return }
        var count = VectorCount()
        for test in file.testGroups.flatMap(\.tests) {
            // A caller that asks for more than 255 blocks is stopped by a precondition.
            guard (1...8160).contains(test.size) else {
                #expect(test.result == .invalid)
                count.outOfScope["more than 8160 bytes", default: 0] += 1
                continue
            }
            let output = derive(test.ikm.bytes, salt: test.salt.bytes, info: test.info.bytes, length: test.size)
            #expect((output == test.okm.bytes) == (test.result == .valid), "tcId \(test.tcId)")
            count.passed(test.result)
        }
        count.report("Wycheproof HKDF-SHA-256")
    }

    struct PBKDF2Group: Decodable {
        struct Test: Decodable {
            let tcId: Int
            let password: Hex
            let salt: Hex
            let iterationCount: Int
            let dkLen: Int
            let dk: Hex
            let result: Expectation
        }
        let tests: [Test]
    }

    @Test("PBKDF2 with HMAC-SHA-256 agrees with Wycheproof, RFC 7914 §11 among it")
    func pbkdf2() throws {
        let file = try PublishedVectors.read(
            "wycheproof/pbkdf2_hmacsha256_test.json", as: Wycheproof<PBKDF2Group>.self)
        guard let file else { return }
        var count = VectorCount()
        for test in file.testGroups.flatMap(\.tests) {
            let output = stretch(
                test.password.bytes, salt: [test.salt.bytes], iterations: test.iterationCount, length: test.dkLen)
            #expect((output == test.dk.bytes) == (test.result == .valid), "tcId \(test.tcId)")
            count.passed(test.result)
        }
        count.report("Wycheproof PBKDF2-HMAC-SHA-256")
    }

    @Test("PBKDF2 takes a salt in pieces, and a salt or a password of no bytes")
    func pbkdf2Pieces() {
        let whole = stretch([1, 2], salt: [[3, 4, 5]], iterations: 2, length: 40)
        #expect(stretch([1, 2], salt: [[3], [], [4, 5]], iterations: 2, length: 40) == whole)
        // Recomputed with Python's hashlib.
        #expect(
            hex(stretch([], salt: [[]], iterations: 1, length: 20)) == "f7ce0b653d2d72a4108cf5abe912ffdd777616db")
    }

    struct RFC5869: Decodable {
        struct Vector: Decodable {
            let hash: String
            let ikm: Hex
            let salt: Hex
            let info: Hex
            let L: Int
            let okm: Hex
        }
        let vectors: [Vector]
    }

    @Test("HKDF agrees with RFC 5869")
    func hkdfOfTheRFC() throws {
        guard let file = try PublishedVectors.read("rfc/rfc5869_hkdf.json", as: RFC5869.self) else { return }
        var count = VectorCount()
        for vector in file.vectors {
            guard vector.hash == "sha256" else {
                count.outOfScope[vector.hash, default: 0] += 1
                continue
            }
            let output = derive(vector.ikm.bytes, salt: vector.salt.bytes, info: vector.info.bytes, length: vector.L)
            #expect(output == vector.okm.bytes)
            count.passed(.valid)
        }
        count.report("RFC 5869 HKDF")
    }

    struct SignatureGroup: Decodable {
        struct PublicKey: Decodable { let pk: Hex }
        struct Test: Decodable {
            let tcId: Int
            let msg: Hex
            let sig: Hex
            let result: Expectation
        }
        let publicKey: PublicKey
        let tests: [Test]
    }

    @Test("Ed25519 verifies as Wycheproof says")
    func ed25519() throws {
        let file = try PublishedVectors.read("wycheproof/ed25519_test.json", as: Wycheproof<SignatureGroup>.self)
        guard let file else { return }
        var count = VectorCount()
        for group in file.testGroups {
            let verifying = try #require(VerifyingKey(bytes: group.publicKey.pk.bytes))
            for test in group.tests {
                let holds = verifying.verifies(test.sig.bytes, of: test.msg.bytes)
                #expect(holds == (test.result == .valid), "tcId \(test.tcId)")
                count.passed(test.result)
            }
        }
        count.report("Wycheproof Ed25519")
    }

    struct Argon2id: Decodable {
        struct String: Decodable {
            let password: Swift.String
            let encoded: Swift.String
        }
        let phc: [String]
    }

    @Test("Argon2id strings of the reference implementation verify")
    func argon2id() throws {
        guard let file = try PublishedVectors.read("rfc/argon2id.json", as: Argon2id.self) else { return }
        var count = VectorCount()
        for string in file.phc {
            #expect(try isPassword(string.password, string.encoded))
            #expect(try !isPassword(string.password + "x", string.encoded))
            count.passed(.valid)
        }
        count.outOfScope["RFC 9106's own, with a secret and associated data"] = 1
        count.report("Argon2id strings")
    }

    @Test(
        "SHA-256 gives the digests of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(message: String, digest: String) {
        #expect(hex(SHA256.digest(Array(message.utf8))) == digest)
        var pieces = SHA256()
        for byte in message.utf8 { pieces.update(CollectionOfOne(byte)) }
        #expect(hex(pieces.finish()) == digest)
    }

    @Test("BLAKE2b gives the digests of RFC 7693 and of its keyed test")
    func blake2b() throws {
        #expect(
            hex(BLAKE2b.digest(Array("abc".utf8), length: 64))
                == "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")
        #expect(
            hex(BLAKE2b.digest([])) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
        let keyed = BLAKE2b(key: try key(Array(0..<32)), length: 32)
        for byte in "profilevault".utf8 { keyed.update([byte]) }
        #expect(hex(keyed.finish()) == "ff06eee097246ff8d7756ab76563570e8614c265aed4c1f8d4a2a81be7be8ffe")
    }

    private func authenticationCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: HMACSHA256.length)
        message.withUnsafeBytes { message in
            key.withUnsafeBytes { key in
                output.withUnsafeMutableBufferPointer {
                    HMACSHA256.code(of: [message], key: key, into: $0.baseAddress!)
                }
            }
        }
        return output
    }

    private func derive(_ material: [UInt8], salt: [UInt8], info: [UInt8], length: Int) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: length)
        material.withUnsafeBytes { material in
            output.withUnsafeMutableBytes { HKDF.derive(from: material, salt: salt, info: info, into: $0) }
        }
        return output
    }

    private func stretch(_ password: [UInt8], salt: [[UInt8]], iterations: Int, length: Int) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: length)
        password.withUnsafeBytes { password in
            output.withUnsafeMutableBytes { output in
                let pieces = salt.map { UnsafeMutableRawBufferPointer.copy(of: $0) }
                defer { for piece in pieces { piece.deallocate() } }
                PBKDF2.derive(
                    from: password, salt: pieces.map { UnsafeRawBufferPointer($0) }, iterations: iterations,
                    into: output)
            }
        }
        return output
    }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate static func copy(of bytes: [UInt8]) -> UnsafeMutableRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyBytes(from: bytes)
        return copy
    }
}
