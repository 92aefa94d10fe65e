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
    /// `CREATE TABLE` and its indexes, in the common subset of SQLite and PostgreSQL, run in order.
    public let definition: [StaticString]

    public init(
        _ name: String, in store: Store, _ tableClass: TableClass, purpose: String, definition: [StaticString]
    ) {
        self.name = name
        self.store = store
        self.tableClass = tableClass
        self.purpose = purpose
        self.definition = definition
    }
}
