package import Secrets
package import Vault

extension Plaintext {
    /// The outline of this value.
    package func masked(by mask: Mask) throws(SecretsError) -> Plaintext { try Plaintext(mask.apply(to: text)) }
}
