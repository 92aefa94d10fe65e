/// Cedar's `ipaddr`: an IPv4 or IPv6 address with a prefix length, so also a range.
public struct IPRange: Hashable, Sendable, CustomStringConvertible {
    public let isIPv6: Bool
    /// The address; an IPv4 one fills the low 32 bits.
    public let address: UInt128
    public let prefix: UInt8

    var width: UInt8 { isIPv6 ? 128 : 32 }

    /// Reads `10.0.0.1`, `10.0.0.0/8`, `::1`, `fe80::/10`; refuses leading zeros and IPv4 inside IPv6.
    init(parsing text: Text) throws(ExtensionFailure) {
        let bytes = Array(text.string.utf8)
        // The longest text is eight groups of four, seven colons and `/128`.
        guard bytes.count <= 43 else { throw .malformed }
        let parts = bytes.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        isIPv6 = parts[0].contains(UInt8(ascii: ":"))
        address = try isIPv6 ? Self.version6(parts[0]) : Self.version4(parts[0])
        let limit: UInt8 = isIPv6 ? 128 : 32
        guard parts.count == 2 else {
            prefix = limit
            return
        }
        let digits = parts[1]
        guard !digits.isEmpty, digits.count <= 3, digits.allSatisfy(\.isASCIIDigit) else { throw .malformed }
        guard digits.count == 1 || digits.first != 0x30 else { throw .malformed }
        guard let length = digits.decimalNumber, length <= limit else { throw .outOfRange }
        prefix = UInt8(length)
    }

    private static func version4(_ bytes: ArraySlice<UInt8>) throws(ExtensionFailure) -> UInt128 {
        let octets = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard octets.count == 4 else { throw .malformed }
        var value: UInt128 = 0
        for octet in octets {
            guard !octet.isEmpty, octet.count <= 3, octet.allSatisfy(\.isASCIIDigit) else { throw .malformed }
            guard octet.count == 1 || octet.first != 0x30 else { throw .malformed }
            guard let number = octet.decimalNumber, number <= 255 else { throw .outOfRange }
            value = value << 8 | UInt128(number)
        }
        return value
    }

    private static func version6(_ bytes: ArraySlice<UInt8>) throws(ExtensionFailure) -> UInt128 {
        var halves: [[UInt128]] = [[]]
        var rest = bytes
        let colon = UInt8(ascii: ":")
        if rest.starts(with: [colon, colon]) {
            halves.append([])
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            var group: UInt128 = 0
            var length = 0
            while let byte = rest.first, let digit = byte.hexDigit {
                group = group << 4 | UInt128(digit)
                length += 1
                rest = rest.dropFirst()
            }
            guard (1...4).contains(length) else { throw .malformed }
            halves[halves.count - 1].append(group)
            if rest.isEmpty { break }
            if rest.starts(with: [colon, colon]) {
                guard halves.count == 1 else { throw .malformed }
                halves.append([])
                rest = rest.dropFirst(2)
            } else {
                guard rest.first == colon, rest.count > 1 else { throw .malformed }
                rest = rest.dropFirst()
            }
        }
        let given = halves.reduce(0) { $0 + $1.count }
        guard halves.count == 2 ? given <= 7 : given == 8 else { throw .malformed }
        var groups = halves[0]
        if halves.count == 2 { groups += Array(repeating: 0, count: 8 - given) + halves[1] }
        return groups.reduce(0) { $0 << 16 | $1 }
    }

    /// The bits that the prefix leaves free.
    private var hostMask: UInt128 {
        let free = width - prefix
        return free == 0 ? 0 : UInt128.max >> (128 - UInt128(free))
    }

    private var first: UInt128 { address & ~hostMask }
    private var last: UInt128 { address | hostMask }

    func isInRange(_ other: IPRange) -> Bool {
        isIPv6 == other.isIPv6 && first >= other.first && last <= other.last
    }

    var isLoopback: Bool {
        isIPv6 ? address == 1 && prefix == 128 : address >> 24 == 127 && prefix >= 8
    }

    var isMulticast: Bool {
        isIPv6 ? address >> 120 == 0xFF && prefix >= 8 : address >> 28 == 0xE && prefix >= 4
    }

    public var description: String {
        let groups: [String]
        if isIPv6 {
            groups = (0..<8).map { String(UInt16(truncatingIfNeeded: address >> (112 - 16 * $0)), radix: 16) }
        } else {
            groups = (0..<4).map { String(UInt8(truncatingIfNeeded: address >> (24 - 8 * $0))) }
        }
        return groups.joined(separator: isIPv6 ? ":" : ".") + "/\(prefix)"
    }
}

extension UInt8 {
    var hexDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
