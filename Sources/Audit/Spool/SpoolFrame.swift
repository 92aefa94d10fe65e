import Core
import Secrets

/// The entries of one `record` call as they lie in the spool: all of them are there, or none.
///
/// Length of the frame (4), its complement (4), sequence of the first entry (8), count (4); for each entry the length of
/// its leaf (4), of its detail (4; all ones when there is none), leaf, detail; at the end the chain value (32): keyed
/// BLAKE2b-256 of the chain value before and of the frame up to here. The complement tells a flipped length from
/// a frame that a crash cut short.
struct SpoolFrame: Sendable {
    static let headLength = 20
    static let shortest = headLength + SpoolMark.chainLength
    static let longest = 16 << 20
    private static let noDetail = UInt32.max

    let first: UInt64
    let count: Int
    let bytes: [UInt8]

    var last: UInt64 { first + UInt64(count) - 1 }
    var chain: [UInt8] { Array(bytes.suffix(SpoolMark.chainLength)) }

    /// The frame of `entries` without its place and chain value, for `seal`.
    static func encode(_ entries: [AuditEntry]) -> [UInt8] {
        var output: [UInt8] = []
        let details = entries.reduce(0) { $0 + ($1.detail?.count ?? 0) }
        output.reserveCapacity(shortest + details + 512 * entries.count)
        output.append(contentsOf: repeatElement(0, count: 16))
        append(UInt32(truncatingIfNeeded: entries.count), to: &output)
        for entry in entries {
            let start = output.count
            output.append(contentsOf: repeatElement(0, count: 8))
            Leaf.write(entry, heads: nil, into: &output)
            put(UInt32(truncatingIfNeeded: output.count - start - 8), at: start, in: &output)
            put(entry.detail.map { UInt32(truncatingIfNeeded: $0.count) } ?? noDetail, at: start + 4, in: &output)
            if let detail = entry.detail { output += detail }
        }
        let length = UInt32(truncatingIfNeeded: output.count + SpoolMark.chainLength)
        put(length, at: 0, in: &output)
        put(~length, at: 4, in: &output)
        return output
    }

    /// Gives an encoded frame its place after `mark` and moves the mark; entries older than the mark get its time.
    static func seal(
        _ encoded: inout [UInt8], times: [Timestamp], after mark: inout SpoolMark, key: AuthenticationKey
    ) -> SpoolFrame {
        let first = mark.sequence + 1
        put(UInt32(truncatingIfNeeded: first >> 32), at: 8, in: &encoded)
        put(UInt32(truncatingIfNeeded: first), at: 12, in: &encoded)
        var offset = headLength
        for (place, time) in times.enumerated() {
            if time < mark.time { stamp(mark.time, ofLeafAt: offset + 8, in: &encoded) } else { mark.time = time }
            guard place + 1 < times.count else { break }
            let detail = number(at: offset + 4, in: encoded)
            offset += 8 + Int(number(at: offset, in: encoded)) + (detail == noDetail ? 0 : Int(detail))
        }
        let chain = link(encoded[...], after: mark.chain, key: key)
        encoded += chain
        mark.chain = chain
        mark.sequence += UInt64(times.count)
        return SpoolFrame(first: first, count: times.count, bytes: encoded)
    }

    /// Lends each entry's leaf and detail; `false` when the lengths in the frame do not add up.
    func forEach(_ body: (_ leaf: ArraySlice<UInt8>, _ detail: ArraySlice<UInt8>?) throws -> Void) rethrows -> Bool {
        let end = bytes.count - SpoolMark.chainLength
        var offset = Self.headLength
        for _ in 0..<count {
            guard offset + 8 <= end else { return false }
            let leaf = Int(Self.number(at: offset, in: bytes))
            let detail = Self.number(at: offset + 4, in: bytes)
            let leafEnd = offset + 8 + leaf
            let next = leafEnd + (detail == Self.noDetail ? 0 : Int(detail))
            guard next <= end else { return false }
            try body(bytes[(offset + 8)..<leafEnd], detail == Self.noDetail ? nil : bytes[leafEnd..<next])
            offset = next
        }
        return offset == end
    }

    /// The chain value of a frame's bytes without their end.
    static func link(_ bytes: ArraySlice<UInt8>, after chain: [UInt8], key: AuthenticationKey) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: SpoolMark.chainLength)
        hash.update(chain)
        hash.update(bytes)
        return hash.finish()
    }

    static func number(at offset: Int, in bytes: [UInt8]) -> UInt32 {
        UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16 | UInt32(bytes[offset + 2]) << 8
            | UInt32(bytes[offset + 3])
    }

    private static func stamp(_ time: Timestamp, ofLeafAt leaf: Int, in bytes: inout [UInt8]) {
        var text: [UInt8] = []
        time.writeFixedForm(into: &text)
        for (place, byte) in text.enumerated() { bytes[leaf + Leaf.time.lowerBound + place] = byte }
    }

    private static func append(_ number: UInt32, to output: inout [UInt8]) {
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            output.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    private static func put(_ number: UInt32, at offset: Int, in output: inout [UInt8]) {
        for place in 0..<4 { output[offset + place] = UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * place)) }
    }
}
