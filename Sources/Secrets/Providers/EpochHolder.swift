public import Core

/// One place that holds the epoch key: small, overwritten where it lies, never in snapshots or write-once storage.
///
/// 256 bytes: `PVEPOCH1` (8), vault id (16), epoch (4), wrapped epoch key (73), commitment (32), zeros, and
/// BLAKE2b-256 of all before it (32). One sector, so that an overwrite is whole or not at all. The epoch key is
/// wrapped under the root: a stolen holder alone opens nothing, and without a holder the root alone opens nothing.
public struct EpochHolder: Sendable, Equatable {
    private static let magic = Array("PVEPOCH1".utf8)
    private static let length = 256

    public let path: String

    public init(path: String) { self.path = path }

    /// Stores the first epoch's key; the file must not exist.
    public func create(_ key: WrappingKey, epoch: UInt32, vault: VaultID, root: RootKey) throws(SecretsError) {
        try OwnerOnlyFile.create(path, try encode(key, epoch: epoch, vault: vault, root: root))
    }

    /// Destroys the key that is held and puts `key` in its place; a torn holder is repaired so.
    ///
    /// - Throws: `keyOfAnotherVault` and `malformed` when the file is not a holder of this vault: what an overwrite
    ///   destroys is gone for ever.
    public func replace(with key: WrappingKey, epoch: UInt32, vault: VaultID, root: RootKey) throws(SecretsError) {
        let content = try OwnerOnlyFile.read(path, limit: Self.length)
        guard content.count == Self.length else { throw torn }
        if let (owner, _, _) = Self.decode(content) { try refuse(owner, unless: vault) }
        try OwnerOnlyFile.overwrite(path, try encode(key, epoch: epoch, vault: vault, root: root))
    }

    /// Puts the key where no holder is left, or what a power cut left of this vault's; says whether it had to.
    ///
    /// A whole holder, and a file that is something else, stay as they are.
    ///
    /// - Throws: when the file may not be read or written.
    public func restore(
        _ key: WrappingKey, epoch: UInt32, vault: VaultID, root: RootKey
    ) throws(SecretsError) -> Bool {
        guard OwnerOnlyFile.exists(path) else {
            try OwnerOnlyFolder.make(for: path)
            try create(key, epoch: epoch, vault: vault, root: root)
            return true
        }
        let content = try OwnerOnlyFile.read(path, limit: Self.length)
        let isOurs = content.starts(with: Self.magic + vault.bytes) || content.allSatisfy { $0 == 0 }
        guard isOurs, Self.decode(content) == nil else { return false }
        try OwnerOnlyFile.overwrite(path, try encode(key, epoch: epoch, vault: vault, root: root))
        return true
    }

    /// The key that is held and its epoch.
    public func read(of vault: VaultID, root: RootKey) throws(SecretsError) -> (epoch: UInt32, key: WrappingKey) {
        let content = try OwnerOnlyFile.read(path, limit: Self.length)
        guard let (owner, epoch, wrapped) = Self.decode(content) else { throw torn }
        try refuse(owner, unless: vault)
        let key: WrappingKey = try KeyUnwrapper(try Self.wrapping(root)).unwrap(
            wrapped, binding: Self.binding(vault, epoch: epoch))
        return (epoch, key)
    }

    /// Whether this is a whole holder of the vault's.
    public func belongs(to vault: VaultID) -> Bool {
        do throws(SecretsError) {
            return Self.decode(try OwnerOnlyFile.read(path, limit: Self.length))?.owner == vault
        } catch {
            return false
        }
    }

    /// What a holder's bytes say; `nil` unless they are whole.
    private static func decode(_ content: [UInt8]) -> (owner: VaultID, epoch: UInt32, wrapped: WrappedKey)? {
        var reader = ByteReader(content)
        guard content.count == length, BLAKE2b.digest(Array(content.dropLast(32))) == Array(content.suffix(32)),
            reader.read(count: 8).map(Array.init) == magic,
            let owner = reader.read(count: 16).flatMap({ VaultID(bytes: $0) }),
            let epoch = reader.read(UInt32.self), let wrapped = reader.read(count: WrappedKey.length),
            let commitment = reader.read(count: 32)
        else { return nil }
        return (owner, epoch, WrappedKey(bytes: Array(wrapped), commitment: Array(commitment)))
    }

    private func refuse(_ owner: VaultID, unless vault: VaultID) throws(SecretsError) {
        guard owner == vault else {
            throw SecretsError(
                SecretsError.keyOfAnotherVault, "the epoch holder `\(path)` belongs to vault \(owner), not to \(vault)",
                remedy: "name this vault's own holder")
        }
    }

    private var torn: SecretsError {
        SecretsError(
            SecretsError.malformed, "the epoch holder `\(path)` is torn or is something else",
            remedy: "put a copy of the vault's other holder in its place; vault.json names them")
    }

    private func encode(
        _ key: WrappingKey, epoch: UInt32, vault: VaultID, root: RootKey
    ) throws(SecretsError) -> [UInt8] {
        let wrapped = KeyWrapper(try Self.wrapping(root)).wrap(key, binding: Self.binding(vault, epoch: epoch))
        var writer = ByteWriter(capacity: Self.length)
        writer.write(Self.magic)
        writer.write(vault.bytes)
        writer.write(epoch)
        writer.write(wrapped.bytes)
        writer.write(wrapped.commitment)
        writer.write(repeatElement(0, count: Self.length - 32 - writer.bytes.count))
        writer.write(BLAKE2b.digest(writer.bytes))
        return writer.bytes
    }

    private static func wrapping(_ root: RootKey) throws(SecretsError) -> WrappingKey { try root.derive("epoch") }

    private static func binding(_ vault: VaultID, epoch: UInt32) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeCounted("profilevault epoch v1")
        writer.write(vault.bytes)
        writer.write(epoch)
        return writer.bytes
    }
}
