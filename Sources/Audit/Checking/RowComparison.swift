package import Core

/// One of the vault's own rows as it is stored: an operator, a tenant, a field's number, a policy set.
package struct StoredRow: Sendable {
    package let id: UniqueID
    /// What an operator calls it, such as "operator `ada`".
    package let name: String
    /// The state it is in; `nil` when the row does not carry this vault's code.
    package let head: HeadChange?

    package init(id: UniqueID, name: String, head: HeadChange?) {
        self.id = id
        self.name = name
        self.head = head
    }
}

extension HeadMap {
    /// Holds all rows of one kind against the log and takes them out.
    ///
    /// Each row with something wrong is one finding. `name` says what to call a row that is gone.
    package mutating func compare(
        _ kind: HeadChange.Kind, _ stored: [StoredRow], name: (UniqueID) throws -> String
    ) rethrows -> [AuditError] {
        var findings: [AuditError] = []
        for row in stored {
            let newest = takeRow(kind, row.id)
            if let finding = Self.finding(row, newest: newest) { findings.append(finding) }
        }
        try forEach { left in
            guard left.kind == kind, !left.isRemoval else { return }
            findings.append(.rowMissing(try name(left.profile)))
        }
        return findings
    }

    private static func finding(_ row: StoredRow, newest: HeadChange?) -> AuditError? {
        guard let head = row.head else { return .rowChanged(row.name, "is not as the vault wrote it") }
        guard let newest else { return .rowChanged(row.name, "is not known to the log") }
        guard !newest.isRemoval else { return .rowChanged(row.name, "was removed, says the log") }
        guard head.sequence >= newest.sequence else {
            return AuditError(
                AuditError.rowRolledBack,
                "\(row.name) is at revision \(head.sequence), the log knows revision \(newest.sequence)",
                remedy: AuditError.changedByOthers)
        }
        return head == newest ? nil : .rowChanged(row.name, "is another than the log knows")
    }
}

extension AuditError {
    fileprivate static let changedByOthers = "somebody changed the database: \(restore)"

    fileprivate static func rowChanged(_ name: String, _ what: String) -> AuditError {
        AuditError(rowChanged, "\(name) \(what)", remedy: changedByOthers)
    }

    fileprivate static func rowMissing(_ name: String) -> AuditError {
        AuditError(rowMissing, "\(name) is gone, though the log knows it", remedy: changedByOthers)
    }
}
