package import Core

/// What was put out of use for ever, and must not come back with an older copy of the vault.
///
/// The register returns it; whoever keeps the denial ledger writes it down in the same change.
package enum Denied: Sendable, Hashable {
    case operatorAccount(UniqueID)
    case service(UniqueID)
    /// The digest of the key.
    case serviceKey([UInt8])
    /// The digest of the code.
    case recoveryCode([UInt8])
    /// The id that the authenticator gave it.
    case passkey([UInt8])
}
