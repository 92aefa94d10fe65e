/// The right edge of a growing tree: all that an append, and the root, need.
///
/// It holds the roots of the whole subtrees that make up the tree, and the tiles that are not full yet.
struct TreeEdge: Sendable {
    private(set) var size: UInt64 = 0
    /// The node of height `h` when bit `h` of `size` is set; empty otherwise.
    private var peaks: [MerkleHash] = []
    /// The open tile of each level, its hashes one after the other.
    private var tiles: [[UInt8]] = []
    /// Full tiles since `takeChanges` was called last.
    private var full: [(TileAddress, [UInt8])] = []
    private var changedLevels: Set<Int> = []

    init() {}

    /// Continues a tree of `size` leaves whose open tiles `tile` finds.
    init(size: UInt64, tile: (TileAddress) throws -> [UInt8]) rethrows {
        self.size = size
        var level = 0
        while size >> UInt64(level * TileAddress.heightBits) > 0 {
            let count = size >> UInt64(level * TileAddress.heightBits)
            let open = Int(count % UInt64(TileAddress.width))
            let address = TileAddress(level: level, position: count / UInt64(TileAddress.width))
            let hashes = open == 0 ? [] : Array(try tile(address).prefix(open * MerkleTree.hashLength))
            tiles.append(hashes)
            var start = 0
            for bit in (0..<TileAddress.heightBits).reversed() where open >> bit & 1 == 1 {
                setPeak(level * TileAddress.heightBits + bit, TileReader.combine(hashes, start..<(start + 1 << bit)))
                start += 1 << bit
            }
            level += 1
        }
    }

    /// Whether tiles of the lengths that `size` asks for were found: `init` must not compute with cut ones.
    static func openTiles(of size: UInt64) -> [(TileAddress, hashes: Int)] {
        var result: [(TileAddress, Int)] = []
        var level = 0
        while size >> UInt64(level * TileAddress.heightBits) > 0 {
            let count = size >> UInt64(level * TileAddress.heightBits)
            let open = Int(count % UInt64(TileAddress.width))
            if open > 0 {
                result.append((TileAddress(level: level, position: count / UInt64(TileAddress.width)), open))
            }
            level += 1
        }
        return result
    }

    var root: MerkleHash {
        var hash: MerkleHash?
        for peak in peaks where !peak.isEmpty { hash = hash.map { MerkleTree.node(peak, $0) } ?? peak }
        return hash ?? MerkleTree.emptyRoot
    }

    mutating func append(_ leafHash: MerkleHash) {
        var node = leafHash
        var height = 0
        var index = size
        place(node, at: 0)
        while index & 1 == 1 {
            node = MerkleTree.node(peaks[height], node)
            peaks[height] = []
            height += 1
            index >>= 1
            if height.isMultiple(of: TileAddress.heightBits) { place(node, at: height / TileAddress.heightBits) }
        }
        setPeak(height, node)
        size += 1
    }

    /// The tiles that are not full.
    var open: [(TileAddress, [UInt8])] {
        tiles.indices.filter { !tiles[$0].isEmpty }.map { level in
            let position = size >> UInt64((level + 1) * TileAddress.heightBits)
            return (TileAddress(level: level, position: position), tiles[level])
        }
    }

    /// The tiles that differ from those stored, full ones first.
    mutating func takeChanges() -> [(TileAddress, [UInt8])] {
        let changes = full + open.filter { changedLevels.contains($0.0.level) }
        full = []
        changedLevels = []
        return changes
    }

    private mutating func place(_ hash: MerkleHash, at level: Int) {
        if tiles.count == level { tiles.append([]) }
        tiles[level] += hash
        changedLevels.insert(level)
        guard tiles[level].count == TileAddress.fullLength else { return }
        // The leaf being placed is not counted in `size` yet.
        let position = size >> UInt64((level + 1) * TileAddress.heightBits)
        full.append((TileAddress(level: level, position: position), tiles[level]))
        tiles[level] = []
    }

    private mutating func setPeak(_ height: Int, _ hash: MerkleHash) {
        while peaks.count <= height { peaks.append([]) }
        peaks[height] = hash
    }
}
