import Core
import Outbound
import Secrets

/// By which Vault knows who asks, found where its own tools look; never stored.
enum TransitToken {
    private static let limit = 4096

    /// `VAULT_TOKEN`; else what `vault login` has left in `~/.vault-token`, which only its owner may read.
    ///
    /// - Throws: `key_services.credentials_missing`, and what is wrong with the file.
    static func find(in environment: [String: String]) throws(SecretsError) -> HeldSecret {
        if let token = environment.value(of: "VAULT_TOKEN") { return try HeldSecret(token) }
        guard let path = environment.value(of: "HOME").map({ "\($0)/.vault-token" }), OwnerOnlyFile.exists(path) else {
            throw missing
        }
        var content = try OwnerOnlyFile.read(path, limit: limit)
        defer { wipe(&content) }
        // An editor may have put a line end after it.
        while let last = content.last, last == 0x0A || last == 0x0D || last == 0x20 {
            content.removeLast()
        }
        guard !content.isEmpty else { throw missing }
        return HeldSecret(try SecretBytes(copying: content))
    }

    private static let missing = SecretsError(
        SecretsError.keyServiceCredentialsMissing, "there is no token for Vault",
        remedy: "set VAULT_TOKEN, or log in with `vault login`")
}
