/// What there is to decide about: entity types, actions, and what belongs to each; immutable and shared freely.
public struct Schema: Sendable {
    /// A kind of entity.
    public struct EntityType: Sendable {
        /// With its namespaces, as in `Shop::User`.
        public let name: Text
        public let annotations: [String: String]
        /// Where its name stands in the declaration.
        public let position: SourcePosition
        /// The only ids there are, where the type is an enumeration.
        public let choices: [Text]?

        let attributes: RecordType
        let tags: SchemaType?
        /// The types that an entity of this one can be in, near and far.
        let ancestors: Set<Text>
    }

    /// Something that can be done, or a group of such things.
    public struct Action: Sendable {
        public let uid: EntityUID
        public let annotations: [String: String]
        /// Where its name stands in the declaration.
        public let position: SourcePosition
        /// The types of those who can do it.
        public let principals: [Text]
        /// The types of what it can be done to.
        public let resources: [Text]

        let parents: [EntityUID]
        /// The groups it is in, near and far.
        let ancestors: Set<EntityUID>
        let context: RecordType
    }

    /// In the order of the text.
    public let entityTypes: [EntityType]
    /// In the order of the text.
    public let actions: [Action]

    private let source: SourceText
    private let entityTypePlaces: [Text: Int]
    private let actionPlaces: [EntityUID: Int]
    /// The types of the groups that actions of each type are in.
    private let actionTypeAncestors: [Text: Set<Text>]

    /// More than this many combinations of an action, a principal's and a resource's type are refused.
    static let maximumEnvironments = 1_000_000
    /// More than this many pairs of an entity type or action and one above it are refused.
    static let maximumAncestors = 1_000_000

    /// Reads a schema in Cedar's own syntax.
    ///
    /// - Throws: everything that is wrong with it.
    public init(parsing text: String, file: String = "schema") throws(CedarErrors) {
        let source = SourceText(text, file: file)
        var parser = Parser(source, language: .schemas)
        let declarations = parser.schema()
        guard parser.errors.isEmpty else {
            throw CedarErrors(parser.errors.sorted { ($0.position?.offset ?? 0) < ($1.position?.offset ?? 0) })
        }
        self = try SchemaResolver.schema(of: declarations, in: source)
    }

    /// Reads a schema in JSON syntax.
    ///
    /// - Throws: the first thing that is wrong with its form, or everything that is wrong with its names.
    public init(json text: String, file: String = "schema") throws(CedarErrors) {
        let source = SourceText(text, file: file)
        var reader = JSONReader(source)
        let declarations: SchemaDeclarations
        do throws(CedarError) {
            declarations = try SchemaJSON(source: source).declarations(try reader.document())
        } catch {
            throw CedarErrors([error])
        }
        self = try SchemaResolver.schema(of: declarations, in: source)
    }

    init(entityTypes: [EntityType], actions: [Action], source: SourceText) {
        self.source = source
        self.entityTypes = entityTypes
        self.actions = actions
        entityTypePlaces = .init(uniqueKeysWithValues: entityTypes.enumerated().map { ($1.name, $0) })
        actionPlaces = .init(uniqueKeysWithValues: actions.enumerated().map { ($1.uid, $0) })
        var above: [Text: Set<Text>] = [:]
        for action in actions {
            above[action.uid.type, default: [action.uid.type]].formUnion(action.ancestors.map(\.type))
        }
        actionTypeAncestors = above
    }

    /// The line of the file in which a position of the schema is.
    public func line(at position: SourcePosition) -> String { source.line(at: position.offset) }

    /// The entity type of this name.
    public func entityType(_ name: Text) -> EntityType? { entityTypePlaces[name].map { entityTypes[$0] } }

    /// The action of this name.
    public func action(_ uid: EntityUID) -> Action? { actionPlaces[uid].map { actions[$0] } }

    /// Whether entities of the first type can be in ones of the second.
    func isType(_ type: Text, in ancestor: Text) -> Bool {
        type == ancestor || entityType(type)?.ancestors.contains(ancestor) == true
            || actionTypeAncestors[type]?.contains(ancestor) == true
    }

    /// Whether an entity may have this name, as far as its type is an enumeration.
    func isPossible(_ uid: EntityUID) -> Bool { entityType(uid.type)?.choices?.contains(uid.id) ?? true }

    /// What is known of an entity's attributes; actions have none.
    func attributes(of type: Text) -> RecordType { entityType(type)?.attributes ?? RecordType() }
}

extension Text {
    /// Whether this is the name of a type of actions: `Action`, in any namespace.
    var isActionType: Bool {
        let bytes = string.utf8
        let word = "Action".utf8
        return bytes.elementsEqual(word)
            || (bytes.count > word.count + 2 && bytes.suffix(word.count + 2).elementsEqual("::Action".utf8))
    }
}
