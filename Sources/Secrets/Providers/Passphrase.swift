public import Core

/// The root key wrapped under a passphrase stretched with Argon2id (RFC 9106).
public struct Passphrase: RootKeyProvider {
    public static let kind = "passphrase"

    private let secret: PassphraseSecret
    private let cost: PasswordCost

    /// Copies `passphrase` into guarded memory.
    public init(_ passphrase: borrowing SecretBytes, cost: PasswordCost = .moderate) throws(SecretsError) {
        secret = try PassphraseSecret(passphrase)
        self.cost = cost
    }

    public func wrap(_ root: RootKey, of vault: VaultID) throws(SecretsError) -> RootEnvelope {
        let salt = Random.bytes(16)
        let key = try PasswordHash.stretch(secret.bytes, salt: salt, cost: cost)
        return RootEnvelope(
            provider: Self.kind,
            parameters: [
                "salt": hex(salt), "operations": String(cost.operations), "memory": String(cost.memory),
                "algorithm": "argon2id13",
            ],
            wrapped: KeyWrapper(key).wrap(root, binding: Self.binding(vault)))
    }

    public func unwrap(_ envelope: RootEnvelope, of vault: VaultID) throws(SecretsError) -> RootKey {
        guard envelope.parameters["algorithm"] == "argon2id13",
            let salt = envelope.parameters["salt"].flatMap({ bytes(hex: $0) }),
            let operations = envelope.parameters["operations"].flatMap({ UInt64($0) }),
            let memory = envelope.parameters["memory"].flatMap({ Int($0) })
        else {
            throw SecretsError(
                SecretsError.malformed, "the passphrase's salt and cost in the vault's header cannot be read",
                remedy: "restore `vault.json` from a copy")
        }
        let cost = PasswordCost(operations: operations, memory: memory)
        guard cost.isAffordable else {
            throw SecretsError(
                SecretsError.malformed, "the passphrase's cost in the vault's header is beyond sixteen passes or 1 GiB",
                remedy: "restore `vault.json` from a copy")
        }
        let key = try PasswordHash.stretch(secret.bytes, salt: salt, cost: cost)
        return try Self.unwrap(envelope, of: vault, with: key, remedy: "check the passphrase and try again")
    }
}

/// A passphrase in guarded memory: values that hold it may be copied, and it stays where it is.
final class PassphraseSecret: Sendable {
    let bytes: SecretBytes

    init(_ passphrase: borrowing SecretBytes) throws(SecretsError) {
        bytes = try passphrase.duplicate()
    }
}
