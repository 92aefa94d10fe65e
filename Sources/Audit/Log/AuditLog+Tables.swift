package import Core

extension AuditLog {
    /// What the log keeps in `data.db`.
    package static let tables: [TableDeclaration] = [
        TableDeclaration(
            "audit_entry", in: .data, .retained,
            purpose:
                "who did what, when, to which random id; a thief learns that much, but no value: detail and heads are sealed",
            definition: [
                """
                CREATE TABLE audit_entry (
                    number INTEGER PRIMARY KEY,
                    leaf BLOB NOT NULL,
                    detail BLOB,
                    heads BLOB
                )
                """
            ]),
        TableDeclaration(
            "audit_tile", in: .data, .retained,
            purpose: "hashes above the log's entries, 256 a tile: what an entry that was changed is found by",
            definition: [
                """
                CREATE TABLE audit_tile (
                    place INTEGER PRIMARY KEY,
                    hashes BLOB NOT NULL
                )
                """
            ]),
        TableDeclaration(
            "audit_state", in: .data, .operational,
            purpose:
                "how far the log reaches, its root, its last signed checkpoint and counts of changes: one row, authenticated",
            definition: [
                """
                CREATE TABLE audit_state (
                    number INTEGER PRIMARY KEY,
                    size INTEGER NOT NULL,
                    root BLOB NOT NULL,
                    spooled INTEGER NOT NULL,
                    chain BLOB NOT NULL,
                    time INTEGER NOT NULL,
                    boot TEXT NOT NULL,
                    counts BLOB NOT NULL,
                    note TEXT NOT NULL,
                    signed_size INTEGER NOT NULL,
                    code BLOB NOT NULL
                )
                """
            ]),
    ]
}
