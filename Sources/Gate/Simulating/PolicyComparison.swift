import Consent
import Core
import Vault

/// What two policy sets say to the same questions, worked out before any person is looked at.
struct PolicyComparison: Sendable {
    /// A purpose as each set defines it.
    struct Purpose: Sendable {
        let name: String
        let old: PurposeDefinition?
        let new: PurposeDefinition?
    }

    struct FieldChange: Sendable {
        /// Its place in `fields`.
        let field: Int
        let kind: Simulation.Kind
    }

    /// What becomes otherwise for one asker and one purpose: it depends on whether the purpose holds for the person.
    struct Case: Sendable {
        let asker: Asker
        /// Its place in `purposes`.
        let purpose: Int
        /// Where it holds under both sets, only under the new one, and only under the old one.
        let ofBoth: [FieldChange]
        let ofNew: [FieldChange]
        let ofOld: [FieldChange]
    }

    /// The fields that people can have values of.
    let fields: [ProfileSchema.Field]
    let purposes: [Purpose]
    let cases: [Case]
    let actions: [Simulation.ActionChange]

    /// Asks the set in force and the proposal everything that can be asked without a person.
    init(_ old: ActivePolicies, _ new: PolicyRules, operators: [Caller], tenant: String) throws {
        let fields = old.schema.fields
        let names = old.purposes.names + new.purposes.names.filter { old.purposes[$0] == nil }
        let purposes = names.map { Purpose(name: $0, old: old.purposes[$0], new: new.purposes[$0]) }
        let numbered = new.fields.enumerated().map {
            ProfileSchema.Field(number: UInt16($0 + 1), definition: $1)
        }
        let before = Side(schema: old.schema, decider: Decider(cedar: old.cedar, schema: old.schema), tenant: tenant)
        let schema = ProfileSchema(fields: numbered, version: old.version)
        let after = Side(schema: schema, decider: Decider(cedar: new.cedar, schema: schema), tenant: tenant)
        var cases: [Case] = []
        var actions: [Simulation.ActionChange] = []
        for asker in Asker.all(in: [old.rules, new], operators: operators) {
            for (place, purpose) in purposes.enumerated() {
                let rulings = zip(
                    try before.rulings(on: fields, for: purpose.old, by: asker),
                    try after.rulings(on: fields, for: purpose.new, by: asker))
                let all = rulings.enumerated()
                let made = Case(
                    asker: asker, purpose: place,
                    ofBoth: all.compactMap { field, ruling in
                        Self.kind(from: ruling.0, to: ruling.1).map { FieldChange(field: field, kind: $0) }
                    },
                    ofNew: all.filter { $0.element.1.allows }.map { FieldChange(field: $0.offset, kind: .gained) },
                    ofOld: all.filter { $0.element.0.allows }.map { FieldChange(field: $0.offset, kind: .lost) })
                if !(made.ofBoth + made.ofNew + made.ofOld).isEmpty { cases.append(made) }
            }
            actions += try Self.actions(of: asker, names, before, after)
        }
        self.fields = fields
        self.purposes = purposes
        self.cases = cases
        self.actions = actions
    }

    /// One of the two sets, asked about any field by its name.
    private struct Side {
        let schema: ProfileSchema
        let decider: Decider
        let tenant: String

        func rulings(
            on fields: [ProfileSchema.Field], for purpose: PurposeDefinition?, by asker: Asker
        ) throws -> [FieldRuling] {
            guard let purpose else { return fields.map { _ in .denied } }
            let all = try decider.fields(.read, by: asker.caller, for: purpose, of: tenant)
            return fields.map { field in
                schema[field.name].map { all[schema.position(of: $0)] } ?? .denied
            }
        }

        func level(_ action: Action, for purpose: String?, by asker: Asker) throws -> Level? {
            try decider.level(of: TenantQuestion(action, by: asker.caller, for: purpose, on: tenant))
        }
    }

    private static func kind(from old: FieldRuling, to new: FieldRuling) -> Simulation.Kind? {
        switch (old, new) {
        case (.denied, .clear), (.denied, .masked): .gained
        case (.clear, .denied), (.masked, .denied): .lost
        case (.masked, .clear): .unmasked
        case (.clear, .masked): .masked
        default: nil
        }
    }

    /// Each action with the purposes for which the sets differ; without any where they do for all and for none alike.
    private static func actions(
        of asker: Asker, _ purposes: [String], _ before: Side, _ after: Side
    ) throws -> [Simulation.ActionChange] {
        try Action.allCases.filter {
            !$0.isAboutFields && $0.principals.contains(asker.caller.principal.kind)
        }.flatMap { action -> [Simulation.ActionChange] in
            let changes = try ([nil] + purposes).compactMap { purpose -> Simulation.ActionChange? in
                let was = try before.level(action, for: purpose, by: asker)
                let becomes = try after.level(action, for: purpose, by: asker)
                guard was != becomes else { return nil }
                return Simulation.ActionChange(
                    asker: asker, action: action, purpose: purpose, before: was, after: becomes)
            }
            let kinds = Set(changes.map { [$0.before, $0.after] })
            let isForAll = changes.count == purposes.count + 1 && kinds.count == 1
            return isForAll ? [changes[0]] : changes
        }
    }
}
