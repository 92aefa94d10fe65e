/// A type with all its names looked up, and how large it is with common types written out.
struct SizedType {
    var type: SchemaType
    var parts = 1
    var depth = 1
}

extension SchemaResolver {
    /// Resolves common types after those that they name, without recursion: a chain of them can be long.
    mutating func resolveCommonTypes() {
        let names = commonTypes.keys.sorted()
        let places = [Text: Int](uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let needs = names.map { name in
            commonTypes[name].map { common in
                references(in: common.form.form).compactMap { reference, lookup -> Int? in
                    guard case .commonType(let other)? = meaning(reference, lookup, in: common.namespace) else {
                        return nil
                    }
                    return places[other]
                }
            } ?? []
        }
        let order = Precedence(needs)
        for place in order.sorted {
            guard let common = commonTypes[names[place]] else { continue }
            resolved[names[place]] = sized(common.form.form, in: common.namespace, at: common.form.offset)
        }
        // Of what names each other in a circle one is enough to say so.
        if let place = order.circular.first, let common = commonTypes[names[place]] {
            note("cycle", "the common type `\(common.form.name)` is made of itself", at: common.form.offset)
        }
    }

    private func references(in form: SchemaDeclarations.TypeForm) -> [(Name, SchemaDeclarations.Lookup)] {
        switch form {
        case .named(let name, let lookup): [(name, lookup)]
        case .set(let element): references(in: element)
        case .record(let attributes): attributes.flatMap { references(in: $0.type) }
        case .known: []
        }
    }

    /// The type of a form; `nil`, noted, where a name in it means nothing.
    mutating func sized(
        _ form: SchemaDeclarations.TypeForm, in namespace: Namespace, at offset: Int
    ) -> SizedType? {
        switch form {
        case .known(let type): return SizedType(type: type)
        case .named(let name, let lookup):
            switch meaning(name, lookup, in: namespace) {
            case .known(let type): return SizedType(type: type)
            case .entityType(let type): return SizedType(type: .entity(type))
            // Absent where it is wrong itself, which was noted.
            case .commonType(let common): return resolved[common]
            case nil:
                noteUnknown(name, lookup)
                return nil
            }
        case .set(let element):
            guard var result = sized(element, in: namespace, at: offset) else { return nil }
            result.type = .set(result.type)
            return bounded(result, at: offset)
        case .record(let attributes): return record(attributes, in: namespace, at: offset)
        }
    }

    private mutating func record(
        _ attributes: [SchemaDeclarations.Attribute], in namespace: Namespace, at offset: Int
    ) -> SizedType? {
        var names: Set<Text> = []
        var members: [RecordType.Attribute] = []
        var result = SizedType(type: .long, parts: 0, depth: 0)
        var isWhole = true
        for attribute in attributes {
            if !names.insert(attribute.name).inserted {
                note("duplicate_attribute", "the attribute `\(attribute.name)` is given twice", at: attribute.offset)
                isWhole = false
            }
            guard let type = sized(attribute.type, in: namespace, at: attribute.offset) else {
                isWhole = false
                continue
            }
            result.parts += type.parts
            result.depth = max(result.depth, type.depth)
            members.append(.init(name: attribute.name, type: type.type, isRequired: attribute.isRequired))
        }
        result.type = .record(RecordType(isWhole ? members : []))
        guard let bounded = bounded(result, at: offset) else { return nil }
        return isWhole ? bounded : nil
    }

    /// The type as a part of the one around it, unless it has become too large to be worked with.
    private mutating func bounded(_ type: SizedType, at offset: Int) -> SizedType? {
        guard type.depth < SchemaType.maximumDepth else {
            note("too_deep", "types nest more than \(SchemaType.maximumDepth) levels deep here", at: offset)
            return nil
        }
        guard type.parts < SchemaType.maximumParts else {
            note("too_large", "this type has more than \(SchemaType.maximumParts) parts", at: offset)
            return nil
        }
        return SizedType(type: type.type, parts: type.parts + 1, depth: type.depth + 1)
    }

    /// The attributes that a shape or context gives; none, noted, where it is no record.
    mutating func attributes(
        _ form: SchemaDeclarations.TypeForm, in namespace: Namespace, of what: String, at offset: Int
    ) -> RecordType {
        guard let sized = sized(form, in: namespace, at: offset) else { return RecordType() }
        if case .record(let record) = sized.type { return record }
        note("not_a_record", "\(what) has to be a record, not `\(sized.type)`", at: offset)
        return RecordType()
    }
}
