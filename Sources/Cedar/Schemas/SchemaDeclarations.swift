/// A schema as written, in either syntax: names are not looked up yet.
struct SchemaDeclarations: Sendable {
    /// Identifiers joined by `::`, and where they stand.
    struct Name: Sendable {
        let path: Text
        let offset: Int
    }

    /// Among what a name is looked up.
    enum Lookup: Sendable {
        case commonTypes, entityTypes
        /// Common types first.
        case both
    }

    indirect enum TypeForm: Sendable {
        case named(Name, Lookup)
        case set(TypeForm)
        case record([Attribute])
        case known(SchemaType)
    }

    struct Attribute: Sendable {
        let name: Text
        let offset: Int
        let isRequired: Bool
        let type: TypeForm
    }

    struct CommonType: Sendable {
        let name: Text
        let offset: Int
        let form: TypeForm
    }

    struct EntityType: Sendable {
        let name: Text
        let offset: Int
        let annotations: [String: String]
        var parents: [Name] = []
        var shape: TypeForm = .record([])
        var tags: TypeForm?
        /// The ids of an enumerated type.
        var choices: [Text]?
    }

    /// An action that another one names as its group.
    struct ActionName: Sendable {
        /// `Action` of the own namespace where none is given.
        let type: Name?
        let id: Text
        let offset: Int
    }

    struct Action: Sendable {
        let id: Text
        let offset: Int
        let annotations: [String: String]
        var groups: [ActionName] = []
        var principals: [Name] = []
        var resources: [Name] = []
        var context: TypeForm = .record([])
    }

    struct Namespace: Sendable {
        /// Empty for what is declared outside any namespace.
        let name: Text
        let offset: Int
        var commonTypes: [CommonType] = []
        var entityTypes: [EntityType] = []
        var actions: [Action] = []

        /// The full name of what is declared here under this one.
        func qualified(_ name: Text) -> Text { self.name.isEmpty ? name : Text("\(self.name)::\(name)") }
    }

    var namespaces: [Namespace] = []
}
