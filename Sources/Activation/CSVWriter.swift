import Core
import Gate
import Secrets
import Vault

/// CSV (RFC 4180): UTF-8, lines that end with CRLF, quotes where they are needed, a header.
///
/// A value that a spreadsheet could take for a formula has an apostrophe before it, and is in quotes. Forms whose values
/// are digits and fixed marks cannot be one: a telephone number keeps its `+`, a number its sign. An outline can.
struct CSVWriter: RowWriter {
    let columns: [Export.Column]

    private static let quote = UInt8(ascii: "\"")
    private static let lineEnd: [UInt8] = [0x0D, 0x0A]

    /// Names need no quotes: they are lower-case letters, digits and `_`.
    var header: [UInt8] { Array((["profile"] + columns.map(\.name)).joined(separator: ",").utf8) + Self.lineEnd }

    func row(_ person: ProfileID, _ readings: [Reading]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(64 + 24 * columns.count)
        output += person.description.utf8
        columns.pair(readings) { column, reading in
            output.append(UInt8(ascii: ","))
            guard let reading else { return }
            let isFixed = column.form.isFixed && !reading.masked
            reading.value.withUnsafeBytes { Self.write($0, mayBeFormula: !isFixed, into: &output) }
        }
        output += Self.lineEnd
        return output
    }

    static func write(_ value: UnsafeRawBufferPointer, mayBeFormula: Bool, into output: inout [UInt8]) {
        let isGuarded = mayBeFormula && FormulaGuard.isNeeded(value)
        let needsQuotes =
            isGuarded
            || value.contains { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes else {
            output += value
            return
        }
        output.append(quote)
        if isGuarded { output.append(UInt8(ascii: "'")) }
        for byte in value {
            if byte == quote { output.append(quote) }
            output.append(byte)
        }
        output.append(quote)
    }
}
