import Accounts
package import Audit
package import Consent
package import Core
import Storage
package import Vault

/// Holds every person's row and consents, and the vault's own rows, against what the log knows of them: a row that was put
/// back is found.
package struct HeadComparison: Sendable {
    package let profiles: ProfileVerification
    package let consents: ConsentVerification

    /// What is wrong with operators, services, tenants, fields, policy sets and the mark above all row numbers.
    package let rows: [AuditError]

    /// What is wrong with the denial ledger and what it suppresses.
    package let denials: [any ReportableError]

    /// Everything that is wrong, the vault's own rows first.
    package var findings: [any ReportableError] { rows + denials + profiles.findings + consents.findings }

    /// - Parameters:
    ///   - vault: the open vault; nothing may write meanwhile.
    ///   - heads: the last change of every head, out of the verified log.
    /// - Throws: when a store cannot be read; what is wrong with its rows is a finding.
    package init(_ vault: OpenVault, heads: consuming HeadMap) throws {
        var heads = heads
        let vaults =
            try vault.accounts.verify(against: &heads) { try Self.name(of: $0, $1, vault.audit) }
            + (try vault.approvals.verify(against: &heads))
            + (try vault.tenants.verify(against: &heads))
            + (try vault.stores.data.read { try vault.archive.verify(on: $0, against: &heads) })
        let identifiers = try Self.identifiers(vault, isDamaged: !vaults.isEmpty)
        profiles = try vault.profiles.verify(identifiers: identifiers.map(\.number), against: &heads)
        let (ledger, suppressions) = try vault.denials.verify(at: vault.audit.lastTime, against: &heads)
        denials = try ledger + suppressions + vault.profiles.keyring.compare(with: vault.denials)
        consents = try vault.ledger.verify(
            vault.stores.data, erased: { vault.denials.isErased($0) }, against: &heads)
        rows = vaults + profiles.numbers
    }

    /// The fields people are looked up by; none where the policy set that says so is among what is damaged.
    private static func identifiers(_ vault: OpenVault, isDamaged: Bool) throws -> [ProfileSchema.Field] {
        do {
            return try vault.stores.data.read { try vault.archive.newest(on: $0) }.schema.identifiers
        } catch  where isDamaged {
            return []
        }
    }

    /// What an account that is gone was called: the log has it in the entry that added it.
    private static func name(of kind: HeadChange.Kind, _ id: UniqueID, _ audit: AuditLog) throws -> String {
        let word = kind == .service ? "service" : "operator"
        let added = try audit.show(AuditFilter(), limit: .max).first { entry in
            entry.facts["account"]?.string.flatMap { UniqueID($0) } == id
        }
        return added?.facts[word]?.string.map { "\(word) `\($0)`" } ?? "\(word) \(id)"
    }
}
