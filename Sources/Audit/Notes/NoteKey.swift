import Core
import Foundation
public import Secrets

/// The name and the public key under which a log signs its notes (C2SP signed-note, Ed25519: type 0x01).
public struct NoteKey: Sendable, Equatable {
    static let algorithm: UInt8 = 1

    public let name: String
    public let key: VerifyingKey
    /// The first four bytes of `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)`.
    let identifier: [UInt8]

    /// `nil` when the name is empty or has a space, a control character or a `+` in it.
    public init?(name: String, key: VerifyingKey) {
        guard Self.isName(name) else { return nil }
        self.name = name
        self.key = key
        identifier = Array(SHA256.digest(Array(name.utf8) + [0x0A, Self.algorithm] + key.bytes).prefix(4))
    }

    /// Reads `name+identifier+base64(type ‖ public key)`.
    ///
    /// - Throws: `noteMalformed` when it is no such text, or its parts do not belong together.
    public init(_ text: String) throws(AuditError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let encoded = Data(base64Encoded: parts[2]).map(Array.init),
            encoded.count == 1 + VerifyingKey.length, encoded[0] == Self.algorithm,
            let verifying = VerifyingKey(bytes: Array(encoded.dropFirst())),
            let key = NoteKey(name: parts[0], key: verifying), hex(key.identifier) == parts[1]
        else {
            throw AuditError(
                AuditError.noteMalformed, "the verifier key is not `name+identifier+key` with an Ed25519 key",
                remedy: "copy the whole line that `profilevault audit checkpoint` prints as the log's key")
        }
        self = key
    }

    /// The text that other people's tools take as the log's key.
    public var description: String {
        "\(name)+\(hex(identifier))+\(Data([Self.algorithm] + key.bytes).base64EncodedString())"
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && scalar.value >= 0x20 && scalar != "+"
            }
    }
}

extension NoteKey: CustomStringConvertible {}
