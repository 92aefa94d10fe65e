import Core
import Gate
import Secrets
import Vault

/// How exported people are written.
package enum ExportFormat: String, Sendable, CaseIterable {
    case csv
    case jsonLines = "jsonl"

    func writer(_ columns: [Export.Column]) -> any RowWriter {
        switch self {
        case .csv: CSVWriter(columns: columns)
        case .jsonLines: JSONLinesWriter(columns: columns)
        }
    }
}

/// Writes the rows of one export; rows are made on several threads.
protocol RowWriter: Sendable {
    /// What stands before the first row.
    var header: [UInt8] { get }

    /// One person: the id, then what came out of the columns, in their order.
    func row(_ person: ProfileID, _ readings: [Reading]) -> [UInt8]
}

extension Array where Element == Export.Column {
    /// Lends each column with its reading, `nil` where nothing came out.
    func pair(_ readings: [Reading], _ body: (Element, Reading?) -> Void) {
        var rest = readings[...]
        for column in self {
            let reading = rest.first.flatMap { $0.field == column.name ? $0 : nil }
            if reading != nil { rest.removeFirst() }
            body(column, reading)
        }
    }
}

extension StandardForm {
    /// Whether its values consist of digits and a few fixed marks, so that none can be a formula that does anything.
    var isFixed: Bool {
        switch self {
        case .phone, .integer, .decimal, .boolean, .date, .timestamp, .country: true
        case .none, .text, .category, .email: false
        }
    }
}
