package import Core

/// Which head changed, of a person or of the vault itself, so that a rolled-back row is found by comparing the database
/// with the log.
///
/// The last change of each (kind, tenant, profile) is what the database must show. Heads of the vault's own rows are of
/// tenant 0, and `profile` is the row's id or number.
package struct HeadChange: Sendable, Hashable {
    /// The two chains a person has, and the rows that the vault itself has.
    package enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// The profile's record; its sequence is the revision.
        case profile = 1
        /// The person's consents; its sequence counts them.
        case consent = 2
        /// An operator's account; its sequence is the row's revision.
        case account = 3
        /// A tenant, which never changes.
        case tenant = 4
        /// The number of a field's name, which never changes.
        case field = 5
        /// A policy set, which never changes; its sequence is 1.
        case policySet = 6
        /// The highest number that a person's row was ever given, which is the sequence.
        case highestNumber = 7
        /// The denial ledger, which only grows; its sequence counts the records.
        case denial = 8
        /// A service with its keys; its sequence is the row's revision.
        case service = 9
        /// A request that takes two people; its sequence is the row's revision.
        case approval = 10

        /// Whether it is a row of the vault itself and not a person's.
        package var isVaults: Bool { rawValue > Self.consent.rawValue }
    }

    /// Bytes of a row's authentication code.
    package static let digestLength = 16

    package let kind: Kind
    package let tenant: TenantID
    package let profile: ProfileID
    package let sequence: UInt64
    private let high: UInt64
    private let low: UInt64

    /// `digest` is the sixteen bytes of the row's authentication code.
    package init(kind: Kind, tenant: TenantID, profile: ProfileID, sequence: UInt64, digest: some Collection<UInt8>) {
        precondition(digest.count == Self.digestLength, "a head's digest has 16 bytes")
        // An import makes millions of these: the generic loop over a collection would cost more than the hash itself.
        let words =
            digest.withContiguousStorageIfAvailable { bytes in
                let raw = UnsafeRawBufferPointer(bytes)
                return (
                    UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)),
                    UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            } ?? UniqueID(bytes: digest).map { ($0.high, $0.low) } ?? (0, 0)
        self.init(kind: kind, tenant: tenant, profile: profile, sequence: sequence, words: words)
    }

    /// A row of the vault itself, known by a number.
    package static func row(
        _ kind: Kind, _ number: UInt64, sequence: UInt64 = 1, digest: some Collection<UInt8>
    ) -> HeadChange {
        row(kind, ProfileID(high: 0, low: number), sequence: sequence, digest: digest)
    }

    /// A row of the vault itself, known by an id.
    package static func row(
        _ kind: Kind, _ id: UniqueID, sequence: UInt64 = 1, digest: some Collection<UInt8>
    ) -> HeadChange {
        HeadChange(kind: kind, tenant: TenantID(0), profile: id, sequence: sequence, digest: digest)
    }

    /// The head is gone: its person was erased, or the row merged into another.
    package static func removal(
        kind: Kind, tenant: TenantID, profile: ProfileID, sequence: UInt64
    ) -> HeadChange {
        HeadChange(kind: kind, tenant: tenant, profile: profile, sequence: sequence, words: (0, 0))
    }

    init(kind: Kind, tenant: TenantID, profile: ProfileID, sequence: UInt64, words: (UInt64, UInt64)) {
        self.kind = kind
        self.tenant = tenant
        self.profile = profile
        self.sequence = sequence
        high = words.0
        low = words.1
    }

    /// The row's authentication code; zeros when the head is gone.
    package var digest: [UInt8] { UniqueID(high: high, low: low).bytes }

    /// Whether the database must show no such row any more.
    package var isRemoval: Bool { high == 0 && low == 0 }

    var words: (UInt64, UInt64) { (high, low) }
}
