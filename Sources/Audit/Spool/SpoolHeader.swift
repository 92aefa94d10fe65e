import Core
import Secrets

/// The first 112 bytes of the spool: whose it is, up to where its entries are in the log already, and how many entries
/// the log had then, changes among them: a database that has fewer was put back to an earlier time.
///
/// `PVSPOOL1` (8), BLAKE2b-128 of the origin (16), durability (1), entries in the log (7), sequence (8), time in
/// milliseconds (8), chain value after that sequence (32), keyed BLAKE2b-256 of all before it (32).
struct SpoolHeader: Equatable {
    static let length = 112
    private static let magic = Array("PVSPOOL1".utf8)

    let origin: [UInt8]
    let durability: AuditLog.Durability
    /// Entries up to this one are in the log; frames that hold them are leftovers.
    let mark: SpoolMark

    static func originDigest(_ origin: String) -> [UInt8] { BLAKE2b.digest(Array(origin.utf8), length: 16) }

    func encoded(key: AuthenticationKey) -> [UInt8] {
        var writer = ByteWriter(capacity: Self.length)
        writer.write(Self.magic)
        writer.write(origin)
        writer.write(UInt64(durability.rawValue) << 56 | mark.size)
        writer.write(mark.sequence)
        writer.write(mark.time.milliseconds)
        writer.write(mark.chain)
        writer.write(Self.code(writer.bytes[...], key: key))
        return writer.bytes
    }

    /// - Throws: `spoolForeign` when the header is that of another vault, `spoolBroken` when it is nobody's.
    init(_ bytes: ArraySlice<UInt8>, origin: [UInt8], key: AuthenticationKey) throws(AuditError) {
        var reader = ByteReader(bytes)
        guard bytes.count == Self.length, let magic = reader.read(count: 8), magic.elementsEqual(Self.magic),
            let found = reader.read(count: 16), let word = reader.read(UInt64.self),
            let sequence = reader.read(UInt64.self), let time = reader.read(Int64.self),
            let chain = reader.read(count: SpoolMark.chainLength), let code = reader.read(count: 32)
        else { throw .spoolBroken("it does not begin as a spool does") }
        guard found.elementsEqual(origin) else {
            throw AuditError(
                AuditError.spoolForeign, "the audit spool belongs to another vault",
                remedy: "put this vault's own `audit.spool` back, or \(AuditError.acceptLoss)")
        }
        guard equalInConstantTime(Array(code), Self.code(bytes.dropLast(32), key: key)),
            let durability = AuditLog.Durability(rawValue: UInt8(word >> 56))
        else { throw .spoolBroken("its header was changed") }
        self.origin = origin
        self.durability = durability
        mark = SpoolMark(
            sequence: sequence, chain: Array(chain), time: Timestamp(milliseconds: time), size: word & (1 << 56 - 1))
    }

    init(origin: [UInt8], durability: AuditLog.Durability, mark: SpoolMark) {
        self.origin = origin
        self.durability = durability
        self.mark = mark
    }

    private static func code(_ bytes: ArraySlice<UInt8>, key: AuthenticationKey) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: 32)
        hash.update("profilevault spool header")
        hash.update(bytes)
        return hash.finish()
    }
}

/// A place in the sequence of spooled entries: its number, the chain value there, the newest time so far, and how many
/// entries the log had when it had folded up to here.
struct SpoolMark: Sendable, Equatable {
    static let chainLength = 32

    var sequence: UInt64
    var chain: [UInt8]
    var time: Timestamp
    var size: UInt64 = 0

    static let beginning = SpoolMark(
        sequence: 0, chain: [UInt8](repeating: 0, count: chainLength), time: Timestamp(milliseconds: 0))
}
