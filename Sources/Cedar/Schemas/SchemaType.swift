/// What values an attribute, a tag or an expression can have.
indirect enum SchemaType: Hashable, Sendable {
    case bool
    /// A truth value that is the same for every request; validation follows only the branch that it opens.
    case truth(Bool)
    case long, string
    case entity(Text)
    case set(SchemaType)
    case record(RecordType)
    /// A value of one of the extension types.
    case special(Value.Kind)

    /// How deeply sets and records may nest, also through common types.
    static let maximumDepth = 200
    /// Of how many parts a type may consist, common types written out.
    static let maximumParts = 65_536

    /// The types that every schema knows, by their names in `__cedar`.
    static let known: [Text: SchemaType] = [
        "Bool": .bool, "Long": .long, "String": .string, "decimal": .special(.decimal), "ipaddr": .special(.ipaddr),
        "datetime": .special(.datetime), "duration": .special(.duration),
    ]

    var isTruth: Bool {
        switch self {
        case .bool, .truth: true
        default: false
        }
    }

    /// The least type that has the values of both; `nil` where strict validation allows none.
    static func joining(_ left: SchemaType, _ right: SchemaType) -> SchemaType? {
        switch (left, right) {
        case (.truth(let one), .truth(let other)): one == other ? left : .bool
        case _ where left.isTruth && right.isTruth: .bool
        case (.set(let one), .set(let other)): joining(one, other).map { .set($0) }
        case (.record(let one), .record(let other)): RecordType.joining(one, other).map { .record($0) }
        default: left == right ? left : nil
        }
    }
}

/// The attributes of a record, an entity type or a context, sorted by their names; there can be no others.
struct RecordType: Hashable, Sendable {
    struct Attribute: Hashable, Sendable {
        let name: Text
        let type: SchemaType
        let isRequired: Bool
    }

    let attributes: [Attribute]

    init(_ attributes: [Attribute] = []) { self.attributes = attributes.sorted { $0.name < $1.name } }

    var names: [Text] { attributes.map(\.name) }

    subscript(name: Text) -> Attribute? {
        var low = 0
        var high = attributes.count
        while low < high {
            let middle = (low + high) / 2
            if attributes[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < attributes.count && attributes[low].name == name ? attributes[low] : nil
    }

    /// Both have the same attributes, optional in both or in none.
    static func joining(_ left: RecordType, _ right: RecordType) -> RecordType? {
        guard left.attributes.count == right.attributes.count else { return nil }
        var joined: [Attribute] = []
        for (one, other) in zip(left.attributes, right.attributes) {
            guard one.name == other.name, one.isRequired == other.isRequired,
                let type = SchemaType.joining(one.type, other.type)
            else { return nil }
            joined.append(Attribute(name: one.name, type: type, isRequired: one.isRequired))
        }
        return RecordType(joined)
    }
}

extension SchemaType: CustomStringConvertible {
    /// The type as a schema writes it, long records cut short.
    var description: String { described(levels: 3) }

    private func described(levels: Int) -> String {
        switch self {
        case .bool, .truth: "Bool"
        case .long: "Long"
        case .string: "String"
        case .entity(let name): name.string
        case .special(let kind): kind.rawValue
        case .set(let element): levels > 0 ? "Set<\(element.described(levels: levels - 1))>" : "Set<…>"
        case .record(let record):
            if levels == 0 {
                "{…}"
            } else {
                "{"
                    + record.attributes.prefix(6).map {
                        "\($0.name.asAttribute)\($0.isRequired ? "" : "?"): \($0.type.described(levels: levels - 1))"
                    }.joined(separator: ", ") + (record.attributes.count > 6 ? ", …}" : "}")
            }
        }
    }
}

extension Text {
    /// Letters, digits and `_`, as names are made of; also a reserved word is.
    var isWord: Bool {
        string.utf8.first?.startsName == true && string.utf8.allSatisfy { $0.startsName || $0.isASCIIDigit }
    }

    /// The name of an attribute as it is written: in quotes where it is no identifier.
    var asAttribute: String { isWord && Token.Kind.words[self] == nil ? string : string.cedarLiteral }
}
