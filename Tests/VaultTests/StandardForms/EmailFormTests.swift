import Core
import Testing

@testable import Vault

@Suite("E-mail addresses")
struct EmailFormTests {
    @Test(
        "keep the local part's case and lower the domain's",
        arguments: [
            (" Ada.Lovelace@Example.ORG ", "Ada.Lovelace@example.org"), ("a+tag@x.co", "a+tag@x.co"),
            ("ada@example.org.", "ada@example.org"), ("\"ada\"@example.org", "ada@example.org"),
            ("\"a b\"@example.org", "\"a b\"@example.org"), ("\"a\\b\"@example.org", "ab@example.org"),
            ("ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ada@example.org"), ("用戶@example.org", "用戶@example.org"),
            ("o'brien@example.ie", "o'brien@example.ie"), ("a@ab--cd.com", "a@ab--cd.com"),
        ])
    func canonical(_ raw: String, _ expected: String) throws {
        #expect(try StandardForm.email.standardise(raw) == expected)
    }

    @Test("are looked up without regard to case")
    func lookup() throws {
        let form = StandardForm.email
        #expect(form.lookupForm(of: "Ada@example.org") == "ada@example.org")
        #expect(StandardForm.text.lookupForm(of: "Ada") == "Ada")
    }

    @Test(
        "are refused when they are none",
        arguments: [
            "ada", "@example.org", "ada@", "ada@@example.org", "a b@example.org", ".a@example.org", "a.@example.org",
            "a..b@example.org", "\"a@example.org", "\"a\"b\"@example.org", "\"\"@example.org", "Ada <ada@example.org>",
            "a,b@x.org",
        ])
    func refused(_ raw: String) {
        #expect(throws: StandardFormError.emailMalformed) { try StandardForm.email.standardise(raw) }
    }

    @Test(
        "are refused when their domain is none",
        arguments: [
            "a@localhost", "a@-x.org", "a@x-.org", "a@x..org", "a@.org", "a@1.2.3.4", "a@[1.2.3.4]", "a@x_y.org",
            "a@ex ample.org",
        ])
    func refusedDomain(_ raw: String) {
        #expect(throws: StandardFormError.emailDomainInvalid) { try StandardForm.email.standardise(raw) }
    }

    @Test("have bounded lengths")
    func lengths() throws {
        let local = String(repeating: "a", count: 64)
        #expect(try StandardForm.email.standardise(local + "@example.org") == local + "@example.org")
        #expect(throws: StandardFormError.emailTooLong) {
            try StandardForm.email.standardise("a" + local + "@example.org")
        }
        let domain = Array(repeating: String(repeating: "b", count: 60), count: 4).joined(separator: ".") + ".org"
        #expect(throws: StandardFormError.emailTooLong) { try StandardForm.email.standardise("abcdefgh@" + domain) }
        #expect(throws: StandardFormError.emailDomainInvalid) {
            try StandardForm.email.standardise("a@" + String(repeating: "b", count: 64) + ".org")
        }
    }

    #if Domains
        @Test(
            "write domains of every script in ASCII",
            arguments: [
                ("a@Bücher.example", "a@xn--bcher-kva.example"), ("a@bu\u{308}cher.example", "a@xn--bcher-kva.example"),
                ("a@例子。测试", "a@xn--fsqu00a.xn--0zwm56d"), ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example"),
                ("a@straße.de", "a@xn--strae-oqa.de"),
            ])
        func domains(_ raw: String, _ expected: String) throws {
            #expect(try StandardForm.email.standardise(raw) == expected)
        }

        @Test("refuse a punycode label that decodes to nothing valid")
        func punycode() {
            #expect(throws: StandardFormError.emailDomainInvalid) {
                try StandardForm.email.standardise("a@xn--a.example")
            }
        }
    #endif
}
