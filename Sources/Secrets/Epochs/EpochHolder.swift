public import Core

/// What an epoch key is wrapped under, and which epoch it is of.
public struct EpochLock: Sendable {
    public let vault: VaultID
    public let epoch: UInt32
    /// The root key and its version: 1 for a vault's first, one more with every rotation.
    public let root: RootKey
    public let rootVersion: UInt32
    public let counterpart: EpochCounterpart

    public init(
        vault: VaultID, epoch: UInt32, root: RootKey, rootVersion: UInt32, counterpart: EpochCounterpart
    ) {
        self.vault = vault
        self.epoch = epoch
        self.root = root
        self.rootVersion = rootVersion
        self.counterpart = counterpart
    }

    func wrapping() throws(SecretsError) -> WrappingKey {
        var context = ByteWriter(capacity: KeyArena.slotSize)
        counterpart.append(to: &context)
        return try root.derive("epoch", context: context.bytes)
    }
}

/// The key of one epoch.
public struct EpochKey: Sendable {
    public let number: UInt32
    public let key: WrappingKey

    public init(number: UInt32, key: WrappingKey) {
        self.number = number
        self.key = key
    }
}

/// One place that holds the epoch key: small, overwritten where it lies, never in snapshots or write-once storage.
///
/// 256 bytes: `PVEPOCH2` (8), vault id (16), epoch (4), wrapped epoch key (73), commitment (32), version of the root key (4),
/// zeros, and BLAKE2b-256 of all before it (32). One sector, so that an overwrite is whole or not at all. The epoch key is
/// wrapped under the root key and the epoch's counterpart together: a stolen holder opens nothing without both. What
/// `PVEPOCH1` holds, with zeros for the version, is wrapped under the first root key alone; it ends when its epoch turns.
public struct EpochHolder: Sendable {
    private enum Format: CaseIterable {
        case withoutCounterpart, withCounterpart

        var magic: [UInt8] {
            switch self {
            case .withoutCounterpart: Array("PVEPOCH1".utf8)
            case .withCounterpart: Array("PVEPOCH2".utf8)
            }
        }
    }

    /// What a holder's bytes say.
    private struct Content {
        let format: Format
        let owner: VaultID
        let epoch: UInt32
        let wrapped: WrappedKey
        let rootVersion: UInt32
    }

    private static let length = 256

    private let place: any EpochPlace

    public init(_ place: any EpochPlace) { self.place = place }

    public var name: String { place.name }

    /// Stores an epoch key where nothing is.
    public func create(_ key: WrappingKey, under lock: EpochLock) throws(SecretsError) {
        try place.create(try Self.encode(key, lock))
    }

    /// Destroys the key that is held and puts `key` in its place; a torn holder is repaired so.
    ///
    /// - Throws: `keyOfAnotherVault` and `malformed` when it is not a holder of this vault: what an overwrite destroys is
    ///   gone for ever.
    public func replace(with key: WrappingKey, under lock: EpochLock) throws(SecretsError) {
        guard let content = try place.read(limit: Self.length) else { throw missing }
        guard content.count == Self.length else { throw torn }
        if let known = Self.decode(content) { try refuse(known.owner, unless: lock.vault) }
        try place.overwrite(try Self.encode(key, lock))
    }

    /// Puts the key where no holder is left, or what a power cut left of this vault's, or one of an earlier epoch or without
    /// counterpart; says whether it had to.
    ///
    /// A holder of this epoch or a later one, and a file that is something else, stay as they are.
    ///
    /// - Throws: when the place may not be read or written.
    public func restore(_ key: WrappingKey, under lock: EpochLock) throws(SecretsError) -> Bool {
        guard let content = try place.read(limit: Self.length) else {
            try create(key, under: lock)
            return true
        }
        if let known = Self.decode(content) {
            let isBehind =
                (known.epoch, known.rootVersion) < (lock.epoch, lock.rootVersion)
                || known.format == .withoutCounterpart && known.epoch == lock.epoch
            guard known.owner == lock.vault, isBehind else { return false }
        } else {
            let isOurs = Format.allCases.contains { content.starts(with: $0.magic + lock.vault.bytes) }
            guard isOurs || content.allSatisfy({ $0 == 0 }) else { return false }
        }
        try place.overwrite(try Self.encode(key, lock))
        return true
    }

