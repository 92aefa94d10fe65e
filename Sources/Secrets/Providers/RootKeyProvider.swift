public import Core

/// How one provider wrapped the root key: public, kept in the vault's header.
public struct RootEnvelope: Sendable, Equatable {
    /// The provider's kind: `key-file`, `passphrase`, `pkcs11`, `aws-kms`, `vault-transit`.
    public let provider: String
    /// What the provider needs to find its key again: a path, a salt, a cost. Never secret.
    public let parameters: [String: String]
    public let wrapped: WrappedKey

    public init(provider: String, parameters: [String: String], wrapped: WrappedKey) {
        self.provider = provider
        self.parameters = parameters
        self.wrapped = wrapped
    }
}

/// The root of a vault's key tree: it only derives keys.
public typealias RootKey = DerivationKey

/// A place outside the vault that can wrap the root key and give it back; any one configured provider suffices.
public protocol RootKeyProvider: Sendable {
    /// The name under which envelopes of this provider are found: stable, it is part of the format.
    static var kind: String { get }

    /// Wraps `root` for `vault` and says all that `unwrap` will need.
    func wrap(_ root: RootKey, of vault: VaultID) throws(SecretsError) -> RootEnvelope

    /// Gives back the root that `wrap` put into `envelope`.
    ///
    /// - Throws: `wrongRootKey` when the provider's key is not the one that wrapped the root.
    func unwrap(_ envelope: RootEnvelope, of vault: VaultID) throws(SecretsError) -> RootKey
}

extension RootKeyProvider {
    /// The associated data of a wrapped root: kind of provider and vault.
    package static func binding(_ vault: VaultID) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeCounted("profilevault root v1")
        writer.writeCounted(kind)
        writer.write(vault.bytes)
        return writer.bytes
    }

    /// Gives back the root of `envelope`, which `key` wrapped.
    ///
    /// - Throws: `wrongRootKey` with `remedy` when it was another key.
    package static func unwrap(
        _ envelope: RootEnvelope, of vault: VaultID, with key: WrappingKey, remedy: String
    ) throws(SecretsError) -> RootKey {
        do throws(SecretsError) {
            return try KeyUnwrapper(key).unwrap(envelope.wrapped, binding: binding(vault))
        } catch {
            guard [SecretsError.authenticationFailed, SecretsError.commitmentMismatch].contains(error.code) else {
                throw error
            }
            throw SecretsError(
                SecretsError.wrongRootKey, "the root key does not open with this \(kind)", remedy: remedy)
        }
    }
}
