import Core
import Foundation
import Secrets
import TestSupport
import Testing

@testable import KeyServices
@testable import Outbound

extension VaultID {
    static let first = VaultID(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0001)
    static let second = VaultID(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0002)
}

extension HTTPClient.Limits {
    /// Short where the server says nothing.
    static func suiting(_ answer: LoopbackServer.Answer) -> HTTPClient.Limits {
        if case .silence = answer {
            HTTPClient.Limits(connecting: 500, total: 500)
        } else {
            HTTPClient.Limits(body: 1 << 16)
        }
    }
}

extension RootEnvelope {
    /// With other parameters.
    func with(_ changes: [String: String?]) -> RootEnvelope {
        var parameters = parameters
        for (name, value) in changes { parameters[name] = value }
        return RootEnvelope(provider: provider, parameters: parameters, wrapped: wrapped)
    }

    /// With one bit of the service's ciphertext changed, `place` bytes before its end.
    func withChangedCiphertext(before place: Int) throws -> RootEnvelope {
        let text = try #require(parameters["ciphertext"])
        let start = text.hasPrefix("vault:v1:") ? "vault:v1:" : ""
        var bytes = try #require(Data(base64Encoded: String(text.dropFirst(start.count))))
        bytes[bytes.count - place] ^= 1
        return with(["ciphertext": start + bytes.base64EncodedString()])
    }
}

/// Whether two roots are the same key, by what they derive.
func areEqual(_ left: RootKey, _ right: RootKey) throws -> Bool {
    let sealed = KeyWrapper(try left.derive("same")).wrap(try WrappingKey.random(), binding: [])
    return (try? KeyUnwrapper(try right.derive("same")).unwrap(sealed, binding: [], as: WrappingRole.self)) != nil
}

/// The error of what must fail with one.
func failure(_ body: () throws -> Void) -> SecretsError? {
    #expect(throws: SecretsError.self) { try body() }
}
