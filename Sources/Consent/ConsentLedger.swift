package import Audit
package import Core
package import Secrets
package import Storage

/// What every person agreed to: an append-only chain of records each, and a head that every gated read checks.
package final class ConsentLedger: Sendable {
    package static let tables: [TableDeclaration] = [
        TableDeclaration(
            "consent_head", in: .data, .retained,
            purpose: "where each person's consents stand: purposes by digest and states in plain, one code over all",
            definition: ["CREATE TABLE consent_head (subject INTEGER PRIMARY KEY, head BLOB NOT NULL)"]),
        TableDeclaration(
            "consent_record", in: .data, .retained,
            purpose: "what was agreed, refused, withdrawn, when and through whom; evidence sealed by the profile key",
            clustered: true,
            definition: [
                """
                CREATE TABLE consent_record (
                    subject INTEGER NOT NULL, sequence INTEGER NOT NULL, body BLOB NOT NULL, chain BLOB NOT NULL,
                    evidence BLOB, PRIMARY KEY (subject, sequence))
                """
            ]),
    ]

    private let keyOfTenant: @Sendable (TenantID) throws -> AuthenticationKey

    /// `key` gives the key of a tenant's consent heads; it is asked on every read, so it answers from memory.
    package init(key: @escaping @Sendable (TenantID) throws -> AuthenticationKey) { keyOfTenant = key }

    func key(of tenant: TenantID) throws -> AuthenticationKey { try keyOfTenant(tenant) }

    /// Where a person's consents stand, checked.
    ///
    /// - Throws: `consent.head_missing` or `consent.head_changed`, both integrity errors: neither is "no consent".
    package func head(of subject: Subject, on connection: any Connection) throws -> ConsentHead {
        let statement = try connection.prepared("SELECT head FROM consent_head WHERE subject = $1")
        return try head(of: subject, by: statement, key: key(of: subject.tenant))
    }

    /// A person's head before its code is checked, so that many are checked on all cores.
    ///
    /// - Throws: `consent.head_missing`.
    package func uncheckedHead(of subject: Subject, on connection: any Connection) throws -> UncheckedConsentHead {
        let select = try connection.prepared("SELECT head FROM consent_head WHERE subject = $1")
        try select.bind(subject.number, at: 1)
        guard let bytes = try select.first({ try $0.blob(at: 0) }) else {
            throw ConsentError.headMissing(of: subject.id)
        }
        return UncheckedConsentHead(subject: subject, bytes: bytes)
    }

    /// The head, once it has proved to be as the vault wrote it.
    package func checked(_ head: UncheckedConsentHead) throws -> ConsentHead {
        let key = try key(of: head.subject.tenant)
        return try head.bytes.withUnsafeBytes { try ConsentHead(row: $0, of: head.subject, key: key) }
    }

    func head(
        of subject: Subject, by statement: borrowing PreparedStatement, key: AuthenticationKey
    ) throws -> ConsentHead {
        try statement.bind(subject.number, at: 1)
        let head = try statement.first { row in
            try row.withUnsafeBytes(at: 0) { bytes in try ConsentHead(row: bytes, of: subject, key: key) }
        }
        guard let head else { throw ConsentError.headMissing(of: subject.id) }
        return head
    }

    /// Gives a new profile its head: nothing agreed, which from then on is known rather than assumed.
    @discardableResult
    package func createHead(of subject: Subject, in mutation: Mutation) throws -> ConsentHead {
        try writer(in: mutation).create(subject)
    }

    /// Records `changes` of one person with their head, in the mutation's transaction.
    ///
    /// What stands so already is not recorded again; when nothing is left to record, nothing is written.
    package func append(
        _ changes: [ConsentChange], from origin: ConsentOrigin, to subject: Subject, in mutation: Mutation
    ) throws -> ConsentOutcome {
        try writer(in: mutation).append(changes, from: origin, to: subject)
    }

    /// For many people in one transaction: statements and keys are fetched once.
    package func writer(in mutation: Mutation) throws -> ConsentWriter { try ConsentWriter(self, mutation) }
}
