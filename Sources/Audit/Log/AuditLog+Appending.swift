import Core
import Secrets
import Storage
import Synchronization

/// The tree's right edge, good as long as this is the state that is stored.
struct HeldTree: Sendable {
    let state: LogState
    let edge: TreeEdge
}

/// An entry that goes to the log directly, in the transaction of the change it describes.
struct DirectEntry {
    let entry: AuditEntry
    let heads: [UInt8]?
    /// Those of the heads that are of the vault's own rows.
    var rows: [HeadChange] = []
}

extension AuditLog {
    /// How many entries the last signed checkpoint may be behind.
    private static let signingInterval: UInt64 = 256

    /// Folds in a transaction of its own, with an entry of the log's own after it.
    func fold(first entry: AuditEntry?, boot: String?) throws {
        let mark = try database.write { connection in
            try append(entry.map { DirectEntry(entry: $0, heads: nil) }, boot: boot, signs: true, on: connection)
        }
        if let mark { try spool.folded(to: mark) }
        try spool.checkPlace()
    }

    /// Appends what the spool holds, then `direct`, in the transaction of `connection`.
    ///
    /// All that counts is read from the database itself, because a transaction that others share may be undone after
    /// this returns; what is kept in memory is only used when it belongs to the state that is stored.
    ///
    /// - Returns: up to where the spool is folded once the transaction is committed; `nil` when nothing was to be done.
    func append(
        _ direct: DirectEntry?, boot: String? = nil, signs: Bool, on connection: any Connection
    ) throws -> SpoolMark? {
        let known = held.withLock { $0 }
        let stored = try LogState.load(
            from: connection, origin: originDigest, key: keys.spool, durability: durability, known: known?.state)
        var state = stored ?? .empty(durability)
        let waiting = spool.waiting(after: state.mark.sequence, notBefore: direct?.entry.time)
        // On opening, the end of the log is checked whether anything is to be appended or not.
        let opened = try boot.map { _ in try loadEnd(state, on: connection) }
        let isNew = stored == nil || boot.map { $0 != state.boot } ?? false
        guard direct != nil || !waiting.frames.isEmpty || isNew || signs && state.signedSize < state.size else {
            return nil
        }
        guard waiting.mark.sequence >= state.mark.sequence else {
            throw AuditError(
                AuditError.stateChanged, "the audit log goes further than this process took it",
                remedy: "two processes must not use one home; run `profilevault doctor`")
        }
        var edge =
            try opened ?? known.flatMap { $0.state == stored ? $0.edge : nil } ?? loadEdge(state, on: connection)
        try insert(waiting.frames, &edge, on: connection)
        if let direct {
            var entry = direct.entry
            entry.time = max(entry.time, waiting.mark.time, state.mark.time)
            var leaf: [UInt8] = []
            leaf.reserveCapacity(512)
            Leaf.write(entry, heads: direct.heads, into: &leaf)
            try connection.run(
                "INSERT INTO audit_entry (number, leaf, detail, heads) VALUES ($1, $2, $3, $4)",
                .integer(Int64(edge.size)), .blob(leaf), SQLValue(entry.detail), SQLValue(direct.heads))
            edge.append(MerkleTree.leaf(leaf))
            state.mark.time = entry.time
            for row in direct.rows { state.counts.count(row) }
        }
        for (address, hashes) in edge.takeChanges() {
            try connection.run(
                """
                INSERT INTO audit_tile (place, hashes) VALUES ($1, $2)
                ON CONFLICT (place) DO UPDATE SET hashes = $2
                """, .integer(address.key), .blob(hashes))
        }
        let time = max(state.mark.time, waiting.mark.time)
        state.mark = waiting.mark
        state.mark.time = time
        state.mark.size = edge.size
        state.size = edge.size
        state.root = edge.root
        if let boot { state.boot = boot }
        if signs || state.size >= state.signedSize + Self.signingInterval {
            let checkpoint = Checkpoint(origin: origin, size: state.size, root: state.root)
            state.note = try checkpoint.signed(as: noteKey, with: keys.signing).description
            state.signedSize = state.size
        }
        try state.store(on: connection, origin: originDigest, key: keys.spool)
        let stay = HeldTree(state: state, edge: edge)
        held.withLock { $0 = stay }
        return state.mark
    }

    private func insert(
        _ frames: ArraySlice<SpoolFrame>, _ edge: inout TreeEdge, on connection: any Connection
    ) throws {
        guard !frames.isEmpty else { return }
        let statement = try connection.prepared("INSERT INTO audit_entry (number, leaf, detail) VALUES ($1, $2, $3)")
        for frame in frames {
            let isWhole = try frame.forEach { leaf, detail in
                try statement.bind(Int64(edge.size), at: 1)
                try statement.bind(leaf, at: 2)
                if let detail { try statement.bind(detail, at: 3) } else { try statement.bindNull(at: 3) }
                try statement.run()
                edge.append(MerkleTree.leaf(leaf))
            }
            guard isWhole else { throw AuditError.spoolBroken("a frame is cut") }
        }
    }

    /// The right edge, after which no entry may lie: a state that was put back leaves some there.
    private func loadEnd(_ state: LogState, on connection: any Connection) throws -> TreeEdge {
        let extra = try connection.first(
            "SELECT number FROM audit_entry WHERE number >= $1 ORDER BY number LIMIT 1", .integer(Int64(state.size))
        ) { try $0.int64(at: 0) }
        if let extra {
            throw AuditError(
                AuditError.entryAdded, "audit entry \(extra) lies beyond the end of the log", remedy: AuditError.doctor)
        }
        return try loadEdge(state, on: connection)
    }

    /// The right edge from the stored tiles, which must give the stored root.
    func loadEdge(_ state: LogState, on connection: any Connection) throws -> TreeEdge {
        for (address, hashes) in TreeEdge.openTiles(of: state.size) {
            guard try Self.tile(address, on: connection).count >= hashes * MerkleTree.hashLength else {
                throw Self.treeChanged(address)
            }
        }
        let edge = try TreeEdge(size: state.size) { try Self.tile($0, on: connection) }
        guard edge.root == state.root else {
            throw AuditError(
                AuditError.treeChanged, "the hashes at the end of the audit log do not give its root",
                remedy: AuditError.doctor)
        }
        return edge
    }

    static func tile(_ address: TileAddress, on connection: any Connection) throws -> [UInt8] {
        try connection.first("SELECT hashes FROM audit_tile WHERE place = $1", .integer(address.key)) { row in
            try row.blob(at: 0)
        } ?? []
    }

    static func treeChanged(_ address: TileAddress) -> AuditError {
        AuditError(
            AuditError.treeChanged, "tile \(address.position) of level \(address.level) of the audit log was changed",
            remedy: AuditError.doctor)
    }
}
