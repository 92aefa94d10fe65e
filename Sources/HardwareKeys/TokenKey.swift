public import Core
public import Secrets

/// The root key wrapped under a key that an AES key in a PKCS#11 token seals, and which only the token can open.
///
/// The token's key is made when a root is first wrapped: AES-256, never to leave the token. It seals a random wrapping
/// key with AES-GCM, bound to the vault; the root is wrapped under that one as other providers do it. The token stays
/// logged in until the provider is let go.
public struct TokenKey: RootKeyProvider {
    public static let kind = "pkcs11"
    /// Whether this build has p11-kit; where it has not, everything here throws `token.unavailable`.
    public static var isAvailable: Bool { Token.isBuiltIn }

    private let token: Token

    /// The key `uri.object` in the token `uri.token`; nothing is looked for before it is needed.
    public init(_ uri: TokenURI, pin: @escaping TokenPIN) { token = Token(uri, pin: pin) }

    /// Wraps `root`, with a new key in the token where it has none of the name.
    ///
    /// - Throws: `token.…`: where the token is not there, does not take the PIN, or has another kind of key there.
    public func wrap(_ root: RootKey, of vault: VaultID) throws(SecretsError) -> RootEnvelope {
        let binding = Self.binding(vault)
        let secret = try SecretBytes.random(count: 32)
        let sealed = try token.withSession { session throws(SecretsError) in
            let key =
                if let key = try self.key(in: session) { key } else {
                    try session.makeKey(labelled: token.uri.object, id: Random.bytes(16))
                }
            let sealed = try session.seal(secret, with: key, binding: binding)
            // Nobody relies on what a token seals before it has opened it.
            guard let opened = try session.open(sealed, with: key, binding: binding), Self.same(opened, secret) else {
                throw SecretsError(
                    SecretsError.tokenUnsupported, "the token does not open what its key `\(token.uri.object)` sealed",
                    remedy: "take a token that seals with AES-GCM")
            }
            return sealed
        }
        return RootEnvelope(
            provider: Self.kind,
            parameters: [
                "uri": token.uri.description, "nonce": hex(sealed.nonce), "ciphertext": hex(sealed.bytes),
            ],
            wrapped: KeyWrapper(try WrappingKey(copying: secret)).wrap(root, binding: binding))
    }

    /// Gives back the root of `envelope`, whose URI is not followed: which module runs is not for a file to say.
    ///
    /// - Throws: `wrongRootKey` where the token's key is not the one that sealed it; `token.key_missing`; and as
    ///   `wrap`.
    public func unwrap(_ envelope: RootEnvelope, of vault: VaultID) throws(SecretsError) -> RootKey {
        guard let nonce = envelope.parameters["nonce"].flatMap({ bytes(hex: $0) }),
            let ciphertext = envelope.parameters["ciphertext"].flatMap({ bytes(hex: $0) }),
            nonce.count == TokenCiphertext.nonceLength, ciphertext.count == 32 + TokenCiphertext.tagLength
        else {
            throw SecretsError(
                SecretsError.malformed, "what the token's key sealed cannot be read in the vault's header",
                remedy: "restore `vault.json` from a copy")
        }
        let sealed = TokenCiphertext(nonce: nonce, bytes: ciphertext)
        let remedy = "name the token and the key that the vault was made with; vault.json has their URI"
        let wrapping = try token.withSession { session throws(SecretsError) -> WrappingKey? in
            guard let key = try key(in: session) else { throw .tokenKeyMissing(token.uri) }
            guard let opened = try session.open(sealed, with: key, binding: Self.binding(vault)) else { return nil }
            return try WrappingKey(copying: opened)
        }
        guard let wrapping else {
            throw SecretsError(
                SecretsError.wrongRootKey, "the root key does not open with this \(Self.kind)", remedy: remedy)
        }
        return try Self.unwrap(envelope, of: vault, with: wrapping, remedy: remedy)
    }

    /// The key of the name; `nil` where there is none.
    ///
    /// - Throws: `token.key_unfit`.
    private func key(in session: borrowing Session) throws(SecretsError) -> ObjectHandle? {
        let keys = try session.keys(labelled: token.uri.object)
        guard let key = keys.first else { return nil }
        guard keys.count == 1 else { throw .tokenKeyUnfit(token.uri, "there are several of this name") }
        guard try session.isSound(key) else {
            throw .tokenKeyUnfit(token.uri, "it may leave the token, or has not 256 bits")
        }
        return key
    }

    private static func same(_ one: borrowing SecretBytes, _ other: borrowing SecretBytes) -> Bool {
        unsafe one.withUnsafeBytes { one in
            unsafe other.withUnsafeBytes { other in
                unsafe one.count == other.count && zip(one, other).reduce(0) { $0 | $1.0 ^ $1.1 } == 0
            }
        }
    }
}
