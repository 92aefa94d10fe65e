package import Core
package import Secrets
import Synchronization

/// The keys of one tenant in use: everything that seals, authenticates or indexes its people's data.
package final class TenantKeys: Sendable {
    package let tenant: TenantID
    /// Authenticates profile rows.
    let profileRow: AuthenticationKey
    /// Authenticates consent heads.
    package let consentHead: AuthenticationKey
    private let derivation: DerivationKey
    private let indexes = Mutex<[UInt32: BlindIndex]>([:])

    init(tenant: TenantID, derivation: DerivationKey) throws(SecretsError) {
        self.tenant = tenant
        self.derivation = derivation
        profileRow = try derivation.derive("profile row")
        consentHead = try derivation.derive("consent head")
    }

    /// The blind index of one field; version 1 until index keys turn.
    package func index(ofField number: UInt16) throws(SecretsError) -> BlindIndex {
        try index(UInt32(number), label: "field index")
    }

    /// The blind index by which an event that came twice is known.
    func eventIndex() throws(SecretsError) -> BlindIndex { try index(.max, label: "event index") }

    /// Digests of one field's identifiers that may not come back: another key than the index's, so that neither can be
    /// held against the other.
    func suppression(ofField number: UInt16) throws(SecretsError) -> BlindIndex {
        try index(1 << 31 | UInt32(number), label: "suppression")
    }

    private func index(_ number: UInt32, label: StaticString) throws(SecretsError) -> BlindIndex {
        if let known = indexes.withLock({ $0[number] }) { return known }
        var context = ByteWriter()
        context.write(number)
        context.write(UInt32(1))
        let made = BlindIndex(try derivation.derive(label, context: context.bytes))
        indexes.withLock { $0[number] = made }
        return made
    }
}
