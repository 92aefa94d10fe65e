import CSodium

/// Seals operational secrets and audit detail; it cannot open them.
///
/// A box is `nonce (24) ‖ ciphertext ‖ tag (16)`; its associated data is the label of what it holds.
public struct BoxSealer: Sendable {
    private let key: BoxKey

    public init(_ key: BoxKey) { self.key = key }

    /// Seals `bytes` as `label`; only a box opened with the same label opens.
    public func seal(_ bytes: [UInt8], label: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(AEAD.overhead + bytes.count)
        unsafe bytes.withUnsafeBytes { message in
            unsafe label.withUnsafeBytes { binding in
                unsafe AEAD.seal(message, key: key.secret, binding: binding, into: &output)
            }
        }
        return output
    }
}

/// Opens operational boxes: for Accounts, Audit and Outbox.
public struct BoxOpener: Sendable {
    private let key: BoxKey

    public init(_ key: BoxKey) { self.key = key }

    /// - Throws: `authenticationFailed` when the box was changed or holds something else.
    public func open(_ box: [UInt8], label: [UInt8]) throws(SecretsError) -> [UInt8] {
        guard box.count >= AEAD.overhead else { throw .notAuthentic("a box") }
        var whole = false
        let output = unsafe [UInt8](unsafeUninitializedCapacity: box.count - AEAD.overhead + 1) { buffer, written in
            whole = unsafe box.withUnsafeBytes { sealed in
                unsafe label.withUnsafeBytes { binding in
                    unsafe AEAD.open(
                        sealed, key: key.secret, binding: binding, into: UnsafeMutableRawPointer(buffer.baseAddress!))
                }
            }
            written = whole ? box.count - AEAD.overhead : 0
        }
        guard whole else { throw .notAuthentic("a box") }
        return output
    }
}
