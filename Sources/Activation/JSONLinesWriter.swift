package import Core
package import Gate
import Secrets
import Vault

/// One JSON object a line: `profile`, then the fields that came out. Nothing is lost: values stand as they are.
struct JSONLinesWriter: RowWriter {
    let columns: [Export.Column]

    var header: [UInt8] { [] }

    func row(_ person: ProfileID, _ readings: [Reading]) -> [UInt8] {
        var output: [UInt8] = Array(#"{"profile":""#.utf8)
        output.reserveCapacity(64 + 40 * columns.count)
        output += person.description.utf8
        output.append(UInt8(ascii: "\""))
        columns.pair(readings) { column, reading in
            guard let reading else { return }
            output += [UInt8(ascii: ","), UInt8(ascii: "\"")]
            output += column.name.utf8
            output += [UInt8(ascii: "\""), UInt8(ascii: ":")]
            JSON(reading).write(into: &output)
        }
        output += [UInt8(ascii: "}"), 0x0A]
        return output
    }
}

extension JSON {
    /// A value as JSON has it: numbers and Booleans as such; the outline of one is a text.
    package init(_ reading: Reading) {
        let text = reading.value.text
        guard !reading.masked, let form = StandardForm(rawValue: reading.form) else {
            self = JSON(text)
            return
        }
        switch form {
        case .integer, .decimal: self = JSONNumber(literal: text).map(JSON.number) ?? JSON(text)
        case .boolean: self = JSON(text == "true")
        case .none, .text, .category, .email, .phone, .date, .timestamp, .country: self = JSON(text)
        }
    }
}
