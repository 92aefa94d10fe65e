import Core
import Foundation

/// What every form does first: one spelling for white space, for invisible characters and for accents.
package enum CleanText {
    /// What is written differently in East Asian and other scripts but means the same.
    package enum Folding {
        case none
        /// Full-width ASCII becomes ASCII.
        case width
        /// Decimal digits of every script and the dashes used as minus or hyphen become ASCII as well.
        case widthAndDigits
    }

    /// Trims, folds runs of white space to one space, drops invisible characters and composes (NFC).
    ///
    /// - Parameters:
    ///   - raw: what came.
    ///   - folding: which characters become ASCII.
    /// - Returns: the clean bytes, empty when nothing was left.
    /// - Throws: `notUTF8` or `controlCharacter`.
    package static func clean(_ raw: ArraySlice<UInt8>, _ folding: Folding) throws(StandardFormError) -> [UInt8] {
        var previous: UInt8 = 0x20
        var isPlain = true
        var isASCII = true
        for byte in raw {
            if byte >= 0x7F || byte < 0x20 || (byte == 0x20 && previous == 0x20) { isPlain = false }
            if byte >= 0x80 { isASCII = false }
            previous = byte
        }
        // Most values are printable ASCII without superfluous spaces, and clean already.
        if isPlain, previous != 0x20 || raw.isEmpty { return Array(raw) }
        return isASCII ? try cleanASCII(raw) : try cleanUnicode(raw, folding)
    }

    /// NFC, which is skipped for texts of scripts where nothing can compose.
    package static func composed(_ text: String) -> String {
        text.unicodeScalars.allSatisfy(isInert) ? text : text.precomposedStringWithCanonicalMapping
    }

    private static func cleanASCII(_ raw: ArraySlice<UInt8>) throws(StandardFormError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var spacePending = false
        for byte in raw {
            switch byte {
            case 0x20, 0x09...0x0D: spacePending = !result.isEmpty
            case 0x00..<0x20, 0x7F: throw .controlCharacter
            default:
                if spacePending { result.append(0x20) }
                spacePending = false
                result.append(byte)
            }
        }
        return result
    }

    private static func cleanUnicode(
        _ raw: ArraySlice<UInt8>, _ folding: Folding
    ) throws(StandardFormError) -> [UInt8] {
        guard let text = String(validating: raw, as: UTF8.self) else { throw .notUTF8 }
        var result = ""
        result.reserveCapacity(raw.count)
        var spacePending = false
        var inert = true
        for original in text.unicodeScalars {
            let scalar = folding == .none ? original : folded(original, digits: folding == .widthAndDigits)
            if scalar.properties.isWhitespace {
                spacePending = !result.isEmpty
                continue
            }
            if isInvisible(scalar) { continue }
            if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) { throw .controlCharacter }
            if spacePending { result.unicodeScalars.append(" ") }
            spacePending = false
            inert = inert && isInert(scalar)
            result.unicodeScalars.append(scalar)
        }
        return Array((inert ? result : result.precomposedStringWithCanonicalMapping).utf8)
    }

    private static func folded(_ scalar: Unicode.Scalar, digits: Bool) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: return Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value - 0xFEE0))
        case 0..<0x80: return scalar
        case 0x2010...0x2015,
            0x2212 where digits:
            return "-"
        default:
            guard digits, scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue else {
                return scalar
            }
            return Unicode.Scalar(0x30 + UInt8(value))
        }
    }

    /// Zero-width spaces, byte order marks and the marks of writing direction that copying leaves behind.
    ///
    /// Joiners stay: Persian, Indic scripts and emoji are spelt with them.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x061C, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Whether the scalar neither changes under NFC nor composes with another of this kind.
    private static func isInert(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x300, 0x3041...0x3096, 0x30A1...0x30FF, 0x4E00...0x9FFF, 0xAC00...0xD7A3: true
        default: false
        }
    }
}
