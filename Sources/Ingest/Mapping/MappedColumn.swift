import Vault

/// A column as errors may name it: by its number, and by its name only where that can be no value.
///
/// A file without a header begins with a person, and a JSON object may be keyed by an address: what stands where a name
/// belongs is shown when the map file says it, too, or when it is written as fields are.
package struct MappedColumn: Sendable {
    package let name: String
    /// Counted from 1, in the order in which the input names them.
    package let number: Int
    private let isDeclared: Bool

    init(_ name: String, number: Int, isDeclared: Bool) {
        self.name = name
        self.number = number
        self.isDeclared = isDeclared
    }

    var isShowable: Bool { isDeclared || FieldDefinition.isName(name) }

    /// For sentences: `column 3`, with its name where that may be shown.
    var text: String { isShowable ? "\(plainText) `\(name)`" : plainText }

    /// For rejections, which have a place for the name alone.
    var shownName: String { isShowable ? name : plainText }

    private var plainText: String { "column \(number)" }
}
