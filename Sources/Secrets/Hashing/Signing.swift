import CSodium

/// An Ed25519 signing key (RFC 8032), kept in the arena as its 32-byte seed.
public enum SigningRole: KeyRole {}
public typealias SigningKey = Key<SigningRole>

/// An Ed25519 public key and what it verifies.
public struct VerifyingKey: Sendable, Equatable {
    public static let length = 32
    public static let signatureLength = 64

    public let bytes: [UInt8]

    /// A key as the library writes it.
    fileprivate init(written bytes: [UInt8]) { self.bytes = bytes }

    /// `nil` unless there are 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == Self.signatureLength else { return false }
        return unsafe crypto_sign_ed25519_verify_detached(signature, message, UInt64(message.count), bytes) == 0
    }
}

extension Key where Role == SigningRole {
    public var verifyingKey: VerifyingKey {
        get throws(SecretsError) {
            let pair = try expand()
            return pair.verifying
        }
    }

    public func sign(_ message: [UInt8]) throws(SecretsError) -> [UInt8] {
        let pair = try expand()
        return unsafe pair.secret.withUnsafeBytes { key in
            unsafe [UInt8](unsafeUninitializedCapacity: VerifyingKey.signatureLength) { buffer, written in
                unsafe crypto_sign_ed25519_detached(
                    buffer.baseAddress!, nil, message, UInt64(message.count),
                    key.baseAddress!.assumingMemoryBound(to: UInt8.self))
                written = VerifyingKey.signatureLength
            }
        }
    }

    private struct Pair: ~Copyable {
        let verifying: VerifyingKey
        let secret: SecretBytes
    }

    private func expand() throws(SecretsError) -> Pair {
        var publicKey = [UInt8](repeating: 0, count: VerifyingKey.length)
        let secretKey = try unsafe SecretBytes(count: 64) { buffer throws(SecretsError) in
            unsafe secret.withPointer { seed in
                _ = unsafe crypto_sign_ed25519_seed_keypair(
                    &publicKey, buffer.baseAddress!.assumingMemoryBound(to: UInt8.self), seed)
            }
        }
        return Pair(verifying: VerifyingKey(written: publicKey), secret: secretKey)
    }
}
