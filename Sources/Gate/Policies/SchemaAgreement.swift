import Cedar
import Consent
import Core
import Vault

/// Holds a Cedar schema against what the program asks: one that says more or less would make validation mean nothing.
struct SchemaAgreement {
    static let file = "schema.cedarschema"

    private let schema: Schema
    private let fields: [FieldDefinition]
    private let purposes: [PurposeDefinition]
    private var notes: [Note] = []
    /// Types and actions that have something which nothing has: what else does not fit them is likely the same slip.
    private var surplus: Set<Text> = []
    /// What is being looked at, and where it is declared.
    private var subject: (name: Text, position: SourcePosition?) = ("", nil)

    /// One difference, of one declaration or of several that were written together.
    private struct Note {
        let message: String
        let position: SourcePosition?
        /// The message without the name of what it is about.
        let pattern: String
        var alike: Set<Text> = []
    }

    /// Where the files of fields or purposes cannot be read, what they would tell is left out.
    init(_ schema: Schema, fields: [FieldDefinition]?, purposes: Purposes?) {
        self.schema = schema
        self.fields = fields ?? []
        self.purposes = purposes?.definitions ?? []
    }

    /// Everything in which the two differ, each thing once.
    mutating func problems() -> [PolicyProblem] {
        for type in schema.entityTypes { checkSurplus(type) }
        for action in schema.actions { checkSurplus(action) }
        for action in Action.allCases { check(action) }
        for kind in Principal.Kind.allCases { checkEntities(kind) }
        return notes.map { note in
            let others = note.alike.sorted().map { "`\($0)`" }.joined(separator: ", ")
            return PolicyProblem(
                file: Self.file, line: note.position?.line, column: note.position?.column,
                message: note.message + (others.isEmpty ? "" : "; the same for \(others)"),
                source: note.position.map { schema.line(at: $0) })
        }
    }

    /// Notes a difference of the subject, once for all that differ alike.
    private mutating func note(_ message: String) {
        guard !notes.contains(where: { $0.message == message }) else { return }
        let pattern = message.replacing(subject.name.string, with: "…")
        guard let place = notes.firstIndex(where: { $0.pattern == pattern }) else {
            return notes.append(Note(message: message, position: subject.position, pattern: pattern))
        }
        notes[place].alike.insert(subject.name)
    }

    private mutating func noteSurplus(_ message: String) {
        surplus.insert(subject.name)
        note(message)
    }

    // MARK: - What nothing has

    private mutating func checkSurplus(_ type: Schema.EntityType) {
        subject = (type.name, type.position)
        guard let known = EntityModel.types[type.name] else {
            let names = EntityModel.types.keys.sorted().map(\.string).joined(separator: ", ")
            return noteSurplus("nothing is of the type `\(type.name)`; there are \(names)")
        }
        for name in type.attributeNames where !known.attributes.contains(name) {
            noteSurplus("no `\(type.name)` has an attribute `\(name)`")
        }
        for name in type.containers.sorted() where name != known.parent {
            noteSurplus("no `\(type.name)` is in a `\(name)`")
        }
        if type.hasTags { noteSurplus("no `\(type.name)` has tags") }
    }

    private mutating func checkSurplus(_ declared: Schema.Action) {
        subject = (declared.uid.id, declared.position)
        guard let action = Action.allCases.first(where: { EntityModel.uid($0) == declared.uid }) else {
            let names = Action.allCases.map(\.rawValue).joined(separator: ", ")
            return noteSurplus("there is no `\(declared.uid)`; there are \(names)")
        }
        if !declared.groups.isEmpty { noteSurplus("`\(declared.uid)` is in no group") }
        let resource: Text = action.isAboutFields ? "Field" : "Tenant"
        for name in declared.resources where name != resource {
            noteSurplus("`\(declared.uid)` is done to a `\(resource)`, never to a `\(name)`")
        }
        let principals = action.principals.map { Text($0.rawValue) }
        for name in declared.principals where !principals.contains(name) {
            let those = principals.map { ($0 == "Operator" ? "an" : "a") + " `\($0)`" }.joined(separator: " or ")
            noteSurplus("`\(declared.uid)` is done by \(those), never by a `\(name)`")
        }
        let context: Set<Text> =
            action.isAboutFields
            ? ["purpose", "tenant", "basis"] : ["purpose", "tenant", "mfa", "approvals", "people", "changes"]
        for name in declared.contextNames where !context.contains(name) {
            noteSurplus("the context of `\(declared.uid)` never has `\(name)`")
        }
    }

    // MARK: - What is there

    private mutating func check(_ action: Action) {
        let uid = EntityModel.uid(action)
        guard !surplus.contains(uid.id) else { return }
        subject = (uid.id, schema.action(uid)?.position)
        for kind in action.principals {
            for request in requests(action, by: Principal(kind, "somebody")) {
                do throws(CedarErrors) {
                    try schema.validate(request: request)
                } catch {
                    for error in error.errors {
                        note("the program asks for `\(action.rawValue)`, but \(error.message)")
                    }
                }
            }
        }
    }

    /// Each field and each purpose once: a type that is an enumeration has to have them all.
    private func requests(_ action: Action, by principal: Principal) -> [Cedar.Request] {
        guard action.isAboutFields else {
            let caller = Caller(principal: principal, roles: [])
            return ([nil] + purposes.map(\.name)).flatMap { purpose -> [Cedar.Request] in
                let bare = TenantQuestion(action, by: caller, for: purpose, on: "somewhere")
                var full = bare.withFreshMfa().withApproval()
                full.people = 1
                full.changes = ["basis"]
                return [EntityModel.request(bare), EntityModel.request(full)]
            }
        }
        guard let purpose = purposes.first, let field = fields.first else { return [] }
        return fields.map { EntityModel.request(action, of: $0.name, by: principal, for: purpose, of: "somewhere") }
            + purposes.map { EntityModel.request(action, of: field.name, by: principal, for: $0, of: "somewhere") }
    }

    private mutating func checkEntities(_ kind: Principal.Kind) {
        let caller = Caller(principal: Principal(kind, "somebody"), roles: kind == .custodian ? [] : ["something"])
        let others =
            [EntityUID(type: "Tenant", id: "somewhere")] + purposes.map { EntityUID(type: "Purpose", id: $0.name) }
        for entity in EntityModel.entities(of: caller, fields) + others.map({ Entity($0) }) {
            let type = entity.uid.type
            // One entity by itself is neither there twice nor above itself.
            guard !surplus.contains(type), let alone = try? Entities([entity]) else { continue }
            subject = (type, schema.entityType(type)?.position)
            do throws(CedarErrors) {
                try schema.validate(entities: alone)
            } catch {
                for error in error.errors { note("the program has entities that do not fit: \(error.message)") }
            }
        }
    }
}
