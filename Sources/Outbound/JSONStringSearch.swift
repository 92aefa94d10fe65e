/// Finds one string in a JSON text (RFC 8259) without copying anything of it.
///
/// The whole text is walked through, so that one that goes on as something else than JSON has no strings.
@safe struct JSONStringSearch {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var found: Range<Int>?

    private static let deepest = 32
    private static let scalars = Set("-+.0123456789eEtruefalsn".utf8)

    private init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    /// Where the characters of the string are that the path of members leads to.
    static func range(of path: [String], in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        var search = unsafe JSONStringSearch(bytes)
        guard search.value(at: path[...], depth: 0) else { return nil }
        search.skipSpace()
        guard search.position == bytes.count, let found = search.found,
            unsafe !bytes[found].contains(UInt8(ascii: "\\"))
        else { return nil }
        return found
    }

    private var current: UInt8? { unsafe position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        skipSpace()
        guard current == UInt8(ascii: mark) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Passes a value; `path` is what is left of the path, or `nil` where it does not lead through here. `false` where
    /// this is no JSON, or the path has led to a string before.
    private mutating func value(at path: ArraySlice<String>?, depth: Int) -> Bool {
        guard depth < Self.deepest else { return false }
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return object(at: path, depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""):
            guard let range = string() else { return false }
            guard path?.isEmpty == true else { return true }
            guard found == nil else { return false }
            found = range
            return true
        default:
            let start = position
            while let byte = current, Self.scalars.contains(byte) { position += 1 }
            return position > start
        }
    }

    private mutating func object(at path: ArraySlice<String>?, depth: Int) -> Bool {
        position += 1
        if skip("}") { return true }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\""), let key = string(), skip(":") else { return false }
            let leads = path?.first.map { name in unsafe bytes[key].elementsEqual(name.utf8) } ?? false
            guard value(at: leads ? path?.dropFirst() : nil, depth: depth + 1) else { return false }
        } while skip(",")
        return skip("}")
    }

    private mutating func array(depth: Int) -> Bool {
        position += 1
        if skip("]") { return true }
        repeat {
            guard value(at: nil, depth: depth + 1) else { return false }
        } while skip(",")
        return skip("]")
    }

    /// Passes the string that begins here; where its characters are.
    private mutating func string() -> Range<Int>? {
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { return nil }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard current != nil else { return nil }
        defer { position += 1 }
        return start..<position
    }
}
