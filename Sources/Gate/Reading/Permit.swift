import Core
package import Secrets
import Vault

/// Proof that the gate said yes to reading some fields of one person: only the gate makes one, it is spent once, and
/// the decision is in the log before it exists. It is good for a few seconds: consent may end after it.
package struct Permit: ~Copyable, Sendable {
    struct Grant: Sendable {
        let field: ProfileSchema.Field
        let masked: Bool
    }

    /// Seconds from the decision in which its permit may be spent.
    package static let lifetimeSeconds: Int64 = 5

    package let verdict: Verdict
    let time: Timestamp
    let row: ProfileRow
    let key: ProfileKeyring.Entry
    let grants: [Grant]

    init(verdict: Verdict, time: Timestamp, row: ProfileRow, key: ProfileKeyring.Entry, grants: [Grant]) {
        self.verdict = verdict
        self.time = time
        self.row = row
        self.key = key
        self.grants = grants
    }
}

/// One field's value that was let out.
package struct Reading: Sendable {
    package let field: String
    package let form: String
    /// Shown in outline, by obligation of a policy.
    package let masked: Bool
    package let value: Plaintext
}
