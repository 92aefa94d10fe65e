import Core
import Foundation
import TestSupport
import Testing

@testable import Outbound

@Suite("Certificates of servers", .enabled(if: HTTPClient.isAvailable))
struct CertificateTests {
    /// A stand-in of Vault with a certificate, and its address.
    private func server(_ kind: TestCertificates.Kind) throws -> (ScriptServer, WebAddress)? {
        guard let python = Peers.python else { return nil }
        let made = try TestCertificates.shared.get()
        let server = try ScriptServer(
            "transit-stand-in.py", python: python,
            arguments: ["--certificate", made.certificate(kind), "--key", made.key])
        let said = try JSON(parsing: Array(server.said))
        return (server, try WebAddress("https://127.0.0.1:\(try #require(said["port"]?.integer))"))
    }

    @Test("are accepted where an authority that counts says that they are this host's, now")
    func right() throws {
        guard let (server, address) = try server(.right) else { return }
        let client = HTTPClient(authorities: try TestCertificates.shared.get().authority)
        #expect(try client.send(HTTPRequest(.get, address)).status == 200)
        let byName = try WebAddress("https://localhost:\(address.port)")
        #expect(try client.send(HTTPRequest(.get, byName)).status == 200)
        withExtendedLifetime(server) {}
    }

    @Test(
        "are refused, and said why, before anything is sent",
        arguments: [
            (.wrongHost, OutboundError.certificateOfAnotherHost, "is another host's"),
            (.expired, OutboundError.certificateExpired, "has expired"),
            (.notYetValid, OutboundError.certificateNotYetValid, "is not valid yet"),
            (.selfSigned, OutboundError.certificateSelfSigned, "is signed by itself"),
            (.foreign, OutboundError.certificateUntrusted, "is not from an authority that is trusted"),
        ] as [(TestCertificates.Kind, ErrorCode, String)])
    func refused(kind: TestCertificates.Kind, code: ErrorCode, reason: String) throws {
        guard let (server, address) = try server(kind) else { return }
        let client = HTTPClient(authorities: try TestCertificates.shared.get().authority)
        let error = #expect(throws: OutboundError.self) { _ = try client.send(HTTPRequest(.get, address)) }
        #expect(error?.code == code)
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
        withExtendedLifetime(server) {}
    }

    @Test(
        "of an authority of one's own do not count for those who have not named it, nor the system's for those who have"
    )
    func authorities() throws {
        guard let (server, address) = try server(.right) else { return }
        let made = try TestCertificates.shared.get()
        let others = [HTTPClient(), HTTPClient(authorities: made.certificate(.selfSigned))]
        for client in others {
            let error = #expect(throws: OutboundError.self) { _ = try client.send(HTTPRequest(.get, address)) }
            #expect(error.map { OutboundError.ofTLS.contains($0.code) } == true)
        }
        for path in ["/nowhere/authority.pem", made.key] {
            let error = #expect(throws: OutboundError.self) {
                _ = try HTTPClient(authorities: path).send(HTTPRequest(.get, address))
            }
            #expect(error?.code == OutboundError.authorityUnreadable && error?.message.contains(path) == true)
        }
        withExtendedLifetime(server) {}
    }

    @Test("are asked of a server that speaks plain http, too")
    func plain() throws {
        let server = try LoopbackServer { _ in .http(200) }
        let error = #expect(throws: OutboundError.self) {
            _ = try HTTPClient(limits: HTTPClient.Limits(connecting: 500, total: 500)).send(
                HTTPRequest(.get, try WebAddress("https://127.0.0.1:\(server.port)")))
        }
        #expect([OutboundError.tlsFailed, OutboundError.timedOut].contains(error?.code))
        #expect(server.requests.isEmpty)
    }
}
