package import Audit
package import Consent
package import Core
import Storage
package import Vault

/// Holds every person's row and consents against what the log knows of them: a row that was put back is found.
package struct HeadComparison: Sendable {
    package let profiles: ProfileVerification
    package let consents: ConsentVerification

    /// Everything that is wrong, the profiles first.
    package var findings: [any ReportableError] { profiles.findings + consents.findings }

    /// - Parameters:
    ///   - vault: the open vault; nothing may write meanwhile.
    ///   - heads: the last change of every head, out of the verified log.
    /// - Throws: when a store cannot be read; what is wrong with its rows is a finding.
    package init(_ vault: OpenVault, heads: consuming HeadMap) throws {
        let identifiers = try vault.stores.data.read { try vault.archive.newest(on: $0) }.schema.identifiers
        var heads = heads
        profiles = try vault.profiles.verify(identifiers: identifiers.map(\.number), against: &heads)
        consents = try vault.ledger.verify(vault.stores.data, against: &heads)
    }
}
