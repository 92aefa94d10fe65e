import Vault

/// What one column means.
struct ColumnRule: Sendable {
    enum Target: Sendable, Equatable {
        case field(String)
        case consent(purpose: String)
        case ignored
    }

    var target: Target
    /// A blank rejects the row.
    var required = false
    var cleaning = Cleaning()
    var hints = ColumnHints.Partial()
}

/// What is done to a value before anything reads it: trimmed, cut, translated.
struct Cleaning: Sendable {
    /// What becomes of a value that the translation table does not have.
    enum Others: String, Sendable, CaseIterable {
        case keep
        case blank
        case reject
    }

    var prefix: [UInt8] = []
    var suffix: [UInt8] = []
    /// From what is written to what is meant; empty means no value.
    var values: [[UInt8]: [UInt8]] = [:]
    var others = Others.keep

    func clean(_ raw: ArraySlice<UInt8>) throws(RejectionCode.Thrown) -> ArraySlice<UInt8> {
        var rest = Self.trimmed(raw)
        if !prefix.isEmpty, rest.starts(with: prefix) { rest = rest.dropFirst(prefix.count) }
        if !suffix.isEmpty, rest.suffix(suffix.count).elementsEqual(suffix) { rest = rest.dropLast(suffix.count) }
        guard !values.isEmpty, !rest.isEmpty else { return rest }
        if let value = values[Array(rest)] { return value[...] }
        switch others {
        case .keep: return rest
        case .blank: return []
        case .reject: throw RejectionCode.Thrown(code: .valueUnknown)
        }
    }

    /// Whether `clean` does no more than `trimmed`.
    var onlyTrims: Bool { prefix.isEmpty && suffix.isEmpty && values.isEmpty }

    static func trimmed(_ raw: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var start = raw.startIndex
        var end = raw.endIndex
        while start < end, isSpace(raw[start]) { start += 1 }
        while start < end, isSpace(raw[end - 1]) { end -= 1 }
        return raw[start..<end]
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension RejectionCode {
    /// A code on its way to the place that knows line and column.
    struct Thrown: Error { let code: RejectionCode }
}

/// What a row-per-event source's rows say.
struct EventRule: Sendable {
    /// Where the event's name comes from.
    enum Kind: Sendable {
        case constant(String)
        case column(String, Cleaning)
        /// The first prefix that the column's value has decides.
        case prefixes(String, [(prefix: [UInt8], type: String)], otherwise: String)
    }

    var kind: Kind
    /// When it happened; `nil` for the time of the import.
    var time: PropertyRule?
    /// The columns that together name the event, so that importing it again changes nothing.
    var id: [String] = []
    /// Whether rows with one id, following each other within one value of the first id column, are events of their own.
    var countsRepeats = false
    var properties: [PropertyRule] = []
}

/// One property of an event.
struct PropertyRule: Sendable {
    var name: String
    var column: String
    var form: StandardForm = .text
    var cleaning = Cleaning()
    var hints = ColumnHints.Partial()
}
