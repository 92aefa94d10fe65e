public import Core

/// The root key wrapped under 32 random bytes in a text file that only its owner may read.
///
/// The file's format, also shown in `keys-example/`:
/// ```
/// profilevault-root-key-v1
/// vault: 0198…           the id of the vault it belongs to
/// key: 64 hexadecimal digits
/// ```
public struct KeyFile: RootKeyProvider {
    public static let kind = "key-file"
    static let firstLine = "profilevault-root-key-v1"
    /// BLAKE2b-256 of the key printed in `keys-example/`, which the whole world knows.
    static let publishedExample = "cb2f5160fc1f7e05a55ef49d340b48da2e5a78099d53393351cd579dd42503d6"

    public let path: String

    public init(path: String) { self.path = path }

    /// Makes a new key file for `vault`; never overwrites one.
    public static func create(at path: String, for vault: VaultID) throws(SecretsError) -> KeyFile {
        let secret = try SecretBytes.random(count: KeyArena.slotSize)
        var text = Array("\(firstLine)\nvault: \(vault)\nkey: ".utf8)
        unsafe secret.withUnsafeBytes { bytes in text += unsafe hex(bytes).utf8 }
        text.append(0x0A)
        defer { wipe(&text) }
        try OwnerOnlyFile.create(path, text)
        return KeyFile(path: path)
    }

    public func wrap(_ root: RootKey, of vault: VaultID) throws(SecretsError) -> RootEnvelope {
        let key = try read(for: vault)
        return RootEnvelope(
            provider: Self.kind, parameters: ["path": path],
            wrapped: KeyWrapper(key).wrap(root, binding: Self.binding(vault)))
    }

    public func unwrap(_ envelope: RootEnvelope, of vault: VaultID) throws(SecretsError) -> RootKey {
        try Self.unwrap(
            envelope, of: vault, with: try read(for: vault),
            remedy: "name the key file made when this vault was, with --key-file")
    }

    private func read(for vault: VaultID) throws(SecretsError) -> WrappingKey {
        var text = try OwnerOnlyFile.read(path, limit: 4096)
        defer { wipe(&text) }
        let lines = text.split(separator: 0x0A).map { $0.last == 0x0D ? $0.dropLast() : $0 }
        guard let first = lines.first, first.elementsEqual(Self.firstLine.utf8) else {
            throw malformed("its first line is not `\(Self.firstLine)`")
        }
        var owner: VaultID?
        var key: [UInt8]?
        defer { unsafe key?.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) } }
        for line in lines.dropFirst() where line.first != 0x23 {
            let parts = line.split(separator: 0x3A, maxSplits: 1)
            guard parts.count == 2 else { throw malformed("a line is not `name: value`") }
            let value = parts[1].drop { $0 == 0x20 }
            if parts[0].elementsEqual("vault".utf8) {
                owner = VaultID(String(decoding: value, as: UTF8.self))
            } else if parts[0].elementsEqual("key".utf8) {
                key = bytes(hex: String(decoding: value, as: UTF8.self))
            } else {
                throw malformed("a line has an unknown name")
            }
        }
        guard let owner else { throw malformed("the line `vault:` is missing or is not an id") }
        guard let key, key.count == KeyArena.slotSize else {
            throw malformed("the line `key:` is missing or is not 64 hexadecimal digits")
        }
        guard hex(BLAKE2b.digest(key)) != Self.publishedExample else {
            throw SecretsError(
                SecretsError.exampleKey, "this is the published example key",
                remedy: "make a real one: `profilevault init` does when no --key-file is named")
        }
        guard owner == vault else {
            throw SecretsError(
                SecretsError.keyOfAnotherVault, "the key file `\(path)` belongs to vault \(owner), not to \(vault)",
                remedy: "name the key file made when this vault was, with --key-file")
        }
        return try WrappingKey(copying: try SecretBytes(copying: key))
    }

    private func malformed(_ reason: String) -> SecretsError {
        SecretsError(
            SecretsError.keyFileMalformed, "the key file `\(path)` cannot be used: \(reason)",
            remedy: "see keys-example/README.md for the format")
    }
}