    /// The key that is held, and its epoch.
    ///
    /// - Parameters:
    ///   - vault: whose holder it has to be.
    ///   - roots: root keys by version: one, or two while one takes the other's place.
    ///   - counterparts: by epoch.
    /// - Returns: the key.
    /// - Throws: `epochEnded` when its counterpart is destroyed, `wrongRootKey` when it is of another version of the root key;
    ///   what is wrong with the place or its bytes.
    public func read(
        of vault: VaultID, roots: [UInt32: RootKey], counterparts: [UInt32: EpochCounterpart]
    ) throws(SecretsError) -> EpochKey {
        guard let bytes = try place.read(limit: Self.length) else { throw missing }
        guard let content = Self.decode(bytes) else { throw torn }
        try refuse(content.owner, unless: vault)
        guard let root = roots[content.rootVersion] else {
            throw SecretsError(
                SecretsError.wrongRootKey, "`\(name)` is of another version of the root key than what was given",
                remedy: "bring the newest: an older key file, passphrase or share ended when the root key was changed")
        }
        let wrapping: WrappingKey
        switch content.format {
        case .withoutCounterpart: wrapping = try root.derive("epoch")
        case .withCounterpart:
            guard let counterpart = counterparts[content.epoch] else {
                throw SecretsError(
                    SecretsError.epochEnded,
                    "the epoch \(content.epoch) of `\(name)` has ended, and its key is destroyed",
                    remedy: "`profilevault doctor --repair` makes it anew from another holder")
            }
            wrapping = try EpochLock(
                vault: vault, epoch: content.epoch, root: root, rootVersion: content.rootVersion,
                counterpart: counterpart
            ).wrapping()
        }
        let key: WrappingKey = try KeyUnwrapper(wrapping).unwrap(
            content.wrapped, binding: Self.binding(vault, epoch: content.epoch))
        return EpochKey(number: content.epoch, key: key)
    }

    /// Whether this is a whole holder of the vault's.
    public func belongs(to vault: VaultID) -> Bool {
        do throws(SecretsError) {
            return try place.read(limit: Self.length).flatMap(Self.decode)?.owner == vault
        } catch {
            return false
        }
    }

    /// `nil` unless they are whole.
    private static func decode(_ content: [UInt8]) -> Content? {
        var reader = ByteReader(content)
        guard content.count == length, BLAKE2b.digest(Array(content.dropLast(32))) == Array(content.suffix(32)),
            let magic = reader.read(count: 8).map(Array.init),
            let format = Format.allCases.first(where: { $0.magic == magic }),
            let owner = reader.read(count: 16).flatMap({ VaultID(bytes: $0) }),
            let epoch = reader.read(UInt32.self), let wrapped = reader.read(count: WrappedKey.length),
            let commitment = reader.read(count: 32), let rootVersion = reader.read(UInt32.self)
        else { return nil }
        return Content(
            format: format, owner: owner, epoch: epoch,
            wrapped: WrappedKey(bytes: Array(wrapped), commitment: Array(commitment)),
            rootVersion: format == .withoutCounterpart ? 1 : rootVersion)
    }

    private func refuse(_ owner: VaultID, unless vault: VaultID) throws(SecretsError) {
        guard owner == vault else {
            throw SecretsError(
                SecretsError.keyOfAnotherVault, "the epoch holder `\(name)` belongs to vault \(owner), not to \(vault)",
                remedy: "name this vault's own holder")
        }
    }

    private var torn: SecretsError {
        SecretsError(
            SecretsError.malformed, "the epoch holder `\(name)` is torn or is something else",
            remedy: "`profilevault doctor --repair` makes it anew from another holder; vault.json names them")
    }

    private var missing: SecretsError {
        SecretsError(
            SecretsError.keyFileUnreadable, "there is no epoch holder `\(name)`",
            remedy: "`profilevault doctor --repair` makes it anew from another holder; vault.json names them")
    }

    private static func encode(_ key: WrappingKey, _ lock: EpochLock) throws(SecretsError) -> [UInt8] {
        let wrapped = KeyWrapper(try lock.wrapping()).wrap(key, binding: binding(lock.vault, epoch: lock.epoch))
        var writer = ByteWriter(capacity: length)
        writer.write(Format.withCounterpart.magic)
        writer.write(lock.vault.bytes)
        writer.write(lock.epoch)
        writer.write(wrapped.bytes)
        writer.write(wrapped.commitment)
        writer.write(lock.rootVersion)
        writer.write(repeatElement(0, count: length - 32 - writer.bytes.count))
        writer.write(BLAKE2b.digest(writer.bytes))
        return writer.bytes
    }

    private static func binding(_ vault: VaultID, epoch: UInt32) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeCounted("profilevault epoch v1")
        writer.write(vault.bytes)
        writer.write(epoch)
        return writer.bytes
    }
}
