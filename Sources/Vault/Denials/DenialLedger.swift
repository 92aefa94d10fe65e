package import Audit
package import Core
import Secrets
package import Storage
import Synchronization

/// Who must not come back: an append-only chain of records, and the identifiers that are suppressed with them.
///
/// It is read whole at opening. From then on an erased person's row counts as not there, whatever a store holds.
package final class DenialLedger: Sendable {
    package static let tables = [
        TableDeclaration(
            "denial", in: .data, .denialLedger,
            purpose:
                "erasures: when, by whom, why, of which random id, what became of each store; accounts, keys and codes that "
                + "are out of use; no value",
            definition: [
                """
                CREATE TABLE denial (
                    number INTEGER PRIMARY KEY, profile BLOB NOT NULL, body BLOB NOT NULL, chain BLOB NOT NULL)
                """,
                "CREATE INDEX denial_profile ON denial (profile)",
            ]),
        TableDeclaration(
            "suppression", in: .data, .denialLedger,
            purpose: "keyed digests of erased people's identifiers, which no import may bring back",
            clustered: true,
            definition: [
                """
                CREATE TABLE suppression (
                    entry INTEGER NOT NULL, check_entry INTEGER NOT NULL, denial INTEGER NOT NULL,
                    tenant INTEGER NOT NULL, field INTEGER NOT NULL, version INTEGER NOT NULL,
                    expires INTEGER NOT NULL, PRIMARY KEY (entry, check_entry, denial))
                """,
                "CREATE INDEX suppression_denial ON suppression (denial)",
                "CREATE INDEX suppression_end ON suppression (expires)",
            ]),
    ]

    struct Memory {
        var erased: [Int64: ProfileID] = [:]
        /// Accounts, and what proves them, that are out of use.
        var credentials: Set<CredentialDenial.Credential> = []
        /// The order that no outcome follows.
        var pending: (number: Int64, order: ErasureOrder)?
        var newest: (number: Int64, chain: [UInt8])
        var newestOrder: Int64 = 0
        /// What is wrong with the chain.
        var problem: VaultError?
    }

    let database: any Database
    let tree: KeyTree
    private let key: AuthenticationKey
    let memory: Mutex<Memory>
    /// Entries and when they end, once somebody brings people in.
    let suppressed = Mutex<[SuppressionKey: Int64]?>(nil)

    /// Reads the ledger; what is wrong with it is told by `requireWhole`.
    package init(tree: KeyTree, database: any Database) throws {
        self.tree = tree
        self.database = database
        key = try tree.denialKey()
        memory = Mutex(try Self.load(database, key))
    }

    /// Whether the person of this row number is erased.
    package func isErased(_ number: Int64) -> Bool { memory.withLock { $0.erased[number] != nil } }

    /// Who had this row number, if they are erased.
    package func erased(_ number: Int64) -> ProfileID? { memory.withLock { $0.erased[number] } }

    /// The erasure that was cut short: there is one at most, the newest.
    package var pending: (number: Int64, order: ErasureOrder)? { memory.withLock { $0.pending } }

    /// The number of the newest order of an erasure; 0 before the first.
    var newestOrder: Int64 { memory.withLock { $0.newestOrder } }

    /// Row numbers of everybody who is erased.
    var erasedNumbers: [Int64] { memory.withLock { $0.erased.keys.sorted() } }

    /// - Throws: `denialsChanged` when the ledger is not the one that the log counts: then nobody can say who is erased.
    package func requireWhole(_ counts: RowCounts) throws(VaultError) {
        let (problem, newest) = memory.withLock { ($0.problem, $0.newest.number) }
        if let problem { throw problem }
        guard UInt64(clamping: newest) == counts[.denial] else {
            throw Self.changed("has \(newest) records, the log knows \(counts[.denial])")
        }
    }

    /// Writes down that a person is to be erased, with the entries that are suppressed from then on.
    ///
    /// Entries of other people whose time is over go. Returns the record's number; `remember` follows the commit.
    package func deny(
        _ order: ErasureOrder, suppressing entries: Set<SuppressionEntry>, in mutation: Mutation
    ) throws -> Int64 {
        let number = try append(.erasure(order), in: mutation)
        try mutation.connection.run(
            "DELETE FROM suppression WHERE expires <= $1", .integer(order.received.milliseconds))
        let insert = try mutation.connection.prepared(
            """
            INSERT INTO suppression (entry, check_entry, denial, tenant, field, version, expires)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """)
        for entry in entries {
            try insert.bind([
                .integer(entry.entry), .integer(entry.check), .integer(number),
                .integer(order.subject.tenant.number), .integer(Int64(entry.field)),
                .integer(SuppressionEntry.version), .integer(order.suppression.expires?.milliseconds ?? Int64.max),
            ])
            try insert.run()
        }
        return number
    }

    /// Writes down what was done, in the change that takes the data away.
    package func finish(_ outcome: ErasureOutcome, in mutation: Mutation) throws {
        _ = try append(.erased(outcome), in: mutation)
    }

    @discardableResult
    func append(_ record: DenialRecord, in mutation: Mutation) throws -> Int64 {
        let last = try mutation.connection.first("SELECT number, chain FROM denial ORDER BY number DESC LIMIT 1") {
            (try $0.int64(at: 0), try $0.blob(at: 1))
        }
        let (number, before) = ((last?.0 ?? 0) + 1, last?.1 ?? Self.beginning)
        let body = record.encoded
        let chain = Self.link(number, before, body, key)
        try mutation.connection.run(
            "INSERT INTO denial (number, profile, body, chain) VALUES ($1, $2, $3, $4)", .integer(number),
            .blob(record.profile.bytes), .blob(body), .blob(chain))
        mutation.changed(Self.head(number, chain))
        return number
    }

    /// Takes over what was committed: the person is not there from now on.
    package func remember(_ order: ErasureOrder, number: Int64, suppressing entries: Set<SuppressionEntry>) throws {
        try refresh()
        suppressed.withLock { known in
            for entry in entries where known != nil {
                known?[SuppressionKey(tenant: order.subject.tenant, entry: entry)] =
                    order.suppression.expires?.milliseconds ?? Int64.max
            }
        }
    }

    /// Takes over what was committed since: that an erasure is finished, that something is out of use.
    package func remember() throws { try refresh() }

    /// Reads what was appended since; a chain that is broken stays so.
    private func refresh() throws {
        let known = memory.withLock { $0 }
        guard known.problem == nil else { return }
        let fresh = try Self.load(database, key, after: known)
        memory.withLock { $0 = fresh }
    }

    private static func load(
        _ database: any Database, _ key: AuthenticationKey, after known: Memory? = nil
    ) throws -> Memory {
        var memory = known ?? Memory(newest: (0, beginning))
        try database.read { connection in
            try connection.query(
                "SELECT number, profile, body, chain FROM denial WHERE number > $1 ORDER BY number",
                .integer(memory.newest.number)
            ) { row in
                guard memory.problem == nil else { return }
                let number = try row.int64(at: 0)
                let body = try row.blob(at: 2)
                let chain = link(number, memory.newest.chain, body, key)
                guard number == memory.newest.number + 1, equalInConstantTime(chain, try row.blob(at: 3)),
                    let record = DenialRecord(body), record.profile.bytes == (try row.blob(at: 1))
                else {
                    memory.problem = changed("is not as the vault wrote it from record \(memory.newest.number + 1) on")
                    return
                }
                memory.take(record, number)
                memory.newest = (number, chain)
            }
        }
        return memory
    }

    private static let beginning = [UInt8](repeating: 0, count: 32)

    private static func link(
        _ number: Int64, _ previous: [UInt8], _ body: [UInt8], _ key: AuthenticationKey
    ) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: 32)
        hash.update("profilevault denial v1")
        hash.update(number)
        hash.update(previous)
        hash.update(body)
        return hash.finish()
    }

    static func head(_ number: Int64, _ chain: [UInt8]) -> HeadChange {
        .row(.denial, 0, sequence: UInt64(clamping: number), digest: chain.prefix(HeadChange.digestLength))
    }

    static func changed(_ what: String) -> VaultError {
        VaultError(
            VaultError.denialsChanged, "the denial ledger \(what)",
            remedy: VaultError.restore)
    }
}

extension DenialLedger.Memory {
    fileprivate mutating func take(_ record: DenialRecord, _ number: Int64) {
        switch record {
        case .erasure(let order):
            erased[order.subject.number] = order.subject.id
            pending = (number, order)
            newestOrder = number
        case .erased:
            pending = nil
        case .credential(let denial):
            credentials.insert(denial.credential)
        }
    }
}

/// A suppressed entry of one tenant.
struct SuppressionKey: Hashable {
    let tenant: TenantID
    let entry: SuppressionEntry
}
