import Core
import Storage

extension AuditLog {
    /// A signed checkpoint of all that was acknowledged, to be kept where this machine's administrator has no access.
    public func checkpoint() throws -> String {
        try fold()
        return try storedState().note
    }

    /// Proof that entry `number` is in the log.
    ///
    /// - Throws: `entryNotFound` when the log has no such entry.
    public func prove(entry number: UInt64) throws -> InclusionProof {
        try fold()
        return try database.read { connection in
            let state = try signedState(on: connection)
            guard number < state.size,
                let leaf = try connection.first(
                    "SELECT leaf FROM audit_entry WHERE number = $1", .integer(Int64(number)),
                    row: { try $0.blob(at: 0) })
            else {
                throw AuditError(
                    AuditError.entryNotFound, "the audit log has no entry \(number)",
                    remedy: state.size == 0
                        ? "it has none yet"
                        : "its \(state.size) entries have the numbers 0 to \(state.size - 1): see `profilevault audit show`"
                )
            }
            var tiles = TileReader { try Self.tile($0, on: connection) }
            let path = try MerkleTree.inclusionProof(of: number, in: state.size) { height, index in
                try tiles.node(height: height, index: index)
            }
            return InclusionProof(
                index: number, leaf: leaf, path: path, checkpoint: try SignedNote(parsing: state.note))
        }
    }

    /// Proof that the log still begins with the first `earlier` entries it had.
    ///
    /// - Throws: `rolledBack` when it has fewer.
    public func proveConsistency(from earlier: UInt64) throws -> ConsistencyProof {
        try fold()
        return try database.read { connection in
            let state = try signedState(on: connection)
            guard earlier <= state.size else {
                throw AuditError(
                    AuditError.rolledBack, "the audit log has \(state.size) entries, not \(earlier)",
                    remedy: "the vault was put back to an earlier state: \(AuditError.restore)")
            }
            var tiles = TileReader { try Self.tile($0, on: connection) }
            let path = try MerkleTree.consistencyProof(from: earlier, to: state.size) { height, index in
                try tiles.node(height: height, index: index)
            }
            return ConsistencyProof(earlier: earlier, path: path, checkpoint: try SignedNote(parsing: state.note))
        }
    }

    /// The state with a checkpoint of exactly its size.
    private func signedState(on connection: any Connection) throws -> LogState {
        var state =
            try storedState(on: connection)
        if state.signedSize < state.size || state.note.isEmpty {
            // A change came in between the fold and this read.
            let checkpoint = Checkpoint(origin: origin, size: state.size, root: state.root)
            state.note = try checkpoint.signed(as: noteKey, with: keys.signing).description
        }
        return state
    }
}
