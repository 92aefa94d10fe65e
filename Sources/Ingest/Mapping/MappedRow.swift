package import Core

/// One row as the map file understands it, its values still as they came.
package struct MappedRow: Sendable {
    /// A value for a field; never blank.
    package struct Field: Sendable {
        package let name: String
        /// The column it came from; `nil` for a constant.
        package let column: MappedColumn?
        package let raw: ArraySlice<UInt8>
        package let hints: ColumnHints
    }

    /// What a consent column says.
    package enum ConsentMark: Sendable, Equatable {
        case yes
        case no
        case blank
    }

    /// What happened, where the row tells of an event.
    package struct Event: Sendable {
        package let type: String
        /// `nil` when the source does not say.
        package let time: Timestamp?
        /// What names the event within its source: the same row gives the same bytes; `nil` when nothing does.
        package let identity: [UInt8]?
        /// Blank ones are left out.
        package let properties: JSONObject
    }

    package let line: Int
    package var fields: [Field] = []
    package var consents: [(purpose: String, column: MappedColumn, mark: ConsentMark)] = []
    /// When the person gave the answers of `consents`, where the row says so.
    package var consentTime: (moment: Timestamp, column: MappedColumn)?
    package var event: Event?
}
