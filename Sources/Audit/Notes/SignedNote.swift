import Foundation
import Secrets

/// A text and the signatures under it (C2SP signed-note).
public struct SignedNote: Sendable, Equatable {
    /// One line under the text.
    struct Signature: Sendable, Equatable {
        let name: String
        /// Key identifier (4), then what the algorithm made.
        let bytes: [UInt8]
    }

    private static let limit = 1 << 20

    /// Ends with a line feed.
    public let text: String
    let signatures: [Signature]

    /// Signs `text`, which must end with a line feed.
    static func sign(_ text: String, as key: NoteKey, with signing: SigningKey) throws(SecretsError) -> SignedNote {
        let signature = key.identifier + (try signing.sign(Array(text.utf8)))
        return SignedNote(text: text, signatures: [Signature(name: key.name, bytes: signature)])
    }

    private init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note without believing it.
    ///
    /// - Throws: `noteMalformed`.
    public init(parsing note: String) throws(AuditError) {
        let bytes = Array(note.utf8)
        let newLine = UInt8(ascii: "\n")
        guard bytes.count <= Self.limit, bytes.last == newLine,
            bytes.allSatisfy({ $0 >= 0x20 || $0 == newLine }),
            let cut = bytes.indices.dropLast().last(where: { bytes[$0] == newLine && bytes[$0 + 1] == newLine })
        else { throw Self.malformed("it has no text, empty line and signatures") }
        text = String(decoding: bytes[...cut], as: UTF8.self)
        var signatures: [Signature] = []
        for line in bytes[(cut + 2)...].dropLast().split(separator: newLine, omittingEmptySubsequences: false) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, words[0].utf8.elementsEqual("—".utf8), !words[1].isEmpty, !words[1].contains("+"),
                let signature = Data(base64Encoded: String(words[2])).map(Array.init), signature.count > 4
            else { throw Self.malformed("a signature line is not `— name base64`") }
            signatures.append(Signature(name: String(words[1]), bytes: signature))
        }
        guard !signatures.isEmpty else { throw Self.malformed("it has no signature") }
        self.signatures = signatures
    }

    /// Whether `key` signed the text, and nothing under the text claims so falsely.
    public func isSigned(by key: NoteKey) -> Bool {
        let claimed = signatures.filter {
            $0.name.utf8.elementsEqual(key.name.utf8) && $0.bytes.starts(with: key.identifier)
        }
        let text = Array(self.text.utf8)
        return !claimed.isEmpty && claimed.allSatisfy { key.key.verifies(Array($0.bytes.dropFirst(4)), of: text) }
    }

    private static func malformed(_ what: String) -> AuditError {
        AuditError(
            AuditError.noteMalformed, "the text is not a signed note: \(what)",
            remedy: "pass the file that `profilevault audit checkpoint` wrote, unchanged")
    }
}

extension SignedNote: CustomStringConvertible {
    /// The note as it is stored and sent.
    public var description: String {
        text + "\n" + signatures.map { "— \($0.name) \(Data($0.bytes).base64EncodedString())\n" }.joined()
    }
}
