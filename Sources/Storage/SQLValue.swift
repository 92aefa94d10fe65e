/// A value bound to a statement: the three types of the common subset, and nothing.
package enum SQLValue: Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    /// The machine's own integer.
    package static func integer(_ number: Int) -> SQLValue { .integer(Int64(number)) }

    /// A 32-bit number, such as a tenant's.
    package static func integer(_ number: UInt32) -> SQLValue { .integer(Int64(number)) }

    /// The integer, or null.
    package init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }

    /// The text, or null.
    package init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    /// The bytes, or null.
    package init(_ bytes: [UInt8]?) { self = bytes.map { .blob($0) } ?? .null }
}

/// What a column holds in one row.
package enum ColumnKind: Sendable {
    case null
    case integer
    case text
    case blob
    /// A real number or what an engine has besides: outside the subset.
    case other
}
