/// What becomes of a table's rows when a person is erased or a snapshot is cut (blueprint: table classes).
public enum TableClass: String, Sendable, CaseIterable {
    /// Values sealed under one person's key: dead when the key is.
    case sealedByProfileKey = "sealed by profile key"
    /// Made again from other tables: never in snapshots.
    case rebuildable
    /// Erasures, withdrawals, objections: replayed by every restore.
    case denialLedger = "denial ledger"
    /// Kept by law after an erasure; minimal, holds no values.
    case retained
    /// The vault's own running: sealed by the vault's keys where it is secret.
    case operational = "operational, vault-sealed"
    /// Wrapped keys: in keyring snapshots only, destroyed at erasure.
    case keys
}

/// Which of the stores of one home a table lives in.
public enum Store: String, Sendable, CaseIterable {
    case data
    case keys
    case index
}

/// One table as its room declares it: every table of every store has one of these.
public struct TableDeclaration: Sendable {
    public let name: String
    public let store: Store
    public let tableClass: TableClass
    /// What the table is for and what it shows to a thief, in a sentence.
    public let purpose: String
    /// Rows lie in the order of the primary key, without a row number of their own.
    ///
    /// For tables of small rows looked up by a key that is no integer: one search instead of two. SQLite says
    /// `WITHOUT ROWID`; PostgreSQL has only its heap and takes no notice.
    public let clustered: Bool
    /// `CREATE TABLE` and its indexes, in the common subset of SQLite and PostgreSQL, run in order.
    ///
    /// Types are `INTEGER` (64 bits), `TEXT` and `BLOB`; `INTEGER PRIMARY KEY` numbers rows by itself. The engine
    /// adds its own words (`STRICT`, `WITHOUT ROWID`, `BIGINT`, `BYTEA`): `SQLSubset` in Storage has the whole rule.
    public let definition: [StaticString]

    public init(
        _ name: String, in store: Store, _ tableClass: TableClass, purpose: String, clustered: Bool = false,
        definition: [StaticString]
    ) {
        self.name = name
        self.store = store
        self.tableClass = tableClass
        self.purpose = purpose
        self.clustered = clustered
        self.definition = definition
    }
}
