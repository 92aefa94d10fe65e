import Core
import Foundation
import TestSupport
import Testing

/// A stand-in of Vault's Transit secrets engine (`scripts/transit-stand-in.py`), no Vault.
final class TransitStandIn: Sendable {
    private let server: ScriptServer
    let port: Int
    let token: String

    /// One for all tests of plain http; `nil` where there is no Python.
    static let shared = Result { try Peers.python.map { try TransitStandIn(python: $0) } }

    init(python: URL, arguments: [String] = []) throws {
        server = try ScriptServer("transit-stand-in.py", python: python, arguments: arguments)
        let said = try JSON(parsing: Array(server.said))
        port = try #require(said["port"]?.integer)
        token = try #require(said["token"]?.string)
    }

    var environment: [String: String] {
        ["VAULT_ADDR": "http://127.0.0.1:\(port)", "VAULT_TOKEN": token]
    }
}
