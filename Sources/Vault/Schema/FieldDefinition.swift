package import Core

/// One field of a profile as the policy set declares it.
package struct FieldDefinition: Sendable, Equatable {
    package let name: String
    /// How values are brought into one form.
    package let form: StandardForm
    /// The class of data: what policies may speak of instead of naming fields (`contact`, `identity`, `behaviour` …).
    package let fieldClass: String
    /// For a field that people are looked up by: its rank, 1 first; `nil` for the others.
    package let identifierRank: Int?
    /// How the value looks under a mask.
    package let mask: Mask
    /// How long the value is kept, as an ISO 8601 duration.
    package let retention: String?
    /// How the value is shown in views: a JSON object that Views reads.
    package let generalisation: JSON?
    /// Dates may not lie in the future.
    package let pastOnly: Bool

    package var isIdentifier: Bool { identifierRank != nil }

    init(_ json: JSON, at path: String) throws(JSONShapeError) {
        var fields = try JSONFields(json, at: path)
        name = try fields.string("name")
        guard Self.isName(name) else {
            throw fields.error("name", "must be lower-case letters, digits and `_`, starting with a letter")
        }
        guard let form = StandardForm(rawValue: try fields.string("form")) else {
            throw fields.error(
                "form", "must be one of \(StandardForm.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.form = form
        fieldClass = try fields.string("class")
        guard Self.isName(fieldClass) else { throw fields.error("class", "must be a lower-case name") }
        identifierRank = try fields.optionalInteger("identifier")
        if let rank = identifierRank, rank < 1 { throw fields.error("identifier", "must be a rank from 1") }
        if identifierRank != nil, Self.lowCardinality.contains(form) {
            throw fields.error(
                "identifier", "cannot be set on the form `\(form.rawValue)`: with so few values an index shows them")
        }
        guard let mask = Mask(rawValue: try fields.optionalString("mask") ?? "hidden") else {
            throw fields.error("mask", "must be one of \(Mask.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.mask = mask
        retention = try fields.optionalString("retention")
        generalisation = fields.optional("generalise")
        if let pastOnly = fields.optional("past_only") {
            guard let flag = pastOnly.bool else { throw fields.error("past_only", "must be true or false") }
            self.pastOnly = flag
        } else {
            pastOnly = false
        }
        _ = fields.optional("title")
        try fields.finish()
    }

    /// Forms whose values are so few that equal index entries would tell them.
    private static let lowCardinality: Set<StandardForm> = [.category, .country, .boolean, .date]

    /// Whether `text` can name a field, a class or a purpose.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}

/// How a value looks to those who may only see its outline.
package enum Mask: String, Sendable, CaseIterable {
    /// `a***@example.org`
    case email
    /// `+886*****78`
    case phone
    /// The last four characters, for numbers people know by their end.
    case tail
    /// The first character.
    case initial
    /// The year of a date.
    case year
    /// Nothing but that there is a value.
    case hidden

    /// The outline of `value`.
    package func apply(to value: String) -> String {
        switch self {
        case .hidden: return "***"
        case .year: return String(value.prefix(4)) + "-**-**"
        case .initial: return String(value.prefix(1)) + "***"
        case .tail: return value.count > 4 ? "***" + value.suffix(4) : "***"
        case .phone: return value.count > 6 ? value.prefix(4) + "*****" + value.suffix(2) : "***"
        case .email:
            guard let at = value.lastIndex(of: "@"), at > value.startIndex else { return "***" }
            return String(value.prefix(1)) + "***" + value[at...]
        }
    }
}
