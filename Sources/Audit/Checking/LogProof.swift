import Foundation

/// Proof that an entry is in the log, to be checked without the vault (C2SP tlog-proof).
public struct InclusionProof: Sendable, Equatable {
    public let index: UInt64
    /// The entry, as it was hashed.
    public let leaf: [UInt8]
    /// From the leaf's sibling upwards.
    public let path: [MerkleHash]
    /// The checkpoint of the tree that the path leads to.
    public let checkpoint: SignedNote

    /// Whether the log of `key` contains the leaf at its index.
    public func holds(for key: NoteKey) throws(AuditError) -> Bool {
        let head = try Checkpoint(text: checkpoint.text)
        return checkpoint.isSigned(by: key) && head.origin.utf8.elementsEqual(key.name.utf8)
            && MerkleTree.verifiesInclusion(
                of: MerkleTree.leaf(leaf), at: index, in: head.size, root: head.root, path: path)
    }
}

extension InclusionProof: CustomStringConvertible {
    /// The text that tlog-proof tools take; the leaf itself is apart.
    public var description: String {
        let hashes = path.map { Data($0).base64EncodedString() + "\n" }.joined()
        return "c2sp.org/tlog-proof@v1\nindex \(index)\n\(hashes)\n\(checkpoint)"
    }
}

/// Proof that the log of `checkpoint` begins with the entries that it had at an earlier size.
public struct ConsistencyProof: Sendable, Equatable {
    public let earlier: UInt64
    public let path: [MerkleHash]
    public let checkpoint: SignedNote

    /// Whether the log of `key` continues the one that had `root` at the earlier size.
    public func holds(for key: NoteKey, earlierRoot: MerkleHash) throws(AuditError) -> Bool {
        let head = try Checkpoint(text: checkpoint.text)
        return checkpoint.isSigned(by: key)
            && MerkleTree.verifiesConsistency(
                from: earlier, root: earlierRoot, to: head.size, root: head.root, path: path)
    }
}
