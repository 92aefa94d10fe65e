import Core
import Foundation
import TestSupport
import Testing

/// AWS KMS as `moto` plays it, with signatures and policies checked.
final class MotoServer: Sendable {
    private let server: ScriptServer
    let port: Int
    /// ARNs of two keys; the first has the alias `alias/profilevault`.
    let keys: [String]
    /// Access key and secret of a user who may use them, and of one who may not.
    let allowed: [String]
    let other: [String]

    /// One for all tests; `nil` where there is no moto.
    static let shared = Result { try Peers.moto.map { try MotoServer(python: $0) } }

    private init(python: URL) throws {
        server = try ScriptServer("moto-server.py", python: python)
        let said = try JSON(parsing: Array(server.said))
        port = try #require(said["port"]?.integer)
        keys = try #require(said["keys"]?.array).compactMap(\.string)
        allowed = try #require(said["allowed"]?.array).compactMap(\.string)
        other = try #require(said["other"]?.array).compactMap(\.string)
    }

    func environment(_ user: [String]) -> [String: String] {
        [
            "AWS_ENDPOINT_URL_KMS": "http://127.0.0.1:\(port)", "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": user[0], "AWS_SECRET_ACCESS_KEY": user[1],
        ]
    }
}
