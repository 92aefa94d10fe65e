import Core

/// Reads CBOR (RFC 8949) and refuses what authenticators must not write (CTAP 2.1 §8).
///
/// Refused: lengths that are not said beforehand, tags, floating point, keys that occur twice, nesting beyond eight.
struct CBORReader {
    struct Malformed: Error {}

    private static let depthLimit = 8

    private let bytes: ArraySlice<UInt8>
    private var reader: ByteReader

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        reader = ByteReader(bytes)
    }

    /// What comes after the items that were read.
    var rest: ArraySlice<UInt8> { bytes.suffix(reader.remaining) }

    /// The one item that `bytes` are.
    static func item(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> CBOR {
        var reader = CBORReader(bytes)
        let item = try reader.next()
        guard reader.rest.isEmpty else { throw Malformed() }
        return item
    }

    mutating func next() throws(Malformed) -> CBOR { try next(depth: Self.depthLimit) }

    private mutating func next(depth: Int) throws(Malformed) -> CBOR {
        guard let head = reader.read(UInt8.self) else { throw Malformed() }
        let argument = try argument(head & 31)
        switch head >> 5 {
        case 0: return .unsigned(argument)
        case 1: return .negative(argument)
        case 2: return .bytes(try string(argument))
        case 3:
            guard let text = String(validating: try string(argument), as: UTF8.self) else { throw Malformed() }
            return .text(text)
        case 4:
            var items: [CBOR] = []
            for _ in 0..<(try count(argument, depth: depth)) { items.append(try next(depth: depth - 1)) }
            return .array(items)
        case 5: return .map(try members(count(argument, depth: depth), depth: depth - 1))
        case 7 where head & 31 == 20: return .bool(false)
        case 7 where head & 31 == 21: return .bool(true)
        case 7 where head & 31 == 22: return .null
        default: throw Malformed()
        }
    }

    private mutating func members(_ count: Int, depth: Int) throws(Malformed) -> [CBOR.Member] {
        var members: [CBOR.Member] = []
        for _ in 0..<count {
            let key = try next(depth: depth)
            let encoded = rest
            let value = try next(depth: depth)
            guard !members.contains(where: { $0.key == key }) else { throw Malformed() }
            members.append(CBOR.Member(key: key, value: value, encodedValue: encoded.dropLast(rest.count)))
        }
        return members
    }

    /// The number in the head, or in the 1, 2, 4 or 8 bytes after it.
    private mutating func argument(_ low: UInt8) throws(Malformed) -> UInt64 {
        let number: UInt64? =
            switch low {
            case 0..<24: UInt64(low)
            case 24: reader.read(UInt8.self).map { UInt64($0) }
            case 25: reader.read(UInt16.self).map { UInt64($0) }
            case 26: reader.read(UInt32.self).map { UInt64($0) }
            case 27: reader.read(UInt64.self)
            default: nil
            }
        guard let number else { throw Malformed() }
        return number
    }

    private mutating func string(_ length: UInt64) throws(Malformed) -> ArraySlice<UInt8> {
        guard let length = Int(exactly: length), let bytes = reader.read(count: length) else { throw Malformed() }
        return bytes
    }

    /// How many items follow: never more than there are bytes, so that a made-up count takes no memory.
    private func count(_ argument: UInt64, depth: Int) throws(Malformed) -> Int {
        guard depth > 0, let count = Int(exactly: argument), count <= reader.remaining else { throw Malformed() }
        return count
    }
}
