import Core
import Foundation
import Testing

@testable import Secrets

@Suite("Secrets in base 64")
struct Base64Tests {
    private func array(_ secret: borrowing SecretBytes) -> [UInt8] { secret.withUnsafeBytes { Array($0) } }

    private func decoded(_ text: String, count: Int) throws -> [UInt8] {
        try Array(text.utf8).withUnsafeBytes { text in
            let secret = try SecretBytes(base64: text, count: count)
            return array(secret)
        }
    }

    @Test("stand between what goes before and after, as everybody writes them", arguments: 1...34)
    func encoding(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 251 * $0 + 7) }
        let secret = try SecretBytes(copying: bytes)
        let text = Data(bytes).base64EncodedString()
        let whole = try SecretBytes(base64Of: secret, between: Array("{".utf8), and: Array("\"}".utf8))
        #expect(array(whole) == Array("{\(text)\"}".utf8))
        #expect(try array(SecretBytes(base64Of: secret, between: [], and: [0])) == Array(text.utf8) + [0])
        #expect(try decoded(text, count: count) == bytes)
    }

    @Test(
        "are refused where they are not base 64 of as many bytes",
        arguments: ["", "AQI=", "AQIDBA==", "AQID\n", " AQID", "AQI*", "AQI-", "AQJ=", "AQI", "AQID="])
    func refused(text: String) {
        let error = #expect(throws: SecretsError.self) {
            _ = try decoded(text, count: 3)
        }
        #expect(error?.code == SecretsError.malformed)
    }
}
