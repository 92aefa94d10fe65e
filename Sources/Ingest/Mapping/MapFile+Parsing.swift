import Core
import Vault

extension MapFile {
    /// Reads a map file's JSON.
    ///
    /// - Parameter bytes: the whole file.
    /// - Throws: where it is not JSON, or the path of the first thing that is not understood.
    package init(parsing bytes: [UInt8]) throws(IngestError) {
        let value: JSON
        do throws(JSONError) {
            value = try JSON(parsing: bytes)
        } catch {
            throw MapSection.malformed("the map file is not JSON: \(error.message)", remedy: nil)
        }
        var top = try MapSection(value, at: "")
        source = try top.text("source")
        format = try top.choice("format", Format.self)
        if let name = try top.text("encoding") {
            guard let encoding = TextEncoding(name) else { throw top.wrong("encoding", "the name of an encoding") }
            self.encoding = encoding
        }
        delimiter = try top.mark("delimiter")
        header = try top.texts("header")
        unlisted = try top.choice("unlisted", Unlisted.self) ?? .fields
        hints = try top.hints()
        region = hints.region
        if let listed = top.value("columns") {
            for member in try MapSection(listed, at: "columns").members {
                columns[member.key] = try Self.column(member.value, at: "columns.\(member.key)")
            }
        }
        if let listed = top.value("constants") {
            for member in try MapSection(listed, at: "constants").members {
                guard let text = member.value.string else {
                    throw MapSection.malformed("`constants.\(member.key)` is not a text")
                }
                constants.append((member.key, Array(text.utf8)))
            }
        }
        if let time = top.value("consent_time") { consentTime = try Self.moment(time, at: "consent_time") }
        if let listed = top.value("event") { event = try Self.event(listed) }
        try top.finish()
        try checkTargets()
    }

    /// `"customer_id"`, or an object that says more.
    private static func column(_ value: JSON, at path: String) throws(IngestError) -> ColumnRule {
        if let field = value.string, !field.isEmpty { return ColumnRule(target: .field(field)) }
        var section = try MapSection(value, at: path)
        let field = try section.text("field")
        let purpose = try section.text("consent")
        // The reason is for people; that there is one is checked.
        let ignored = try section.text("ignore")
        let target: ColumnRule.Target
        switch (field, purpose, ignored) {
        case (let field?, nil, nil): target = .field(field)
        case (nil, let purpose?, nil): target = .consent(purpose: purpose)
        case (nil, nil, .some): target = .ignored
        default: throw MapSection.malformed("`\(path)` needs one of `field`, `consent` and `ignore`")
        }
        var rule = ColumnRule(target: target)
        rule.required = try section.flag("required")
        rule.cleaning = try section.cleaning()
        rule.hints = try section.hints()
        try section.finish()
        return rule
    }

    private static func event(_ value: JSON) throws(IngestError) -> EventRule {
        var section = try MapSection(value, at: "event")
        guard let type = section.value("type") else { throw MapSection.malformed("`event.type` is missing") }
        var rule = EventRule(kind: try kind(type))
        if let time = section.value("time") { rule.time = try moment(time, at: "event.time") }
        rule.id = try section.texts("id") ?? []
        rule.countsRepeats = try section.flag("count_repeats")
        if let properties = section.value("properties") {
            for member in try MapSection(properties, at: "event.properties").members {
                rule.properties.append(
                    try property(member.key, member.value, at: "event.properties.\(member.key)"))
            }
        }
        try section.finish()
        return rule
    }

    private static func kind(_ value: JSON) throws(IngestError) -> EventRule.Kind {
        if let name = value.string, !name.isEmpty { return .constant(name) }
        var section = try MapSection(value, at: "event.type")
        guard let column = try section.text("column") else {
            throw MapSection.malformed("`event.type.column` is missing")
        }
        let kind: EventRule.Kind
        if let listed = section.value("prefixes") {
            var prefixes: [(prefix: [UInt8], type: String)] = []
            for member in try MapSection(listed, at: "event.type.prefixes").members {
                guard let type = member.value.string, !type.isEmpty else {
                    throw MapSection.malformed("`event.type.prefixes.\(member.key)` is not a text")
                }
                prefixes.append((Array(member.key.utf8), type))
            }
            guard let otherwise = try section.text("otherwise") else {
                throw MapSection.malformed("`event.type.otherwise` is missing")
            }
            kind = .prefixes(column, prefixes, otherwise: otherwise)
        } else {
            kind = .column(column, try section.cleaning())
        }
        try section.finish()
        return kind
    }

    /// A property that is a time, under its path's name.
    private static func moment(_ value: JSON, at path: String) throws(IngestError) -> PropertyRule {
        var rule = try property(path, value, at: path)
        rule.form = .timestamp
        return rule
    }

    /// `"Column"`, or an object that says more.
    private static func property(_ name: String, _ value: JSON, at path: String) throws(IngestError) -> PropertyRule {
        if let column = value.string, !column.isEmpty { return PropertyRule(name: name, column: column) }
        var section = try MapSection(value, at: path)
        guard let column = try section.text("column") else {
            throw MapSection.malformed("`\(path).column` is missing")
        }
        var rule = PropertyRule(name: name, column: column)
        rule.form = try section.choice("type", StandardForm.self) ?? .text
        rule.cleaning = try section.cleaning()
        rule.hints = try section.hints()
        try section.finish()
        return rule
    }

    private func checkTargets() throws(IngestError) {
        var fed: Set<String> = Set(constants.map(\.field))
        for column in columns.keys.sorted() {
            guard case .field(let field)? = columns[column]?.target else { continue }
            guard fed.insert(field).inserted else {
                throw MapSection.malformed("the field `\(field)` is given twice, once by the column `\(column)`")
            }
        }
    }
}
