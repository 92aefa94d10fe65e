package import Core
package import Storage

/// One change of the vault and its entry in the log, in one transaction: a change without an entry cannot be committed.
///
/// It is lent to the body of `AuditLog.mutate` and must not be kept.
package final class Mutation {
    package let authorization: Authorization
    /// The transaction of the change; not to be used after the body.
    package let connection: any Connection
    private(set) var heads: [HeadChange] = []
    /// Those of them that are of the vault's own rows.
    private(set) var rows: [HeadChange] = []
    private(set) var facts: [(name: String, value: JSON)] = []
    private(set) var subject: ProfileID?
    private(set) var detail: [UInt8]?

    init(_ authorization: Authorization, on connection: any Connection) {
        self.authorization = authorization
        self.connection = connection
    }

    /// Says that a head changed, a person's or the vault's; the list is sealed beside the entry.
    package func changed(_ head: HeadChange) {
        heads.append(head)
        if head.kind.isVaults { rows.append(head) }
    }

    /// Adds a fact to the entry: machine words and numbers, never a value. A second fact of one name replaces the first.
    package func note(_ name: String, _ value: JSON) {
        if let place = facts.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
            facts[place].value = value
        } else {
            facts.append((name, value))
        }
    }

    /// Names the one person the change is about.
    package func setSubject(_ id: ProfileID) { subject = id }

    /// Adds detail, already sealed under the person's profile key.
    package func attach(detail: [UInt8]) { self.detail = detail }
}

extension AuditLog {
    /// Changes the vault and logs it, in one transaction.
    ///
    /// A body that throws changes nothing and logs nothing. The body may run on another thread than the caller's.
    /// The entry says `action`, or the authorization's action when that is `nil`.
    package func mutate<R>(
        _ authorization: Authorization, action: String? = nil, outcome: AuditEntry.Outcome = .done,
        _ body: (Mutation) throws -> R
    ) throws -> R {
        let (result, mark) = try database.write { connection in
            let mutation = Mutation(authorization, on: connection)
            let result = try body(mutation)
            let heads = mutation.heads.isEmpty ? nil : HeadList.seal(mutation.heads, with: keys.box)
            let entry = AuditEntry(
                time: authorization.time, principal: authorization.principal,
                action: action ?? authorization.action.rawValue, tenant: authorization.tenant,
                purpose: authorization.purpose, subject: mutation.subject, outcome: outcome,
                decision: authorization.decision, facts: AuditFacts(mutation.facts), detail: mutation.detail)
            let mark = try append(
                DirectEntry(entry: entry, heads: heads, rows: mutation.rows), signs: false, on: connection)
            return (result, mark)
        }
        // The change is committed: that the spool could not be shortened is no failure of it.
        if let mark { shorten(to: mark) }
        return result
    }
}
