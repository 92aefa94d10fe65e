/// Percent-encoding as Signature Version 4 wants it: all but RFC 3986's unreserved characters (§2.3).
package enum PercentEncoding {
    private static let unreserved = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    /// What stands in a path as it is (RFC 3986 §3.3), with `%` and the slash between segments.
    private static let ofPaths = unreserved.union("!$&'()*+,;=:@%/".utf8)

    /// `text` encoded, in upper-case hexadecimal; `keepingSlashes` for paths.
    package static func encode(_ text: some StringProtocol, keepingSlashes: Bool = false) -> String {
        var output: [UInt8] = []
        for byte in text.utf8 {
            if unreserved.contains(byte) || (keepingSlashes && byte == UInt8(ascii: "/")) {
                output.append(byte)
            } else {
                output += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Whether `text` can be sent as a path as it is.
    static func isPath(_ text: some StringProtocol) -> Bool { text.utf8.allSatisfy(ofPaths.contains) }

    private static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }
}
