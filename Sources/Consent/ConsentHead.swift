public import Core
import Secrets

/// Where one person's consents stand: made and checked by the ledger, asked on every gated read.
///
/// The row holds, big-endian: format 1 (= 1), key id 4, tenant 4, profile 16, sequence of the newest record 8, its chain
/// hash 32, count 1, that many `PurposeState`s in order of their tags, MAC 16. The MAC is BLAKE2b-128 keyed by the
/// tenant's consent key over `"profilevault consent head v1" ‖ number (8) ‖` all bytes before it, so a head of another
/// person, row or tenant does not pass. Nothing is decoded until it is asked for.
public struct ConsentHead: Sendable, Equatable {
    static let format: UInt8 = 1
    static let keyID: UInt32 = 1
    private static let sequenceOffset = 25
    private static let chainOffset = 33
    private static let countOffset = 65
    private static let statesOffset = 66
    static let codeLength = 16

    /// The whole row, well formed.
    let bytes: [UInt8]

    /// Checks the code and the place before anything else.
    init(
        row: UnsafeRawBufferPointer, of subject: Subject, key: AuthenticationKey
    ) throws(ConsentError) {
        guard row.count >= Self.statesOffset + Self.codeLength else { throw .headChanged(of: subject.id) }
        let body = UnsafeRawBufferPointer(rebasing: row[..<(row.count - Self.codeLength)])
        let code = Self.code(of: body, number: subject.number, key: key)
        guard equalInConstantTime(code, Array(row[(row.count - Self.codeLength)...])) else {
            throw .headChanged(of: subject.id)
        }
        guard Self.isWellFormed(body, of: subject) else {
            throw .headChanged(of: subject.id, "is of a format this program does not know")
        }
        bytes = Array(row)
    }

    /// A new head, sealed with its code.
    init(
        of subject: Subject, sequence: UInt64, chain: [UInt8], states: [PurposeState], key: AuthenticationKey
    ) {
        var writer = ByteWriter(capacity: 96 + states.count * 30)
        writer.write(Self.format)
        writer.write(Self.keyID)
        writer.write(subject.tenant.number)
        writer.write(subject.id.high)
        writer.write(subject.id.low)
        writer.write(sequence)
        writer.write(chain)
        writer.write(UInt8(states.count))
        for state in states { state.write(to: &writer) }
        let code = writer.bytes.withUnsafeBytes { Self.code(of: $0, number: subject.number, key: key) }
        writer.write(code)
        bytes = writer.bytes
    }

    private static func code(
        of body: UnsafeRawBufferPointer, number: Int64, key: AuthenticationKey
    ) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: codeLength)
        hash.update("profilevault consent head v1")
        hash.update(number)
        hash.update(body)
        return hash.finish()
    }

    /// Whether the bytes are of this format and of this person; the code says who wrote them, not that they fit.
    private static func isWellFormed(_ body: UnsafeRawBufferPointer, of subject: Subject) -> Bool {
        guard body[0] == format, body.word(UInt32.self, at: 1) == keyID,
            body.word(UInt32.self, at: 5) == subject.tenant.number,
            body.word(UInt64.self, at: 9) == subject.id.high, body.word(UInt64.self, at: 17) == subject.id.low
        else { return false }
        var position = statesOffset
        for _ in 0..<body[countOffset] {
            // A state that this program cannot read must not be lost when the head is written again.
            guard position + 10 <= body.count, body[position + 8] <= PurposeState.newestAnswer,
                body[position + 9] <= PurposeState.allFlags
            else { return false }
            position += 10 + PurposeState.tail(of: body[position + 9])
        }
        return position == body.count
    }

    /// The profile and tenant that a row names, before anything is checked: for walking over all rows.
    static func claimedOwner(of row: UnsafeRawBufferPointer) -> (tenant: TenantID, profile: ProfileID)? {
        guard row.count >= sequenceOffset else { return nil }
        return (
            TenantID(row.word(UInt32.self, at: 5)),
            ProfileID(high: row.word(UInt64.self, at: 9), low: row.word(UInt64.self, at: 17))
        )
    }

    public var tenant: TenantID { TenantID(bytes.withUnsafeBytes { $0.word(UInt32.self, at: 5) }) }

    public var profile: ProfileID {
        bytes.withUnsafeBytes {
            ProfileID(high: $0.word(UInt64.self, at: 9), low: $0.word(UInt64.self, at: 17))
        }
    }

    /// How many records the person has.
    public var sequence: UInt64 { bytes.withUnsafeBytes { $0.word(UInt64.self, at: Self.sequenceOffset) } }

    /// The chain hash of the newest record.
    var chain: [UInt8] { Array(bytes[Self.chainOffset..<Self.countOffset]) }

    /// The code of the head: what the log keeps of it.
    package var digest: [UInt8] { Array(bytes.suffix(Self.codeLength)) }

    /// All states, in order of their tags.
    var states: [PurposeState] {
        var reader = ByteReader(bytes[Self.statesOffset..<(bytes.count - Self.codeLength)])
        var states: [PurposeState] = []
        states.reserveCapacity(Int(bytes[Self.countOffset]))
        // The rows were checked to be well formed, so this reads them all.
        while let state = PurposeState(&reader) { states.append(state) }
        return states
    }

    /// Finds the raw state under each of two tags in one pass without making an array of states.
    func find(_ tag: UInt64) -> (own: RawState, all: RawState) {
        bytes.withUnsafeBytes { bytes in
            var own = RawState()
            var all = RawState()
            var position = Self.statesOffset
            for _ in 0..<bytes[Self.countOffset] {
                let found = bytes.word(UInt64.self, at: position)
                let flags = bytes[position + 9]
                if found == tag || found == 0 {
                    let expiry = position + 10 + (flags & PurposeState.sinceFlag != 0 ? 8 : 0)
                    let state = RawState(
                        answer: bytes[position + 8], flags: flags,
                        expires: flags & PurposeState.expiresFlag != 0 ? bytes.word(Int64.self, at: expiry) : .max)
                    if found == 0 { all = state } else { own = state }
                }
                position += 10 + PurposeState.tail(of: flags)
            }
            return (own, all)
        }
    }

    /// What decides whether a purpose holds, as it lies in the head.
    struct RawState {
        var answer: UInt8 = 0
        var flags: UInt8 = 0
        /// Milliseconds; the largest number for never.
        var expires: Int64 = .max

        var isRestricted: Bool { flags & PurposeState.restrictedFlag != 0 }
        var isObjected: Bool { flags & PurposeState.objectedFlag != 0 }
    }
}

/// A head as it lies in the store: nothing of it counts before its code is checked.
package struct UncheckedConsentHead: Sendable {
    let subject: Subject
    let bytes: [UInt8]
}

extension UnsafeRawBufferPointer {
    /// The big-endian number at `offset`, which the caller has checked.
    fileprivate func word<N: FixedWidthInteger>(_: N.Type, at offset: Int) -> N {
        N(bigEndian: loadUnaligned(fromByteOffset: offset, as: N.self))
    }
}
