public import Core

/// Half of what an epoch key is wrapped under; the other half is the root key's.
public enum CounterpartRole: KeyRole {}

/// The half of an epoch's lock that lies in the home and is destroyed with the epoch: copies of every holder, and the root
/// key with them, open nothing afterwards.
public typealias EpochCounterpart = Key<CounterpartRole>

/// The counterpart of the epoch, in a block that is overwritten where it lies; of two epochs while one takes the other's place.
///
/// 256 bytes: `PVCNTPT1` (8), vault id (16), twice epoch (4; 0 for none) and counterpart (32), zeros, and BLAKE2b-256 of all
/// before it (32). In the clear: it opens nothing by itself.
public struct CounterpartFile: Sendable {
    private static let magic = Array("PVCNTPT1".utf8)
    private static let length = 256
    private static let most = 2

    private let place: any EpochPlace

    public init(_ place: any EpochPlace) { self.place = place }

    /// The counterparts by their epochs; none where there is no file, as in vaults whose epoch never turned.
    public func read(of vault: VaultID) throws(SecretsError) -> [UInt32: EpochCounterpart] {
        guard var content = try place.read(limit: Self.length) else { return [:] }
        defer { wipe(&content) }
        var reader = ByteReader(content)
        guard content.count == Self.length, BLAKE2b.digest(Array(content.dropLast(32))) == Array(content.suffix(32)),
            reader.read(count: Self.magic.count).map(Array.init) == Self.magic,
            let owner = reader.read(count: 16).flatMap({ VaultID(bytes: $0) })
        else { throw torn }
        guard owner == vault else {
            throw SecretsError(
                SecretsError.keyOfAnotherVault, "`\(place.name)` belongs to vault \(owner), not to \(vault)",
                remedy: "put this vault's own file back")
        }
        var found: [UInt32: EpochCounterpart] = [:]
        for _ in 0..<Self.most {
            if let epoch = reader.read(UInt32.self), let bytes = reader.read(count: KeyArena.slotSize), epoch > 0 {
                found[epoch] = try EpochCounterpart(copying: SecretBytes(copying: Array(bytes)))
            }
        }
        return found
    }

    /// Stores the counterparts of one epoch or two, in the place of those that were there.
    public func store(_ counterparts: [UInt32: EpochCounterpart], of vault: VaultID) throws(SecretsError) {
        precondition(
            (1...Self.most).contains(counterparts.count), "one epoch, or two while one takes the other's place")
        // Reserved at once: growing would leave copies behind.
        var writer = ByteWriter(capacity: Self.length)
        writer.write(Self.magic)
        writer.write(vault.bytes)
        for (epoch, counterpart) in counterparts.sorted(by: { $0.key < $1.key }) {
            writer.write(epoch)
            counterpart.append(to: &writer)
        }
        writer.write(repeatElement(0, count: Self.length - 32 - writer.bytes.count))
        writer.write(BLAKE2b.digest(writer.bytes))
        var content = writer.bytes
        defer { wipe(&content) }
        if try place.read(limit: Self.length) == nil {
            try place.create(content)
        } else {
            try place.overwrite(content)
        }
    }

    private var torn: SecretsError {
        SecretsError(
            SecretsError.malformed, "`\(place.name)` is torn or is something else",
            remedy:
                "put back a copy of the home from since the epoch turned last; else restore the keys from a snapshot")
    }
}

extension EpochCounterpart {
    /// The bytes, for the file and for what is derived from them.
    func append(to writer: inout ByteWriter) {
        unsafe secret.withPointer { bytes in
            unsafe writer.write(UnsafeBufferPointer(start: bytes, count: KeyArena.slotSize))
        }
    }
}
