import Core

/// How rows are written out.
package enum SampleFormat: String, Sendable, CaseIterable {
    /// RFC 4180 with a header, lines ending with LF.
    case csv
    /// One object a line; blank values are left out.
    case jsonLines = "jsonl"

    /// Appends the header, in formats that have one.
    package func writeHeader(_ columns: [String], into output: inout [UInt8]) {
        if self == .csv { Self.writeCSV(columns, into: &output) }
    }

    /// Appends one row.
    package func write(_ values: [String], of columns: [String], into output: inout [UInt8]) {
        switch self {
        case .csv: Self.writeCSV(values, into: &output)
        case .jsonLines:
            output.append(UInt8(ascii: "{"))
            var isFirst = true
            for (column, value) in zip(columns, values) where !value.isEmpty {
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                JSON.write(column, into: &output)
                output.append(UInt8(ascii: ":"))
                JSON.write(value, into: &output)
            }
            output += [UInt8(ascii: "}"), 0x0A]
        }
    }

    private static func writeCSV(_ values: [String], into output: inout [UInt8]) {
        for (place, value) in values.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            let needsQuotes = value.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
            guard needsQuotes else {
                output += value.utf8
                continue
            }
            output.append(0x22)
            for byte in value.utf8 {
                if byte == 0x22 { output.append(0x22) }
                output.append(byte)
            }
            output.append(0x22)
        }
        output.append(0x0A)
    }
}
