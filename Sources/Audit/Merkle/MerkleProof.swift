/// Proofs that a leaf is in a tree, and that a tree continues an earlier one (RFC 6962 §2.1.1-2, RFC 9162 §2.1.3-4).
extension MerkleTree {
    /// The audit path of leaf `index` in the tree of the first `size` leaves, from the leaf's sibling upwards.
    ///
    /// - Precondition: `index < size`.
    public static func inclusionProof(
        of index: UInt64, in size: UInt64, node: (_ height: Int, _ index: UInt64) throws -> MerkleHash
    ) rethrows -> [MerkleHash] {
        precondition(index < size, "only a leaf of the tree has a path")
        var range = 0..<size
        var path: [MerkleHash] = []
        while range.upperBound - range.lowerBound > 1 {
            let middle = range.lowerBound + split(range.upperBound - range.lowerBound)
            if index < middle {
                path.append(try root(of: middle..<range.upperBound, node: node))
                range = range.lowerBound..<middle
            } else {
                path.append(try root(of: range.lowerBound..<middle, node: node))
                range = middle..<range.upperBound
            }
        }
        return path.reversed()
    }

    /// The proof that the tree of `size` leaves begins with the tree of `earlier` leaves; empty for nought or all.
    ///
    /// - Precondition: `earlier <= size`.
    public static func consistencyProof(
        from earlier: UInt64, to size: UInt64, node: (_ height: Int, _ index: UInt64) throws -> MerkleHash
    ) rethrows -> [MerkleHash] {
        precondition(earlier <= size, "a tree continues only smaller ones")
        guard earlier > 0, earlier < size else { return [] }
        var range = 0..<size
        var path: [MerkleHash] = []
        // Whether the range began as a whole tree of `earlier` leaves, whose root the verifier has.
        var isWhole = true
        while range.upperBound != earlier {
            let middle = range.lowerBound + split(range.upperBound - range.lowerBound)
            if earlier <= middle {
                path.append(try root(of: middle..<range.upperBound, node: node))
                range = range.lowerBound..<middle
            } else {
                path.append(try root(of: range.lowerBound..<middle, node: node))
                range = middle..<range.upperBound
                isWhole = false
            }
        }
        if !isWhole { path.append(try root(of: range, node: node)) }
        return path.reversed()
    }

    /// Whether `path` proves that the leaf with this hash is number `index` of the tree with this root.
    public static func verifiesInclusion(
        of leafHash: MerkleHash, at index: UInt64, in size: UInt64, root: MerkleHash, path: [MerkleHash]
    ) -> Bool {
        guard index < size, leafHash.count == hashLength else { return false }
        var place = index
        var last = size - 1
        var hash = leafHash
        for sibling in path {
            guard last > 0, sibling.count == hashLength else { return false }
            if place & 1 == 1 || place == last {
                hash = node(sibling, hash)
                // A node without a right sibling rises until it is a right child itself.
                while place & 1 == 0, place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                hash = node(hash, sibling)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether `path` proves that the tree of `size` leaves begins with that of `earlier` leaves.
    ///
    /// `false` for an empty earlier tree: nothing can be proven of it.
    public static func verifiesConsistency(
        from earlier: UInt64, root earlierRoot: MerkleHash, to size: UInt64, root: MerkleHash, path: [MerkleHash]
    ) -> Bool {
        guard earlier > 0, earlier <= size else { return false }
        if earlier == size { return path.isEmpty && earlierRoot == root }
        var path = path[...]
        // A whole power of two is a node of the later tree, so its root stands at the front of the path.
        if earlier & (earlier - 1) == 0 { path = [earlierRoot] + path }
        guard let first = path.popFirst(), path.allSatisfy({ $0.count == hashLength }) else { return false }
        var place = earlier - 1
        var last = size - 1
        while place & 1 == 1 {
            place >>= 1
            last >>= 1
        }
        var earlierHash = first
        var hash = first
        for sibling in path {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                earlierHash = node(sibling, earlierHash)
                hash = node(sibling, hash)
                while place & 1 == 0, place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                hash = node(hash, sibling)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && earlierHash == earlierRoot && hash == root
    }
}
