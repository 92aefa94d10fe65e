import Secrets

/// A SHA-256 hash of a leaf or a node: 32 bytes.
public typealias MerkleHash = [UInt8]

/// The Merkle tree of RFC 6962 §2.1 and RFC 9162 §2.1: pure functions, no storage.
///
/// A node is named by its height above the leaves and its place at that height; node `(h, i)` covers the leaves
/// `i << h ..< (i + 1) << h`, all of which must exist.
public enum MerkleTree {
    /// Bytes of a hash.
    public static let hashLength = 32

    /// The root of a tree without leaves.
    public static var emptyRoot: MerkleHash { SHA256.digest([UInt8]()) }

    /// `SHA-256(0x00 ‖ leaf)`.
    public static func leaf(_ bytes: some Collection<UInt8>) -> MerkleHash {
        var hash = SHA256()
        withUnsafeBytes(of: UInt8(0)) { hash.update($0) }
        hash.update(bytes)
        return hash.finish()
    }

    /// `SHA-256(0x01 ‖ left ‖ right)`.
    public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in node(left, right) }
        }
    }

    static func node(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> MerkleHash {
        var hash = SHA256()
        withUnsafeBytes(of: UInt8(1)) { hash.update($0) }
        hash.update(left)
        hash.update(right)
        return hash.finish()
    }

    /// The hash of the leaves in `range`, given the hashes of whole nodes (RFC 6962 §2.1: `MTH(D[range])`).
    ///
    /// `range` must begin at a multiple of the power of two that its split asks for, as all subtrees of a tree do.
    public static func root(
        of range: Range<UInt64>, node nodeHash: (_ height: Int, _ index: UInt64) throws -> MerkleHash
    ) rethrows -> MerkleHash {
        let count = range.upperBound - range.lowerBound
        guard count > 0 else { return emptyRoot }
        if count & (count - 1) == 0 {
            let height = count.trailingZeroBitCount
            return try nodeHash(height, range.lowerBound >> UInt64(height))
        }
        let middle = range.lowerBound + split(count)
        let left = try root(of: range.lowerBound..<middle, node: nodeHash)
        let right = try root(of: middle..<range.upperBound, node: nodeHash)
        return node(left, right)
    }

    /// The root of a few leaves, by the definition.
    public static func root(ofLeafHashes leaves: [MerkleHash]) -> MerkleHash {
        var level = leaves
        guard !level.isEmpty else { return emptyRoot }
        while level.count > 1 {
            // A node without a sibling rises as it is: the same tree as the recursive definition's.
            level = stride(from: 0, to: level.count, by: 2).map { place in
                place + 1 < level.count ? node(level[place], level[place + 1]) : level[place]
            }
        }
        return level[0]
    }

    /// The largest power of two smaller than `count`, which is at least 2.
    static func split(_ count: UInt64) -> UInt64 { 1 << UInt64(63 - (count - 1).leadingZeroBitCount) }
}
