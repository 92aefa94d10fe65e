import CSodium

/// A key sealed under another key, with the commitment that pins which key it is.
public struct WrappedKey: Sendable, Equatable {
    /// `format (1) ‖ nonce (24) ‖ ciphertext (32) ‖ tag (16)`.
    public static let length = 1 + AEAD.overhead + KeyArena.slotSize
    static let format: UInt8 = 1

    public let bytes: [UInt8]
    /// BLAKE2b-256 keyed by the key itself over its binding: Poly1305 alone does not commit to a key.
    public let commitment: [UInt8]

    public init(bytes: [UInt8], commitment: [UInt8]) {
        self.bytes = bytes
        self.commitment = commitment
    }
}

/// Wraps keys of any role under a wrapping key.
public struct KeyWrapper: Sendable {
    private let wrapping: WrappingKey

    public init(_ wrapping: WrappingKey) { self.wrapping = wrapping }

    /// Wraps `key` for the place that `binding` names (kind, tenant, profile, epoch).
    public func wrap<Role>(_ key: Key<Role>, binding: [UInt8]) -> WrappedKey {
        var nonces = Nonces(count: 1)
        return wrap(key, binding: binding, nonces: &nonces)
    }

    /// As the other one, with a nonce out of those that were drawn for many keys.
    public func wrap<Role>(_ key: Key<Role>, binding: [UInt8], nonces: inout Nonces) -> WrappedKey {
        var output = [UInt8](repeating: 0, count: WrappedKey.length)
        output[0] = WrappedKey.format
        unsafe output.withUnsafeMutableBytes { buffer in
            let nonce = unsafe (buffer.baseAddress! + 1).assumingMemoryBound(to: UInt8.self)
            unsafe nonces.take(into: nonce)
            let body = unsafe nonce + AEAD.nonceLength
            unsafe key.secret.withPointer { bytes in
                unsafe UnsafeMutableRawPointer(body).copyMemory(from: bytes, byteCount: KeyArena.slotSize)
            }
            unsafe binding.withUnsafeBytes { bound in
                unsafe AEAD.seal(
                    inPlace: body, length: KeyArena.slotSize, key: wrapping.secret, binding: bound,
                    nonce: UnsafePointer(nonce))
            }
        }
        return WrappedKey(bytes: output, commitment: commitment(of: key, binding: binding))
    }
}

/// Unwraps keys: for Vault and Snapshots.
public struct KeyUnwrapper: Sendable {
    private let wrapping: WrappingKey

    public init(_ wrapping: WrappingKey) { self.wrapping = wrapping }

    /// - Throws: `authenticationFailed` when the wrapped key was changed or moved, `commitmentMismatch` when it
    ///   opens to another key than was committed to.
    public func unwrap<Role>(
        _ wrapped: WrappedKey, binding: [UInt8], as: Role.Type = Role.self
    ) throws(SecretsError) -> Key<Role> {
        guard wrapped.bytes.count == WrappedKey.length, wrapped.bytes[0] == WrappedKey.format else {
            throw SecretsError(
                SecretsError.malformed, "a wrapped key is not in a known format",
                remedy: "run `profilevault doctor`, which names the people whose keys were changed")
        }
        let key = unsafe Key<Role>(
            secret: try SecretKey { slot throws(SecretsError) in
                let whole = unsafe wrapped.bytes.withUnsafeBytes { bytes in
                    unsafe binding.withUnsafeBytes { bound in
                        unsafe AEAD.open(
                            UnsafeRawBufferPointer(rebasing: bytes.dropFirst()), key: wrapping.secret,
                            binding: bound, into: slot)
                    }
                }
                guard whole else { throw .notAuthentic("a wrapped key") }
            })
        guard equalInConstantTime(commitment(of: key, binding: binding), wrapped.commitment) else {
            throw SecretsError(
                SecretsError.commitmentMismatch, "a wrapped key is not the key its commitment names",
                remedy: "run `profilevault doctor`")
        }
        return key
    }
}

private func commitment<Role>(of key: Key<Role>, binding: [UInt8]) -> [UInt8] {
    let state = BLAKE2b(key: key.secret, length: 32)
    state.update("profilevault key commitment v1")
    state.update(binding)
    return state.finish()
}
