import Core
package import Vault

/// What a source's columns mean, as a map file says it (docs/import.md).
///
/// Without a map file every column is a field of the same name, or a consent when its name begins with `consent_`.
package struct MapFile: Sendable {
    /// How rows are written.
    package enum Format: String, Sendable, CaseIterable {
        case csv
        case jsonLines = "jsonl"
    }

    /// What becomes of columns the map does not list.
    package enum Unlisted: String, Sendable, CaseIterable {
        /// Fields of the same name, and consents.
        case fields
        case ignore
        /// The import is refused, naming the column.
        case refuse
    }

    /// The source's name in the vault.
    package var source: String?
    package var format: Format?
    package var encoding: TextEncoding?
    package var delimiter: UInt8?
    /// The columns of a CSV file that does not name them.
    package var header: [String]?
    /// Where telephone numbers without a country are dialled; `nil` leaves it to the tenant.
    package var region: String?
    package var unlisted = Unlisted.fields
    /// How the whole source writes its values.
    var hints = ColumnHints.Partial()
    /// What each listed column means.
    var columns: [String: ColumnRule] = [:]
    /// The same value for every row.
    var constants: [(field: String, value: [UInt8])] = []
    /// When the consents of a row were given; `nil` for the column `consent_time`, where columns are what they are called.
    var consentTime: PropertyRule?
    var event: EventRule?

    package init() {}
}

/// How a column's values are written.
package final class ColumnHints: Sendable {
    package let options: StandardForm.Options
    /// Whether the map says where telephone numbers are dialled: then a row's own country does not.
    package let isRegionGiven: Bool

    init(_ options: StandardForm.Options, isRegionGiven: Bool) {
        self.options = options
        self.isRegionGiven = isRegionGiven
    }

    /// What one place of a map file says; the rest comes from the places around it.
    struct Partial: Sendable {
        var dateOrder: StandardForm.Options.DateOrder?
        var timeZone: LocalTime?
        var decimalMark: UInt8?
        var groupMark: UInt8?
        var region: String?

        func applied(to base: StandardForm.Options) -> StandardForm.Options {
            var options = base
            if let dateOrder { options.dateOrder = dateOrder }
            if let timeZone { options.timeZone = timeZone }
            if let decimalMark { options.numbers.decimalMark = decimalMark }
            if let groupMark { options.numbers.groupMark = groupMark }
            if let region { options.region = region }
            return options
        }
    }
}
