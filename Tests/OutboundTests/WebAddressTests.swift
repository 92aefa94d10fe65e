import Testing

@testable import Outbound

@Suite("Addresses of requests")
struct WebAddressTests {
    @Test(
        "are read in one form, to which two texts of one address come",
        arguments: [
            ("https://vault.example", "https://vault.example"), ("https://VAULT.example:443/", "https://vault.example"),
            ("https://vault.example:8200/prefix//", "https://vault.example:8200/prefix"),
            ("https://[2001:DB8::1]:8200", "https://[2001:db8::1]:8200"), ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://127.255.0.9:8200", "http://127.255.0.9:8200"), ("http://[::1]:8200", "http://[::1]:8200"),
            ("http://localhost:8200", "http://localhost:8200"), ("https://a.example/x%20y", "https://a.example/x%20y"),
        ])
    func forms(text: String, form: String) throws {
        let address = try WebAddress(text)
        #expect(address.description == form)
        #expect(try WebAddress(form) == address)
    }

    @Test(
        "are refused where two readers could disagree, or where plain http would leave this machine",
        arguments: [
            "", "vault.example", "ftp://vault.example", "HTTPS://vault.example", "https://", "https:///path",
            "https://user@vault.example", "https://127.0.0.1@vault.example", "https://vault.example:",
            "https://vault.example:0", "https://vault.example:65536", "https://vault.example:+1",
            "https://vault.example:8200:1", "https://vault.example?x", "https://vault.example/?x",
            "https://a.example#b",
            "https://a.example/\r\nX: y", "https://a.example\\b", "https://a b", "https://[::1", "https://[]",
            "https://[::1]x", "https://v\u{E4}ult.example", "https://vault.example/\u{E4}", "http://vault.example",
            "http://127.0.0.1.example", "http://127.1", "http://127.0.0.010", "http://0x7f.0.0.1", "http://2130706433",
            "http://[::2]", "http://localhost.example", "http://10.0.0.1", "http://0.0.0.0",
        ])
    func refused(text: String) {
        let error = #expect(throws: OutboundError.self) { _ = try WebAddress(text) }
        #expect(error?.code == OutboundError.addressInvalid)
        #expect(error.map { text.isEmpty || !$0.message.contains(text) } == true)
    }
}
