import Core
import Outbound
import Secrets

/// A service that encrypts 32 bytes under a key that never leaves it.
///
/// What it is given is a fresh random key that wraps the root: neither the root nor what it wraps is ever sent.
protocol KeyService: RootKeyProvider {
    /// Encrypts `key`, bound to the vault; what leads to the service's key again, and as `ciphertext` its answer.
    func encrypt(_ key: borrowing SecretBytes, of vault: VaultID) throws(SecretsError) -> [String: String]

    func decrypt(_ ciphertext: String, of vault: VaultID) throws(SecretsError) -> HeldSecret
}

extension KeyService {
    static var keyLength: Int { 32 }

    public func wrap(_ root: RootKey, of vault: VaultID) throws(SecretsError) -> RootEnvelope {
        let key = try SecretBytes.random(count: Self.keyLength)
        let parameters = try encrypt(key, of: vault)
        let wrapped = KeyWrapper(try WrappingKey(copying: key)).wrap(root, binding: Self.binding(vault))
        let envelope = RootEnvelope(provider: Self.kind, parameters: parameters, wrapped: wrapped)
        // Credentials that may only encrypt would make an envelope that nobody opens.
        _ = try unwrap(envelope, of: vault)
        return envelope
    }

    public func unwrap(_ envelope: RootEnvelope, of vault: VaultID) throws(SecretsError) -> RootKey {
        // Nothing longer comes of 32 bytes, and what others wrote there is not carried about.
        guard envelope.provider == Self.kind, let ciphertext = envelope.parameters["ciphertext"],
            (1...8192).contains(ciphertext.utf8.count), ciphertext.utf8.allSatisfy(Self.isOfCiphertext)
        else { throw .malformedEnvelope("the key service", "the ciphertext") }
        let key = try WrappingKey(copying: try decrypt(ciphertext, of: vault).bytes)
        return try Self.unwrap(envelope, of: vault, with: key, remedy: "restore `vault.json` from a copy")
    }

    /// Base 64 and the marks of Vault's `vault:v1:`.
    private static func isOfCiphertext(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2B, 0x2F...0x3A, 0x3D, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
