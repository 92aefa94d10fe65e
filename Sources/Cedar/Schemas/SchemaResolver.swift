/// Looks up the names of a schema's declarations, and notes what is wrong with them.
struct SchemaResolver {
    typealias Namespace = SchemaDeclarations.Namespace
    typealias Name = SchemaDeclarations.Name

    /// What a name stands for.
    enum Meaning {
        case commonType(Text)
        case known(SchemaType)
        case entityType(Text)
    }

    let source: SourceText
    let namespaces: [Namespace]
    private(set) var errors: [CedarError] = []
    private(set) var entityTypes: Set<Text> = []
    private(set) var commonTypes: [Text: (form: SchemaDeclarations.CommonType, namespace: Namespace)] = [:]
    private(set) var actions: Set<EntityUID> = []
    private var actionTypes: Set<Text> = []
    /// What the common types turned out to be.
    var resolved: [Text: SizedType] = [:]

    /// The schema of these declarations.
    ///
    /// - Throws: everything that is wrong with them.
    static func schema(of declarations: SchemaDeclarations, in source: SourceText) throws(CedarErrors) -> Schema {
        var resolver = SchemaResolver(source: source, namespaces: declarations.namespaces)
        resolver.collect()
        resolver.refuseShadowing()
        resolver.resolveCommonTypes()
        let entityTypes = resolver.resolveEntityTypes()
        let actions = resolver.resolveActions()
        guard resolver.errors.isEmpty else {
            throw CedarErrors(resolver.errors.sorted { ($0.position?.offset ?? 0) < ($1.position?.offset ?? 0) })
        }
        return Schema(entityTypes: entityTypes, actions: actions, source: source)
    }

    private init(source: SourceText, namespaces: [Namespace]) {
        self.source = source
        self.namespaces = namespaces
    }

    /// More errors than there are tell nobody anything.
    private var isFull: Bool { errors.count >= Parser.maximumErrors }

    mutating func note(_ code: String, _ message: String, at offset: Int) {
        guard !isFull else { return }
        errors.append(CedarError(code, message, in: source, at: offset))
    }

    // MARK: - Definitions

    /// Words that cannot name a common type, because the JSON syntax means something else by them.
    private static let keywords: Set<Text> = [
        "Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String",
    ]

    private mutating func collect() {
        var names: Set<Text> = []
        for namespace in namespaces {
            if !names.insert(namespace.name).inserted {
                note("duplicate_declaration", "the namespace `\(namespace.name)` is given twice", at: namespace.offset)
            }
            if namespace.name.string.utf8.starts(with: "__cedar".utf8), !Parser.isTypeName(namespace.name) {
                note("reserved_name", "`__cedar` is reserved and cannot be a namespace", at: namespace.offset)
            }
            for type in namespace.commonTypes { collect(type, in: namespace) }
            for type in namespace.entityTypes {
                if type.name == "Action" {
                    note("reserved_name", "`Action` is the type of actions and cannot be declared", at: type.offset)
                }
                if !entityTypes.insert(namespace.qualified(type.name)).inserted {
                    note("duplicate_declaration", "the entity type `\(type.name)` is given twice", at: type.offset)
                }
            }
            let actionType = namespace.qualified("Action")
            for action in namespace.actions {
                actionTypes.insert(actionType)
                if !actions.insert(EntityUID(type: actionType, id: action.id)).inserted {
                    note("duplicate_declaration", "the action `\(action.id)` is given twice", at: action.offset)
                }
            }
        }
    }

    private mutating func collect(_ type: SchemaDeclarations.CommonType, in namespace: Namespace) {
        if Self.keywords.contains(type.name) {
            note("reserved_name", "`\(type.name)` is a word of schemas and cannot be a common type", at: type.offset)
        }
        if commonTypes.updateValue((type, namespace), forKey: namespace.qualified(type.name)) != nil {
            note("duplicate_declaration", "the common type `\(type.name)` is given twice", at: type.offset)
        }
    }

