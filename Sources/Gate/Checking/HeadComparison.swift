package import Audit
package import Consent
package import Core
import Storage
package import Vault

/// Holds every person's row and consents, and the policies in force, against what the log knows of them: what was put
/// back is found.
package struct HeadComparison: Sendable {
    package let profiles: ProfileVerification
    package let consents: ConsentVerification
    /// The set in force is not the one that was activated last.
    package let policies: GateError?

    /// Everything that is wrong, the profiles first.
    package var findings: [any ReportableError] {
        profiles.findings + consents.findings + (policies.map { [$0] } ?? [])
    }

    /// - Parameters:
    ///   - vault: the open vault; nothing may write meanwhile.
    ///   - heads: the last change of every head, out of the verified log.
    /// - Throws: when a store cannot be read; what is wrong with its rows is a finding.
    package init(_ vault: OpenVault, heads: consuming HeadMap) throws {
        let active = try vault.stores.data.read { try vault.archive.newest(on: $0) }
        let identifiers = active.schema.identifiers
        var heads = heads
        profiles = try vault.profiles.verify(identifiers: identifiers.map(\.number), against: &heads)
        consents = try vault.ledger.verify(vault.stores.data, against: &heads)
        policies = try Self.rollback(to: active, in: vault.audit)
    }
    /// Sets are signed one by one, so an older one is as genuine as the newest: only the log knows which that is.
    private static func rollback(to active: ActivePolicies, in audit: AuditLog) throws -> GateError? {
        var activations = AuditFilter()
        activations.action = Action.activatePolicy.rawValue
        activations.outcome = .done
        let newest = try audit.show(activations, limit: 1).first?.facts
        guard let hash = newest?["policy_set"]?.string, !hash.utf8.elementsEqual(hex(active.hash).utf8) else {
            return nil
        }
        let version = newest?["version"]?.integer.map { "set \($0)" } ?? "another set"
        return GateError(
            GateError.policiesRolledBack,
            "policy set \(active.version) is in force, but the log says that \(version) was activated",
            remedy: "somebody changed the database: keep it for examination and restore a snapshot")
    }
}
