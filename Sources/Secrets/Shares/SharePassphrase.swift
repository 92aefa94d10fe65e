/// What shares are encrypted under besides: printable ASCII (SLIP-0039, *Passphrase*).
///
/// Shares do not tell whether it is right: another one gives another secret of the same length.
public struct SharePassphrase: Sendable, CustomStringConvertible, CustomReflectable {
    private let secret: PassphraseSecret?

    /// The empty passphrase.
    public static let none = SharePassphrase(secret: nil)

    private init(secret: PassphraseSecret?) { self.secret = secret }

    /// Copies `passphrase` into guarded memory.
    ///
    /// - Throws: `sharePassphraseInvalid` for anything but printable ASCII.
    public init(_ passphrase: borrowing SecretBytes) throws(SecretsError) {
        let isPrintable = unsafe passphrase.withUnsafeBytes { bytes in
            unsafe bytes.allSatisfy { (0x20...0x7E).contains($0) }
        }
        guard isPrintable else {
            throw SecretsError(
                SecretsError.sharePassphraseInvalid, "the passphrase of shares has more than letters that ASCII prints",
                remedy: "take Latin letters without accents, digits, blanks and the marks of an English keyboard")
        }
        secret = try PassphraseSecret(passphrase)
    }

    /// The password of one round of the cipher: the round's number, then the passphrase.
    func password(round: UInt8) throws(SecretsError) -> SecretBytes {
        guard let secret else { return try SecretBytes(copying: [round]) }
        return try unsafe SecretBytes(count: 1 + secret.bytes.count) { output throws(SecretsError) in
            unsafe output[0] = round
            unsafe secret.bytes.withUnsafeBytes {
                unsafe UnsafeMutableRawBufferPointer(rebasing: output.dropFirst()).copyMemory(from: $0)
            }
        }
    }

    public var description: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
