/// Where a tile of 256 hashes lies, as C2SP tlog-tiles has it.
///
/// Tile `(level, position)` holds the nodes of height `8 × level` from place `256 × position` on.
public struct TileAddress: Hashable, Sendable {
    public static let width = 256
    static let heightBits = 8
    /// Bytes of a full tile.
    static let fullLength = width * MerkleTree.hashLength

    public let level: Int
    public let position: UInt64

    public init(level: Int, position: UInt64) {
        self.level = level
        self.position = position
    }

    /// The tile that holds, or computes, the node; `width` says which of its hashes that takes.
    static func holding(height: Int, index: UInt64) -> (tile: TileAddress, hashes: Range<Int>) {
        let level = height / heightBits
        let rest = height % heightBits
        let first = index << UInt64(rest)
        let start = Int(first % UInt64(width))
        return (TileAddress(level: level, position: first / UInt64(width)), start..<(start + 1 << rest))
    }

    /// The tile that has the hash over this one.
    var above: TileAddress { TileAddress(level: level + 1, position: position / UInt64(Self.width)) }

    /// One number for both, as the store's primary key: levels end at 7, positions are below 2^56.
    var key: Int64 { Int64(level) << 56 | Int64(position) }
}

/// Finds the hashes of nodes in tiles, each tile fetched once while it is in use.
struct TileReader {
    /// The hashes a tile has so far, one after the other.
    private let fetch: (TileAddress) throws -> [UInt8]
    private var held: [TileAddress: [UInt8]] = [:]
    private let limit = 64

    init(fetch: @escaping (TileAddress) throws -> [UInt8]) { self.fetch = fetch }

    mutating func node(height: Int, index: UInt64) throws -> MerkleHash {
        let (address, hashes) = TileAddress.holding(height: height, index: index)
        let tile = try self.tile(address)
        guard tile.count >= hashes.upperBound * MerkleTree.hashLength else {
            throw AuditError(
                AuditError.treeChanged, "tile \(address.position) of level \(address.level) of the log is cut",
                remedy: AuditError.doctor)
        }
        return TileReader.combine(tile, hashes)
    }

    private mutating func tile(_ address: TileAddress) throws -> [UInt8] {
        if let tile = held[address] { return tile }
        let tile = try fetch(address)
        if held.count >= limit { held = [:] }
        held[address] = tile
        return tile
    }

    /// The root over a power of two of a tile's hashes.
    static func combine(_ tile: [UInt8], _ hashes: Range<Int>) -> MerkleHash {
        let length = MerkleTree.hashLength
        if hashes.count == 1 { return Array(tile[(hashes.lowerBound * length)..<(hashes.upperBound * length)]) }
        let middle = hashes.lowerBound + hashes.count / 2
        return MerkleTree.node(
            combine(tile, hashes.lowerBound..<middle), combine(tile, middle..<hashes.upperBound))
    }
}
