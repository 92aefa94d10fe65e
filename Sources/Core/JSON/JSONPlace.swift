/// Where something stands in a text: line and column from 1, columns in Unicode scalars.
public struct TextPlace: Hashable, Sendable {
    public let line: Int
    public let column: Int

    /// The place of the byte at `offset`.
    init(of offset: Int, in bytes: [UInt8]) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.line = line
        self.column = column
    }
}

/// Where each member and element of a JSON text stands, by the paths that `JSONFields` names.
///
/// Made by reading the text again, so that values need not carry their places about.
public struct JSONPlaces: Sendable {
    private let bytes: [UInt8]
    private let offsets: [String: Int]

    /// `bytes` are a text that was parsed, so nothing in it is checked again.
    public init(of bytes: [UInt8]) {
        self.bytes = bytes
        var scan = JSONPlaceScan(bytes)
        scan.value(at: "")
        offsets = scan.offsets
    }

    /// The place of the member or element at `path` (`fields[2].form`), or of what is nearest above it where it is missing.
    public subscript(path: String) -> TextPlace {
        var path = path
        while offsets[path] == nil, let cut = path.lastIndex(where: { $0 == "." || $0 == "[" }) {
            path = String(path[..<cut])
        }
        return TextPlace(of: offsets[path] ?? offsets[""] ?? 0, in: bytes)
    }
}

/// Walks over a well-formed text and notes where keys and elements begin.
private struct JSONPlaceScan {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var offsets: [String: Int] = [:]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func value(at path: String) {
        skipSpace()
        // A member is where its key is; the others are where they begin.
        if offsets[path] == nil { offsets[path] = position }
        switch current {
        case UInt8(ascii: "{"): members(of: path)
        case UInt8(ascii: "["): elements(of: path)
        case UInt8(ascii: "\""): _ = string()
        default: while let byte = current, !Self.ends.contains(byte) { position += 1 }
        }
    }

    private static let ends = Set(",]} \t\r\n".utf8)

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func members(of path: String) {
        position += 1
        skipSpace()
        while let byte = current, byte != UInt8(ascii: "}") {
            let start = position
            let key = string()
            let member = path.isEmpty ? key : "\(path).\(key)"
            offsets[member] = start
            skipSpace()
            position += 1
            value(at: member)
            skipToNext()
        }
        position += 1
    }

    private mutating func elements(of path: String) {
        position += 1
        skipSpace()
        var index = 0
        while let byte = current, byte != UInt8(ascii: "]") {
            value(at: "\(path)[\(index)]")
            index += 1
            skipToNext()
        }
        position += 1
    }

    /// The string that begins here, which is passed.
    private mutating func string() -> String {
        let start = position
        position += 1
        while let byte = current, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
        position += 1
        let literal = bytes[start..<min(position, bytes.count)]
        return (try? JSON(parsing: literal))?.string ?? ""
    }

    private mutating func skipToNext() {
        skipSpace()
        if current == UInt8(ascii: ",") { position += 1 }
        skipSpace()
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }
}