    /// Refuses what would hide a name that is declared outside any namespace, and so read differently inside.
    private mutating func refuseShadowing() {
        let loose = namespaces.filter(\.name.isEmpty)
        let types = Set(loose.flatMap { $0.entityTypes.map(\.name) + $0.commonTypes.map(\.name) })
        let ids = Set(loose.flatMap { $0.actions.map(\.id) })
        for namespace in namespaces where !namespace.name.isEmpty {
            let declared =
                namespace.entityTypes.map { ($0.name, $0.offset) } + namespace.commonTypes.map { ($0.name, $0.offset) }
            for (name, offset) in declared where types.contains(name) {
                note(
                    "shadowed_name", "`\(namespace.qualified(name))` hides `\(name)`, which is declared too", at: offset
                )
            }
            for action in namespace.actions where ids.contains(action.id) {
                let uid = EntityUID(type: namespace.qualified("Action"), id: action.id)
                let hidden = EntityUID(type: "Action", id: action.id)
                note("shadowed_name", "`\(uid)` hides `\(hidden)`, which is declared too", at: action.offset)
            }
        }
    }

    // MARK: - Names

    /// The full names that a name may be short for, likeliest first.
    private func candidates(_ name: Text, in namespace: Namespace) -> [Text] {
        let isShort = !name.string.utf8.contains(UInt8(ascii: ":"))
        return isShort && !namespace.name.isEmpty ? [namespace.qualified(name), name] : [name]
    }

    func meaning(_ name: Name, _ lookup: SchemaDeclarations.Lookup, in namespace: Namespace) -> Meaning? {
        for candidate in candidates(name.path, in: namespace) {
            if lookup != .entityTypes {
                if commonTypes[candidate] != nil { return .commonType(candidate) }
                if let known = known(candidate) { return .known(known) }
            }
            if lookup != .commonTypes, entityTypes.contains(candidate) || actionTypes.contains(candidate) {
                return .entityType(candidate)
            }
        }
        return nil
    }

    /// A type that every schema knows: by its full name, or by its short one where that is not declared.
    private func known(_ name: Text) -> SchemaType? {
        let prefix = "__cedar::"
        if name.string.utf8.starts(with: prefix.utf8) {
            return SchemaType.known[Text(name.string.utf8.dropFirst(prefix.utf8.count))]
        }
        return entityTypes.contains(name) ? nil : SchemaType.known[name]
    }

    mutating func noteUnknown(_ name: Name, _ lookup: SchemaDeclarations.Lookup) {
        guard !isFull else { return }
        let what =
            switch lookup {
            case .both: "type"
            case .commonTypes: "common type"
            case .entityTypes: "entity type"
            }
        var names = lookup == .entityTypes ? [] : commonTypes.keys.sorted() + SchemaType.known.keys.sorted()
        if lookup != .commonTypes { names += entityTypes.sorted() }
        let closest = Spelling.hint(for: name.path, among: names)
        note("unknown_type", "there is no \(what) `\(name.path)`\(closest)", at: name.offset)
    }

    /// The full name of an entity type, which actions' types are not.
    mutating func entityType(_ name: Name, in namespace: Namespace) -> Text? {
        guard case .entityType(let type)? = meaning(name, .entityTypes, in: namespace) else {
            noteUnknown(name, .entityTypes)
            return nil
        }
        guard entityTypes.contains(type) else {
            note("unknown_type", "`\(name.path)` is a type of actions, which cannot stand here", at: name.offset)
            return nil
        }
        return type
    }

    /// The action that a group's name means.
    mutating func action(_ name: SchemaDeclarations.ActionName, in namespace: Namespace) -> EntityUID? {
        for type in candidates(name.type?.path ?? "Action", in: namespace) {
            let uid = EntityUID(type: type, id: name.id)
            if actions.contains(uid) { return uid }
        }
        guard !isFull else { return nil }
        let closest = Spelling.hint(for: name.id, among: actions.map(\.id).sorted())
        note("unknown_action", "there is no action `\(name.id)`\(closest)", at: name.offset)
        return nil
    }
}
