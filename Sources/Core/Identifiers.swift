/// 128 bits in UUID clothing (RFC 9562): the shape of every random id the vault hands out.
public struct UniqueID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Version 7 (RFC 9562 §5.7): 48 bits of time so that new rows land at the end of an index, 74 random bits.
    public init(at time: Timestamp, random: (UInt64, UInt64)) {
        let milliseconds = UInt64(clamping: time.milliseconds) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
        low = 0x8000_0000_0000_0000 | random.1 & 0x3FFF_FFFF_FFFF_FFFF
    }

    /// `nil` unless there are sixteen bytes.
    public init?(bytes: some Collection<UInt8>) {
        var reader = ByteReader(bytes)
        guard bytes.count == 16, let high = reader.read(UInt64.self), let low = reader.read(UInt64.self) else {
            return nil
        }
        self.init(high: high, low: low)
    }

    /// `nil` unless there are sixteen bytes.
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount == 16 else { return nil }
        high = UInt64(bigEndian: bytes.unsafeLoadUnaligned(as: UInt64.self))
        low = UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    /// Reads the 8-4-4-4-12 form, in either case.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12], let bytes = Core.bytes(hex: parts.joined()) else {
            return nil
        }
        self.init(bytes: bytes)
    }

    public var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 16)
        writer.write(high)
        writer.write(low)
        return writer.bytes
    }

    public static func < (left: UniqueID, right: UniqueID) -> Bool { (left.high, left.low) < (right.high, right.low) }

    public var description: String {
        let digits = Array(hex(bytes))
        let cuts = [0, 8, 12, 16, 20, 32]
        return zip(cuts, cuts.dropFirst()).map { String(digits[$0..<$1]) }.joined(separator: "-")
    }
}

/// The random id of one person's record; it says nothing about the person.
public typealias ProfileID = UniqueID
/// The random id of one event of one person.
public typealias EventID = UniqueID
/// The random id of a vault, part of everything derived from its root key.
public typealias VaultID = UniqueID

/// The number of a tenant inside one vault, from 1.
public struct TenantID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let number: UInt32

    public init(_ number: UInt32) { self.number = number }

    public static func < (left: TenantID, right: TenantID) -> Bool { left.number < right.number }

    public var description: String { String(number) }
}
