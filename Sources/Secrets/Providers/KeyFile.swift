public import Core
import Glibc

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

    private static let refusedExample = SecretsError(
        SecretsError.exampleKey, "this is the published example key",
        remedy: "make a real one: `profilevault init` does when no --key-file is named")
    private static let limit = 4096

    public let path: String

    public init(path: String) { self.path = path }

    /// Makes a new key file for `vault`; never overwrites one.
    public static func create(at path: String, for vault: VaultID) throws(SecretsError) -> KeyFile {
        let secret = try SecretBytes.random(count: KeyArena.slotSize)
        let header = Array("\(firstLine)\nvault: \(vault)\nkey: ".utf8)
        let digits = Array("0123456789abcdef".utf8)
        // Reserved at once: growing would leave copies of the key behind.
        var text: [UInt8] = []
        text.reserveCapacity(header.count + 2 * KeyArena.slotSize + 1)
        defer { wipe(&text) }
        text += header
        unsafe secret.withUnsafeBytes { bytes in
            for index in 0..<KeyArena.slotSize {
                let byte = unsafe bytes[index]
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        text.append(0x0A)
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

    /// Whether this is a whole key file of the vault's.
    public func belongs(to vault: VaultID) -> Bool {
        do throws(SecretsError) {
            _ = try read(for: vault)
            return true
        } catch {
            return false
        }
    }

    /// Reads the file where it cannot be copied about: its key goes from the buffer straight into guarded memory.
    private func read(for vault: VaultID) throws(SecretsError) -> WrappingKey {
        do throws(SecretsError) {
            return try unsafe OwnerOnlyFile.withContent(of: path, limit: Self.limit) { content throws(SecretsError) in
                try unsafe key(in: content, for: vault)
            }
        } catch {
            if error.code == SecretsError.keyFileUnreadable, unsafe access(path, F_OK) != 0, errno == ENOENT {
                throw SecretsError(
                    error.code, error.message,
                    remedy: "name where the key file is with --key-file, or put it back from its backup")
            }
            guard error.code == SecretsError.permissionsTooOpen, isPublishedExample(for: vault) else { throw error }
            throw Self.refusedExample
        }
    }

    /// Whether a file that everybody may read is the example as it lies in a fresh copy of the source: closing it to
    /// others would not help.
    private func isPublishedExample(for vault: VaultID) -> Bool {
        do throws(SecretsError) {
            _ = try unsafe OwnerOnlyFile.withContent(of: path, limit: Self.limit, ownerOnly: false) {
                content throws(SecretsError) in
                try unsafe key(in: content, for: vault)
            }
            return false
        } catch {
            return error.code == SecretsError.exampleKey
        }
    }

    private func key(in content: UnsafeRawBufferPointer, for vault: VaultID) throws(SecretsError) -> WrappingKey {
        var lines = unsafe content.split(separator: 0x0A).map { unsafe $0.last == 0x0D ? $0.dropLast() : $0 }
        guard unsafe lines.first?.elementsEqual(Self.firstLine.utf8) == true else {
            throw malformed("its first line is not `\(Self.firstLine)`")
        }
        unsafe lines.removeFirst()
        unsafe lines.removeAll { unsafe $0.isEmpty || $0.first == 0x23 }
        let owner = try unsafe value(of: "vault", in: lines)
        let digits = try unsafe value(of: "key", in: lines)
        guard unsafe lines.count == 2 else {
            throw malformed("a line is not `name: value`, or its name is unknown")
        }
        guard let owner = unsafe VaultID(String(decoding: owner, as: UTF8.self)) else {
            throw malformed("the line `vault:` is not an id")
        }
        let key = try unsafe secret(hex: digits)
        guard Self.digest(of: key) != Self.publishedExample else { throw Self.refusedExample }
        guard owner == vault else {
            throw SecretsError(
                SecretsError.keyOfAnotherVault, "the key file `\(path)` belongs to vault \(owner), not to \(vault)",
                remedy: "name the key file made when this vault was, with --key-file")
        }
        return try WrappingKey(copying: key)
    }

    /// The value of the one line with this name.
    private func value(
        of name: String, in lines: [Slice<UnsafeRawBufferPointer>]
    ) throws(SecretsError) -> Slice<UnsafeRawBufferPointer> {
        let start = Array("\(name):".utf8)
        let found = unsafe lines.filter { unsafe $0.starts(with: start) }
        guard unsafe found.count == 1, let line = unsafe found.first else {
            throw malformed("the line `\(name):` is missing or is there twice")
        }
        return unsafe line.dropFirst(start.count).drop { $0 == 0x20 }
    }

    private func secret(hex digits: Slice<UnsafeRawBufferPointer>) throws(SecretsError) -> SecretBytes {
        guard unsafe digits.count == 2 * KeyArena.slotSize else {
            throw malformed("the line `key:` is not 64 hexadecimal digits")
        }
        return try unsafe SecretBytes(count: KeyArena.slotSize) { output throws(SecretsError) in
            for index in 0..<KeyArena.slotSize {
                let place = unsafe digits.startIndex + 2 * index
                guard let high = unsafe nibble(digits[place]), let low = unsafe nibble(digits[place + 1]) else {
                    throw malformed("the line `key:` is not 64 hexadecimal digits")
                }
                unsafe output[index] = high << 4 | low
            }
        }
    }

    private func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }

    private static func digest(of key: borrowing SecretBytes) -> String {
        let hash = BLAKE2b(length: 32)
        unsafe key.withUnsafeBytes { unsafe hash.update($0) }
        return hex(hash.finish())
    }

    private func malformed(_ reason: String) -> SecretsError {
        SecretsError(
            SecretsError.keyFileMalformed, "the key file `\(path)` cannot be used: \(reason)",
            remedy: "see keys-example/README.md for the format")
    }
}
