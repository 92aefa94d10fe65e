/// Writes the big-endian binary formats of DESIGN.md.
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    public mutating func write<N: FixedWidthInteger>(_ number: N) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func write(_ raw: some Collection<UInt8>) { bytes.append(contentsOf: raw) }

    /// A 32-bit length, then the bytes.
    public mutating func writeCounted(_ raw: some Collection<UInt8>) {
        write(UInt32(raw.count))
        bytes.append(contentsOf: raw)
    }

    /// A counted UTF-8 string.
    public mutating func writeCounted(_ text: String) { writeCounted(text.utf8) }
}

/// Reads what `ByteWriter` wrote; every read is checked against the end.
public struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    public init(_ bytes: some Collection<UInt8>) { self.init(ArraySlice(bytes)) }

    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    public var remaining: Int { bytes.endIndex - position }
    public var atEnd: Bool { remaining == 0 }

    /// `nil` when fewer bytes are left than the number needs.
    public mutating func read<N: FixedWidthInteger>(_: N.Type) -> N? {
        let width = N.bitWidth / 8
        guard remaining >= width else { return nil }
        var value: N = 0
        for place in position..<(position + width) { value = (value << 8) | N(truncatingIfNeeded: bytes[place]) }
        position += width
        return value
    }

    public mutating func read(count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, remaining >= count else { return nil }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    public mutating func readCounted() -> ArraySlice<UInt8>? {
        guard let count = read(UInt32.self) else { return nil }
        return read(count: Int(count))
    }

    /// A counted UTF-8 string; `nil` when it is cut or not UTF-8.
    public mutating func readCountedText() -> String? {
        readCounted().flatMap { String(validating: $0, as: UTF8.self) }
    }
}

/// Numbers at fixed places, for the formats that hot paths read and write.
extension Array where Element == UInt8 {
    /// The number at `offset`, all of whose bytes are there.
    public func bigEndian<N: FixedWidthInteger>(_: N.Type, at offset: Int) -> N {
        precondition(offset >= 0 && offset + MemoryLayout<N>.size <= count, "a number lies within its bytes")
        return withUnsafeBytes { N(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: N.self)) }
    }

    /// Overwrites the bytes at `offset`, all of which are there.
    public mutating func put<N: FixedWidthInteger>(bigEndian number: N, at offset: Int) {
        precondition(offset >= 0 && offset + MemoryLayout<N>.size <= count, "a number lies within its bytes")
        withUnsafeMutableBytes { $0.storeBytes(of: number.bigEndian, toByteOffset: offset, as: N.self) }
    }

    /// Appends the number's bytes.
    public mutating func append<N: FixedWidthInteger>(bigEndian number: N) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}

/// Lower-case hexadecimal.
public func hex(_ bytes: some Collection<UInt8>) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(2 * bytes.count)
    writeHex(bytes, into: &digits)
    return String(decoding: digits, as: UTF8.self)
}

/// Appends lower-case hexadecimal digits.
public func writeHex(_ bytes: some Collection<UInt8>, into output: inout [UInt8]) {
    func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
    for byte in bytes {
        output.append(digit(byte >> 4))
        output.append(digit(byte & 15))
    }
}

/// The bytes of a hexadecimal text in either case; `nil` when it is not one.
public func bytes(hex text: some StringProtocol) -> [UInt8]? { bytes(hex: Array(text.utf8)[...]) }

/// The bytes that hexadecimal digits in UTF-8 say, or `nil`.
public func bytes(hex digits: ArraySlice<UInt8>) -> [UInt8]? {
    guard digits.count.isMultiple(of: 2) else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(digits.count / 2)
    for index in stride(from: digits.startIndex, to: digits.endIndex, by: 2) {
        guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
        result.append(high << 4 | low)
    }
    return result
}

private func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x41 + 10
    case 0x61...0x66: digit - 0x61 + 10
    default: nil
    }
}
