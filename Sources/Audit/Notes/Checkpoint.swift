import Foundation
import Secrets

/// How large a log was and what its root was (C2SP tlog-checkpoint): the text of a signed note.
public struct Checkpoint: Sendable, Equatable {
    /// Which log: for ever the same, as in the name of its key.
    public let origin: String
    public let size: UInt64
    public let root: MerkleHash

    public init(origin: String, size: UInt64, root: MerkleHash) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads the text of a note; lines after the third are extensions and are passed over.
    ///
    /// - Throws: `noteMalformed`.
    public init(text: String) throws(AuditError) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        // The line feed at the end leaves an empty piece.
        guard lines.count >= 4, !lines[0].isEmpty, let size = UInt64(lines[1]), String(size) == lines[1],
            let root = Data(base64Encoded: lines[2]).map(Array.init), root.count == MerkleTree.hashLength,
            lines.dropLast().dropFirst(3).allSatisfy({ !$0.isEmpty })
        else {
            throw AuditError(
                AuditError.noteMalformed, "the note is not a checkpoint: origin, size and root, a line each",
                remedy: "pass the file that `profilevault audit checkpoint` wrote, unchanged")
        }
        self.init(origin: lines[0], size: size, root: root)
    }

    public var text: String { "\(origin)\n\(size)\n\(Data(root).base64EncodedString())\n" }

    func signed(as key: NoteKey, with signing: SigningKey) throws(SecretsError) -> SignedNote {
        try SignedNote.sign(text, as: key, with: signing)
    }
}
