import Core
import Secrets
import Storage

/// How far the log reaches: the one row of `audit_state`, under the vault's own code.
struct LogState: Equatable {
    var size: UInt64
    var root: MerkleHash
    /// Up to where the spool is folded, and the newest time of any entry.
    var mark: SpoolMark
    /// The start of the machine in which the log was used last.
    var boot: String
    /// How often the vault's own rows have changed.
    var counts = RowCounts()
    /// What an acknowledged entry survives: chosen when the log is begun, and in the code, so that nobody takes it back.
    let durability: AuditLog.Durability
    /// The last signed checkpoint; it carries its own signature.
    var note: String
    /// The size of the tree that `note` is of.
    var signedSize: UInt64
    /// The code of all but the note, as stored.
    private(set) var code: [UInt8] = []

    static func empty(_ durability: AuditLog.Durability) -> LogState {
        LogState(
            size: 0, root: MerkleTree.emptyRoot, mark: .beginning, boot: BootIdentity.current, durability: durability,
            note: "", signedSize: 0)
    }

    init(
        size: UInt64, root: MerkleHash, mark: SpoolMark, boot: String, durability: AuditLog.Durability, note: String,
        signedSize: UInt64
    ) {
        self.durability = durability
        self.size = size
        self.root = root
        self.mark = mark
        self.boot = boot
        self.note = note
        self.signedSize = signedSize
    }

    /// Reads the row as it stands in this transaction; `nil` when the log was never begun.
    ///
    /// A row that is still the `known` one need not be verified again.
    ///
    /// - Throws: `stateChanged`; `durabilityChanged` when the log was begun with another durability.
    static func load(
        from connection: any Connection, origin: [UInt8], key: AuthenticationKey, durability: AuditLog.Durability,
        known: LogState? = nil
    ) throws -> LogState? {
        let found = try connection.first(
            """
            SELECT size, root, spooled, chain, time, boot, note, signed_size, code, counts FROM audit_state
            WHERE number = 1
            """
        ) { row in
            var state = LogState(
                size: UInt64(truncatingIfNeeded: try row.int64(at: 0)), root: try row.blob(at: 1),
                mark: SpoolMark(
                    sequence: UInt64(truncatingIfNeeded: try row.int64(at: 2)), chain: try row.blob(at: 3),
                    time: Timestamp(milliseconds: try row.int64(at: 4)),
                    size: UInt64(truncatingIfNeeded: try row.int64(at: 0))),
                boot: try row.text(at: 5), durability: durability, note: try row.text(at: 6),
                signedSize: UInt64(truncatingIfNeeded: try row.int64(at: 7)))
            state.code = try row.blob(at: 8)
            guard let counts = RowCounts(bytes: try row.blob(at: 9)) else { throw Self.changed }
            state.counts = counts
            return state
        }
        guard let found else { return nil }
        if found == known || equalInConstantTime(found.code, found.computedCode(origin, key, durability)) {
            return found
        }
        let other: AuditLog.Durability = durability == .strict ? .buffered : .strict
        guard equalInConstantTime(found.code, found.computedCode(origin, key, other)) else { throw Self.changed }
        throw AuditError.otherDurability
    }

    private static let changed = AuditError(
        AuditError.stateChanged, "the row that says how far the audit log reaches was changed",
        remedy: AuditError.doctor)

    mutating func store(on connection: any Connection, origin: [UInt8], key: AuthenticationKey) throws {
        code = computedCode(origin, key, durability)
        try connection.run(
            """
            INSERT INTO audit_state (number, size, root, spooled, chain, time, boot, note, signed_size, code, counts)
            VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (number) DO UPDATE SET size = $1, root = $2, spooled = $3, chain = $4, time = $5, boot = $6,
            note = $7, signed_size = $8, code = $9, counts = $10
            """,
            .integer(Int64(size)), .blob(root), .integer(Int64(mark.sequence)), .blob(mark.chain),
            .integer(mark.time.milliseconds), .text(boot), .text(note), .integer(Int64(signedSize)), .blob(code),
            .blob(counts.bytes))
    }

    private func computedCode(
        _ origin: [UInt8], _ key: AuthenticationKey, _ durability: AuditLog.Durability
    ) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: 32)
        hash.update("profilevault audit state")
        hash.update(origin)
        hash.update(UInt64(durability.rawValue))
        hash.update(size)
        hash.update(root)
        hash.update(mark.sequence)
        hash.update(mark.chain)
        hash.update(mark.time.milliseconds)
        hash.update(counts.bytes)
        hash.update(Array(boot.utf8))
        return hash.finish()
    }
}
