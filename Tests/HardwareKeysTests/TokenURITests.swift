import Secrets
import TestSupport
import Testing

@testable import HardwareKeys

@Suite("PKCS#11 URIs")
struct TokenURITests {
    @Test("name a token, an object and the module by its path or its name")
    func read() throws {
        let path = try TokenURI("pkcs11:token=Vault%20One;object=root?module-path=/usr/lib/softhsm/libsofthsm2.so")
        #expect(path.token == "Vault One" && path.object == "root" && path.serial == nil)
        #expect(path.library == .path("/usr/lib/softhsm/libsofthsm2.so"))
        let name = try TokenURI("pkcs11:object=a&b;serial=0a1B;token=%C3%A9?module-name=softhsm2")
        #expect(name.token == "é" && name.object == "a&b" && name.serial == "0a1B")
        #expect(name.library == .name("softhsm2"))
    }

    @Test(
        "are written in one form, which reads as the same",
        arguments: [
            (
                "pkcs11:object=a%2Fb;token=t?module-path=/a%20b/c.so",
                "pkcs11:token=t;object=a%2fb?module-path=/a%20b/c.so"
            ),
            (
                "pkcs11:token=%E9%91%B0;serial=1;object=:x?module-name=m|n",
                "pkcs11:token=%e9%91%b0;serial=1;object=%3ax?module-name=m%7cn"
            ),
        ])
    func written(text: String, form: String) throws {
        let uri = try TokenURI(text)
        #expect(uri.description == form)
        #expect(try TokenURI(form) == uri)
    }

    @Test(
        "that are not whole, say a thing twice, or more than is understood, are refused",
        arguments: [
            "", "pkcs11", "pkcs11:", "PKCS11:token=t;object=o?module-name=m", "http:token=t;object=o?module-name=m",
            "pkcs11:token=t;object=o", "pkcs11:token=t;object=o?", "pkcs11:token=t?module-name=m",
            "pkcs11:object=o?module-name=m", "pkcs11:token=;object=o?module-name=m",
            "pkcs11:token=t;token=t;object=o?module-name=m", "pkcs11:token=t;object=o?module-name=m&module-name=m",
            "pkcs11:token=t;object=o?module-name=m&module-path=/m", "pkcs11:token=t;object=o?module-path=m.so",
            "pkcs11:token=t;object=o;type=cert?module-name=m", "pkcs11:token=t;object=o;x-a=b?module-name=m",
            "pkcs11:token=t;object=o;?module-name=m", "pkcs11:token;object=o?module-name=m",
            "pkcs11:token=t;object=o?module-name=m&", "pkcs11:token=t/u;object=o?module-name=m",
            "pkcs11:token=t t;object=o?module-name=m", "pkcs11:token=é;object=o?module-name=m",
            "pkcs11:token=%;object=o?module-name=m", "pkcs11:token=%4;object=o?module-name=m",
            "pkcs11:token=%+1;object=o?module-name=m", "pkcs11:token=%ff;object=o?module-name=m",
            "pkcs11:token=a%00b;object=o?module-name=m", "pkcs11:token=a%0a;object=o?module-name=m",
            "pkcs11:token=123456789012345678901234567890123;object=o?module-name=m",
            "pkcs11:token=t;serial=12345678901234567;object=o?module-name=m",
            "pkcs11:token=t;object=o?module-name=m#x", "pkcs11:token=t;object=o?MODULE-NAME=m",
        ])
    func refused(text: String) {
        let error = #expect(throws: SecretsError.self) { _ = try TokenURI(text) }
        #expect(error?.code == SecretsError.tokenURIMalformed)
        #expect(error?.remedy != nil)
    }

    @Test("hold no PIN, and are not repeated when they did", arguments: ["pin-value=81726354", "pin-source=/81726354"])
    func pin(attribute: String) {
        for text in [
            "pkcs11:token=t;object=o?module-name=m&\(attribute)", "pkcs11:token=t;\(attribute);object=o?module-name=m",
        ] {
            let error = #expect(throws: SecretsError.self) { _ = try TokenURI(text) }
            #expect(error?.message.contains("a PIN has no place in it") == true)
            #expect(error.map { "\($0) \($0.remedy ?? "")" }?.contains("81726354") == false)
        }
    }

    @Test("are read or refused whatever is in them, and what is read is written and read again")
    func mutated() throws {
        var random = SeededGenerator.announced("TokenURITests.mutated")
        let seeds = [
            "pkcs11:token=Vault%20One;object=root;serial=0a1b?module-path=/usr/lib/a.so",
            "pkcs11:token=t;object=a%2Fb?module-name=softhsm2",
        ]
        for round in 0..<SeededGenerator.rounds(quick: 4000, soak: 400_000) {
            let bytes = random.mutate(Array(seeds[round % 2].utf8), interesting: Array(":;=?&%/20".utf8))
            let text = String(decoding: bytes, as: UTF8.self)
            let uri: TokenURI
            do throws(SecretsError) {
                uri = try TokenURI(text)
            } catch {
                #expect(error.code == SecretsError.tokenURIMalformed, "\(text)")
                continue
            }
            #expect(try TokenURI(uri.description) == uri, "\(text)")
        }
    }
}

#if !HardwareKeys
    @Suite("A build without p11-kit")
    struct NoHardwareKeysTests {
        @Test("says so before it asks for a PIN")
        func unavailable() throws {
            #expect(!TokenKey.isAvailable && !TokenObject.isAvailable)
            let uri = try TokenURI("pkcs11:token=t;object=o?module-name=m")
            let object = TokenObject(uri) { () throws(SecretsError) -> SecretBytes in
                Issue.record("asked for a PIN")
                return try SecretBytes.random(count: 1)
            }
            #expect(
                #expect(throws: SecretsError.self) { _ = try object.read() }?.code == SecretsError.tokensUnavailable)
        }
    }
#endif
