public import Core

/// Where a cell belongs: the associated data that makes a moved or older cell fail to open.
///
/// 58 bytes, big-endian: format 1, tenant 4, profile 16, record kind 1, record 16, field 4, revision 8, key id 4,
/// schema version 4.
public struct CellBinding: Sendable {
    /// The kind of record a cell is part of.
    public enum Kind: UInt8, Sendable {
        case profile = 1
        case event = 2
        case consentEvidence = 3
        case decision = 4
    }

    public static let format: UInt8 = 1
    static let length = 58

    public let tenant: TenantID
    public let profile: ProfileID
    public let kind: Kind
    /// The event's, consent record's or decision's own id; the profile's id for the profile's own record.
    public let record: UniqueID
    public var field: UInt32
    public var revision: UInt64
    public let keyID: UInt32
    public let schemaVersion: UInt32

    public init(
        tenant: TenantID, profile: ProfileID, kind: Kind, record: UniqueID, field: UInt32, revision: UInt64,
        keyID: UInt32, schemaVersion: UInt32
    ) {
        self.tenant = tenant
        self.profile = profile
        self.kind = kind
        self.record = record
        self.field = field
        self.revision = revision
        self.keyID = keyID
        self.schemaVersion = schemaVersion
    }

    /// Lends the encoded binding without putting it on the heap.
    func withEncoded<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        var encoded = [58 of UInt8](repeating: 0)
        var position = 0
        func put<N: FixedWidthInteger>(_ number: N) {
            var shift = N.bitWidth
            while shift > 0 {
                shift -= 8
                encoded[position] = UInt8(truncatingIfNeeded: number >> shift)
                position += 1
            }
        }
        put(Self.format)
        put(tenant.number)
        put(profile.high)
        put(profile.low)
        put(kind.rawValue)
        put(record.high)
        put(record.low)
        put(field)
        put(revision)
        put(keyID)
        put(schemaVersion)
        return try unsafe Swift.withUnsafeBytes(of: &encoded) { bytes throws(E) in try unsafe body(bytes) }
    }
}
